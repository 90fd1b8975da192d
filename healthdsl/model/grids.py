"""The two sides of a grid as tables of one key: its rows as a ladder or a lookup, and its columns as another.

They say which row, and which column, an account is in; what stands in the cells is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.model.ruleset import Cell, EdgeRung, Outcome, Rest, Row, Side, Table, TableKind
from healthdsl.source import Span

OTHERWISE = Rest(otherwise=True, missing=False)


def side_tables(table: Table) -> tuple[Table, Table]:
    """The rows and the columns of a grid, each with the places where they are written."""
    cells = table.cells
    return _table_of([cell.row for cell in cells]), _table_of([cell.column for cell in cells])


def cells_at(table: Table, span: Span) -> list[int]:
    """Which rows of the table, by number, are the cells of the row or the column that is written there."""
    return [
        number
        for number, row in enumerate(table.rows)
        if isinstance(row.key, Cell) and span in (row.key.row.span, row.key.column.span)
    ]


def _table_of(sides: Sequence[Side]) -> Table:
    listed = list(dict.fromkeys(sides))
    is_ladder = any(isinstance(side.test, EdgeRung) for side in listed)
    rows = (Row(key=side.test, result=Outcome.SKIP, span=side.span, text=side.text) for side in listed)
    return Table(TableKind.LADDER if is_ladder else TableKind.LOOKUP, listed[0].subject, tuple(rows))
