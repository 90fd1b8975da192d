"""An explanation from a line of a scored book is the one from the record."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import healthdsl
from healthdsl.api import CompiledRuleset
from healthdsl.batch.columns import Explain
from healthdsl.batch.rebuild import RowError
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
