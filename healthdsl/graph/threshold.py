"""Where snapped values cross a bound, in terms of the plain doubles before snapping.

Snapping never changes the order of two doubles, so `snap(x) < c` is `x < t` for one double t. It is found
by stepping from a near guess, so it is exact.
"""

from __future__ import annotations

import math

from healthdsl.graph.arithmetic import GRID, HALF_UP, snap


def first_at_least(bound: float) -> float:
    """The smallest double whose snapped value is at least `bound`."""
    edge = bound - (HALF_UP if bound > 0.0 else 1.0 - HALF_UP) / GRID
    while snap(edge) >= bound:
        edge = math.nextafter(edge, -math.inf)
    while snap(edge) < bound:
        edge = math.nextafter(edge, math.inf)
    return edge


def legal_before(low: float, high: float) -> tuple[float, float]:
    """The smallest and the largest double whose snapped value lies in `low`..`high` (both in)."""
    return first_at_least(low), math.nextafter(first_above(high), -math.inf)


def first_above(bound: float) -> float:
    """The smallest double whose snapped value is above `bound`."""
    edge = bound + (HALF_UP if bound < 0.0 else 1.0 - HALF_UP) / GRID
    while snap(edge) > bound:
        edge = math.nextafter(edge, -math.inf)
    while snap(edge) <= bound:
        edge = math.nextafter(edge, math.inf)
    return edge
