"""What is known of an operation's result before any account is seen: when it is missing, its bounds, its
grid.

In: an operation and the facts of its operands. Out: `Facts`. Folding drops what facts show to be idle, and
backends drop guards, checks for overflow and snaps that cannot change anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from healthdsl.graph.arithmetic import INPUT_LIMIT, LAST_DAY, SNAP_LIMIT, snap
from healthdsl.graph.bounds import ANY, GRID_STEP, ROWS_LIMIT, TINY, Bounds, bounds_of, least_of
from healthdsl.graph.graph import Graph, InputField, Op, gathering
from healthdsl.graph.narrow import NARROWED, Ranges, bounds_within, narrow
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather
from healthdsl.model.types import Kind

ROOTS_LIMIT = 8
"""An operation missing for more reasons than this becomes a reason of its own, which keeps the sets small."""

Roots = frozenset[int]
NOTHING: Roots = frozenset()


class Facts(NamedTuple):
    """What is known of one operation's result.

    `roots`: the result is missing exactly when one of these operations is (none: never missing). `bounds`: no
    number lies outside. `grid`: a number already snapped; `whole`: a whole number; `least`: the smallest size
    other than 0. `slack`: how far from a number on the grid it can be (infinite: anywhere). `overflows`: the
    plain operation can leave the doubles. `missing`: the constant None.

    Of conditions: `if_true`, `if_not_true`: operations known to be known when it holds, or does not.
    `present`: it holds exactly when all of these are known; `absent`: when one of them is missing.
    """

    roots: Roots
    bounds: Bounds = ANY
    grid: bool = False
    whole: bool = False
    least: float = TINY
    slack: float = math.inf
    overflows: bool = False
    missing: bool = False
    if_true: Roots = NOTHING
    if_not_true: Roots = NOTHING
    present: Roots | None = None
    absent: Roots | None = None


def graph_facts(graph: Graph) -> list[Facts]:
    """The facts of every operation of a finished graph."""
    inputs = {field.name: field for field in graph.inputs}
    columns = {(table.name, column.name): column for table in graph.tables for column in table.columns}
    known: list[Facts] = []
    for index, op in enumerate(graph.ops):
        if op.primitive is Primitive.INPUT:
            known.append(field_facts(index, inputs[str(op.value)]))
        elif op.primitive is Primitive.COLUMN:
            known.append(field_facts(index, columns[op.value]))  # type: ignore[index]
        else:
            known.append(op_facts(index, op, known, graph.ops))
    return known


def field_facts(index: int, field: InputField) -> Facts:
    """Facts of an INPUT or COLUMN operation, from its row in the input contract."""
    roots = frozenset((index,))
    if field.type.is_date:
        return Facts(roots, (1, LAST_DAY), grid=True, whole=True)
    if not field.type.is_numeric:
        return Facts(roots, if_true=roots)
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    high = INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)
    whole = field.type.is_whole
    return Facts(roots, (low, high), True, whole, 1.0 if whole else GRID_STEP, _ulp((low, high)))


def op_facts(index: int, op: Op, known: list[Facts], ops: Sequence[Op]) -> Facts:
    """Facts of any other operation; `known` holds those of all operations before it, `ops` themselves."""
    if op.primitive is Primitive.SELECT:
        return _select(index, op, known, ops)
    return _FACTS.get(op.primitive, _arithmetic)(index, op, known)


def _ulp(bounds: Bounds) -> float:
    """How far the double nearest to a number on the grid can be from it."""
    return math.ulp(max(abs(bounds[0]), abs(bounds[1])))


def _constant(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    value = op.value
    if value is None:
        return Facts(frozenset((index,)), missing=True)
    if isinstance(value, bool) or not isinstance(value, float | int):
        return Facts(NOTHING)
    number = float(value)
    grid = snap(number) == number
    slack = math.ulp(number) if grid else math.inf
    return Facts(NOTHING, (number, number), grid, number.is_integer(), abs(number) or math.inf, slack)


def _today(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    return Facts(NOTHING, (1, LAST_DAY), grid=True, whole=True)


def _all_roots(index: int, operands: Sequence[int], known: list[Facts]) -> Roots:
    roots = known[operands[0]].roots
    for operand in operands[1:]:
        more = known[operand].roots
        if more is not roots and more:
            roots = roots | more if roots else more
    return roots if len(roots) <= ROOTS_LIMIT else frozenset((index,))


# Conditions ------------------------------------------------------------------


def _certain(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    return Facts(NOTHING)


def _compare(index: int, op: Op, known: list[Facts]) -> Facts:
    roots = _all_roots(index, op.operands, known)
    return Facts(roots, if_true=roots)


def _is_known(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    roots = known[op.operands[0]].roots
    return Facts(NOTHING, if_true=roots, present=roots)


def _is_true(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    held = known[op.operands[0]]
    return Facts(NOTHING, if_true=held.if_true, if_not_true=held.if_not_true)


def _not(index: int, op: Op, known: list[Facts]) -> Facts:  # noqa: ARG001
    held = known[op.operands[0]]
    # Only where "not true" means "false" does the denial of the one tell of the other.
    denied = NOTHING if held.roots else held.if_true
    return Facts(
        held.roots,
        if_true=held.roots | held.if_not_true,
        if_not_true=denied,
        present=held.absent,
        absent=held.present,
    )


def _and(index: int, op: Op, known: list[Facts]) -> Facts:
    operands = [known[operand] for operand in op.operands]
    given = NOTHING.union(*[facts.if_true for facts in operands])
    present = _joint([facts.present for facts in operands])
    return Facts(_logic_roots(index, operands), if_true=given, present=present)


def _or(index: int, op: Op, known: list[Facts]) -> Facts:
    operands = [known[operand] for operand in op.operands]
    shared = operands[0].if_true.intersection(*[facts.if_true for facts in operands])
    denied = NOTHING.union(*[facts.if_not_true for facts in operands])
    absent = _joint([facts.absent for facts in operands])
    return Facts(_logic_roots(index, operands), if_true=shared, if_not_true=denied, absent=absent)


def _logic_roots(index: int, operands: list[Facts]) -> Roots:
    return frozenset((index,)) if any([facts.roots for facts in operands]) else NOTHING  # noqa: C419


def _joint(sets: list[Roots | None]) -> Roots | None:
    """The union, or None unless every condition is of this form."""
    found = [each for each in sets if each is not None]
    return NOTHING.union(*found) if len(found) == len(sets) else None


# Choice ----------------------------------------------------------------------


def branches(op: Op, known: list[Facts]) -> list[tuple[int, Roots]]:
    """The value of each branch of a SELECT with the operations known to be known when it is reached."""
    found: list[tuple[int, Roots]] = []
    denied = NOTHING
    operands = op.operands
    for k in range(0, len(operands) - 1, 2):
        condition = known[operands[k]]
        found.append((operands[k + 1], denied | condition.if_true))
        denied |= condition.if_not_true
    return [*found, (operands[-1], denied)]


def _select(index: int, op: Op, known: list[Facts], ops: Sequence[Op]) -> Facts:
    reached = branches(op, known)
    roots = NOTHING.union(*[known[value].roots - given for value, given in reached])
    if roots and any([roots - known[value].roots - given for value, given in reached]):  # noqa: C419
        # Some branch has a value although one of these is missing: they do not tell.
        roots = _first_missing(index, op, reached, known)
    if not op.type.is_numeric:
        return Facts(roots, if_true=roots)
    if any([ops[value].primitive in NARROWED for value, _ in reached]):  # noqa: C419
        values = _branch_facts(op, reached, known, ops)
    else:
        values = [known[value] for value, _ in reached if not known[value].missing]
    return _joined(values, roots) if values else Facts(roots)


def _branch_facts(
    op: Op, reached: list[tuple[int, Roots]], known: list[Facts], ops: Sequence[Op]
) -> list[Facts]:
    """The facts of each branch's value, its bounds as the comparisons that lead there leave them."""
    ranges: Ranges = {}
    found: list[Facts] = []
    for branch, (value, given) in enumerate(reached):
        facts = known[value]
        condition = op.operands[2 * branch] if branch < len(reached) - 1 else -1
        inside = narrow(condition, ranges, known, ops, given=given) if condition >= 0 else ranges
        if not facts.missing:
            found.append(facts._replace(bounds=bounds_within(value, inside, known, ops)) if inside else facts)
        if condition >= 0:
            ranges = narrow(condition, ranges, known, ops, given=reached[branch + 1][1], holds=False)
    return found


