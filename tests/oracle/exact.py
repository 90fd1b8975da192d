"""Exact numbers: what the primitives mean, without a double in sight.

Numbers are `Fraction`, dates are `int` ordinals, missing is None. Logarithms and broken powers, which no
fraction holds, are worked out with 60 digits and kept to 50, far below the ninth decimal that is looked at.
"""

from __future__ import annotations

import sys
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import floor

UNIT = 10**9  # values are kept to nine decimals
SNAP_BELOW = 2**22  # from here on neighbouring doubles are about as far apart as nine decimals
HALF_UP = Fraction(1, 2) + Fraction(1, 2**10)  # a little more than a half: what a double may lose below a tie
LAST_PLACE = Fraction(1, 2**52)  # the unit in the last place of a double next to 1
LARGEST = Fraction(sys.float_info.max)
DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)
KEPT = Context(prec=50, rounding=ROUND_HALF_EVEN)


def finite(x: Fraction) -> Fraction | None:
    """`x`, or missing where a double would overflow."""
    return x if abs(x) <= LARGEST else None


def snap(x: Fraction) -> Fraction:
    """To nine decimals; halves, and what lies less than a thousandth below one, away from zero."""
    if abs(x) >= SNAP_BELOW or UNIT % x.denominator == 0:
        return x
    size = Fraction(floor(abs(x) * UNIT + HALF_UP), UNIT)
    return size if x >= 0 else -size


def counted(x: Fraction) -> Fraction:
    """What a value adds to a sum over rows: its whole part, and its fraction to nine decimals."""
    whole = floor(x)
    return whole + Fraction(floor((x - whole) * UNIT + HALF_UP), UNIT)


def round_to(x: Fraction, decimals: int) -> Fraction:
    """To so many decimals, half away from zero, the half decided on nine decimals."""
    size = Fraction(floor(snap(abs(x) * 10**decimals) + Fraction(1, 2)), 10**decimals)
    return size if x >= 0 else -size


def logarithm(x: Fraction, base: int | None) -> Fraction | None:
    """To base 2 or 10, or the natural one (None); missing for zero and less."""
    if snap(x) <= 0:
        return None
    value = DIGITS.ln(_decimal(x))
    if base is not None:
        value = DIGITS.divide(value, DIGITS.ln(Decimal(base)))
    return Fraction(KEPT.plus(value))


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """`base` to the `exponent`; missing where it is undefined or too large."""
    if base == 0:
        return Fraction(int(exponent == 0)) if exponent >= 0 else None
    whole = exponent.denominator == 1
    if base < 0 and not whole:
        return None
    if whole and abs(exponent) <= 64:
        return finite(base ** int(exponent))
    size = abs(base)
    digits = DIGITS.multiply(_decimal(exponent), DIGITS.log10(_decimal(size)))
    if digits > 320:
        return None
    if digits < -400:
        return Fraction(0)
    value = Fraction(KEPT.power(_decimal(size), _decimal(exponent)))
    return finite(-value if base < 0 and exponent % 2 == 1 else value)


def months_between(start: int, end: int) -> int:
    """Whole calendar months from one date to another, negative when the second is earlier."""
    if end < start:
        return -months_between(end, start)
    a, b = date.fromordinal(start), date.fromordinal(end)
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)


def _decimal(x: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(x.numerator), Decimal(x.denominator))
