"""Amounts that add up as displayed.

Rounding each amount for itself gives a column that misses its own sum by a cent. Here running totals are
rounded, and an amount is the difference of two rounded totals: a column then always sums to its rounded
end. All arithmetic is exact.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

DECIMALS = 2
SNAP = 10**9
SNAP_BOUND = 4_194_304  # from here on the language leaves numbers as they are


def exact(value: float | int) -> Fraction:
    """The number as it is written: 0.1 is a tenth.

    Named values have 9 decimals, so this is what their snapping meant.
    """
    return Fraction(repr(value))


def snapped(value: Fraction) -> Fraction:
    """The value with 9 decimals, as a named value would have it: without what doubles add to a sum."""
    if abs(value) >= SNAP_BOUND:
        return value
    size = Fraction(_whole(abs(value) * SNAP), SNAP)
    return -size if value < 0 else size


def rounded(value: Fraction, decimals: int = DECIMALS) -> Decimal:
    """The nearest decimal, half away from zero as everywhere in the language; never `-0`.

    The value is snapped first, so that a running total a billionth beside a half is shown like the named
    value it stands for.
    """
    whole = _whole(abs(snapped(value)) * 10**decimals)
    digits = tuple(int(digit) for digit in str(whole))
    sign = 1 if value < 0 and whole else 0
    return Decimal((sign, digits, -decimals))


def _whole(value: Fraction) -> int:
    """The nearest whole number of a value of 0 or more, half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def difference(before: Fraction, after: Fraction, decimals: int) -> Decimal:
    """The amount shown between two running totals."""
    high, low = rounded(after, decimals), rounded(before, decimals)
    return _plain(_units(high, decimals) - _units(low, decimals), decimals)


def added(amounts: tuple[Decimal, ...], decimals: int) -> Decimal:
    """The exact sum; the decimal module's own `+` would round beyond 28 digits."""
    return _plain(sum(_units(amount, decimals) for amount in amounts), decimals)


def _units(amount: Decimal, decimals: int) -> int:
    return int(Fraction(amount) * 10**decimals)


def _plain(units: int, decimals: int) -> Decimal:
    digits = tuple(int(digit) for digit in str(abs(units)))
    return Decimal((1 if units < 0 else 0, digits, -decimals))