def _first_missing(index: int, op: Op, reached: list[tuple[int, Roots]], known: list[Facts]) -> Roots:
    """Roots of `SELECT(x is missing, None, ..)` with other branches never missing: those of x. Else
    its own.
    """
    absent = known[op.operands[0]].absent
    settled = not any([known[value].roots - given for value, given in reached[1:]])  # noqa: C419
    if absent is not None and known[op.operands[1]].missing and settled:
        return absent
    return frozenset((index,))


def _coalesce(index: int, op: Op, known: list[Facts]) -> Facts:
    operands = [known[operand] for operand in op.operands]
    never = not all([facts.roots for facts in operands])  # noqa: C419
    return _joined(operands, NOTHING if never else frozenset((index,)))


def _joined(values: list[Facts], roots: Roots) -> Facts:
    """What holds of every one of the values."""
    first = values[0]
    if len(values) == 1:
        return Facts(roots, *first[1:6], if_true=roots)
    low = min([facts.bounds[0] for facts in values])
    high = max([facts.bounds[1] for facts in values])
    return Facts(
        roots,
        (low, high),
        all([facts.grid for facts in values]),  # noqa: C419
        all([facts.whole for facts in values]),  # noqa: C419
        min([facts.least for facts in values]),
        max([facts.slack for facts in values]),
        if_true=roots,
    )


# Rows ------------------------------------------------------------------------


