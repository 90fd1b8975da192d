"""What the SQL of an operation reads, and how often: the plan counts by it, and `emit` writes by it.

Three shapes of several operations are written as one: a step (`x + CASE WHEN c THEN k ELSE 0 END` for "x + k
when c, else x"), a number kept within constants, and a number with a constant where it is missing.
"""

from __future__ import annotations

from typing import NamedTuple

from healthdsl.backends.sql.snaps import round_reads, snap_reads
from healthdsl.graph.bounds import Bounds
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

Read = tuple[int, int]
"""An operand and how often it is written."""


class Step(NamedTuple):
    """`before` plus `amount` when `condition` holds."""

    before: int
    condition: int
    amount: int


class Within(NamedTuple):
    """`value` kept between two constants; `snaps`: it is snapped then, which comes to the same as before."""

    value: int
    low: int
    high: int
    snaps: bool = False


class Filled(NamedTuple):
    """`value`, where it is missing the constant `rest`."""

    value: int
    rest: int


class Shapes:
    """The shapes of one graph; `kept` are operations that need a column of their own, so none is melted."""

    def __init__(self, graph: Graph, facts: list[Facts], kept: frozenset[int]) -> None:
        self.graph = graph
        self.facts = facts
        self._kept = kept

    def step(self, index: int) -> Step | None:
        """The operation as a step."""
        op = self.graph.ops[index]
        if op.primitive is not Primitive.SELECT or len(op.operands) != 3 or not op.type.is_numeric:
            return None
        condition, moved, before = op.operands
        added = self.graph.ops[moved]
        if added.primitive is not Primitive.ADD or moved in self._kept or self.facts[moved].overflows:
            return None
        first, second = added.operands
        # The condition must speak for the value before it: x + 0 and x are the same, missing included.
        if first == before != second:
            return Step(before, condition, second)
        return None

    def within(self, index: int) -> Within | None:
        """The operation as a number kept within two constants."""
        op = self.graph.ops[index]
        if op.primitive is not Primitive.MINIMUM:
            return None
        raised, high = op.operands
        inner = self.graph.ops[raised]
        if inner.primitive is not Primitive.MAXIMUM or raised in self._kept:
            return None
        value, low = inner.operands
        ends = (self._constant(low), self._constant(high))
        if ends[0] is None or ends[1] is None or ends[0] > ends[1] or self._constant(value) is not None:
            return None
        held = self.graph.ops[value]
        if held.primitive is Primitive.SNAP and value not in self._kept and self._on_grid(low, high):
            return Within(held.operands[0], low, high, snaps=True)
        return Within(value, low, high)

    def _on_grid(self, *indices: int) -> bool:
        return all(self.facts[index].grid for index in indices)

    def inside(self, within: Within) -> Bounds:
        """What a number that lies within is between."""
        return self.facts[within.low].bounds[0], self.facts[within.high].bounds[1]

    def filled(self, index: int) -> Filled | None:
        """The operation as a number with a constant where it is missing."""
        op = self.graph.ops[index]
        if op.primitive is not Primitive.SELECT or len(op.operands) != 3 or not op.type.is_numeric:
            return None
        condition, value, rest = op.operands
        is_filled = self.facts[condition].present == self.facts[value].roots
        return Filled(value, rest) if is_filled and self._constant(rest) is not None else None

    def _constant(self, index: int) -> float | None:
        op = self.graph.ops[index]
        is_number = op.primitive is Primitive.CONSTANT and isinstance(op.value, float)
        return op.value if is_number else None  # type: ignore[return-value]

    def reads(self, index: int) -> list[Read]:
        """The operands that the SQL of an operation holds, each with the number of times."""
        op = self.graph.ops[index]
        if step := self.step(index):
            return [(step.before, 1), (step.condition, 1), (step.amount, 1)]
        if within := self.within(index):
            last = snap_reads(self.inside(within)) if within.snaps else 1
            return [(within.value, 2 + last), (within.low, 2), (within.high, 2)]
        if filled := self.filled(index):
            return [(filled.value, 1), (filled.rest, 1)]
        times = self._times(op, index)
        return [(operand, times) for operand in op.operands if operand >= 0]

    def _times(self, op: Op, index: int) -> int:
        guarded = 2 if self.facts[index].overflows else 1
        match op.primitive:
            case Primitive.SNAP:
                return snap_reads(self.facts[op.operands[0]].bounds)
            case Primitive.ROUND:
                assert isinstance(op.value, int)
                return round_reads(self.facts[op.operands[0]].bounds, op.value)
            case Primitive.MINIMUM | Primitive.MAXIMUM:
                return 2 if any(self.facts[operand].roots for operand in op.operands) else 1
            case Primitive.FLOOR | Primitive.CEILING:
                return 3  # where a FLOOR needs a guard
            case Primitive.LN | Primitive.LOG2 | Primitive.LOG10:
                return 2
            case Primitive.POWER:
                return 6
            case Primitive.MONTHS_BETWEEN:
                return 6
            case Primitive.ADD_DAYS:
                return 3
            case _:
                return guarded
