"""Tables to operations: ladder, lookup, curve, grid and first match, with their missing rows.

Every row becomes a condition with a value; one chain of choices over the same conditions gives the points,
another the level, another the row that fired. Which row comes first is settled here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.lower_expressions import compare, lower_constant, lower_expression, member
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.reading import row_expressions
from healthdsl.graph.scope import Scope
from healthdsl.model.expressions import Constant, Relation
from healthdsl.model.ruleset import (
    Cell,
    CurvePoint,
    EdgeRung,
    Key,
    Keys,
    Missing,
    Outcome,
    Points,
    Rest,
    Result,
    Row,
    Side,
    Table,
    TableKind,
    ToLevel,
    When,
)
from healthdsl.model.types import NUMBER, TEXT

NO_ROW = -1
POLICY_ROW = -2


@dataclass(frozen=True, slots=True)
class Base:
    """What a body gives: `value` (missing: no points) and `level` by value; `policy` and `unscored` are
    conditions.

    `policy`: a value stands in for a missing one. `row` is None for bodies that are no tables.
    """

    value: int
    level: int
    policy: int
    unscored: int
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One row as operations: taken when `condition` is true and no branch before it was.

    `promises`: the result is an expression, so a missing value is no choice of the row.
    """

    condition: int
    value: int
    level: int
    unscored: bool
    policy: bool
    row: int
    promises: bool = False


@dataclass(frozen=True, slots=True)
class TableScope:
    """A table with the level set of its node and the policy for a missing value."""

    scope: Scope
    table: Table
    levels: str | None
    missing: Missing


def lower_table(scope: Scope, table: Table, levels: str | None, missing: Missing) -> Base:
    """The base of a node whose body is a table."""
    here = TableScope(scope, table, levels, missing)
    graph = scope.builder
    subject = None if table.subject is None else graph.snap(lower_expression(scope, table.subject))
    branches = list(_branches(here, subject))
    nothing = Branch(
        graph.truth(True), graph.missing(), graph.missing(TEXT), unscored=False, policy=False, row=NO_ROW
    )
    rest = _otherwise(here) or nothing
    base = _choose(scope, branches, rest)
    lost = _lost(scope, branches, rest, base)
    if graph.is_truth(lost, False):
        return base
    return instead(scope, lost, _missing_branch(here, lost), base)


def _choose(scope: Scope, branches: list[Branch], rest: Branch) -> Base:
    graph = scope.builder

    def pick(ops: list[int], last: int) -> int:
        return graph.select([(b.condition, op) for b, op in zip(branches, ops, strict=True)], last)

    return Base(
        pick([b.value for b in branches], rest.value),
        pick([b.level for b in branches], rest.level),
        pick([_stands_in(graph, b) for b in branches], _stands_in(graph, rest)),
        pick([graph.truth(b.unscored) for b in branches], graph.truth(rest.unscored)),
        pick([graph.number(b.row) for b in branches], graph.number(rest.row)),
    )


def _stands_in(graph: GraphBuilder, branch: Branch) -> int:
    """Whether it gives a value by policy; one that gives none leaves it missing, which says as much."""
    return graph.truth(branch.policy and not graph.facts[branch.value].missing)


def _lost(scope: Scope, branches: list[Branch], rest: Branch, base: Base) -> int:
    """Whether a row that promises a value fired, and its value is missing: the policy speaks then, too."""
    graph = scope.builder
    promises = [_promises(scope, branch) for branch in branches]
    if not any(promises) and not _promises(scope, rest):
        return graph.truth(False)
    pairs = [(b.condition, graph.truth(p)) for b, p in zip(branches, promises, strict=True)]
    fired = graph.select(pairs, graph.truth(_promises(scope, rest)))
    return graph.both(fired, graph.negate(graph.known(base.value)))


def _promises(scope: Scope, branch: Branch) -> bool:
    facts = scope.builder.facts[branch.value]
    given = scope.builder.facts[branch.condition].if_true
    return branch.promises and not branch.policy and (facts.missing or bool(facts.roots - given))


def instead(scope: Scope, condition: int, branch: Branch, base: Base) -> Base:
    """`branch` where `condition` is true, else `base`."""
    graph = scope.builder
    return Base(
        graph.select([(condition, branch.value)], base.value),
        graph.select([(condition, branch.level)], base.level),
        graph.select([(condition, _stands_in(graph, branch))], base.policy),
        graph.select([(condition, graph.truth(branch.unscored))], base.unscored),
        None if base.row is None else graph.select([(condition, graph.number(branch.row))], base.row),
    )


