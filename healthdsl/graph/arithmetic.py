"""The arithmetic every engine shares, on IEEE doubles: each function returns None where its result is
missing.

These are the meanings of the primitives' rows, written once: constant folding, the evaluator of graphs and
the generated Python call or inline them. No operand is None here; callers settle missing operands first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

GRID = 1e9
"""Values are kept to 9 decimals, half away from zero."""

HALF_UP = 0.5009765625
"""0.5 + 2**-10: what lies a thousandth of a step below a half counts as one, since doubles miss halves."""

SNAP_LIMIT = 4194304.0
"""From 2**22 on neighbouring doubles are about as far apart as the grid, and values stay as they are."""

INPUT_LIMIT = 1e15
"""No legal input is larger in size, so nearly every product and sum is finite by construction."""

LAST_DAY = date.max.toordinal()


def snap(x: float) -> float:
    """`x` to 9 decimals, half away from zero; large values unchanged; never -0.0."""
    if x < 0.0:
        return x if x <= -SNAP_LIMIT else 0.0 - math.floor(x * -GRID + HALF_UP) / GRID
    return x if x >= SNAP_LIMIT else math.floor(x * GRID + HALF_UP) / GRID


def finite(x: float) -> float | None:
    """`x`, or None when an operation overflowed."""
    return x if -math.inf < x < math.inf else None


def round_to(x: float, decimals: int) -> float | None:
    """`x` rounded to `decimals`, half away from zero: 82.5 is 83, 1.005 to 2 is 1.01."""
    scale = 10.0**decimals
    size = abs(x) * scale
    if size >= 1e300:
        return x
    rounded = math.floor(snap(size) + 0.5) / scale
    return 0.0 - rounded if x < 0.0 else rounded


def divide(a: float, b: float) -> float | None:
    """`a / b`; missing when `b` is 0."""
    return finite(a / b) if b else None


def natural_log(x: float) -> float | None:
    return math.log(x) if x > 0.0 else None


def log_2(x: float) -> float | None:
    return math.log2(x) if x > 0.0 else None


def log_10(x: float) -> float | None:
    return math.log10(x) if x > 0.0 else None


def power(a: float, b: float) -> float | None:
    """`a` to the power `b`; missing when undefined (0 to a negative, a negative to a broken number) or too
    large.
    """
    try:
        return finite(math.pow(a, b))
    except (ValueError, OverflowError):
        return None


def months_between(start: int, end: int) -> int:
    """Whole calendar months from `start` to `end`: a day of the month not yet reached counts one less;
    negative backwards.
    """
    if end < start:
        return -months_between(end, start)
    a, b = date.fromordinal(start), date.fromordinal(end)
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)


def add_days(day: int, days: float) -> int | None:
    """The date `days` whole days after `day` (a broken number counts its whole days); missing outside the
    calendar.
    """
    moved = day + math.floor(snap(days))
    return moved if 1 <= moved <= LAST_DAY else None


UPPER_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold_case(text: str) -> str:
    """ASCII letters to lower case, every other character as written."""
    return text.translate(UPPER_TO_LOWER)


# Over rows -------------------------------------------------------------------


def total(values: Iterable[float]) -> float | None:
    """The sum, each value to 9 decimals, whatever the order; missing when it or a value overflowed.

    Whole parts and fractions are added apart, as whole numbers: in doubles that is exact below 2**53, and
    SQL says it with two sums.
    """
    whole = fractions = 0
    try:
        for value in values:
            floor = math.floor(value)
            whole += floor
            fractions += math.floor((value - floor) * GRID + HALF_UP)
        return whole + fractions / GRID
    except (OverflowError, ValueError):  # ValueError: infinities of both signs
        return None


def average(values: list[float]) -> float | None:
    """The total over the number of values; missing when there are none."""
    added = total(values) if values else None
    return None if added is None else added / len(values)


def weighted_average(pairs: list[tuple[float, float]]) -> float | None:
    """The mean of values by weight; missing when the weights sum to 0."""
    # Two whole numbers may be Python ints: their product is rounded like that of doubles.
    above = total([1.0 * value * weight for value, weight in pairs])
    below = total([weight for _, weight in pairs])
    return None if above is None or below is None or snap(below) == 0.0 else divide(above, below)
