"""What every function of one graph shares: facts, where columns and tables are, which values may be Python
ints.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.graph.facts import Facts, graph_facts
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

EXACT = 2.0**53
"""Whole numbers up to here are the same as int and as double."""

_INTS = frozenset(
    {
        Primitive.INPUT,
        Primitive.COLUMN,
        Primitive.FLOOR,
        Primitive.CEILING,
        Primitive.AGGREGATE,
        Primitive.DAYS_BETWEEN,
        Primitive.MONTHS_BETWEEN,
        Primitive.ADD_DAYS,
        Primitive.TODAY,
    }
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A graph with what is known of its operations.

    `ints`: whether a variable can hold a Python int (never one beyond EXACT); `columns`: the operation of a
    (table, column); `tables`: the number of a table.
    """

    graph: Graph
    facts: list[Facts]
    ints: list[bool]
    inputs: dict[object, int]
    columns: dict[object, int]
    tables: dict[str, int]

    @staticmethod
    def of(graph: Graph) -> Layout:
        facts = graph_facts(graph)
        ints: list[bool] = []
        for index, op in enumerate(graph.ops):
            ints.append(_may_be_int(index, op, facts, ints))
        return Layout(
            graph,
            facts,
            ints,
            {op.value: index for index, op in enumerate(graph.ops) if op.primitive is Primitive.INPUT},
            {op.value: index for index, op in enumerate(graph.ops) if op.primitive is Primitive.COLUMN},
            {table.name: number for number, table in enumerate(graph.tables)},
        )


def _may_be_int(index: int, op: Op, facts: list[Facts], ints: list[bool]) -> bool:
    match op.primitive:
        case primitive if primitive in _INTS:
            return True
        case Primitive.ADD | Primitive.SUBTRACT:
            low, high = facts[index].bounds
            return low > -EXACT and high < EXACT and all(ints[operand] for operand in op.operands)
        case Primitive.MINIMUM | Primitive.MAXIMUM | Primitive.COALESCE:
            return any(ints[operand] for operand in op.operands)
        case Primitive.SELECT:
            return any(ints[operand] for operand in (*op.operands[1::2], op.operands[-1]))
        case _:
            return False