# Rows ------------------------------------------------------------------------


def _branches(here: TableScope, subject: int | None) -> Iterator[Branch]:
    """Rows in the order they are tried, without `otherwise`."""
    rows = [(index, row) for index, row in enumerate(here.table.rows) if not isinstance(row.key, Rest)]
    above = list(takewhile(lambda each: isinstance(each[1].key, When), rows))
    below = rows[len(above) :]
    yield from _tried(here, subject, above)
    if any(isinstance(row.key, When) for _, row in below):
        # Only in bands. A missing subject makes the rungs unknown, and is caught behind the last `when` row.
        yield from _tried(here, subject, below)
        below = []
    absent = _absent(here, subject)
    if not here.scope.builder.is_truth(absent, False):
        yield _missing_branch(here, absent)
    if subject is not None and here.table.kind is TableKind.CURVE:
        yield from _curve(here, subject)
    else:
        # A subject that is missing has been caught above: the tests are known here.
        yield from _tried(here, subject, below)


def _tried(here: TableScope, subject: int | None, rows: list[tuple[int, Row]]) -> Iterator[Branch]:
    """`when` rows, rungs and keys as they are written."""
    for index, row in rows:
        if isinstance(row.key, When):
            condition = here.scope.builder.is_true(lower_expression(here.scope, row.key.condition))
            yield _branch(here, index, row, condition)
        elif isinstance(row.key, Cell):
            sides = (_side(here.scope, row.key.row), _side(here.scope, row.key.column))
            yield _branch(here, index, row, here.scope.builder.both(*sides))
        elif subject is not None:
            rung = _rung(here.scope, subject, row.key)
            if rung is not None:
                yield _branch(here, index, row, rung)


def _side(scope: Scope, side: Side) -> int:
    """What the row or the column of a cell asks; `otherwise` asks nothing, as all others are tried before."""
    rung = _rung(scope, scope.builder.snap(lower_expression(scope, side.subject)), side.test)
    return scope.builder.truth(True) if rung is None else rung


def _rung(scope: Scope, subject: int, key: Key) -> int | None:
    match key:
        case EdgeRung():
            return _edges(scope, subject, key)
        case Keys(values=values):
            return one_of(scope, subject, values)
        case _:
            return None


def _edges(scope: Scope, subject: int, rung: EdgeRung) -> int:
    if rung.low is not None and rung.low == rung.high:
        return compare(scope, Relation.IS, subject, lower_expression(scope, rung.low))
    conditions = []
    if rung.low is not None:
        relation = Relation.AT_LEAST if rung.low_included else Relation.ABOVE
        conditions.append(compare(scope, relation, subject, lower_expression(scope, rung.low)))
    if rung.high is not None:
        relation = Relation.UP_TO if rung.high_included else Relation.BELOW
        conditions.append(compare(scope, relation, subject, lower_expression(scope, rung.high)))
    return scope.builder.both(*conditions)


def one_of(scope: Scope, subject: int, values: tuple[Fraction | int | str | bool, ...]) -> int:
    """Whether the subject equals one of the constants."""
    graph = scope.builder
    texts = tuple(value for value in values if isinstance(value, str))
    if texts:
        return member(scope, subject, texts)
    constants = [lower_constant(scope, value, graph.ops[subject].type) for value in values]
    return graph.either(*[compare(scope, Relation.IS, subject, constant) for constant in constants])


def _absent(here: TableScope, subject: int | None) -> int:
    """Whether the table's input is missing: the subject, one of the two of a grid, or all that a first match
    reads.
    """
    graph = here.scope.builder
    if subject is not None:
        return graph.negate(graph.known(subject))
    if here.table.kind is TableKind.GRID:
        sides = [graph.snap(lower_expression(here.scope, side)) for side in here.table.subjects]
        return graph.negate(graph.both(*[graph.known(side) for side in sides]))
    return all_missing(here.scope, here.scope.direct_inputs(row_expressions(here.table.rows)))


def all_missing(scope: Scope, inputs: list) -> int:  # type: ignore[type-arg]
    """Whether every direct input is missing; false without inputs."""
    graph = scope.builder
    known = [graph.known(lower_expression(scope, read)) for read in inputs]
    return graph.negate(graph.either(*known)) if known else graph.truth(False)


