"""JSON out of DuckDB is what `healthdsl.records.writers` writes, byte for byte."""

from __future__ import annotations

import datetime as dt
import random
import struct
from pathlib import Path

import pyarrow as pa

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.json_lines import write_json_lines
from healthdsl.records.writers import json_line

TEXTS = [
    "",
    "plain",
    'a "quote" and a \\ and a \\" and /',
    "line\nend, tab\t, return\r, \b and \f",
    "".join(map(chr, range(32))),
    "\x7f\x80\x9f\xa0\xad",
    "\u061c\u200d\u200e\u2028\u202e\u2069\ufeff",
    "e\u0301 \u202ea\u0301\x1b\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
    "\\u001b\\n",
    "'; DROP TABLE x; --",
    "{}{0}%s",
]
DAYS = [dt.date(1, 1, 1), dt.date(999, 12, 31), dt.date(2026, 3, 31), dt.date(9999, 12, 31)]


def numbers() -> list[float]:
    """Round ones, small ones, large ones, and any that a double can be."""
    draw = random.Random(7)
    drawn = [struct.unpack("d", draw.randbytes(8))[0] for _ in range(2000)]
    near = [sign * digits * 10.0**power for sign in (1, -1) for digits in (1, 1.5) for power in range(-8, 24)]
    finite = [each for each in drawn if each == each and abs(each) != float("inf")]  # noqa: PLR0124
    return [0.0, -0.0, 0.1, 1 / 3, 2.0**53, 1e16 - 2, 5e-324, *near, *finite]


def test_every_kind_of_value(tmp_path: Path) -> None:
    floats = numbers()
    count = len(floats)

    def filled(values: list[object]) -> list[object]:
        return [values[k % len(values)] for k in range(count)]

    columns: dict[str, list[object]] = {
        "text": filled([*TEXTS, None]),
        'a "name"\\ ü': filled(["x", None]),
        "number": [*floats],
        "day": filled([*DAYS, None]),
        "flag": filled([True, False, None]),
        "names": filled([["a", "b_2"], [], ["a"]]),
        "count": filled([3, 0, None]),
    }
    table = pa.table({**columns, "count": pa.array(columns["count"], pa.int64())})
    engine = Engine(str(tmp_path), [])
    engine.hold("given", table)
    write_json_lines(engine, "given", list(columns), str(tmp_path / "lines"))
    engine.close()
    written = (tmp_path / "lines").read_bytes().decode().splitlines(keepends=True)
    expected = []
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        day, number = row["day"], row["count"]
        row["day"] = day.isoformat() if isinstance(day, dt.date) else None
        row["count"] = (
            float(number) if isinstance(number, int) else None
        )  # all numbers of records are doubles
        expected.append(json_line(row) + "\n")
    assert [line for line in zip(written, expected, strict=True) if line[0] != line[1]] == []
