"""The points of a frozen distribution: which values to keep so that every rank stays nearly right.

In: how often each known value stands in a book. Out: at most 101 points, and the biggest error of a rank.

The rank of a value is the share of known values below it plus half of those equal to it, 0 to 100: the
percentile rank of Roscoe (1975), which for values that stand once is Hazen's plotting position, definition 5
of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996. The
points are chosen by the cone method of Williams, "An efficient algorithm for the piecewise linear
approximation of planar curves", Computer Graphics and Image Processing 8, 1978: from a point the next is the
furthest to which a straight line misses no value between by more than a tolerance; the tolerance is the
smallest, by bisection, that does with so many points.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

MOST_POINTS = 101
RANK_DECIMALS = 4
_TURNS = 20
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Counted:
    """The values of a signal in a book: `counts` are known values, rising, with how many accounts have each.

    `accounts` are all, with those without a value; `different` is how many values there were when `counts`
    holds only some of them, each for those just below it too.
    """

    counts: Sequence[tuple[float, int]]
    accounts: int
    different: int

    @property
    def known(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Known values, rising, with the rank of each, 0 to 100."""

    values: Sequence[float]
    ranks: Sequence[float]


@dataclass(frozen=True, slots=True)
class FrozenPoints:
    """`points` are values with their rank, both rising; `error` is the most that a rank of a known value is
    off, in points of 0 to 100.
    """

    points: tuple[tuple[float, float], ...]
    error: float


def ranked(counted: Counted) -> Ranked:
    """The ranks of the known values."""
    total = counted.known
    ranks, below = [], 0
    for _, count in counted.counts:
        ranks.append(_WHOLE * (below + count / 2) / total)
        below += count
    return Ranked([value for value, _ in counted.counts], ranks)


def freeze_points(known: Ranked, most: int = MOST_POINTS) -> FrozenPoints:
    """At most `most` points of two values or more; the first and the last value are among them."""
    size = len(known.values)
    if size <= most:
        return _frozen(known, range(size))
    low, high = 0.0, _WHOLE
    best = _kept(known, high)
    for _ in range(_TURNS):
        middle = (low + high) / 2
        found = _kept(known, middle, most)
        if len(found) <= most and found[-1] == size - 1:
            best, high = found, middle
        else:
            low = middle
    return _frozen(known, best)


def _kept(known: Ranked, tolerance: float, most: int | None = None) -> list[int]:
    """The places of the points at which the line turns; cut off once there are more than `most`."""
    values, ranks, size = known.values, known.ranks, len(known.values)
    kept = [0]
    while kept[-1] < size - 1 and (most is None or len(kept) <= most):
        kept.append(_furthest(values, ranks, kept[-1], tolerance))
    return kept


def _furthest(values: Sequence[float], ranks: Sequence[float], start: int, tolerance: float) -> int:
    """The last place that a line from `start` reaches while it passes all between within the tolerance."""
    lowest, highest = float("-inf"), float("inf")
    furthest = start + 1
    at, rank = values[start], ranks[start]
    for index in range(start + 1, len(values)):
        run, rise = values[index] - at, ranks[index] - rank
        if lowest <= rise / run <= highest:
            furthest = index
        lowest = max(lowest, (rise - tolerance) / run)
        highest = min(highest, (rise + tolerance) / run)
        if lowest > highest:
            break
    return furthest


def _frozen(known: Ranked, places: Sequence[int]) -> FrozenPoints:
    """The points as they are written, without those whose rank would not rise, and what that costs."""
    points: list[tuple[float, float]] = []
    for place in places:
        rank = round(known.ranks[place], RANK_DECIMALS)
        if not points or rank > points[-1][1]:
            points.append((known.values[place], rank))
    found = tuple(points)
    error = max(
        abs(rank - rank_in(found, value)) for value, rank in zip(known.values, known.ranks, strict=True)
    )
    return FrozenPoints(found, error)


def rank_in(points: Sequence[tuple[float, float]], value: float) -> float:
    """The rank of a value: straight lines between the points, flat outside."""
    place = bisect_left(points, value, key=lambda point: point[0])
    if place == len(points):
        return points[-1][1]
    at, rank = points[place]
    if at == value or place == 0:
        return rank
    before, low = points[place - 1]
    return low + (rank - low) * (value - before) / (at - before)
