"""Whether the lines under a `given rows` make a grid.

Names in the first line, as many cells in every other.
"""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic, Label
from healthdsl.syntax.expressions import Expression, Name
from healthdsl.syntax.lines import Line

Cells = tuple[Expression, ...]


def grid_problem(lines: list[Line], columns: Cells, rows: list[Cells]) -> Diagnostic | None:
    """The first thing wrong with a grid; None when it is one."""
    seen: set[str] = set()
    for column in columns:
        if not isinstance(column, Name):
            message = "the first line below `given rows` names the columns, and this is no name"
            return Diagnostic("E137", message, column.span, "write a line of column names first")
        if column.name in seen:
            return Diagnostic(
                "E137", f"the column `{column.name}` stands here twice", column.span, "delete one of them"
            )
        seen.add(column.name)
    sizes = {len(row) for row in rows}
    if len(rows) > 1 and len(sizes) == 1 and sizes != {len(columns)}:
        message = f"there are {len(columns)} columns, and every row below has {_cells(len(rows[0]))}"
        return Diagnostic("E137", message, lines[0].span, "name one column for each cell")
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(columns):
            message = f"this row has {_cells(len(row))}, and there are {len(columns)} columns"
            help_ = (
                "write one cell a column, `missing` for an empty one, quotes around a text of several words"
            )
            return Diagnostic("E137", message, line.span, help_, (Label(lines[0].span, "the columns"),))
    return None


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
