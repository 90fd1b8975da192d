"""The least and greatest score over a stretch of values: branch and bound, to the precision that is shown.

The stretch with the best bound is halved, until the bound shows as the same number as a score that was
reached. What cannot be told within the budget is not told.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from decimal import Decimal

from healthdsl.explain.abstract import Numbers
from healthdsl.explain.amounts import DECIMALS, exact, rounded
from healthdsl.explain.search import Budget, CutShortError

Scores = Callable[[int, int], Numbers | None]
"""Bounds of the score for values numbered `low` to `high`, exact for a single one; None for no number."""


def score_range(
    scores: Scores, whole: tuple[int, int], budget: Budget, decimals: int = DECIMALS
) -> tuple[Decimal, Decimal] | None:
    """The least and greatest score, as shown; None where some value has no score."""
    try:
        least, most = (_extreme(scores, whole, sign, budget, decimals) for sign in (1, -1))
    except CutShortError:
        return None
    return None if least is None or most is None else (least, most)


def _extreme(
    scores: Scores, whole: tuple[int, int], sign: int, budget: Budget, decimals: int
) -> Decimal | None:
    """The least score (`sign` 1), or the greatest (-1)."""
    found: float | None = None
    heap = [(float("-inf"), *whole)]
    while heap:
        bound, low, high = heapq.heappop(heap)
        if found is not None and _shown(bound, decimals) == _shown(found, decimals):
            return _shown(found * sign, decimals)
        for start, end in _pieces(low, high):
            inner, at = _score(scores, start, end, sign, budget), _score(scores, start, start, sign, budget)
            if inner is None or at is None:
                return None
            found = at if found is None else min(found, at)
            if inner < found and end > start:
                heapq.heappush(heap, (inner, start, end))
    return None if found is None else _shown(found * sign, decimals)


def _pieces(low: int, high: int) -> tuple[tuple[int, int], ...]:
    """Both halves, and the far end alone: a score that runs one way has its extreme at an end."""
    middle = low + (high - low) // 2
    return ((low, middle), (middle + 1, high), (high, high)) if high > low else ((low, low),)


def _score(scores: Scores, low: int, high: int, sign: int, budget: Budget) -> float | None:
    """The least bound; None where there may be no number."""
    if not budget.spend():
        raise CutShortError
    found = scores(low, high)
    if found is None or found.empty or (found.missing and low == high):
        return None
    return found.low if sign > 0 else -found.high


def _shown(value: float, decimals: int) -> Decimal | None:
    return None if value in (float("inf"), float("-inf")) else rounded(exact(value), decimals)
