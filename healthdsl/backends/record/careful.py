"""What the generated code calls for values that are not of the plain Python type.

`notes` is None when a bad value is an error; else the errors are gathered there and the value is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.backends.record.reading import Found, read_value
from healthdsl.graph.graph import InputField, TableField

Notes = list[RecordError] | None


def slow(field: InputField, found: object, notes: Notes) -> Found:
    """The value of an input."""
    try:
        return read_value(field, found)
    except RecordError as error:
        _refuse(error, notes)
        return None


def slow_all(fields: tuple[InputField, ...], record: Mapping[str, object], notes: Notes) -> list[Found]:
    """The values of all inputs, from the start."""
    if notes is not None:
        notes.clear()
    return [slow(field, record.get(field.column), notes) for field in fields]


def slow_cell(table: TableField, column: int, number: int, found: object, notes: Notes) -> Found:
    """The value of a column; the error names table, row (from 1) and column."""
    field = table.columns[column]
    try:
        return read_value(field, found)
    except RecordError as error:
        place = f"{table.name}, row {number}, {field.name}"
        _refuse(RecordError(None, place, error.found, error.expected), notes)
        return None


def slow_rows(table: TableField, found: object, notes: Notes) -> list[object] | tuple[object, ...]:
    """The rows of a table: a list or tuple."""
    if isinstance(found, list | tuple):
        return found
    _refuse(
        RecordError(None, table.name, shown(found), "a list of rows, each a mapping of columns to values"),
        notes,
    )
    return ()


def slow_row(table: TableField, number: int, found: object, notes: Notes) -> dict[str, object]:
    """One row that is no plain dict."""
    if isinstance(found, Mapping):
        return dict(found)
    place = f"{table.name}, row {number}"
    _refuse(RecordError(None, place, shown(found), "a mapping of columns to values"), notes)
    return {}


def _refuse(error: RecordError, notes: Notes) -> None:
    if notes is None:
        raise error from None
    notes.append(error)
