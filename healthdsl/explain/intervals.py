"""The abstract interpreter: every operation of the graph over many accounts at once.

In: a graph, and abstract values for as many operations as the caller knows better than "any legal value".
Out: an abstract value for each operation, in which the concrete one always lies (sound; tested against the
evaluator of the graph). Where all operands are points the operation itself is applied, so that a run over
points gives exactly what scoring gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from healthdsl.explain import ranges
from healthdsl.explain.abstract import (
    MANY,
    NO_NUMBER,
    Abstract,
    Numbers,
    Texts,
    Truth,
    concrete,
    constant,
    impossible,
    join,
    known,
    meet,
    nothing,
    with_missing,
)
from healthdsl.explain.frame import Frame
from healthdsl.explain.quotient import quotient
from healthdsl.explain.refine import Turn, refine
from healthdsl.graph import arithmetic
from healthdsl.graph.bounds import GRID_STEP
from healthdsl.graph.evaluate import FOLDABLE, apply
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather

Transfer = Callable[[Frame, Op, Sequence[Abstract]], Abstract]

DEPTH = 3
LARGEST_CONE = 300
MOST_BRANCHES = 200
"""More are taken as they are: looking into each with all before it in mind takes time by the square."""


def interpret(
    graph: Graph,
    given: Mapping[int, Abstract] | None = None,
    *,
    open_ended: bool = False,
    all_known: bool = False,
    depth: int = DEPTH,
) -> list[Abstract]:
    """An abstract value for every operation, given those of some.

    `open_ended`: bounds that nobody wrote are infinite. `all_known`: over accounts of which everything is
    known. `depth` is how many choices inside each other are looked into: fewer take less time, and may tell
    less.
    """
    values: list[Abstract] = []
    frame = Frame(graph, values, {}, open_ended, depth)
    given = given or {}
    for index, op in enumerate(graph.ops):
        found = given[index] if index in given else step(frame, op)
        values.append(_as_known(op, found) if all_known else found)
    return values


def _as_known(op: Op, value: Abstract) -> Abstract:
    match op.primitive:
        case Primitive.INPUT | Primitive.COLUMN | Primitive.AGGREGATE:
            return known(value)
        case Primitive.SUPPLIED:
            return Truth(true=True)
        case _:
            return value


def step(frame: Frame, op: Op) -> Abstract:
    """The abstract result of one operation, its operands being worked out."""
    operands = [frame.value(operand) if operand >= 0 else NO_NUMBER for operand in op.operands]
    if op.primitive in FOLDABLE:
        points: list[object] = []
        for value, operand in zip(operands, op.operands, strict=True):
            found = concrete(value, frame.graph.ops[operand].type)
            if found is MANY:
                break
            points.append(found)
        else:
            result = apply(op, points)
            return nothing(op.type) if result is None else constant(result, op.type)
    return TRANSFER[op.primitive](frame, op, operands)


# Sources ---------------------------------------------------------------------


def _input(frame: Frame, op: Op, _: Sequence[Abstract]) -> Abstract:
    field = next(field for field in frame.graph.inputs if field.name == op.value)
    return frame.legal(field)


def _column(frame: Frame, op: Op, _: Sequence[Abstract]) -> Abstract:
    assert isinstance(op.value, tuple)
    table, column = op.value
    fields = next(each.columns for each in frame.graph.tables if each.name == table)
    return frame.legal(next(field for field in fields if field.name == column))


def _supplied(_: Frame, __: Op, ___: Sequence[Abstract]) -> Abstract:
    return Truth(true=True, false=True)


def _today(frame: Frame, _: Op, __: Sequence[Abstract]) -> Abstract:
    return Numbers(*frame.days())


def _constant(_: Frame, op: Op, __: Sequence[Abstract]) -> Abstract:
    return constant(op.value, op.type)


# Arithmetic ------------------------------------------------------------------


def _numbers(operands: Sequence[Abstract]) -> list[Numbers] | None:
    """The operands as intervals; None when one is surely missing, and the result with it."""
    found = [value for value in operands if isinstance(value, Numbers) and not value.empty]
    return found if len(found) == len(operands) else None


def _binary(function: Callable[[Numbers, Numbers], Numbers]) -> Transfer:
    def transfer(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
        found = _numbers(operands)
        return NO_NUMBER if found is None else function(found[0], found[1])

    return transfer


def _unary(function: Callable[[Numbers], Numbers]) -> Transfer:
    def transfer(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
        found = _numbers(operands)
        return NO_NUMBER if found is None else function(found[0])

    return transfer


def _divide(frame: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    found = _numbers(operands)
    return NO_NUMBER if found is None else quotient(frame, op, found[0], found[1])


def _round(_: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    found, decimals = _numbers(operands), op.value
    assert isinstance(decimals, int)
    return NO_NUMBER if found is None else ranges.rising(lambda x: arithmetic.round_to(x, decimals), found[0])


# Comparisons and logic -------------------------------------------------------


def _compared(operands: Sequence[Abstract], can_hold: bool, can_fail: bool) -> Truth:
    if any(impossible(known(value)) for value in operands):
        return Truth(missing=True)
    missing = any(value.missing for value in operands)
    return Truth(can_hold, can_fail, missing)


def _less(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    left, right = operands
    assert isinstance(left, Numbers)
    assert isinstance(right, Numbers)
    return _compared(operands, left.low < right.high, left.high >= right.low)


def _at_most(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    left, right = operands
    assert isinstance(left, Numbers)
    assert isinstance(right, Numbers)
    return _compared(operands, left.low <= right.high, left.high > right.low)


def _equal(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    left, right = (known(value) for value in operands)
    if type(left) is not type(right):  # one of them is surely missing
        return _compared(operands, can_hold=True, can_fail=True)
    both = meet(left, right)
    return _compared(operands, not impossible(both), not (left == right and _is_point(left)))


def _is_point(value: Abstract) -> bool:
    match value:
        case Numbers(low=low, high=high):
            return low == high
        case Truth(true=true, false=false):
            return true != false
        case Texts(choices=choices):
            return choices is not None and len(choices) == 1


def _member(_: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = operands
    assert isinstance(value, Texts)
    assert isinstance(op.value, tuple)
    wanted = set(op.value)
    if value.choices is None:
        return _compared(operands, can_hold=True, can_fail=True)
    return _compared(operands, bool(value.choices & wanted), bool(value.choices - wanted))


def _contains(_: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = operands
    assert isinstance(value, Texts)
    if value.choices is None:
        return _compared(operands, can_hold=True, can_fail=True)
    found = {str(op.value) in choice for choice in value.choices}
    return _compared(operands, can_hold=True in found, can_fail=False in found)


def _fold_case(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = operands
    if not isinstance(value, Texts) or value.choices is None:
        return value
    return Texts(frozenset(arithmetic.fold_case(choice) for choice in value.choices), value.missing)


def _truths(operands: Sequence[Abstract]) -> list[Truth]:
    found = [value for value in operands if isinstance(value, Truth)]
    assert len(found) == len(operands)
    return found


def _and(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    found = _truths(operands)
    unknown = any(t.missing for t in found) and all(t.true or t.missing for t in found)
    return Truth(all(t.true for t in found), any(t.false for t in found), unknown)


def _or(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    found = _truths(operands)
    unknown = any(t.missing for t in found) and all(t.false or t.missing for t in found)
    return Truth(any(t.true for t in found), all(t.false for t in found), unknown)


def _not(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = _truths(operands)
    return Truth(value.false, value.true, value.missing)


def _is_known(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = operands
    return Truth(not impossible(known(value)), value.missing)


def _is_true(_: Frame, __: Op, operands: Sequence[Abstract]) -> Abstract:
    (value,) = _truths(operands)
    return Truth(value.true, value.false or value.missing)


# Choice ----------------------------------------------------------------------


def _select(frame: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    """Each branch that can be reached, with what its conditions tell about the values inside it."""
    if frame.depth == 0 or len(operands) > 2 * MOST_BRANCHES:
        return _plain_select(op, operands)
    result: Abstract | None = None
    denied: dict[int, Abstract] = dict(frame.changed)
    for place in range(0, len(operands) - 1, 2):
        condition = operands[place]
        assert isinstance(condition, Truth)
        index = op.operands[place]
        if condition.true:
            here = dict(denied)
            refine(frame.graph.ops, frame.value, index, Turn.TRUE, here)
            if _reachable(here):
                result = _joined(result, _under(frame, op.operands[place + 1], here))
        if not (condition.false or condition.missing):
            break
        refine(frame.graph.ops, frame.value, index, Turn.NOT_TRUE, denied)
        if not _reachable(denied):
            break
    else:
        result = _joined(result, _under(frame, op.operands[-1], denied))
    return nothing(op.type) if result is None else result


def _plain_select(op: Op, operands: Sequence[Abstract]) -> Abstract:
    """The same without a look inside the branches."""
    result: Abstract | None = None
    for condition, value in zip(operands[:-1:2], operands[1::2], strict=True):
        assert isinstance(condition, Truth)
        if condition.true:
            result = _joined(result, value)
        if not (condition.false or condition.missing):
            return nothing(op.type) if result is None else result
    return _joined(result, operands[-1])


def _joined(result: Abstract | None, value: Abstract) -> Abstract:
    return value if result is None else join(result, value)


def _reachable(found: Mapping[int, Abstract]) -> bool:
    return not any(impossible(value) for value in found.values())


def _under(frame: Frame, index: int, changed: Mapping[int, Abstract]) -> Abstract:
    """The value of an operation where more is known of those before it."""
    before = frame.value(index)
    if index in changed:
        return changed[index]
    if frame.depth == 0 or len(changed) == len(frame.changed):
        return before
    cone = _cone(frame, index, min(changed))
    if cone is None:
        return before
    now = dict(changed)
    inside = frame.inside(now)
    for at in cone:
        op = frame.graph.ops[at]
        if at not in changed and not now.keys().isdisjoint(op.operands):
            so_far = frame.value(at)
            narrower = meet(step(inside, op), so_far)
            if narrower != so_far and not impossible(narrower):
                now[at] = narrower
    return now.get(index, before)


def _cone(frame: Frame, index: int, first: int) -> list[int] | None:
    """The operations that `index` rests on, from `first` on, in order.

    None when they are too many to look at again.
    """
    seen, stack = {index}, [index]
    while stack:
        for operand in frame.graph.ops[stack.pop()].operands:
            if operand >= first and operand not in seen:
                seen.add(operand)
                stack.append(operand)
        if len(seen) > LARGEST_CONE:
            return None
    return sorted(seen)


def _coalesce(_: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    result: Abstract | None = None
    for value in operands:
        if not impossible(known(value)):
            result = _joined(result, known(value))
        if not value.missing:
            return nothing(op.type) if result is None else result
    return nothing(op.type) if result is None else with_missing(result)


# Rows ------------------------------------------------------------------------


def _aggregate(frame: Frame, op: Op, operands: Sequence[Abstract]) -> Abstract:
    """Over any number of rows, each any legal row."""
    assert isinstance(op.value, tuple)
    gather = op.value[0]
    if gather in (Gather.COUNT, Gather.DISTINCT):
        limit = math.inf if frame.open_ended else arithmetic.INPUT_LIMIT
        return Numbers(0.0, limit, missing=True)
    value = operands[0]
    if not isinstance(value, Numbers) or gather not in (Gather.SUM, Gather.AVERAGE):
        return with_missing(value)
    if gather is Gather.SUM:
        low, high = (-math.inf if value.low < 0.0 else 0.0), (math.inf if value.high > 0.0 else 0.0)
        return Numbers(low, high, missing=True)
    weight = operands[1]
    if op.operands[1] >= 0 and isinstance(weight, Numbers) and weight.low < 0.0:
        return Numbers(-math.inf, math.inf, missing=True)
    if op.operands[1] < 0 or not isinstance(weight, Numbers):
        return NO_NUMBER if value.empty else _mean(value, 0.0)
    least = 1.0 if frame.graph.ops[op.operands[1]].type.is_whole else GRID_STEP
    return NO_NUMBER if value.empty else _mean(value, GRID_STEP / max(weight.low, least))


def _mean(value: Numbers, room: float) -> Numbers:
    """An average lies between its values, but for the last digits and the ninth decimal of each product."""
    slack = 1e-12 * max(abs(value.low), abs(value.high)) + 1e-15 + room
    if math.isinf(slack):
        return Numbers(value.low, value.high, missing=True)
    return Numbers(value.low - slack, value.high + slack, missing=True)


TRANSFER: dict[Primitive, Transfer] = {
    Primitive.INPUT: _input,
    Primitive.COLUMN: _column,
    Primitive.SUPPLIED: _supplied,
    Primitive.TODAY: _today,
    Primitive.CONSTANT: _constant,
    Primitive.ADD: _binary(ranges.add),
    Primitive.SUBTRACT: _binary(ranges.subtract),
    Primitive.MULTIPLY: _binary(ranges.multiply),
    Primitive.DIVIDE: _divide,
    Primitive.MINIMUM: _binary(ranges.minimum),
    Primitive.MAXIMUM: _binary(ranges.maximum),
    Primitive.FLOOR: _unary(ranges.floor),
    Primitive.CEILING: _unary(ranges.ceiling),
    Primitive.SNAP: _unary(lambda value: ranges.rising(arithmetic.snap, value)),
    Primitive.ROUND: _round,
    Primitive.LN: _unary(lambda value: ranges.logarithm(arithmetic.natural_log, value)),
    Primitive.LOG2: _unary(lambda value: ranges.logarithm(arithmetic.log_2, value)),
    Primitive.LOG10: _unary(lambda value: ranges.logarithm(arithmetic.log_10, value)),
    Primitive.POWER: _binary(ranges.power),
    Primitive.DAYS_BETWEEN: _binary(ranges.days_between),
    Primitive.MONTHS_BETWEEN: _binary(ranges.months_between),
    Primitive.ADD_DAYS: _binary(ranges.add_days),
    Primitive.LESS: _less,
    Primitive.AT_MOST: _at_most,
    Primitive.EQUAL: _equal,
    Primitive.MEMBER: _member,
    Primitive.CONTAINS: _contains,
    Primitive.FOLD_CASE: _fold_case,
    Primitive.AND: _and,
    Primitive.OR: _or,
    Primitive.NOT: _not,
    Primitive.IS_KNOWN: _is_known,
    Primitive.IS_TRUE: _is_true,
    Primitive.SELECT: _select,
    Primitive.COALESCE: _coalesce,
    Primitive.AGGREGATE: _aggregate,
}
"""One meaning for each primitive."""
