"""What of a graph a query needs, and what the rows of each aggregate read of their account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive

_EVERYWHERE = frozenset({Primitive.CONSTANT, Primitive.TODAY, Primitive.SUPPLIED})


@dataclass(frozen=True, slots=True)
class Reach:
    """`feeds`: of each aggregate, the operations of the account that its rows read; `fed`: all of them.
    `seen`: all operations of the account that are needed.
    """

    feeds: dict[int, list[int]]
    seen: frozenset[int]

    @property
    def fed(self) -> list[int]:
        return sorted({feed for feeds in self.feeds.values() for feed in feeds})


def reach_of(graph: Graph, wanted: Iterable[int]) -> Reach:
    """The aggregates behind the operations wanted."""
    feeds: dict[int, list[int]] = {}
    seen: set[int] = set()
    stack = list(wanted)
    while stack:
        index = stack.pop()
        if index in seen:
            continue
        seen.add(index)
        op = graph.ops[index]
        if op.primitive is Primitive.AGGREGATE:
            feeds[index] = _of_account(graph, index)
            stack += feeds[index]
        else:
            stack += op.operands
    return Reach(feeds, frozenset(seen))


def _of_account(graph: Graph, aggregate: int) -> list[int]:
    found: set[int] = set()
    seen: set[int] = set()
    stack = [operand for operand in graph.ops[aggregate].operands if operand >= 0]
    while stack:
        index = stack.pop()
        op = graph.ops[index]
        if index in seen or op.primitive in _EVERYWHERE:
            continue
        seen.add(index)
        if op.table is None:
            found.add(index)
        else:
            stack += op.operands
    return sorted(found)


def only_tested(graph: Graph, reach: Reach, candidates: Iterable[int]) -> frozenset[int]:
    """The candidates that stand nowhere but as conditions of a SELECT, where unknown and false are one."""
    found = set(candidates) - set(reach.fed)
    for index in reach.seen:
        op = graph.ops[index]
        tested = op.operands[:-1:2] if op.primitive is Primitive.SELECT else ()
        found -= set(op.operands) - set(tested)
        if op.primitive is Primitive.SELECT:
            found -= {*op.operands[1::2], op.operands[-1]}
    return frozenset(found)