def _aggregate(index: int, op: Op, known: list[Facts]) -> Facts:
    gather, _ = gathering(op)
    roots = frozenset((index,))
    if gather in (Gather.COUNT, Gather.DISTINCT):
        return Facts(roots, (0.0, INPUT_LIMIT), True, True, 1.0, _ulp((0.0, INPUT_LIMIT)))
    value = known[op.operands[0]]
    if gather is Gather.SUM:
        return Facts(roots, _sum_bounds(value), value.whole, value.whole)
    if gather is Gather.AVERAGE:
        # A weighted average can be anything, since weights may be negative.
        return Facts(roots, _mean_bounds(value) if op.operands[1] < 0 else ANY)
    return Facts(roots, *value[1:6], if_true=roots)


def _sum_bounds(value: Facts) -> Bounds:
    low, high = min(value.bounds[0], 0.0) * ROWS_LIMIT, max(value.bounds[1], 0.0) * ROWS_LIMIT
    return (low, high) if math.isfinite(high - low) else ANY


def _mean_bounds(value: Facts) -> Bounds:
    low, high = value.bounds
    return (low - _mean_slack(low), high + _mean_slack(high))


def _mean_slack(end: float) -> float:
    """How far beyond the end of its values' range an average can be: whole ends are never passed while the
    sum is exact, 0.1 may become 0.09999999999999999.
    """
    if abs(end) >= SNAP_LIMIT:
        return abs(end) * 1e-6
    return 0.0 if end.is_integer() else 1e-15 * (1.0 + abs(end))


# Arithmetic ------------------------------------------------------------------

_STRICT = frozenset(
    {
        Primitive.ADD,
        Primitive.SUBTRACT,
        Primitive.MULTIPLY,
        Primitive.MINIMUM,
        Primitive.MAXIMUM,
        Primitive.FLOOR,
        Primitive.CEILING,
        Primitive.SNAP,
        Primitive.ROUND,
        Primitive.DAYS_BETWEEN,
        Primitive.MONTHS_BETWEEN,
        Primitive.FOLD_CASE,
    }
)
_WHOLE = frozenset(
    {
        Primitive.FLOOR,
        Primitive.CEILING,
        Primitive.DAYS_BETWEEN,
        Primitive.MONTHS_BETWEEN,
        Primitive.ADD_DAYS,
    }
)
_WHOLE_OF_WHOLE = frozenset(
    {Primitive.ADD, Primitive.SUBTRACT, Primitive.MULTIPLY, Primitive.SNAP, Primitive.ROUND}
)
_EXTREME = frozenset({Primitive.MINIMUM, Primitive.MAXIMUM})
_NEAR = frozenset({Primitive.ADD, Primitive.SUBTRACT})


def _arithmetic(index: int, op: Op, known: list[Facts]) -> Facts:
    operands = [known[operand] for operand in op.operands]
    primitive = op.primitive
    bounds, overflows = bounds_of(op, operands)
    each_whole = all([facts.whole for facts in operands])  # noqa: C419
    whole = primitive in _WHOLE or (each_whole and (primitive in _WHOLE_OF_WHOLE or primitive in _EXTREME))
    whole = whole or (primitive is Primitive.ROUND and op.value == 0)
    # The grid holds every whole number.
    grid = whole or primitive is Primitive.SNAP or (primitive is Primitive.ROUND and op.value in range(10))
    grid = grid or (primitive in _EXTREME and all([facts.grid for facts in operands]))  # noqa: C419
    exact = primitive in _STRICT or (primitive is Primitive.DIVIDE and _is_never_zero(operands[1]))
    roots = _all_roots(index, op.operands, known) if exact and not overflows else frozenset((index,))
    least = least_of(op, operands, grid, whole)
    return Facts(roots, bounds, grid, whole, least, _slack(primitive, operands, bounds, grid), overflows)


def _is_never_zero(facts: Facts) -> bool:
    low, high = facts.bounds
    return low > 0.0 or high < 0.0


def _slack(primitive: Primitive, operands: list[Facts], bounds: Bounds, grid: bool) -> float:
    """A sum of numbers near the grid is near it; so is the smaller or larger of two."""
    if max(abs(bounds[0]), abs(bounds[1])) >= SNAP_LIMIT:
        return math.inf
    if grid:
        return _ulp(bounds)
    if primitive in _NEAR:
        return operands[0].slack + operands[1].slack + _ulp(bounds)
    return max(facts.slack for facts in operands) if primitive in _EXTREME else math.inf


_FACTS: dict[Primitive, Callable[[int, Op, list[Facts]], Facts]] = {
    Primitive.CONSTANT: _constant,
    Primitive.TODAY: _today,
    Primitive.SUPPLIED: _certain,
    Primitive.LESS: _compare,
    Primitive.AT_MOST: _compare,
    Primitive.EQUAL: _compare,
    Primitive.MEMBER: _compare,
    Primitive.CONTAINS: _compare,
    Primitive.IS_KNOWN: _is_known,
    Primitive.IS_TRUE: _is_true,
    Primitive.NOT: _not,
    Primitive.AND: _and,
    Primitive.OR: _or,
    Primitive.COALESCE: _coalesce,
    Primitive.AGGREGATE: _aggregate,
}
