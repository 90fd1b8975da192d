"""The bad cells of a scored book, by a second look at the accounts that have any.

The query says which accounts have bad cells, and in which signals. Here the cells are fetched as they stand,
and the record engine's reader says what is wrong with each, in its own words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.quoting import quoted
from healthdsl.backends.duckdb.shapes import Found, Shape
from healthdsl.backends.duckdb.tables import ACCOUNTS, rows_view
from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.backends.record.reading import expected_of, read_value
from healthdsl.batch.bad_cells import BadCell, BadCells
from healthdsl.graph.graph import Graph, InputField

Columns = Mapping[str, Found]


def find_bad(
    engine: Engine, scored: str, graph: Graph, columns: Mapping[str | None, Columns], bad: BadCells
) -> None:
    """Add every bad cell to `bad`. `columns` are those of the accounts (None) and of each table."""
    each = f"SELECT DISTINCT unnest(string_split(bad_cells, '; ')) FROM {scored} WHERE bad_cells IS NOT NULL"  # noqa: S608
    names = {str(row[0]) for row in engine.ask(each)}
    if not names:
        return
    owners = f"(SELECT account_id, bad_cells FROM {scored} WHERE bad_cells IS NOT NULL)"  # noqa: S608
    _look(engine, _Look(ACCOUNTS, owners, "", graph.inputs), columns[None], names, bad)
    for j, table in enumerate(graph.tables):
        if table.name in columns:
            look = _Look(rows_view(j), owners, f"{table.name}.", table.columns)
            _look(engine, look, columns[table.name], names, bad)


@dataclass(frozen=True, slots=True)
class _Look:
    """A view to look at, who has bad cells, and what its fields are called there."""

    view: str
    owners: str
    prefix: str
    fields: tuple[InputField, ...]


def _look(engine: Engine, look: _Look, columns: Columns, names: set[str], bad: BadCells) -> None:
    asked = [(k, field) for k, field in enumerate(look.fields) if look.prefix + field.name in names]
    if not asked:
        return
    cells = ", ".join(f"r{k}" for k, _ in asked)
    query = (
        f"SELECT account, bad_cells, {cells} FROM {quoted(look.view)} "  # noqa: S608 -- names of our own
        f"JOIN {look.owners} AS owners ON account = account_id"
    )
    for batch in engine.batches(query):
        for account, listed, *found in batch:
            told = set(listed.split("; "))
            for (_, field), value in zip(asked, found, strict=True):
                name = look.prefix + field.name
                if name in told and value is not None:
                    cell = _bad_cell(account, name, field, value, columns[field.column].shape)
                    if cell is not None:
                        bad.add(cell)


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
