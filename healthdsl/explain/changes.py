"""What if one value were another.

A graph with one operation free, and everything else as it is for one account.

The piece of the graph between the free operation and the operations asked about is run again and again,
over intervals or single values of the free one; all else stays as it was worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from healthdsl.explain.abstract import Abstract, constant, nothing
from healthdsl.explain.frame import Frame
from healthdsl.explain.intervals import step
from healthdsl.graph.evaluate import Row, evaluate
from healthdsl.graph.graph import Graph, Op, Output


def all_values(
    graph: Graph,
    inputs: Mapping[str, object],
    tables: Mapping[str, Sequence[Row] | None],
    today: int | None = None,
) -> list[object]:
    """The value of every operation for one account; None for those of rows."""
    outputs = tuple(Output(str(index), index, "value", str(index)) for index in range(len(graph.ops)))
    found = evaluate(replace(graph, outputs=outputs), inputs, tables, today)
    return [found[output.name] for output in outputs]


def point(value: object, op: Op) -> Abstract:
    """The abstract value of a concrete one."""
    return nothing(op.type) if value is None else constant(value, op.type)


@dataclass(frozen=True, slots=True)
class Slice:
    """The operations that depend on `free` and that one of the wanted operations depends on, in order."""

    graph: Graph
    free: int
    order: tuple[int, ...]
    base: Sequence[Abstract]

    def run(self, value: Abstract) -> Frame:
        """The slice with the free operation at `value`; ask the frame for any wanted operation."""
        changed: dict[int, Abstract] = {self.free: value}
        frame = Frame(self.graph, self.base, changed, open_ended=False, depth=0)
        for index in self.order:
            changed[index] = step(frame, self.graph.ops[index])
        return frame


@dataclass(frozen=True, slots=True)
class Slicer:
    """Cuts slices of one account's graph towards the `wanted` operations.

    `readers` of each operation on the way.
    """

    graph: Graph
    base: Sequence[Abstract]
    wanted: frozenset[int]
    readers: Mapping[int, Sequence[int]]

    @staticmethod
    def towards(graph: Graph, wanted: Sequence[int], base: Sequence[Abstract]) -> Slicer:
        needed = set(wanted)
        readers: dict[int, list[int]] = {}
        for index in range(len(graph.ops) - 1, -1, -1):
            op = graph.ops[index]
            if index in needed and op.table is None:
                needed.update(op.operands)
                for operand in op.operands:
                    readers.setdefault(operand, []).append(index)
        return Slicer(graph, base, frozenset(wanted), readers)

    def cut(self, free: int) -> Slice | None:
        """The slice from `free` to the wanted operations; None when none of them depends on it."""
        touched: set[int] = set()
        stack = [free]
        while stack:
            for reader in self.readers.get(stack.pop(), ()):
                if reader not in touched:
                    touched.add(reader)
                    stack.append(reader)
        if not touched & self.wanted:
            return None
        return Slice(self.graph, free, tuple(sorted(touched)), self.base)
