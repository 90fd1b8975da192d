"""Snaps that a rounding behind them makes idle.

A number a hair beside the grid rounds, to a few decimals, like the number on it: between `round` and the
grid's next step there is room for half a step. So `round(clamp(snap(x)))` is `round(clamp(x))` where x is
near the grid already, as it is after adding and capping. The rounding must be the only use.
"""

from __future__ import annotations

from collections.abc import Iterable

from healthdsl.backends.record.layout import Layout
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

ROOM = 1e-10
"""How far from the grid, times the rounding's scale, a number may be: a fifth of half a step."""

SIZE = 1e5
"""Up to here, times the scale, the rounding errors of the multiplication stay far below ROOM."""

DECIMALS = 8


def rounds_freely(op: Op, bounds: tuple[float, float], slack: float) -> bool:
    """Whether ROUND gives for a number this near to the grid what it gives for the number on it."""
    if not isinstance(op.value, int) or op.value > DECIMALS:
        return False
    scale = 10.0**op.value
    return max(abs(bounds[0]), abs(bounds[1])) * scale <= SIZE and slack * scale <= ROOM


def without_idle_snaps(layout: Layout, wanted: Iterable[int]) -> Graph:
    """The graph with idle snaps taken out of the way of `wanted`; places of operations stay."""
    graph, facts = layout.graph, layout.facts
    if all(op.primitive is not Primitive.ROUND for op in graph.ops):
        return graph
    room = _room(layout, set(wanted))
    instead: dict[int, int] = {}
    for index, op in enumerate(graph.ops):
        if op.primitive is Primitive.SNAP and facts[op.operands[0]].slack <= room.get(index, 0.0):
            instead[index] = op.operands[0]
    if not instead:
        return graph
    ops = tuple(
        Op(op.primitive, tuple(instead.get(k, k) for k in op.operands), op.value, op.type, op.table)
        if any(k in instead for k in op.operands)
        else op
        for op in graph.ops
    )
    return Graph(ops, graph.inputs, graph.tables, graph.outputs)


def _room(layout: Layout, wanted: set[int]) -> dict[int, float]:
    """How far from the grid each operation may be, by its uses; none named: not at all."""
    graph, facts = layout.graph, layout.facts
    room: dict[int, float] = dict.fromkeys(wanted, 0.0)
    reached = set(wanted)
    for index in range(len(graph.ops) - 1, -1, -1):
        if index not in reached:
            continue
        op = graph.ops[index]
        reached.update(op.operands)
        for slot, operand in enumerate(op.operands):
            allowed = 0.0
            if op.primitive is Primitive.ROUND and rounds_freely(op, facts[operand].bounds, 0.0):
                assert isinstance(op.value, int)
                allowed = ROOM / 10.0**op.value
            elif _hands_on(layout, op, slot):
                allowed = room.get(index, 0.0)
            room[operand] = min(room.get(operand, allowed), allowed)
    return room


def _hands_on(layout: Layout, op: Op, slot: int) -> bool:
    """Whether the result is this operand, or another that is on the grid."""
    if op.primitive in (Primitive.MINIMUM, Primitive.MAXIMUM):
        return layout.facts[op.operands[1 - slot]].grid
    return op.primitive is Primitive.SELECT and (slot % 2 == 1 or slot == len(op.operands) - 1)
