"""Leaving snaps out where a rounding at the end decides, and knowing when it could decide otherwise.

Between the inputs and `round to 1 decimal` stand snaps that move a number by half a thousand-millionth each.
Without them the number before rounding is off by a bound that is worked out here, and the rounded one is the
same unless the number lies that near to a tie. The generated code looks at that distance: near a tie it
starts again with every snap in place. So the answer is always the exact one, and nearly always it comes
cheaper.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.plan import Planner
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

STEP = 5.1e-10
"""A snap moves a number by less than this."""

MOST_DECIMALS = 6
MOST_SIZE = 1e6
MOST_DISTANCE = 1e-3
"""A tie this near, in units of the last decimal, must stay rare."""

WORTH = 3
"""Fewer snaps than this cost less than looking at the distance."""

_KEEPS = frozenset(
    {Primitive.ADD, Primitive.SUBTRACT, Primitive.MULTIPLY, Primitive.MINIMUM, Primitive.MAXIMUM}
)
_SOURCES = frozenset({Primitive.INPUT, Primitive.AGGREGATE})
_COMPARES = frozenset({Primitive.LESS, Primitive.AT_MOST})


@dataclass(frozen=True, slots=True)
class Certain:
    """A graph without the loose snaps; `raw` inputs are not snapped; `distances`: of each rounding, from a
    tie.
    """

    graph: Graph
    raw: frozenset[int]
    distances: dict[int, float]


def leave_out_snaps(layout: Layout, planner: Planner) -> Certain | None:
    """The graph without the snaps that only roundings see; None when it is not worth it."""
    roundings = {index for index in planner.needed if _can_decide(layout, index)}
    if not roundings:
        return None
    loose = _loose(layout, planner, roundings)
    errors = _errors(layout, planner.needed, loose)
    distances = {index: _distance(layout.graph.ops[index], errors) for index in roundings}
    snaps = {index for index in loose if layout.graph.ops[index].primitive is Primitive.SNAP}
    raw = frozenset(index for index in loose if _is_unsnapped_input(layout, index))
    if len(snaps) + len(raw) < WORTH or max(distances.values(), default=1.0) > MOST_DISTANCE:
        return None
    return Certain(_without(layout.graph, snaps), raw, distances)


def _can_decide(layout: Layout, index: int) -> bool:
    op = layout.graph.ops[index]
    if op.primitive is not Primitive.ROUND or not isinstance(op.value, int) or op.value > MOST_DECIMALS:
        return False
    low, high = layout.facts[op.operands[0]].bounds
    return max(abs(low), abs(high)) * 10.0**op.value <= MOST_SIZE


def _is_unsnapped_input(layout: Layout, index: int) -> bool:
    op = layout.graph.ops[index]
    return op.primitive is Primitive.INPUT and op.type.is_numeric and not layout.facts[index].whole


def _loose(layout: Layout, planner: Planner, roundings: set[int]) -> set[int]:
    """The operations whose last digits only roundings see."""
    ops = layout.graph.ops
    loose: set[int] = set()
    for index in reversed(planner.needed):
        if not ops[index].type.is_numeric or ops[index].primitive is Primitive.ROUND:
            continue
        if all(_lets(layout, index, use, loose, roundings) for use in planner.uses(index)):
            loose.add(index)
    return loose


def _lets(layout: Layout, index: int, use: tuple[int, int], loose: set[int], roundings: set[int]) -> bool:
    """Whether a use allows its operand to be a little off."""
    user, slot = use
    if user < 0:
        return False
    op = layout.graph.ops[user]
    if user in roundings or op.primitive is Primitive.IS_KNOWN:
        return True
    if op.primitive in _COMPARES:
        # An input is compared by the first double that snaps to the bound: that needs no snap.
        other = layout.graph.ops[op.operands[1 - slot]]
        return other.primitive is Primitive.CONSTANT and layout.graph.ops[index].primitive is Primitive.INPUT
    if user not in loose:
        return False
    if op.primitive is Primitive.SELECT:
        return slot % 2 == 1 or slot == len(op.operands) - 1
    if op.primitive is Primitive.DIVIDE:
        return slot == 0
    return op.primitive in _KEEPS or op.primitive in (Primitive.SNAP, Primitive.COALESCE)


def _errors(layout: Layout, needed: Iterable[int], loose: set[int]) -> dict[int, float]:
    """How far each operation can be off."""
    errors: dict[int, float] = {}
    for index in needed:
        op = layout.graph.ops[index]
        if index in loose:
            own = 0.0 if op.primitive in _SOURCES else _doubles(layout.facts[index])
            errors[index] = own + _error(layout, op, [errors.get(operand, 0.0) for operand in op.operands])
    return errors


def _doubles(facts: Facts) -> float:
    """What the rounding of doubles adds, with and without the snap."""
    return 2.0 * math.ulp(max(map(abs, facts.bounds)))


def _error(layout: Layout, op: Op, errors: list[float]) -> float:
    facts: list[Facts] = [layout.facts[operand] for operand in op.operands]
    match op.primitive:
        case Primitive.INPUT:
            return STEP
        case Primitive.SNAP:
            return errors[0] + STEP
        case Primitive.ADD | Primitive.SUBTRACT:
            return errors[0] + errors[1]
        case Primitive.MULTIPLY:
            first, second = (max(map(abs, each.bounds)) for each in facts)
            return first * errors[1] + second * errors[0] + errors[0] * errors[1]
        case Primitive.DIVIDE:
            low, high = facts[1].bounds
            return errors[0] / max(facts[1].least, low, -high)
        case _:
            return max(errors, default=0.0)


def _distance(op: Op, errors: dict[int, float]) -> float:
    """How far from a tie, in units of the last decimal, the rounding is certain; the doubles' own errors in
    it.
    """
    assert isinstance(op.value, int)
    return errors.get(op.operands[0], math.inf) * 1.01 * 10.0**op.value + 2e-9


def _without(graph: Graph, snaps: set[int]) -> Graph:
    """The graph in which users of these snaps read what was snapped."""
    instead: dict[int, int] = {}
    for index in sorted(snaps):
        operand = graph.ops[index].operands[0]
        instead[index] = instead.get(operand, operand)
    ops = tuple(
        Op(op.primitive, tuple(instead.get(k, k) for k in op.operands), op.value, op.type, op.table)
        for op in graph.ops
    )
    return Graph(ops, graph.inputs, graph.tables, graph.outputs)
