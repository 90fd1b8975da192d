"""Small pieces of a query: literals, brackets where they are needed, the shapes that come again and again."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from healthdsl.backends.sql.dialects import Dialect

Make = Callable[[], exp.Expression]
"""Makes an expression anew each time, since one object cannot stand at two places of a query."""

WHOLE_FROM = 2.0**53
"""From here on every double is a whole number."""

EXACT_DIGITS = 5
"""A decimal with no more digits is read exactly everywhere."""

PLAIN_INTEGER = 1e15
"""Whole numbers up to here are written without an exponent; every engine reads them exactly."""

_TIGHT = (
    exp.Column,
    exp.Literal,
    exp.Func,
    exp.Case,
    exp.Cast,
    exp.Paren,
    exp.Boolean,
    exp.Null,
    exp.Dot,
)


def number(value: float, dialect: Dialect) -> exp.Expression:
    """A constant; a broken one with an exponent where a decimal would be read otherwise."""
    if value < 0.0:
        return exp.Neg(this=number(-value, dialect))
    if value.is_integer() and value <= PLAIN_INTEGER:
        return exp.Literal.number(f"{int(value)}.0" if dialect.point else str(int(value)))
    if dialect.point and (ratio := _ratio(value)):
        return ratio
    text = repr(value)
    return exp.Literal.number(f"{text}e0" if dialect.exponent and "e" not in text else text)


def _ratio(value: float) -> exp.Expression | None:
    """The number as a quotient of whole numbers, which is exact; None where it need not be one or cannot.

    SQLite (3.40 here) reads one decimal of six digits in 5,000 as the double beside it: 0.720887 is one.
    """
    _, digits, exponent = Decimal(repr(value)).as_tuple()
    above = int("".join(map(str, digits)))
    is_short = len(digits) <= EXACT_DIGITS or (value * 2.0**20).is_integer()
    if is_short or not isinstance(exponent, int):
        return None
    if above < WHOLE_FROM and exponent >= -22:
        divisors = [f"1e{-exponent}"]
    else:
        above, divisor = value.as_integer_ratio()
        most = int(WHOLE_FROM)
        divisors = [f"{divisor}.0"] if divisor <= most else [f"{most}.0", f"{divisor // most}.0"]
        if above >= 2 * most or divisor > most * most:
            return None
    divided: exp.Expression = exp.Literal.number(str(above))
    for below in divisors:
        divided = exp.Div(this=divided, expression=exp.Literal.number(below))
        divided.set("typed", True)
    return exp.Paren(this=divided)


def text(value: str) -> exp.Expression:
    return exp.Literal.string(value)


def truth(value: bool) -> exp.Expression:
    return exp.Boolean(this=value)


def cast(value: exp.Expression, kind: str) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def named(value: exp.Expression, name: str) -> exp.Expression:
    """`value AS name`."""
    return exp.Alias(this=value, alias=exp.to_identifier(name))


def double(value: exp.Expression) -> exp.Expression:
    return cast(value, "DOUBLE")


def column(name: str, table: str | None = None) -> exp.Column:
    return exp.column(name, table)


def tight(value: exp.Expression) -> exp.Expression:
    """`value`, in brackets unless it is read as one piece anyway."""
    # sqlglot counts AND and OR among the functions.
    is_tight = isinstance(value, _TIGHT) and not isinstance(value, exp.Connector)
    return value if is_tight else exp.Paren(this=value)


def binary(kind: type[exp.Binary], left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """An operation of arithmetic or a comparison with the brackets it needs, `a - b + c` without."""
    if kind in (exp.Add, exp.Sub):
        loose = (exp.Add, exp.Sub, exp.Mul, exp.Div)
        first = left if isinstance(left, loose) else tight(left)
        second = right if isinstance(right, (exp.Mul, exp.Div)) else tight(right)
    elif kind in (exp.Mul, exp.Div):
        first = left if isinstance(left, (exp.Mul, exp.Div)) else tight(left)
        second = tight(right)
    else:
        plain = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)
        first, second = (each if isinstance(each, plain) else tight(each) for each in (left, right))
    return typing.cast(exp.Expression, kind(this=first, expression=second))


def add(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return binary(exp.Add, left, right)


def subtract(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return binary(exp.Sub, left, right)


def multiply(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return binary(exp.Mul, left, right)


def divide(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """A division of doubles, printed as it stands."""
    divided = binary(exp.Div, left, right)
    divided.set("typed", True)
    return divided


def joined(kind: type[exp.Connector], conditions: Sequence[exp.Expression]) -> exp.Expression:
    """AND or OR of all conditions; constants among them are worked out."""
    idle = kind is exp.And
    if any(isinstance(each, exp.Boolean) and each.this is not idle for each in conditions):
        return truth(not idle)
    conditions = [each for each in conditions if not isinstance(each, exp.Boolean)]
    if not conditions:
        return truth(idle)
    loose = (exp.Predicate, exp.Not)
    parts = [
        each
        if isinstance(each, kind) or (isinstance(each, loose) and not isinstance(each, exp.Connector))
        else tight(each)
        for each in conditions
    ]

    def join(left: exp.Expression, right: exp.Expression) -> exp.Expression:
        return typing.cast(exp.Expression, kind(this=left, expression=right))

    return reduce(join, parts)


def both(*conditions: exp.Expression) -> exp.Expression:
    return joined(exp.And, conditions)


def either(*conditions: exp.Expression) -> exp.Expression:
    return joined(exp.Or, conditions)


def denied(condition: exp.Expression) -> exp.Expression:
    return exp.Not(this=tight(condition))


def is_null(value: exp.Expression) -> exp.Expression:
    return exp.Is(this=tight(value), expression=exp.Null())


def is_known(value: exp.Expression) -> exp.Expression:
    return exp.Is(this=tight(value), expression=exp.Not(this=exp.Null()))


def case(
    branches: Iterable[tuple[exp.Expression, exp.Expression]], rest: exp.Expression | None = None
) -> exp.Expression:
    """CASE WHEN .. THEN .. ELSE .. END; without `rest` NULL."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=rest)


def when(
    condition: exp.Expression, value: exp.Expression, rest: exp.Expression | None = None
) -> exp.Expression:
    return case([(condition, value)], rest)


def floor(value: Make, dialect: Dialect, largest: float) -> exp.Expression:
    """The floor as a double, of a number that is not larger in size than `largest`."""
    if not dialect.floors_to_integer:
        return exp.Floor(this=value())
    floored = double(exp.Floor(this=value()))
    if largest < WHOLE_FROM:
        return floored
    small = binary(exp.LT, exp.Abs(this=value()), exp.Literal.number(str(int(WHOLE_FROM))))
    return when(small, floored, value())


def coalesce(*values: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=values[0], expressions=list(values[1:]))
