"""An explanation from a line of a scored book is the one from the record."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import healthdsl
from healthdsl.api import CompiledRuleset
from healthdsl.batch.columns import Explain
from healthdsl.batch.line import RowError
from healthdsl.explain.explanation import Explanation

AS_OF = date(2026, 3, 31)
TEXT = """\
ruleset small
  language 1

rows tickets dated opened
  opened    date
  priority  one of low, high
  hours     number

signal seats  count
signal asked  number
  default 3
signal call   date
signal mood   number from 0 to 10
  expires 30 days after call
signal urgent = count of tickets in last 30 days where priority is high

measure usage ladder of seats
  below 10 -> 20
  otherwise -> 80

measure support = 50
  -10 when sum hours of tickets above 5
  -5 per urgent
  +10 when asked above 2
  within 0 to 100

measure mood_now = mood * 10

score health average
  2 usage
  1 support
  1 mood_now
  round to whole number

bands health
  below 50 -> at_risk red
  otherwise -> healthy green

flag quiet when no tickets in last 30 days
"""
RECORDS: list[dict[str, Any]] = [
    {
        "account_id": "A1",
        "seats": 12,
        "asked": 1,
        "call": date(2026, 3, 20),
        "mood": 7,
        "tickets": [
            {"opened": date(2026, 3, 25), "priority": "high", "hours": 4.5},
            {"opened": date(2026, 3, 2), "priority": "high", "hours": 1.25},
            {"opened": date(2025, 3, 2), "priority": "low", "hours": None},
        ],
    },
    {"account_id": "A2", "seats": 3, "call": date(2026, 1, 1), "mood": 7, "tickets": []},
    {"account_id": "A3", "mood": 9},
    {"account_id": "A4"},
]


@pytest.fixture(scope="module")
def rules() -> CompiledRuleset:
    return healthdsl.loads(TEXT)


def lines(rules: CompiledRuleset, explain: Explain, folder: Path) -> dict[str, dict[str, Any]]:
    """The lines of a book scored from JSON Lines, by account."""
    import json

    path = folder / "accounts.jsonl"
    path.write_text("\n".join(json.dumps(record, default=str) for record in RECORDS), "utf-8")
    table = rules.score_many(str(path), as_of=AS_OF, explain=explain, result="arrow")
    return {line["account_id"]: line for line in table.to_pylist()}


def rebuilt(rules: CompiledRuleset, line: dict[str, Any]) -> Explanation:
    return rules.explain_line(line, as_of=AS_OF)


@pytest.mark.parametrize("explain", ["parts", "full"])
def test_the_explanation_of_a_line_is_that_of_the_record(
    rules: CompiledRuleset, tmp_path: Path, explain: Explain
) -> None:
    found = lines(rules, explain, tmp_path)
    for record in RECORDS:
        expected = rules.score(record, as_of=AS_OF).explain()
        assert rebuilt(rules, found[record["account_id"]]) == expected


def test_another_line_has_another_explanation(rules: CompiledRuleset, tmp_path: Path) -> None:
    line = lines(rules, "parts", tmp_path)["A1"]
    expected = rules.score(RECORDS[0], as_of=AS_OF).explain()
    assert rebuilt(rules, {**line, "seats": 3.0}) != expected


def test_a_line_without_its_signals_is_refused(rules: CompiledRuleset, tmp_path: Path) -> None:
    line = lines(rules, "none", tmp_path)["A1"]
    with pytest.raises(RowError, match=r"no column `seats`. Score with --explain parts or full"):
        rebuilt(rules, line)


# Lines as Python gives them ---------------------------------------------------


@pytest.fixture(scope="module")
def full(rules: CompiledRuleset, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return list(lines(rules, "full", tmp_path_factory.mktemp("book")).values())


def given_by(kind: str, book: list[dict[str, Any]]) -> list[Any]:
    """The lines as a package gives them."""
    frame = pd.DataFrame(book)
    match kind:
        case "dicts of series":
            return [dict(row) for _, row in frame.iterrows()]
        case "numpy":
            return [{name: np.asarray(frame[name])[k] for name in frame} for k in range(len(book))]
        case "nullable":
            frame = frame.convert_dtypes()
        case "arrow types":
            frame = frame.convert_dtypes(dtype_backend="pyarrow")
        case "times":
            call = pd.to_datetime(frame["call"]).dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
            frame = frame.assign(call=call)
        case "arrow scalars":
            return [{name: pa.scalar(value) for name, value in line.items()} for line in book]
        case "csv":
            text = io.StringIO()
            frame.assign(**{name: frame[name].map({True: "yes", False: "no"}) for name in YES_NO}).to_csv(
                text
            )
            text.seek(0)
            return list(csv.DictReader(text))
        case "polars":
            return list(pl.DataFrame(book, infer_schema_length=None).iter_rows(named=True))
        case _:
            pass
    return [row for _, row in frame.iterrows()]


YES_NO = ("quiet", "tickets__given")
KINDS = [
    "series",
    "dicts of series",
    "numpy",
    "nullable",
    "arrow types",
    "times",
    "arrow scalars",
    "csv",
    "polars",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_any_package(rules: CompiledRuleset, full: list[dict[str, Any]], kind: str) -> None:
    for line, given in zip(full, given_by(kind, full), strict=True):
        assert rules.explain_line(given, as_of=AS_OF) == rebuilt(rules, line), line["account_id"]


@pytest.mark.parametrize(
    ("explain", "result"), [("parts", "pandas"), ("full", "pandas"), ("parts", "polars")]
)
def test_the_lines_of_a_scored_frame(
    rules: CompiledRuleset, full: list[dict[str, Any]], tmp_path: Path, explain: Explain, result: Any
) -> None:
    expected = {line["account_id"]: rebuilt(rules, line) for line in full}
    lines(rules, "none", tmp_path)
    book = rules.score_many(tmp_path / "accounts.jsonl", as_of=AS_OF, explain=explain, result=result)
    if result == "pandas":
        given = [row for _, row in book.iterrows()] + [dict(row) for _, row in book.iterrows()]
        given += book.to_dict("records")
    else:
        given = list(book.iter_rows(named=True))
    assert len(given) == 4 * (3 if result == "pandas" else 1)
    for line in given:
        assert rules.explain_line(line, as_of=AS_OF) == expected[line["account_id"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seats": "many"}, "the line has 'many' in `seats`, expected a number"),
        ({"seats": {0: 12.0}}, r"the line has \{0: 12.0\} in `seats`, expected a number"),
        ({"seats": True}, "the line has True in `seats`, expected a number"),
        ({"seats": 10**400}, "in `seats`, expected a number"),
        ({"seats": np.array([1, 2])}, r"the line has array\(\[1, 2\]\) in `seats`, expected a number"),
        ({"call": 5}, "the line has 5 in `call`, expected a date"),
        ({"call": "20.03.2026"}, "the line has '20.03.2026' in `call`, expected a date"),
        ({"tickets__given": "maybe"}, "the line has 'maybe' in `tickets__given`, expected yes or no"),
        ({"bad_cells": ["seats"]}, r"the line has \['seats'\] in `bad_cells`, expected a text"),
    ],
)
def test_cells_that_no_line_has(
    rules: CompiledRuleset, full: list[dict[str, Any]], change: dict[str, Any], said: str
) -> None:
    with pytest.raises(RowError, match=said):
        rebuilt(rules, {**full[0], **change})


@pytest.mark.parametrize(
    "given", [None, "A1", ["A1"], pd.DataFrame({"seats": [1]}), pl.DataFrame({"seats": [1]}), pl.Series([1])]
)
def test_what_is_no_line(rules: CompiledRuleset, given: Any) -> None:
    said = r"line: found \w+, expected a line of a scored book: .* frame\.iloc\[0\] in pandas"
    with pytest.raises(TypeError, match=said):
        rules.explain_line(given, as_of=AS_OF)
