"""Reads a record into exact, typed values: the part of the input contract that the oracle needs.

The records of these tests hold Python's own types (no text to be parsed but dates), so that reading stays
obvious; how other forms are read is tested where they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from healthdsl.model.ruleset import Column, RowTable, Ruleset, Signal
from healthdsl.model.types import Type
from tests.oracle.exact import snap
from tests.oracle.expressions import Row, Value


def read_signals(ruleset: Ruleset, record: Mapping[str, object]) -> dict[str, Value]:
    """The value of every input signal as the record gives it, before expiry and default."""
    return {s.name: read_field(s, record) for s in ruleset.signals if s.formula is None}


def read_tables(ruleset: Ruleset, record: Mapping[str, object]) -> dict[str, tuple[Row, ...] | None]:
    """The rows of every table with the columns from the data; None for a table that was not supplied."""
    return {table.name: _read_table(table, record.get(table.name)) for table in ruleset.tables}


def read_field(field: Signal | Column, record: Mapping[str, object]) -> Value:
    found = record.get(field.column)
    if isinstance(found, str) and found.strip() in field.absent:
        return None
    value = read_value(found, field.type)
    if any(type(value) is type(absent) and value == absent for absent in field.absent):
        return None  # numbers as stored
    return snap(value * field.scale) if isinstance(value, Fraction) else value


def read_value(value: object, type_: Type) -> Value:
    """A value of the type: a number is the decimal it is written as; NaN, infinities and None are missing."""
    if value is None or (isinstance(value, float | Decimal) and not isfinite(value)):
        return None
    if isinstance(value, str) and not value.strip():
        return None  # an empty cell
    if type_.is_numeric:
        assert isinstance(value, int | float | Decimal)
        assert not isinstance(value, bool)
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    if type_.is_date:
        return _read_date(value)
    assert isinstance(value, str | bool)
    return value


def _read_table(table: RowTable, rows: object) -> tuple[Row, ...] | None:
    if rows is None:
        return None
    assert isinstance(rows, Sequence)
    columns = [column for column in table.columns if column.formula is None]
    return tuple({column.name: read_field(column, row) for column in columns} for row in rows)


def _read_date(value: object) -> int:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = (value.astimezone(UTC) if value.tzinfo else value).date()
    assert isinstance(value, date)
    return value.toordinal()
