"""Types in the words of the user, and which types go together.

A number fits every unit but percent; units of two named values must agree. A value that a formula has
weighted or divided already (`0.1 * mrr`, `a / b`) carries no unit that could be mistaken, so it goes with
everything but other currencies.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from healthdsl.model.expressions import (
    Apply,
    Constant,
    Expression,
    FirstKnown,
    Function,
    Product,
    SignalValue,
    Sum,
)
from healthdsl.model.types import Kind, Type
from healthdsl.resolve.scope import Scope

TYPE_WORDS = {
    "count": Kind.COUNT,
    "number": Kind.NUMBER,
    "percent": Kind.PERCENT,
    "days": Kind.DAYS,
    "date": Kind.DATE,
    "timestamp": Kind.TIMESTAMP,
    "money": Kind.MONEY,
    "yes/no": Kind.YES_NO,
    "one of": Kind.CATEGORY,
    "text": Kind.TEXT,
}
COLOURS = ("green", "lightgreen", "yellow", "orange", "red", "grey", "blue", "black", "white", "purple")


class Family(Enum):
    """Values that can be compared with each other."""

    NUMBER = "a number"
    DATE = "a date"
    YES_NO = "yes or no"
    TEXT = "text"


class Clash(Enum):
    """Why two numbers do not go together."""

    PERCENT = "percent"
    CURRENCY = "currency"
    UNIT = "unit"


def family(type_: Type) -> Family:
    if type_.is_numeric:
        return Family.NUMBER
    if type_.is_date:
        return Family.DATE
    return Family.YES_NO if type_.kind is Kind.YES_NO else Family.TEXT


def describe(type_: Type) -> str:
    """The type as a message says it: `a count`, `money in USD`, `a category (free, pro)`."""
    match type_.kind:
        case Kind.MONEY:
            return f"money in {type_.currency}" if type_.currency else "money"
        case Kind.CATEGORY:
            shown = ", ".join(type_.choices[:4])
            return f"a category ({shown}{', ..' if len(type_.choices) > 4 else ''})"
        case Kind.DAYS:
            return "a number of days"
        case Kind.YES_NO | Kind.TEXT | Kind.PERCENT:
            return {"yes/no": "yes or no", "text": "text", "percent": "a percent"}[type_.kind.value]
        case _:
            return f"a {type_.kind.value}"


def clash(scope: Scope, left: Expression, right: Expression) -> Clash | None:
    """Why two numeric values cannot be compared or added; None when they can."""
    one, other = left.type, right.type
    if one.kind is Kind.MONEY and other.kind is Kind.MONEY:
        return None if one.currency == other.currency else Clash.CURRENCY
    if one.kind is other.kind:
        return None
    if Kind.PERCENT in (one.kind, other.kind):
        plain = right if one.kind is Kind.PERCENT else left
        free = is_zero(plain) or is_computed(scope, plain)
        return None if free else Clash.PERCENT
    if Kind.NUMBER in (one.kind, other.kind) or is_computed(scope, left) or is_computed(scope, right):
        return None
    return Clash.UNIT


def is_zero(expression: Expression) -> bool:
    return isinstance(expression, Constant) and expression.value == Fraction(0)


def is_computed(scope: Scope, expression: Expression) -> bool:
    """Whether a formula made the value, so that its unit is what the writer made of it."""
    match expression:
        case Sum() | Product():
            return True
        case Apply(function=function, operands=operands):
            if function in (Function.DAYS_BETWEEN, Function.MONTHS_BETWEEN, Function.CHANGE):
                return False
            return any(is_computed(scope, operand) for operand in operands) or function in (
                Function.LOG2,
                Function.LOG10,
                Function.LN,
                Function.POWER,
            )
        case FirstKnown(operands=operands):
            return any(is_computed(scope, operand) for operand in operands)
        case SignalValue(name=name, type=type_):
            entry = scope.signals[name]
            derived = entry.declaration.formula is not None and entry.declaration.type is None
            return derived and type_.kind is Kind.NUMBER
        case _:
            return False


def written(value: Fraction) -> str:
    """A number as a user writes it: `0.7`, `1_000`, `10/3`."""
    if value.denominator == 1:
        return f"{value.numerator:_}"
    scaled = value * 10**9
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    return f"{float(value):.9f}".rstrip("0")


def as_percent(value: Fraction) -> str:
    """What a bare number beside a percent was meant to be: 70 is `70%`, 0.7 is `70%`."""
    return f"{written(value if abs(value) >= 1 else value * 100)}%"
