"""Records as the tables of a database, and the `Source` that says where a query finds them.

Every account has its id. A table or a column that no account has is left out, unless the book is to be
complete: a source need not have all that a ruleset can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from healthdsl.backends.sql.sources import Cell, Rows, Source
from healthdsl.graph.graph import Graph, InputField, TableField
from healthdsl.model.types import YES_NO, Type
from tests.engines.engine import Engine, Field, Kind
from tests.engines.oddities import UNREADABLE, Planted
from tests.oracle.inputs import read_value

Record = dict[str, object]
ID = Field("account_id", Kind.TEXT)


@dataclass(frozen=True)
class Stored:
    """One table as it is loaded."""

    name: str
    fields: list[Field]
    rows: list[list[object]]


@dataclass(frozen=True)
class Book:
    """The tables of several accounts, numbered from 0 in `account_id`, and how a query reads them."""

    tables: list[Stored]
    source: Source

    def load(self, engine: Engine) -> None:
        for table in self.tables:
            engine.load(table.name, table.fields, table.rows)


def account_id(number: int) -> str:
    return f"A-{number:05}"


def book_of(graph: Graph, records: Sequence[Record], *, complete: bool = False) -> Book:
    """The tables for a graph; `complete`: with every table and column the graph can read."""
    ids = [account_id(number) for number in range(len(records))]
    accounts = _Columns("accounts", [ID], [[one] for one in ids])
    cells = dict(accounts.cells(graph.inputs, records, complete))
    stored, rows = [accounts.stored()], {}
    for number, table in enumerate(graph.tables):
        given = [record.get(table.name) for record in records]
        if all(one is None for one in given) and not complete:
            continue
        supplied = None
        if any(one is None for one in given):
            supplied = accounts.add(f"{table.name} given", Kind.YES_NO, [one is not None for one in given])
        columns, rows[table.name] = _rows_of(number, table, ids, given, complete)
        rows[table.name] = replace(rows[table.name], supplied=supplied)
        stored.append(columns)
    return Book(stored, Source(_relation("accounts"), exp.column(ID.name, quoted=True), None, cells, rows))


def _rows_of(
    number: int, table: TableField, ids: list[str], given: Sequence[object], complete: bool
) -> tuple[Stored, Rows]:
    """The rows of one table, those of all accounts one below the other."""
    pairs = [
        (one, row) for one, rows in zip(ids, given, strict=True) if isinstance(rows, list) for row in rows
    ]
    name = f"rows_{number}"
    columns = _Columns(name, [Field("of account", Kind.TEXT)], [[one] for one, _ in pairs])
    cells = dict(columns.cells(table.columns, [row for _, row in pairs], complete))
    return columns.stored(), Rows(_relation(name), exp.column("of account", quoted=True), cells)


@dataclass
class _Columns:
    """A table that grows by columns."""

    name: str
    fields: list[Field]
    rows: list[list[object]]

    def add(self, name: str, kind: Kind, values: Sequence[object]) -> exp.Expression:
        """A further column; how a query reads it."""
        field = Field(f"{len(self.fields)} {name[:40]}", kind)
        self.fields.append(field)
        for row, value in zip(self.rows, values, strict=True):
            row.append(value)
        return exp.column(field.name, quoted=True)

    def cells(
        self, fields: Sequence[InputField], records: Sequence[Record], complete: bool
    ) -> Iterator[tuple[str, Cell]]:
        """The fields of the contract."""
        for field in fields:
            values = [record.get(field.column) for record in records]
            if all(value is None for value in values) and not complete:
                continue
            column = self.add(
                field.column,
                kind_of(field.type),
                [stored(known(field, value), field.type) for value in values],
            )
            marks = [is_unreadable(value) for value in values]
            bad = self.add(f"{field.column} bad", Kind.YES_NO, marks) if any(marks) else None
            yield field.name, Cell(column, bad)

    def stored(self) -> Stored:
        return Stored(self.name, self.fields, self.rows)


def _relation(name: str) -> exp.Expression:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def kind_of(kind: Type) -> Kind:
    """How values of a type are stored."""
    if kind.is_numeric:
        return Kind.NUMBER
    if kind.is_date:
        return Kind.DATE
    return Kind.YES_NO if kind == YES_NO else Kind.TEXT


def is_unreadable(value: object) -> bool:
    return isinstance(value, Planted) and value.value == UNREADABLE


def known(field: InputField, value: object) -> object:
    """The value, None for text that stands for a missing number, date or yes/no."""
    absent = isinstance(value, str) and not field.type.is_text and value.strip() in field.absent
    return None if absent else value


def stored(value: object, kind: Type) -> object:
    """A value of a record as a column of the type holds it: float, date, bool, str or None."""
    if isinstance(value, Planted):
        value = None if is_unreadable(value) else value.value
    if value is None or isinstance(value, bool | float):
        return value
    if kind.is_numeric:
        assert not isinstance(value, str), "text is read before it reaches a column of numbers"
        return float(value)  # type: ignore[arg-type]
    if kind.is_date:
        day = read_value(value, kind)
        assert isinstance(day, int)
        return date.fromordinal(day)
    assert isinstance(value, str)
    return value
