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


def cut_slice(graph: Graph, free: int, wanted: Sequence[int], base: Sequence[Abstract]) -> Slice | None:
    """The slice from `free` to the wanted operations; None when none of them depends on it."""
    needed = set(wanted)
    for index in range(len(graph.ops) - 1, free, -1):
        if index in needed and graph.ops[index].table is None:
            needed.update(graph.ops[index].operands)
    touched = {free}
    for index in range(free + 1, len(graph.ops)):
        if index in needed and touched.intersection(graph.ops[index].operands):
            touched.add(index)
    order = tuple(sorted(touched - {free}))
    return Slice(graph, free, order, base) if touched.intersection(wanted) - {free} else None
