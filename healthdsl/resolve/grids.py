"""Grids: tables of two keys, `grid of plan` with `by seats  below 10, otherwise` above its rows.

In: the rows and the `by` line of a measure. Out: the cells as rows, from left to right and from top to
bottom, behind the `when` rows; then the `missing` row. Keys are those of a ladder or of a lookup, each side
by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Expression, PointsOf
from healthdsl.model.grids import OTHERWISE
from healthdsl.resolve.expressions import resolve_value
from healthdsl.resolve.limits import CELLS_LIMIT
from healthdsl.resolve.names import word_of_node
from healthdsl.resolve.order import check_order, check_results
from healthdsl.resolve.rows import Subject, build_result, build_row, check_keys, resolve_test
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import counted
from healthdsl.resolve.wording import code_of, text_of
from healthdsl.source import Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n


class _Side(NamedTuple):
    """A key of a row or of a column as it is written, with what it asks."""

    side: r.Side
    words: str


def build_grid(
    place: Place, subject: Subject, rows: Sequence[n.TableRow], grids: Sequence[n.GridClause]
) -> tuple[r.Row, ...] | None:
    """The rows of the table of a grid; None after a message."""
    columns = _columns(place, subject, grids)
    check_order(place, rows, subject.kind)
    tests = [row.test for row in rows if _has_cells(row)]
    sides = _sides(place, subject, tests, "row")
    if columns is None or sides is None or _is_too_large(place, len(sides) * len(columns), grids[0]):
        return None
    waiting = iter(sides)
    built: list[r.Row] = []
    for row in rows:
        if _has_cells(row):
            built += _cells(place, row, (next(waiting), columns), (subject, grids[0]))
        elif _is_for_all(place, row):
            one = build_row(place, row, subject)
            built += [one] if one is not None else []
    check_results(place, built, _spans(rows))
    wanted = sum(len(columns) if _has_cells(row) else 1 for row in rows)
    return tuple(built) if len(built) == wanted else None


def _has_cells(row: n.TableRow) -> bool:
    if isinstance(row.test, n.RestTest):
        return row.test.otherwise and not row.test.missing
    return not isinstance(row.test, n.WhenTest)


def _is_for_all(place: Place, row: n.TableRow) -> bool:
    """Whether a row without cells is one that speaks for all columns; a message when not."""
    text = place.scope.clause(row.test.span)
    if isinstance(row.test, n.RestTest) and row.test.otherwise:
        message = f"`{text}` is no row of a grid, where `otherwise` has a result for each column"
        advice = "write `otherwise -> ..` with its results, and below it `missing -> ..` with one"
        place.problems.error("E419", row.test.span, message, advice)
        return False
    if row.more:
        count = counted(len(row.results), "result")
        message = f"`{text}` has {count}, and it speaks for all columns at once"
        place.problems.error("E475", row.more[0].span, message, "write one result")
    return not row.more


def _is_too_large(place: Place, cells: int, grid: n.GridClause) -> bool:
    if cells <= CELLS_LIMIT:
        return False
    message = f"`{place.owner[1]}` has {cells:,} cells, at most {CELLS_LIMIT:,} can stand in one grid"
    place.problems.error("E458", grid.span, message, "split it, and combine the pieces in a group")
    return True


def _spans(rows: Sequence[n.TableRow]) -> dict[Span, Span]:
    """Where the result of each row and of each cell stands, by the place that the row is known by."""
    cells = {cell.span: cell.span for row in rows for cell in row.results}
    return cells | {row.span: row.result.span for row in rows}


# Keys ------------------------------------------------------------------------


def _columns(place: Place, subject: Subject, grids: Sequence[n.GridClause]) -> list[_Side] | None:
    """The columns of the `by` line."""
    if not grids:
        if place.owner[1] not in place.scope.broken:
            message = f"the grid `{place.owner[1]}` has no columns"
            advice = "write them above its rows, such as `by seats  below 10, below 100, otherwise`"
            place.problems.error("E476", subject.span, message, advice)
        return None
    clause = grids[0]
    for other in grids[1:]:
        labels = (Label(clause.span, "first written here"),)
        message = "there are two rows of grid columns"
        place.problems.error("E434", other.span, message, "keep one of the two", labels)
    tests = [_column_test(key) for key in clause.keys]
    for test in tests:
        if isinstance(test, n.RestTest) and test.missing:
            message = "`missing` is no column: when one of the two keys is missing, the measure is missing"
            place.problems.error("E419", test.span, message, "write `missing -> ..` below the rows")
            return None
    for test in tests[:-1]:
        if isinstance(test, n.RestTest) and test.otherwise:
            message = "the columns behind `otherwise` are never used"
            place.problems.error("E416", test.span, message, "put `otherwise` last")
            return None
    if len(tests) == 1 and isinstance(tests[0], n.RestTest):
        message = "a grid with the one column `otherwise` asks nothing of its columns"
        place.problems.error("E476", clause.span, message, "write a `lookup` or a `ladder` of the rows alone")
        return None
    across = Subject("grid", _across(place, clause, tests), clause.signal.span, name=clause.signal.name)
    return _sides(place, across, tests, "column")


def _column_test(key: x.Expression | x.EdgeTest | x.RangeTest) -> n.RowTest:
    if isinstance(key, x.EdgeTest | x.RangeTest):
        return key
    if isinstance(key, x.Name) and key.name in ("otherwise", "missing"):
        is_missing = key.name == "missing"
        return n.RestTest(span=key.span, otherwise=not is_missing, missing=is_missing)
    return n.KeysTest(span=key.span, keys=(key,))


def _across(place: Place, clause: n.GridClause, tests: Sequence[n.RowTest]) -> Expression | None:
    """What the columns are about: a signal, the points of a node, or its words where the keys are words."""
    value = resolve_value(clause.signal, place)
    return word_of_node(place, value, tests) if isinstance(value, PointsOf) else value


def _sides(place: Place, subject: Subject, tests: Sequence[n.RowTest], line: str) -> list[_Side] | None:
    """The keys of one side, as those of a ladder where one has an edge, else as those of a lookup."""
    is_ladder = any(isinstance(test, x.EdgeTest | x.RangeTest) for test in tests)
    asked = subject.of_kind("ladder" if is_ladder else "lookup")
    keys = [OTHERWISE if isinstance(test, n.RestTest) else resolve_test(place, test, asked) for test in tests]
    found = [(test, key) for test, key in zip(tests, keys, strict=True) if key is not None]
    if asked.value is None or len(found) < len(tests):
        return None
    check_keys(place, found, asked, line)
    sides: list[_Side] = []
    for test, key in found:
        assert isinstance(key, r.EdgeRung | r.Keys | r.Rest)
        text = place.scope.clause(test.span)
        side = r.Side(asked.value, key, name=subject.name, text=text, span=test.span)
        sides.append(_Side(side, _words(place, test, subject.name)))
    return sides


def _words(place: Place, test: n.RowTest, name: str) -> str:
    """`plan pro or team`, `seats below 100`, `any other plan`."""
    match test:
        case n.RestTest():
            return f"any other {name}"
        case n.KeysTest(keys=keys):
            return f"{name} {' or '.join(place.scope.clause(key.span) for key in keys)}"
        case _:
            return f"{name} {place.scope.clause(test.span)}"


# Cells -----------------------------------------------------------------------


def _cells(
    place: Place,
    row: n.TableRow,
    sides: tuple[_Side, Sequence[_Side]],
    where: tuple[Subject, n.GridClause],
) -> list[r.Row]:
    """The cells of a row, each known by its own place; none after a message."""
    (first, columns), (subject, grid) = sides, where
    if len(row.results) != len(columns):
        has, wants = counted(len(row.results), "result"), counted(len(columns), "column")
        message = f"`{place.scope.clause(row.test.span)}` has {has} for {wants}"
        labels = (Label(grid.span, "the columns are written here"),)
        advice = "write one result for each column, separated by commas; `skip` where there are no points"
        place.problems.error("E475", row.span, message, advice, labels)
        return []
    results = [build_result(place, node, subject.levels, missing=False) for node in row.results]
    return [
        r.Row(
            span=node.span,
            text=f"{first.words}, {column.words} -> {place.scope.clause(node.span)}",
            key=r.Cell(first.side, column.side),
            result=result,
            reason=text_of(row.reason),
            code=code_of(row.reason),
        )
        for node, column, result in zip(row.results, columns, results, strict=True)
        if result is not None
    ]
