"""A value is read alike by the record engine and by DuckDB: from CSV, JSON, Arrow, the odd ones too.

The record engine's careful path is the definition. Each value stands in every column of a ruleset that has a
signal of every kind; what the query gives for the signals, and the names of the bad ones, are compared.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from healthdsl import CompiledRuleset, loads
from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.inputs import Held, Input
from healthdsl.backends.duckdb.tables import Accounts, make_source, open_input
from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import BadCells, Column, Wanted
from healthdsl.backends.sql.text import text_of
from healthdsl.batch.files import input_of, open_files, reads_alike, rewritten
from healthdsl.records.tables import read_table
from tests.batch.odd_values import ABSENT, COLUMNS, JSON_VALUES, RULESET, TEXTS

ODD = loads(RULESET)
SIGNALS = [field.name for field in ODD.graph.inputs]
ABSENTLY = loads(ABSENT)
Line = tuple[object, ...]


def signals_of(odd: CompiledRuleset) -> list[str]:
    return [field.name for field in odd.graph.inputs]


def by_duckdb(folder: Path, source: Input, frame: object = None, odd: CompiledRuleset = ODD) -> list[Line]:
    """Values of all signals and the bad ones, in the order of the rows."""
    engine = Engine(str(folder), [str(path) for path in folder.iterdir()])
    if frame is not None:
        engine.hold("frame", frame)
    relation = open_input(engine, source)
    views = make_source(engine, Accounts(relation, "account_id", ()), odd.graph.inputs, (), {})
    columns: list[Wanted] = [*(Column(name, name) for name in signals_of(odd)), BadCells()]
    query = compile_sql(odd.graph, views, columns, dialect="duckdb", today=dt.date(2026, 3, 31))
    rows = engine.ask(f"SELECT * FROM ({text_of(query, 'duckdb')}) ORDER BY CAST(account_id AS INTEGER)")
    engine.close()
    return [tuple(row[1:]) for row in rows]


def by_record(records: Iterable[Mapping[str, object]], odd: CompiledRuleset = ODD) -> list[Line]:
    """The same by the record engine."""
    lines = []
    signals = signals_of(odd)
    for record in records:
        result = odd.score(dict(record), as_of="2026-03-31", on_invalid="missing")
        values = [result.values[name] for name in signals]
        days = {"day", "moment", "x_day", "x_moment"}
        shown = [
            dt.date.fromordinal(value) if name in days and isinstance(value, int) else value
            for name, value in zip(signals, values, strict=True)
        ]
        bad = {error.signal for error in result.errors or ()}
        lines.append((*shown, "; ".join(name for name in signals if name in bad) or None))
    return lines


def compare(
    found: list[Line], expected: list[Line], values: list[object], odd: CompiledRuleset = ODD
) -> None:
    assert len(found) == len(expected) == len(values)
    names = [*signals_of(odd), "bad_cells"]
    wrong = [
        f"{value!r} as {name}: DuckDB {mine!r}, record {theirs!r}"
        for value, line, other in zip(values, found, expected, strict=True)
        for name, mine, theirs in zip(names, line, other, strict=True)
        if repr(mine) != repr(theirs) and not (isinstance(mine, float) and mine == theirs)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def records_of(values: list[object], odd: CompiledRuleset = ODD) -> list[dict[str, object]]:
    return [{"account_id": str(k), **dict.fromkeys(signals_of(odd), value)} for k, value in enumerate(values)]


def test_the_table_is_large_enough() -> None:
    assert len(TEXTS) > 150


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_of_csv(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow(["account_id", *SIGNALS])
        writer.writerows([k, *[text] * len(SIGNALS)] for k, text in enumerate(TEXTS))
    book = open_files(str(path), ["account_id", *SIGNALS], str(tmp_path))
    assert reads_alike(book)
    records = [record for _, record in read_table(str(path), frozenset())[1]]
    compare(by_duckdb(tmp_path, input_of(book)), by_record(records), list(TEXTS))


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_json_values(tmp_path: Path, ending: str) -> None:
    values = [*JSON_VALUES, *TEXTS]
    path = tmp_path / f"odd.{ending}"
    lines = [json.dumps(record) for record in records_of(values)]
    path.write_text("[" + ",\n".join(lines) + "]" if ending == "json" else "\n".join(lines))
    book = open_files(str(path), ["account_id", *SIGNALS], str(tmp_path))
    compare(by_duckdb(tmp_path, input_of(book)), by_record(records_of(values)), values)


def test_values_that_stand_for_missing(tmp_path: Path) -> None:
    values = [*JSON_VALUES, *TEXTS]
    path = tmp_path / "odd.jsonl"
    records = records_of(values, ABSENTLY)
    path.write_text("\n".join(json.dumps(record) for record in records))
    book = open_files(str(path), ["account_id", *signals_of(ABSENTLY)], str(tmp_path))
    found = by_duckdb(tmp_path, input_of(book), odd=ABSENTLY)
    compare(found, by_record(records, ABSENTLY), values, ABSENTLY)
    assert sum(line[0] is None for line in found) > sum("x_number" in str(line[-1]) for line in found)


def test_texts_that_stand_for_missing(tmp_path: Path) -> None:
    frame = pa.table(
        {"account_id": [*map(str, range(len(TEXTS)))], **dict.fromkeys(signals_of(ABSENTLY), TEXTS)}
    )
    found = by_duckdb(tmp_path, Held("frame"), frame, ABSENTLY)
    compare(found, by_record(records_of(list(TEXTS), ABSENTLY), ABSENTLY), list(TEXTS), ABSENTLY)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1" * 400])
def test_json_numbers_that_no_double_holds(tmp_path: Path, literal: str) -> None:
    path = tmp_path / "odd.jsonl"
    cells = ", ".join(f'"{name}": {literal}' for name in SIGNALS)
    path.write_text(f'{{"account_id": "0", {cells}}}\n')
    book = open_files(str(path), ["account_id", *SIGNALS], str(tmp_path))
    record = json.loads(path.read_text())
    compare(by_duckdb(tmp_path, input_of(book)), by_record([record]), [literal])


@pytest.mark.parametrize("type_name", COLUMNS)
def test_typed_columns(tmp_path: Path, type_name: str) -> None:
    values = COLUMNS[type_name]
    column = pa.array(values, arrow_type(type_name))
    ids = pa.array([str(k) for k in range(len(values))])
    frame = pa.table({"account_id": ids, **dict.fromkeys(SIGNALS, column)})
    compare(by_duckdb(tmp_path, Held("frame"), frame), by_record(frame.to_pylist()), values)


def arrow_type(name: str) -> pa.DataType:
    types = {
        "decimal128(9, 2)": pa.decimal128(9, 2),
        "decimal128(38, 12)": pa.decimal128(38, 12),
        "bool": pa.bool_(),
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
        "timestamp": pa.timestamp("us"),
        "timestamp tz": pa.timestamp("us", tz="Asia/Karachi"),
        "time32": pa.time32("s"),
        "list": pa.list_(pa.int64()),
        "struct": pa.struct({"a": pa.int64()}),
    }
    return types[name] if name in types else getattr(pa, name)()


def test_a_planted_difference_is_seen(tmp_path: Path) -> None:
    values: list[object] = ["5"]
    records = records_of(values)
    expected = by_record([{**records[0], "number": "6"}])
    with pytest.raises(AssertionError, match=r"'5' as number: DuckDB 5\.0, record 6\.0"):
        compare(by_record(records), expected, values)


def test_rewritten_files_hold_the_same(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('account_id;number\r\n0; "5"\n   \n1;6\r\n')
    book = open_files(str(path), ["account_id", *SIGNALS], str(tmp_path))
    assert not reads_alike(book)
    found = by_duckdb(tmp_path, input_of(rewritten(book, str(tmp_path))))
    assert [(line[0], line[-1]) for line in found] == [(None, "number"), (6.0, None)]