def _otherwise(here: TableScope) -> Branch | None:
    for index, row in enumerate(here.table.rows):
        if isinstance(row.key, Rest) and row.key.otherwise:
            return _branch(here, index, row, here.scope.builder.truth(True))
    return None


def _missing_branch(here: TableScope, condition: int) -> Branch:
    """The `missing` row, else the policy of the node."""
    for index, row in enumerate(here.table.rows):
        if isinstance(row.key, Rest) and row.key.missing:
            return _branch(here, index, row, condition, policy=True)
    return policy_branch(here, condition)


def policy_branch(here: TableScope, condition: int) -> Branch:
    value, level = _result(here, here.missing.result)
    unscored = here.missing.result is Outcome.UNSCORED
    return Branch(condition, value, level, unscored, policy=True, row=POLICY_ROW)


def _branch(here: TableScope, index: int, row: Row, condition: int, *, policy: bool = False) -> Branch:
    value, level = _result(here, row.result)
    promises = isinstance(row.result, Points)
    return Branch(condition, value, level, row.result is Outcome.UNSCORED, policy, index, promises)


# Results ---------------------------------------------------------------------


def _result(here: TableScope, result: Result) -> tuple[int, int]:
    """The points and the level that a row gives; both missing for `skip` and `unscored`."""
    scope, graph = here.scope, here.scope.builder
    match result:
        case Points(value=value):
            return graph.snap(lower_expression(scope, value)), graph.missing(TEXT)
        case ToLevel(name=name):
            points = scope.level_points(here.levels, name)
            return graph.missing() if points is None else graph.number(points), graph.text(name)
        case Outcome.SKIP | Outcome.UNSCORED:
            return graph.missing(), graph.missing(TEXT)
        case Outcome.WORST | Outcome.BEST:
            return _extreme(here, result)


def _extreme(here: TableScope, outcome: Outcome) -> tuple[int, int]:
    """`worst` and `best`: the lowest and highest constant result of the rows, with its level."""
    graph = here.scope.builder
    found: list[tuple[Fraction, str | None]] = []
    for row in here.table.rows:
        match row.result:
            case Points(value=Constant(value=Fraction() as points)):
                found.append((points, None))
            case ToLevel(name=name):
                points_of_level = here.scope.level_points(here.levels, name)
                if points_of_level is not None:
                    found.append((points_of_level, name))
            case _:
                pass
    if not found:
        return graph.missing(), graph.missing(TEXT)
    choose = min if outcome is Outcome.WORST else max
    points, level = choose(found, key=lambda each: each[0])
    return graph.number(points), graph.missing(TEXT) if level is None else graph.text(level)


# Curves ----------------------------------------------------------------------


def _curve(here: TableScope, subject: int) -> Iterator[Branch]:
    """Straight lines between points, flat outside; the row that fires is the last point at or below the
    subject.
    """
    graph = here.scope.builder
    points = [(index, row) for index, row in enumerate(here.table.rows) if isinstance(row.key, CurvePoint)]
    for position, (_, row) in enumerate(points):
        assert isinstance(row.key, CurvePoint)
        below = graph.make(Primitive.LESS, (subject, graph.number(row.key.at)))
        first, before = points[max(position - 1, 0)]
        value = _result(here, row.result)[0] if position == 0 else _line(here, subject, before, row)
        yield Branch(below, value, graph.missing(TEXT), unscored=False, policy=False, row=first)
    if points:
        index, row = points[-1]
        yield _branch(here, index, row, graph.truth(True))


def _line(here: TableScope, subject: int, start: Row, end: Row) -> int:
    """The line from one point to the next: y0 + (x - x0) * slope, snapped."""
    graph = here.scope.builder
    assert isinstance(start.key, CurvePoint)
    assert isinstance(end.key, CurvePoint)
    run = end.key.at - start.key.at
    low = _result(here, start.result)[0]
    along = graph.make(Primitive.SUBTRACT, (subject, graph.number(start.key.at)))
    match start.result, end.result:
        case Points(value=Constant(value=Fraction() as y0)), Points(value=Constant(value=Fraction() as y1)):
            rise = graph.make(Primitive.MULTIPLY, (along, graph.number((y1 - y0) / run)))
        case _:
            height = graph.make(Primitive.SUBTRACT, (_result(here, end.result)[0], low))
            rise = graph.make(
                Primitive.DIVIDE,
                (graph.make(Primitive.MULTIPLY, (along, height)), graph.number(run)),
                kind=NUMBER,
            )
    return graph.snap(graph.make(Primitive.ADD, (low, rise)))
