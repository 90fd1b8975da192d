"""The bad cells of a scored book, by a second look at the accounts that have any.

The query says which accounts have bad cells, and in which signals. Here the cells are fetched as they stand,
and the record engine's reader says what is wrong with each, in its own words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.quoting import quoted
from healthdsl.backends.duckdb.shapes import Found, Shape
from healthdsl.backends.duckdb.tables import ACCOUNTS, rows_view
from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.backends.record.reading import expected_of, read_value
from healthdsl.batch.bad_cells import BadCell, BadCells
from healthdsl.batch.summary_sql import text_literal
from healthdsl.graph.graph import Graph, InputField

Columns = Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the engine with its views, the graph, and the columns of the accounts (None) and of
    each table that has rows.
    """

    engine: Engine
    graph: Graph
    columns: Mapping[str | None, Columns]


def find_bad(at: Looked, scored: str, bad: BadCells) -> None:
    """Add every bad cell of the scored relation to `bad`."""
    engine = at.engine
    each = f"SELECT DISTINCT unnest(string_split(bad_cells, '; ')) FROM {scored} WHERE bad_cells IS NOT NULL"  # noqa: S608
    names = {str(row[0]) for row in engine.ask(each)}
    if not names:
        return
    owners = (
        "(SELECT account_id, bad_cells, row_number() OVER () AS place "  # noqa: S608 -- names of our own
        f"FROM {scored} WHERE bad_cells IS NOT NULL)"
    )
    for look in _looks(at, names):
        query = (
            f"SELECT account, bad_cells, place, {look.cells} FROM {quoted(look.view)} "  # noqa: S608 -- names of our own
            f"JOIN {owners} AS owners ON account = account_id"
        )
        for batch in engine.batches(query):
            for account, listed, place, *found in batch:
                for cell in _bad_cells(look, account, set(listed.split("; ")), found):
                    bad.add(cell, place)


def bad_cells_of(at: Looked, scored: str, accounts: Sequence[str]) -> list[BadCell]:
    """The bad cells of these accounts, as the record engine lists them: those of the account, then those of
    its rows in the order of the file, each with the number of its row.
    """
    if not accounts:
        return []
    listed = at.engine.ask(
        f"SELECT account_id, bad_cells FROM {scored} "  # noqa: S608 -- quoted
        f"WHERE bad_cells IS NOT NULL AND account_id IN ({_texts(accounts)})"
    )
    told = {str(account): set(str(names).split("; ")) for account, names in listed}
    found_bad: list[BadCell] = []
    for look in _looks(at, set().union(*told.values())):
        # DuckDB gives the rows of a plain scan in their order.
        owned = f"account IN ({_texts(told)})"
        query = f"SELECT account, {look.cells} FROM {quoted(look.view)} WHERE {owned}"  # noqa: S608 -- quoted
        numbers = Counter[str]()
        for account, *found in at.engine.ask(query):
            numbers[account] += 1
            number = numbers[account] if look.prefix else None
            cells = _bad_cells(look, account, told[account], found)
            found_bad += [replace(cell, number=number) for cell in cells]
    return found_bad


def _texts(texts: Iterable[str]) -> str:
    return ", ".join(map(text_literal, texts))  # an id may hold a NUL


@dataclass(frozen=True, slots=True)
class _Look:
    """A view to look at, how its fields begin in `bad_cells`, and those fields that any account has bad cells
    in, with their numbers in the view.
    """

    view: str
    prefix: str
    fields: tuple[tuple[int, InputField], ...]
    columns: Columns

    @property
    def cells(self) -> str:
        return ", ".join(f"r{k}" for k, _ in self.fields)


def _looks(at: Looked, names: set[str]) -> Iterator[_Look]:
    """The views that have a field of these names."""
    graph = at.graph
    tables = [(each.name, rows_view(j), f"{each.name}.", each.columns) for j, each in enumerate(graph.tables)]
    for table, view, prefix, fields in [(None, ACCOUNTS, "", graph.inputs), *tables]:
        asked = tuple((k, field) for k, field in enumerate(fields) if prefix + field.name in names)
        if asked and table in at.columns:
            yield _Look(view, prefix, asked, at.columns[table])


def _bad_cells(look: _Look, account: str, told: set[str], found: Sequence[object]) -> Iterator[BadCell]:
    """The bad cells of one line of a view; `told` are the fields in which the account has any."""
    for (_, field), value in zip(look.fields, found, strict=True):
        name = look.prefix + field.name
        if name in told and value is not None:
            cell = _bad_cell(account, name, field, value, look.columns[field.column].shape)
            if cell is not None:
                yield cell


def _bad_cell(account: str, name: str, field: InputField, found: object, shape: Shape) -> BadCell | None:
    """What is wrong with a cell; None when nothing is (other rows of the account are bad)."""
    value = json.loads(str(found)) if shape is Shape.JSON else found
    try:
        if shape is not Shape.OTHER:
            read_value(field, value)
            return None
        error = RecordError(None, field.name, shown(value), expected_of(field))
    except RecordError as problem:
        error = problem
    return BadCell(account, name, field.column, error.found, error.expected)
