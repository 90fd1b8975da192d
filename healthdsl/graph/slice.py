"""A graph cut down to what some of its outputs need."""

from __future__ import annotations

from collections.abc import Iterable

from healthdsl.graph.graph import Graph, Op, Output


def slice_graph(graph: Graph, outputs: Iterable[Output]) -> Graph:
    """The graph with these outputs alone: their operations, in the same order; the whole contract stays."""
    outputs = tuple(outputs)
    kept = _reached(graph.ops, {output.op for output in outputs})
    place = {-1: -1, **{old: new for new, old in enumerate(kept)}}
    ops = tuple(_moved(graph.ops[old], place) for old in kept)
    named = tuple(Output(o.name, place[o.op], o.role, o.owner) for o in outputs)
    return Graph(ops, graph.inputs, graph.tables, named)


def _reached(ops: tuple[Op, ...], wanted: set[int]) -> list[int]:
    waiting = list(wanted)
    while waiting:
        for operand in ops[waiting.pop()].operands:
            if operand >= 0 and operand not in wanted:
                wanted.add(operand)
                waiting.append(operand)
    return sorted(wanted)


def _moved(op: Op, place: dict[int, int]) -> Op:
    operands = tuple([place[operand] for operand in op.operands])
    if operands == op.operands:
        return op
    return Op(op.primitive, operands, op.value, op.type, op.table)
