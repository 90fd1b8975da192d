"""The nearest value that does it, found exactly: branch and bound over the grid of one signal.

A stretch of the grid is evaluated as one interval. Where no value in it can do it, the stretch is dropped;
where all do, its near end is the answer; else it is halved, down to single values, which are evaluated as
scoring does. Stretches grow outward from the current value, so that the first answer found is the nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

MOST_EVALUATIONS = 4_000
_LONGEST_FIRST = 8


class Answer(Enum):
    """What is known about a stretch."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


@dataclass(slots=True)
class Budget:
    """Evaluations left; a search that runs out of them has found nothing, and says so."""

    left: int = MOST_EVALUATIONS

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


class CutShortError(Exception):
    """The search ran out of evaluations."""


Ask = Callable[[int, int], Answer]
"""What values numbered `low` to `high` do; exact for a single one (never SOMETIMES)."""


def first_from(ask: Ask, near: int, far: int, budget: Budget) -> int | None:
    """The value nearest to `near` on the way to `far` (both in, either direction) that does it.

    None when none does.
    """
    for low, high in _stretches(near, far):
        found = _first_in(ask, low, high, budget)
        if found is not None:
            return found
    return None


def _stretches(near: int, far: int) -> Iterator[tuple[int, int]]:
    """The way from `near` to `far` in stretches that double, each as (near end, far end)."""
    sign = 1 if far >= near else -1
    size, start = _LONGEST_FIRST, near
    while (far - start) * sign >= 0:
        end = start + sign * (size - 1)
        end = far if (far - end) * sign < 0 else end
        yield start, end
        start, size = end + sign, size * 2


def _first_in(ask: Ask, near: int, far: int, budget: Budget) -> int | None:
    stack = [(near, far)]
    while stack:
        start, end = stack.pop()
        if not budget.spend():
            raise CutShortError
        answer = ask(min(start, end), max(start, end))
        if answer is Answer.ALWAYS:
            return start
        if answer is Answer.SOMETIMES:
            assert start != end, "a single value always or never does it"
            middle = start + (end - start) // 2 if end > start else start - (start - end) // 2
            after = middle + 1 if end > start else middle - 1
            stack += [(after, end), (start, middle)]
    return None
