"""Expressions in the words of the language, as a person would write them today.

In: a bound expression. Out: one line. Sub-tables and other sugar are gone, so what is shown is what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import assert_never

from healthdsl.explain.words import show_value
from healthdsl.model.expressions import (
    AgeWindow,
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
    Gather,
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
    relation_word,
)
from healthdsl.model.types import COUNT, NUMBER, Kind, Type

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECIMALS = 9
_OR, _AND, _NOT, _TEST, _SUM, _PRODUCT, _ATOM = range(7)


def say(expression: Expression) -> str:
    """The expression as one line."""
    return _say(expression)[0]


def _inside(expression: Expression, least: int) -> str:
    """The same in brackets where it binds less than what is around it."""
    text, binding = _say(expression)
    return text if binding >= least else f"({text})"


def _say(expression: Expression) -> tuple[str, int]:  # noqa: C901 -- one case for each form
    """The text and how tightly it binds."""
    match expression:
        case Constant(value=value, type=kind):
            return say_constant(value, kind), _ATOM
        case SignalValue(name=name) | FlagValue(name=name) | LevelOf(node=name) | BandOf(node=name):
            return name, _ATOM
        case ColumnValue(column=column):
            return column, _ATOM
        case Today():
            return "today", _ATOM
        case PointsOf(node=node):
            return f"points of {node}", _ATOM
        case Sum(terms=terms):
            return _chain(terms, "+", _PRODUCT), _SUM
        case Product(factors=factors):
            return _chain(factors, "*", _ATOM), _PRODUCT
        case Apply(function=function, operands=operands):
            return _apply(function, [say(each) for each in operands])
        case FirstKnown(operands=operands):
            return f"first known of ({', '.join(map(say, operands))})", _ATOM
        case Choice(cases=cases):
            return ", ".join(_case(*case) for case in cases), _OR
        case Compare():
            return _compare(expression), _TEST
        case Member():
            return _member(expression, "is one of"), _TEST
        case Contains():
            return _contains(expression, "contains"), _TEST
        case IsMissing(operand=operand):
            return f"{_inside(operand, _SUM)} is missing", _TEST
        case Not(operand=operand):
            return _negated(operand)
        case And(operands=operands):
            ranged = _range(expression)
            if ranged is not None:
                return ranged, _TEST
            return " and ".join(_inside(each, _NOT) for each in operands), _AND
        case Or(operands=operands):
            return " or ".join(_inside(each, _AND) for each in operands), _OR
        case CountTrue(conditions=conditions):
            return f"count of ({', '.join(map(say, conditions))})", _ATOM
        case Aggregate():
            return _aggregate(expression), _SUM
        case _:
            assert_never(expression)


def _case(condition: Expression, value: Expression) -> str:
    """A row of the table of a column: `risk is high -> 3`, `otherwise -> 1`."""
    asked = "otherwise" if isinstance(condition, Constant) else say(condition)
    missing = isinstance(value, Constant) and value.value is None
    return f"{asked} -> {'missing' if missing else say(value)}"


def say_constant(value: Fraction | int | str | bool | None, kind: Type) -> str:
    """A value as it is written: `45%`, `30 days`, `1,200`, `"Early Warning"`."""
    if isinstance(value, str):
        return value if _NAME.fullmatch(value) and kind.kind is not Kind.TEXT else f'"{value}"'
    if kind.kind is Kind.MONEY:
        kind = NUMBER
    return show_value(value, kind, _DECIMALS)


def say_number(value: Fraction) -> str:
    return show_value(value, NUMBER, _DECIMALS)


def _chain(pairs: tuple[tuple[str, Expression], ...], first: str, least: int) -> str:
    (sign, head), *rest = pairs
    text = _inside(head, least if sign == first else _ATOM)
    if sign != first:
        text = f"-{text}" if sign == "-" else f"1 / {text}"
    return text + "".join(f" {operator} {_inside(each, least)}" for operator, each in rest)


def _apply(function: Function, said: list[str]) -> tuple[str, int]:
    match function:
        case Function.DAYS_BETWEEN | Function.MONTHS_BETWEEN | Function.CHANGE:
            return f"{function.value} from {said[0]} to {said[1]}", _SUM
        case _:
            return f"{function.value}({', '.join(said)})", _ATOM


# Conditions ------------------------------------------------------------------


def _compare(expression: Compare, word: str | None = None) -> str:
    counted = expression.left
    if isinstance(counted, Aggregate) and counted.gather is Gather.COUNT and word is None:
        number = expression.right.value if isinstance(expression.right, Constant) else None
        if number is not None and (expression.relation, number) in _COUNTED:
            return f"{_COUNTED[expression.relation, number]} {_rows(counted)}"
    if isinstance(counted, CountTrue) and isinstance(expression.right, Constant) and word is None:
        conditions = ", ".join(map(say, counted.conditions))
        return f"{_QUANTITY[expression.relation]} {say(expression.right)} of ({conditions})"
    left = _inside(counted, _PRODUCT if isinstance(counted, Aggregate) else _SUM)
    word = word or relation_word(expression.relation, counted.type)
    return f"{left} {word} {_inside(expression.right, _SUM)}"


_COUNTED: dict[tuple[Relation, object], str] = {
    (Relation.AT_LEAST, 1): "any of",
    (Relation.ABOVE, 0): "any of",
    (Relation.IS, 0): "no",
}


_QUANTITY = {
    Relation.AT_LEAST: "at least",
    Relation.ABOVE: "more than",
    Relation.BELOW: "fewer than",
    Relation.UP_TO: "up to",
    Relation.IS: "exactly",
}


def _member(expression: Member, words: str) -> str:
    kind = expression.operand.type
    said = ", ".join(say_constant(choice, kind) for choice in expression.choices)
    if len(expression.choices) == 1:
        words = words.removesuffix(" one of")
    folded = " ignoring case" if expression.ignoring_case else ""
    return f"{_inside(expression.operand, _SUM)} {words} {said}{folded}"


def _contains(expression: Contains, words: str) -> str:
    said = say_constant(expression.text, expression.operand.type)
    folded = " ignoring case" if expression.ignoring_case else ""
    return f"{_inside(expression.operand, _SUM)} {words} {said}{folded}"


def _negated(operand: Expression) -> tuple[str, int]:
    match operand:
        case IsMissing(operand=asked):
            return f"{_inside(asked, _SUM)} is known", _TEST
        case Member():
            return _member(operand, "is not one of"), _TEST
        case Contains():
            return _contains(operand, "does not contain"), _TEST
        case Compare(relation=Relation.IS):
            return _compare(operand, "is not"), _TEST
        case _:
            return f"not {_inside(operand, _TEST)}", _NOT


def _range(expression: And) -> str | None:
    """`x from A to B`, where two comparisons say that."""
    match expression.operands:
        case (
            Compare(relation=Relation.AT_LEAST, left=left, right=low),
            Compare(relation=Relation.UP_TO, left=again, right=high),
        ) if left == again:
            return f"{_inside(left, _SUM)} from {_inside(low, _SUM)} to {_inside(high, _SUM)}"
        case _:
            return None


# Rows ------------------------------------------------------------------------


def _aggregate(expression: Aggregate) -> str:
    rows = _rows(expression)
    if expression.gather is Gather.COUNT or expression.value is None:
        return f"{expression.gather.value} of {rows}"
    return f"{expression.gather.value} {_inside(expression.value, _ATOM)} of {rows}"


def _rows(expression: Aggregate) -> str:
    """The table with what it is weighted by, its window and its condition."""
    pieces = [expression.table]
    if expression.weight is not None:
        pieces.append(f"weighted by {_inside(expression.weight, _ATOM)}")
    if expression.window is not None:
        pieces.append(say_window(expression.window))
    if expression.condition is not None:
        pieces.append(f"where {say(expression.condition)}")
    return " ".join(pieces)


def say_window(window: AgeWindow) -> str:
    """`in last 30 days`, `in the 30 days before`, `in next 90 days`, `aged from 7 to 13 days`."""
    days: Callable[[int], str] = lambda number: show_value(number, Type(Kind.DAYS))  # noqa: E731
    match (window.youngest, window.oldest):
        case (None, None):
            return "of any age"
        case (None, int(oldest)):
            return f"aged up to {days(oldest)}"
        case (int(youngest), None):
            return f"aged at least {days(youngest)}"
        case (0, int(oldest)):
            return f"in last {days(oldest + 1)}"
        case (int(youngest), -1):
            return f"in next {days(-youngest)}"
        case (int(youngest), int(oldest)) if oldest == 2 * youngest - 1:
            return f"in the {days(youngest)} before"
        case _:
            return f"aged from {show_value(window.youngest, COUNT)} to {days(window.oldest or 0)}"
