"""Constants: folded exactly in fractions, then snapped to 9 decimals as the meaning of the language says."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.model.expressions import Constant, Expression, Function

BILLION = 10**9
# From here on a double has no room for half a unit of the ninth decimal: it stays the double that it is.
UNSNAPPED_FROM = 4_194_304
# A tie rounds up, and so does what lies within a thousandth of it, as doubles may fall on either side.
TIE = Fraction(1, 2) + Fraction(1, 1024)
# No rule is about more; a bound on what folding may cost as well.
LARGEST = Fraction(10) ** 15
LARGEST_EXPONENT = 64
LONGEST = 4_096  # bits of a power


def snap(value: Fraction) -> Fraction:
    """`value` to 9 decimals, half away from zero; from 4,194,304 on the nearest double instead."""
    size = abs(value)
    if size >= UNSNAPPED_FROM:
        return Fraction(float(value))
    if BILLION % value.denominator == 0:
        return value
    snapped = Fraction((size * BILLION + TIE).__floor__(), BILLION)
    return snapped if value >= 0 else -snapped


def snapped(expression: Expression) -> Expression:
    """The same expression, snapped when it is a numeric constant."""
    if isinstance(expression, Constant) and isinstance(expression.value, Fraction):
        value = snap(expression.value)
        return expression if value is expression.value else Constant(value, expression.type)
    return expression


def constant_value(expression: Expression) -> Fraction | None:
    """The number a constant holds, else None."""
    if isinstance(expression, Constant) and isinstance(expression.value, Fraction):
        return expression.value
    return None


def fold_sum(terms: tuple[tuple[str, Expression], ...]) -> Fraction | None:
    """The exact value of a sum of constants; None when a term is no constant."""
    total = Fraction(0)
    for sign, operand in terms:
        value = constant_value(operand)
        if value is None:
            return None
        total += value if sign == "+" else -value
    return total


def fold_product(factors: tuple[tuple[str, Expression], ...]) -> Fraction | None:
    """The exact value of a product of constants; None when a factor is no constant or a divisor is 0."""
    product = Fraction(1)
    for operator, operand in factors:
        value = constant_value(operand)
        if value is None or (operator == "/" and value == 0):
            return None
        product = product * value if operator == "*" else product / value
    return product


def fold_function(function: Function, operands: tuple[Expression, ...]) -> Fraction | None:
    """The exact value of a function of constants; None where it has none or where it is no fraction."""
    values = [value for operand in operands if (value := constant_value(operand)) is not None]
    if len(values) < len(operands) or not values:
        return None
    match function:
        case Function.MINIMUM:
            return min(values)
        case Function.MAXIMUM:
            return max(values)
        case Function.ABSOLUTE:
            return abs(values[0])
        case Function.FLOOR:
            return Fraction(snap(values[0]).__floor__())
        case Function.CEILING:
            return Fraction(snap(values[0]).__ceil__())
        case Function.ROUND:
            return _round(values[0], int(values[1]) if len(values) > 1 else 0)
        case Function.POWER:
            return _power(*values)
        case _:
            return None  # logarithms are no fractions; the others take no two literals


def _round(value: Fraction, decimals: int) -> Fraction:
    scale = 10**decimals
    size = (snap(abs(value) * scale) + Fraction(1, 2)).__floor__()
    return Fraction(size if value >= 0 else -size, scale)


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Whole exponents only, and only as far as the exact result stays short."""
    if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT or (base == 0 and exponent < 0):
        return None
    length = max(base.numerator.bit_length(), base.denominator.bit_length())
    return base ** int(exponent) if length * abs(exponent) <= LONGEST else None
