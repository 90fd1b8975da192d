"""Rows of results as CSV, JSON or JSON Lines.

In: names of columns, and rows as mappings from column to value (None, bool, float, str, or a tuple of texts),
written as they come. Afterwards no cell runs in a spreadsheet and no text holds a control character.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from typing import TextIO

from healthdsl.records.cells import UNSAFE, cell_text, defused, printable

OutputRow = Mapping[str, object]


def write_csv(stream: TextIO, columns: tuple[str, ...], rows: Iterable[OutputRow]) -> None:
    """Comma-separated, a header first; missing is an empty cell, a list is joined by `; `."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row[column]) for column in columns])


def write_json(stream: TextIO, rows: Iterable[OutputRow]) -> None:
    """One list of objects, an object a line."""
    separator = "[\n"
    for row in rows:
        stream.write(f"{separator}{json_line(row)}")
        separator = ",\n"
    stream.write("\n]\n" if separator.startswith(",") else "[]\n")


def write_json_lines(stream: TextIO, rows: Iterable[OutputRow]) -> None:
    """One object a line."""
    for row in rows:
        stream.write(f"{json_line(row)}\n")


def csv_cell(value: object) -> str:
    """A value as the text of a cell that no spreadsheet runs."""
    text = cell_text(value)
    return text if isinstance(value, bool | float) else printable(defused(text))


def json_line(row: OutputRow) -> str:
    """A row as one line of JSON: readable letters as they are, what could upset a terminal escaped."""
    return UNSAFE.sub(_json_escape, json.dumps(row, ensure_ascii=False, allow_nan=False))


def _json_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
