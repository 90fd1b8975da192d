"""How far a number is moved: thresholds by one step of the grid they are written on, amounts by a tenth."""

from __future__ import annotations

import math
from fractions import Fraction

from healthdsl.model.types import Kind, Type

_FINEST = 6
_PERCENT = Fraction(1, 100)


def grid_step(value: Fraction, type_: Type) -> Fraction:
    """One step of the last digit written: 1 for 30, 0.1 for 2.5, 1% for 40%; 1 for what is always whole."""
    if type_.is_whole:
        return Fraction(1)
    unit = _PERCENT if type_.kind is Kind.PERCENT else Fraction(1)
    for _ in range(_FINEST):
        if (value / unit).denominator == 1:
            return unit
        unit /= 10
    return _PERCENT  # such as 10/3: no digit is the last


def tenth(value: Fraction, scale: Fraction) -> Fraction:
    """A tenth of `scale`, rounded up to the grid that `value` is written on, and never 0."""
    step = grid_step(value, Type(Kind.NUMBER))
    return max(Fraction(math.ceil(abs(scale) / 10 / step)), Fraction(1)) * step
