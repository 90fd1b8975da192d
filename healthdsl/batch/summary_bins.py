"""The axis of a histogram: where its bins begin and end.

Round figures as edges, at most about twenty bins. Where a few accounts lie far from all others they are
gathered in open bins at the ends, so that one account with a million points does not flatten the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MOST_BINS = 20
MOST_VALUES = 31
FEWEST_VALUES = 5
NEAR_EDGE = 1e-9
"""What lies this little below an edge is on it: 0.3 / 0.1 is 2.9999999999999996."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores lie: their ends, the hundredth from either end, and whether all are whole numbers."""

    lowest: float
    highest: float
    low_tail: float
    high_tail: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Bins `first` .. `first + bins - 1`, the k-th from k * step; by value they stand for k alone."""

    step: Fraction
    first: int
    bins: int
    by_value: bool
    open_below: bool = False
    open_above: bool = False

    def edge(self, k: int) -> Decimal:
        """Where the k-th bin of the axis begins."""
        exact = (self.first + k) * self.step
        return Decimal(exact.numerator) / Decimal(exact.denominator)


def axis_of(spread: Spread, scale: tuple[Fraction, Fraction] | None) -> Axis:
    """The axis for scores that lie like this; `scale` is what the ruleset lets them be, if it says."""
    low, high = spread.lowest, spread.highest
    if scale is not None and (low == high or high - low >= 0.25 * float(scale[1] - scale[0])):
        low, high = min(low, float(scale[0])), max(high, float(scale[1]))
    low, high = _without_tails(spread, low, high)
    if spread.whole and high - low < MOST_VALUES:
        first, last = _widened(math.floor(low), math.floor(high))
        return Axis(Fraction(1), first, last - first + 1, True, spread.lowest < first, spread.highest > last)
    step = _round_step((high - low) / MOST_BINS, max(abs(low), abs(high)))
    first = math.floor(low / float(step) + NEAR_EDGE)
    last = max(math.ceil(high / float(step) - NEAR_EDGE), first + 1)
    below = spread.lowest < float(first * step)
    above = spread.highest > float(last * step)
    return Axis(step, first, last - first, False, below, above)


def _widened(first: int, last: int) -> tuple[int, int]:
    """With free places on either side of few values, so that one value is no wall; below 0 only for those
    who have been there.
    """
    lowest = 0 if first >= 0 else -math.inf
    while last - first + 1 < FEWEST_VALUES:
        first, last = first - int(first > lowest), last + 1
    return first, last


def _without_tails(spread: Spread, low: float, high: float) -> tuple[float, float]:
    """The range without the outermost hundredth at an end where that is far away from the others."""
    bulk = spread.high_tail - spread.low_tail
    if bulk <= 0:
        return low, high
    far = 3 * bulk
    return (
        spread.low_tail if spread.low_tail - low > far else low,
        spread.high_tail if high - spread.high_tail > far else high,
    )


def _round_step(least: float, size: float) -> Fraction:
    """1, 2 or 5 times a power of ten, no smaller than `least` and than what doubles of `size` can tell."""
    wanted = max(least, size * 1e-12)
    if wanted <= 0:
        return Fraction(1)
    power = Fraction(10) ** math.floor(math.log10(wanted))
    return next(
        factor * power for factor in (1, 2, 5, 10, 20) if float(factor * power) >= wanted * (1 - 1e-9)
    )
