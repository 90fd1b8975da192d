"""Arithmetic on intervals. Sound on doubles.

The operations of IEEE 754 keep order, so the ends of an interval are enough; logarithms and powers come
from a library that does not promise it, and are widened by a few last digits.

A bound may be infinite, for "no bound". A result that could overflow may be missing, as in the language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from healthdsl.explain.abstract import NO_NUMBER, Numbers
from healthdsl.graph import arithmetic

TINY = math.ulp(0.0)
_SLACK = 4


def spanned(ends: Iterable[float], missing: bool) -> Numbers:
    """From the least to the greatest of the ends; what is not a number tells nothing."""
    known = [end for end in ends if not math.isnan(end)]
    if not known:
        return NO_NUMBER
    low, high = min(known), max(known)
    return Numbers(low, high, missing or math.isinf(low) or math.isinf(high))


def widened(value: Numbers, slack: int = _SLACK) -> Numbers:
    """A few last digits more on both sides."""
    low, high = value.low, value.high
    for _ in range(slack):
        low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return Numbers(low, high, value.missing)


def add(a: Numbers, b: Numbers) -> Numbers:
    return spanned((a.low + b.low, a.high + b.high), a.missing or b.missing)


def subtract(a: Numbers, b: Numbers) -> Numbers:
    return spanned((a.low - b.high, a.high - b.low), a.missing or b.missing)


def multiply(a: Numbers, b: Numbers) -> Numbers:
    ends = (_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high))
    return spanned(ends, a.missing or b.missing)


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0.0 or y == 0.0 else x * y  # nothing times no bound is nothing


def divide(a: Numbers, b: Numbers) -> Numbers:
    """A divisor that can be 0 makes the result missing there, and as large as it likes beside it."""
    missing = a.missing or b.missing or b.low <= 0.0 <= b.high
    ends = [
        x / y
        for low, high in ((b.low, min(b.high, -TINY)), (max(b.low, TINY), b.high))
        if low <= high
        for x in (a.low, a.high)
        for y in (low, high)
    ]
    return spanned(ends, missing) if ends else NO_NUMBER


def minimum(a: Numbers, b: Numbers) -> Numbers:
    return Numbers(min(a.low, b.low), min(a.high, b.high), a.missing or b.missing)


def maximum(a: Numbers, b: Numbers) -> Numbers:
    return Numbers(max(a.low, b.low), max(a.high, b.high), a.missing or b.missing)


def rising(function: Callable[[float], float | None], value: Numbers) -> Numbers:
    """A function that keeps order; infinite ends stay."""
    ends = [end if math.isinf(end) else function(end) for end in (value.low, value.high)]
    low = -math.inf if ends[0] is None else ends[0]
    high = math.inf if ends[1] is None else ends[1]
    return Numbers(low, high, value.missing or None in ends)


def floor(value: Numbers) -> Numbers:
    return rising(lambda x: float(math.floor(x)), value)


def ceiling(value: Numbers) -> Numbers:
    return rising(lambda x: float(math.ceil(x)), value)


def logarithm(function: Callable[[float], float | None], value: Numbers) -> Numbers:
    """Missing for 0 and below."""
    if value.high <= 0.0:
        return NO_NUMBER
    above = Numbers(max(value.low, TINY), value.high, value.missing or value.low <= 0.0)
    return widened(rising(function, above))


def power(a: Numbers, b: Numbers) -> Numbers:
    """Bounds for a positive base; of any other base nothing is claimed."""
    missing = a.missing or b.missing
    if a.low <= 0.0 or math.isinf(a.high) or math.isinf(b.low) or math.isinf(b.high):
        return Numbers(-math.inf if a.low < 0.0 else 0.0, math.inf, missing=True)
    found = [arithmetic.power(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return widened(spanned((math.inf if end is None else end for end in found), missing))


# Dates -----------------------------------------------------------------------


def days_between(a: Numbers, b: Numbers) -> Numbers:
    return spanned((b.low - a.high, b.high - a.low), a.missing or b.missing)


def months_between(a: Numbers, b: Numbers) -> Numbers:
    low, high = _months(a.high, b.low, -math.inf), _months(a.low, b.high, math.inf)
    return Numbers(low, high, a.missing or b.missing)


def _months(start: float, end: float, unbounded: float) -> float:
    if math.isinf(start) or math.isinf(end):
        return unbounded
    first, last = (min(max(int(day), 1), arithmetic.LAST_DAY) for day in (start, end))  # no date lies beyond
    return float(arithmetic.months_between(first, last))


def add_days(a: Numbers, b: Numbers) -> Numbers:
    """Missing outside the calendar."""
    low, high = a.low + b.low, a.high + b.high
    inside = low >= 2 and high <= arithmetic.LAST_DAY - 1
    low = max(low if math.isinf(low) else math.floor(low - 1e-9), 1)
    high = min(high if math.isinf(high) else math.floor(high + 1e-9), arithmetic.LAST_DAY)
    return Numbers(low, high, a.missing or b.missing or not inside) if low <= high else NO_NUMBER
