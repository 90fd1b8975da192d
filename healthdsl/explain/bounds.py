"""The best and worst that every output can reach over all legal records; worked out once for a ruleset."""

from __future__ import annotations

import math

from healthdsl.explain.abstract import Numbers
from healthdsl.explain.intervals import interpret
from healthdsl.explain.reach import Reach
from healthdsl.graph.graph import Graph

LARGEST = 1e12
"""What lies beyond has no bound that anybody wrote: a score of dates, or of sums over any number of rows."""


def find_reaches(graph: Graph) -> dict[str, Reach]:
    """The reach of every numeric output by name; bounds of inputs that nobody wrote are open."""
    known = interpret(graph, open_ended=True, all_known=True)
    values = interpret(graph, open_ended=True)
    found = {}
    for output in graph.outputs:
        inner, outer = known[output.op], values[output.op]
        if isinstance(inner, Numbers) and isinstance(outer, Numbers):
            found[output.name] = Reach(*map(_bounded, (inner.low, inner.high, outer.low, outer.high)))
    return found


def _bounded(bound: float) -> float:
    return bound if abs(bound) < LARGEST else math.copysign(math.inf, bound)
