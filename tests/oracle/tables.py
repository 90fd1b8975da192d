"""The base of a node: tables, formulas and combinations, and the policy for a missing base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, assert_never

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from tests.oracle.expressions import Value, World, evaluate, is_true, number, reads

NO_ROW = -1
POLICY = -2


@dataclass(frozen=True)
class Base:
    """What a body gives: points (None: skipped or missing), level, the row that fired, how it came about."""

    points: Fraction | None = None
    level: str | None = None
    row: int = NO_ROW
    missing: bool = False  # asks for the policy
    by_policy: bool = False
    unscored: bool = False


class Levels(Protocol):
    """The points of the levels of a node."""

    def level_points(self, node: r.RuleNode, level: str) -> Fraction | None: ...
    def level_ranks(self, node: r.RuleNode) -> dict[str, Fraction] | None: ...


class Setting(World, Levels, Protocol):
    """A world that knows levels too."""


def table_base(table: r.Table, node: r.RuleNode, world: Setting) -> Base:
    """The first row that fits; the `missing` row where nothing is known or the result is missing."""
    base = _judged(table, node, world)
    if not base.missing:
        return base
    for index, row in enumerate(table.rows):
        if isinstance(row.key, r.Rest) and row.key.missing:
            instead = policy_result(row.result, table, node, world)
            return replace(instead, row=index, by_policy=True, missing=False)
    return Base(missing=True)


def _judged(table: r.Table, node: r.RuleNode, world: Setting) -> Base:
    """`when` rows first, then what is missing, then the rungs, then `otherwise`."""
    rows = list(enumerate(table.rows))
    for index, row in rows:
        if isinstance(row.key, r.When) and is_true(row.key.condition, world):
            return row_base(index, row, node, world)
    if _subject_missing(table, world):
        return Base(missing=True)
    if table.kind is r.TableKind.CURVE:
        return _curve(table, node, world)
    if table.kind is r.TableKind.GRID:
        return _grid(table, node, world)
    subject = None if table.subject is None else evaluate(table.subject, world)
    for index, row in rows:
        if fits(row.key, subject, world) or (isinstance(row.key, r.Rest) and row.key.otherwise):
            return row_base(index, row, node, world)
    return Base()


def _subject_missing(table: r.Table, world: World) -> bool:
    if table.subject is not None:
        return evaluate(table.subject, world) is None
    if table.kind is r.TableKind.GRID:
        return any(evaluate(side.subject, world) is None for side in _sides(table))
    inputs = list(table_reads(table, world))
    return bool(inputs) and all(evaluate(one, world) is None for one in inputs)


def table_reads(table: r.Table, world: World) -> Iterator[e.Expression]:
    """What a table reads: its subject, the conditions, bounds and results of its rows."""
    if table.subject is not None:
        yield from reads(table.subject, world)
    for row in table.rows:
        if isinstance(row.key, r.When):
            yield from reads(row.key.condition, world)
        for key in _tests(row.key):
            for bound in (key.low, key.high) if isinstance(key, r.EdgeRung) else ():
                if bound is not None:
                    yield from reads(bound, world)
        if isinstance(row.result, r.Points):
            yield from reads(row.result.value, world)
    for side in _sides(table):
        yield from reads(side.subject, world)


def _tests(key: r.Key) -> tuple[r.Key, ...]:
    return (key.row.test, key.column.test) if isinstance(key, r.Cell) else (key,)


def _sides(table: r.Table) -> tuple[r.Side, ...]:
    """The row and the column of the first cell of a grid."""
    cells = [row.key for row in table.rows if isinstance(row.key, r.Cell)]
    return (cells[0].row, cells[0].column) if cells else ()


def _grid(table: r.Table, node: r.RuleNode, world: Setting) -> Base:
    """The cell of the first row that fits and of the first column that does."""
    cells = [(index, row, row.key) for index, row in enumerate(table.rows) if isinstance(row.key, r.Cell)]
    down = _first([cell.row for _, _, cell in cells], world)
    across = _first([cell.column for _, _, cell in cells], world)
    for index, row, cell in cells:
        if (cell.row, cell.column) == (down, across):
            return row_base(index, row, node, world)
    return Base()


def _first(sides: list[r.Side], world: World) -> r.Side | None:
    for side in sides:
        if isinstance(side.test, r.Rest) or fits(side.test, evaluate(side.subject, world), world):
            return side
    return None


def row_base(index: int, row: r.Row, node: r.RuleNode, world: Setting) -> Base:
    return replace(result_base(row.result, node, world), row=index)


def result_base(result: r.Result, node: r.RuleNode, world: Setting) -> Base:
    match result:
        case r.Points():
            value = number(evaluate(result.value, world))
            return Base(missing=True) if value is None else Base(points=world.snap(value))
        case r.ToLevel():
            return Base(points=world.level_points(node, result.name), level=result.name)
        case r.Outcome():
            return Base(unscored=result is r.Outcome.UNSCORED)
        case _:
            assert_never(result)


def fits(key: r.Key, subject: Value, world: World) -> bool:
    match key:
        case r.EdgeRung():
            return _in_rung(key, subject, world)
        case r.Keys():
            if isinstance(subject, Fraction):
                subject = world.snap(subject)
            return any(type(value) is type(subject) and value == subject for value in key.values)
        case r.CurvePoint() | r.When() | r.Rest() | r.Cell():
            return False
        case _:
            assert_never(key)


def _in_rung(key: r.EdgeRung, subject: Value, world: World) -> bool:
    """Both bounds hold; an unknown bound holds nothing."""
    low = e.Relation.AT_LEAST if key.low_included else e.Relation.ABOVE
    high = e.Relation.UP_TO if key.high_included else e.Relation.BELOW
    return _holds(low, key.low, subject, world) and _holds(high, key.high, subject, world)


def _holds(relation: e.Relation, bound: e.Expression | None, subject: Value, world: World) -> bool:
    if bound is None:
        return True
    left = e.Constant(subject, bound.type)
    return evaluate(e.Compare(relation, left, bound), world) is True


def _curve(table: r.Table, node: r.RuleNode, world: Setting) -> Base:
    """Straight lines between points, flat outside; the row is the last point reached, or the first."""
    assert table.subject is not None
    subject = number(evaluate(table.subject, world))
    assert subject is not None
    x = world.snap(subject)
    points = [(i, row.key.at, row) for i, row in enumerate(table.rows) if isinstance(row.key, r.CurvePoint)]
    reached = [point for point in points if point[1] <= x] or points[:1]
    index, at, row = reached[-1]
    base = row_base(index, row, node, world)
    following = [point for point in points if point[1] > at]
    if not following or x <= at or base.points is None:
        return base
    _, after, next_row = following[0]
    end = result_base(next_row.result, node, world)
    if end.points is None:
        return Base(row=index, missing=True)
    share = (x - at) / (after - at)
    return replace(base, points=world.snap(base.points + (end.points - base.points) * share))


# Policy ----------------------------------------------------------------------


def policy_base(variant: r.Variant, node: r.RuleNode, world: Setting) -> Base:
    """What stands for a missing base."""
    base = policy_result(variant.missing.result, variant.body, node, world)
    row = POLICY if isinstance(variant.body, r.Table) else NO_ROW
    return replace(base, row=row, by_policy=True, missing=False)


def policy_result(result: r.Result, body: object, node: r.RuleNode, world: Setting) -> Base:
    """A result that may also be the lowest or highest constant result, or level, of a table's rows."""
    if result not in (r.Outcome.WORST, r.Outcome.BEST):
        return result_base(result, node, world)
    if not isinstance(body, r.Table):
        return Base()
    constants = [row.result for row in body.rows if _is_constant(row.result)]
    found = [result_base(constant, node, world) for constant in constants]
    pick = min if result is r.Outcome.WORST else max
    return pick((base for base in found if base.points is not None), key=_points, default=Base())


def _is_constant(result: r.Result) -> bool:
    return isinstance(result, r.ToLevel) or (
        isinstance(result, r.Points) and isinstance(result.value, e.Constant)
    )


def _points(base: Base) -> Fraction:
    assert base.points is not None
    return base.points
