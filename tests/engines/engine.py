"""What the tests ask of an engine: to take a table, and to answer a query in the values of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

Row = Sequence[object]
Answer = dict[str, object]


class Kind(StrEnum):
    """How a column is stored."""

    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table to load."""

    name: str
    kind: Kind


class Engine(Protocol):
    """A database of its own.

    `errors` is what a query may raise. `load` makes a table (in place of one of that name) of float, date,
    bool, str and None. `query` gives the rows of a query by column name; a column in `kinds` as `normalised`
    gives it.
    """

    @property
    def name(self) -> str: ...

    @property
    def dialect(self) -> str: ...

    @property
    def errors(self) -> tuple[type[Exception], ...]: ...

    def load(self, table: str, fields: Sequence[Field], rows: Sequence[Row]) -> None: ...

    def query(self, sql: str, kinds: Mapping[str, Kind]) -> list[Answer]: ...


def normalised(value: object, kind: Kind) -> object:
    """A number as a float, a date as its ordinal; what is not of the kind stays, so that it is noticed."""
    match value:
        case bool() | None:
            return value
        case int() if kind is Kind.NUMBER:
            return float(value)
        case date() if kind is Kind.DATE:
            return value.toordinal()
        case _:
            return value


def answers(rows: Sequence[Row], names: Sequence[str], kinds: Mapping[str, Kind]) -> list[Answer]:
    """Rows of plain values by column name, normalised."""
    columns = [(name, kinds.get(name)) for name in names]
    return [
        {
            name: value if kind is None else normalised(value, kind)
            for (name, kind), value in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def quoted(name: str) -> str:
    """A name in the quotes of standard SQL."""
    return '"' + name.replace('"', '""') + '"'
