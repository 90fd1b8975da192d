"""Could a condition be judged? A small reader of expressions over output values.

The evaluation has long decided what fires; it tells "no" and "unknown" apart nowhere, because neither
fires. A report wants the difference. `judge` gives the value, None for missing or unknown, and `UNTOLD`
where the outputs do not tell (rows gathered in the middle of a condition), which is never reported as
missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from fractions import Fraction
from typing import Final

from healthdsl.explain.reading import Values, operands
from healthdsl.model.expressions import (
    Aggregate,
    And,
    Apply,
    BandOf,
    Choice,
    ColumnValue,
    Compare,
    Constant,
    Contains,
    CountTrue,
    Expression,
    FirstKnown,
    FlagValue,
    Function,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    Relation,
    SignalValue,
    Sum,
    Today,
)


class Untold(Enum):
    UNTOLD = "untold"


UNTOLD: Final = Untold.UNTOLD
Judged = float | str | bool | Untold | None


def judge(expression: Expression, values: Values) -> Judged:
    """The value of an expression.

    Numbers are good to rounding errors, which is enough to tell whether they are there.
    """
    match expression:
        case Constant(value=value):
            return float(value) if isinstance(value, Fraction) else value
        case SignalValue(name=name) | FlagValue(name=name):
            return _plain(values.get(name))
        case PointsOf(node=node):
            return _plain(values.get(f"{node}__points"))
        case LevelOf(node=node):
            return _plain(values.get(f"{node}__level"))
        case BandOf(node=node):
            return _plain(values.get(f"{node}__band"))
        case Today() | ColumnValue() | Aggregate() | Choice():
            return UNTOLD
        case FirstKnown(operands=several):
            return next((found for each in several if (found := judge(each, values)) is not None), None)
        case Sum() | Product() | Apply():
            return _number(expression, values)
        case Member(operand=operand, choices=choices, ignoring_case=ignoring):
            return _member(judge(operand, values), choices, ignoring)
        case Contains(operand=operand, text=text, ignoring_case=ignoring):
            return _contains(judge(operand, values), text, ignoring)
        case Compare(relation=relation, left=left, right=right):
            return _compare(relation, judge(left, values), judge(right, values))
        case IsMissing() | Not() | And() | Or() | CountTrue():
            return _logic(expression, values)


def _logic(expression: IsMissing | Not | And | Or | CountTrue, values: Values) -> Judged:
    found = [judge(operand, values) for operand in operands(expression)]
    match expression:
        case IsMissing():
            return UNTOLD if found[0] is UNTOLD else found[0] is None
        case Not():
            return _negated(found[0])
        case And():
            return _all(found)
        case Or():
            return _negated(_all([_negated(value) for value in found]))
        case CountTrue():
            return UNTOLD if UNTOLD in found else float(sum(value is True for value in found))


def _plain(value: object) -> Judged:
    return value if isinstance(value, str | bool | int | float) else None


def _negated(value: Judged) -> Judged:
    return value if value is None or value is UNTOLD else not value


def _all(found: Sequence[Judged]) -> Judged:
    if False in found:
        return False
    if UNTOLD in found:
        return UNTOLD
    return None if None in found else True


def _member(value: Judged, choices: Sequence[str], ignoring_case: bool) -> Judged:
    if value is None or value is UNTOLD:
        return value
    text = str(value)
    return text.lower() in {c.lower() for c in choices} if ignoring_case else text in choices


def _contains(value: Judged, text: str, ignoring_case: bool) -> Judged:
    if value is None or value is UNTOLD:
        return value
    return text.lower() in str(value).lower() if ignoring_case else text in str(value)


def _compare(relation: Relation, left: Judged, right: Judged) -> Judged:
    if left is None or right is None:
        return None
    if left is UNTOLD or right is UNTOLD:
        return UNTOLD
    if relation is Relation.IS:
        return left == right
    if isinstance(left, str) or isinstance(right, str):
        return UNTOLD
    match relation:
        case Relation.BELOW:
            return left < right
        case Relation.UP_TO:
            return left <= right
        case Relation.ABOVE:
            return left > right
        case Relation.AT_LEAST:
            return left >= right


def _number(expression: Sum | Product | Apply, values: Values) -> Judged:
    found = [judge(operand, values) for operand in operands(expression)]
    if None in found:
        return None
    numbers = [value for value in found if isinstance(value, int | float)]
    if len(numbers) < len(found):
        return UNTOLD
    try:
        result = _apply(expression, numbers)
    except (ArithmeticError, ValueError):
        return None
    return result if result is UNTOLD or (result is not None and math.isfinite(result)) else None


def _apply(expression: Sum | Product | Apply, numbers: Sequence[float]) -> float | Untold | None:
    match expression:
        case Sum(terms=terms):
            return sum(n if sign == "+" else -n for (sign, _), n in zip(terms, numbers, strict=True))
        case Product(factors=factors):
            result = 1.0
            for (sign, _), number in zip(factors, numbers, strict=True):
                result = result * number if sign == "*" else result / number
            return result
        case Apply(function=function):
            return _function(function, numbers)


def _function(function: Function, numbers: Sequence[float]) -> float | Untold | None:
    first = numbers[0]
    match function:
        case Function.MINIMUM:
            return min(numbers)
        case Function.MAXIMUM:
            return max(numbers)
        case Function.ABSOLUTE:
            return abs(first)
        case Function.LOG2 | Function.LOG10 | Function.LN:
            return UNTOLD if first > 0 else None
        case Function.CHANGE:
            return (numbers[1] - first) / first
        case Function.DAYS_BETWEEN:
            return numbers[1] - first
        case Function.POWER:
            result = first ** numbers[1]
            return None if isinstance(result, complex) else result
        case Function.FLOOR | Function.CEILING | Function.ROUND | Function.MONTHS_BETWEEN:
            return UNTOLD
