"""Cuts operations into a finished graph, to plant faults in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import NUMBER, YES_NO, Type


@dataclass
class Patch:
    """Operations in place of the one at index `old`; their operands may be all that stand before it."""

    graph: Graph
    old: int
    ops: list[Op]

    @property
    def op(self) -> Op:
        return self.graph.ops[self.old]

    def make(self, primitive: Primitive, *operands: int, value: object = None, kind: Type = NUMBER) -> int:
        """A new operation; its index is one behind those before."""
        table = None if primitive is Primitive.CONSTANT else self.op.table
        self.ops.append(Op(primitive, operands, value, kind, table))
        return self.old + len(self.ops) - 1

    def number(self, value: Fraction | float) -> int:
        return self.make(Primitive.CONSTANT, value=float(value))

    def condition(self, primitive: Primitive, *operands: int) -> int:
        return self.make(primitive, *operands, kind=YES_NO)

    def original(self) -> int:
        """The operation itself."""
        self.ops.append(self.op)
        return self.old + len(self.ops) - 1


def splice(graph: Graph, wanted: Callable[[Op], bool], write: Callable[[Patch], object]) -> Graph:
    """The graph with every wanted operation replaced by what `write` makes, the last of it being read."""
    index = 0
    while index < len(graph.ops):
        if not wanted(graph.ops[index]):
            index += 1
            continue
        patch = Patch(graph, index, [])
        write(patch)
        graph = _replaced(graph, index, patch.ops)
        index += len(patch.ops)
    return graph


def _replaced(graph: Graph, index: int, ops: Sequence[Op]) -> Graph:
    """`ops` in place of the operation at `index`; later operations and outputs move along."""
    longer = len(ops) - 1

    def moved(op: Op) -> Op:
        return replace(op, operands=tuple(o + longer if o >= index else o for o in op.operands))

    after = tuple(moved(op) for op in graph.ops[index + 1 :])
    outputs = tuple(
        replace(output, op=output.op + longer if output.op >= index else output.op)
        for output in graph.outputs
    )
    return replace(graph, ops=(*graph.ops[:index], *ops, *after), outputs=outputs)
