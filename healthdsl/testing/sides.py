"""What a failed expectation wanted and what there was, of the first test in it that does not hold."""

from __future__ import annotations

from collections.abc import Callable

from healthdsl.explain.words import show_value
from healthdsl.model.expressions import (
    And,
    Compare,
    Constant,
    Expression,
    FlagValue,
    Member,
    Not,
    Or,
    Relation,
    SignalValue,
    relation_word,
)
from healthdsl.testing.wording import expression_text

Worth = Callable[[Expression], object]
"""The value that an expression had."""

Sides = tuple[str | None, str | None]


def two_sides(condition: Expression, worth: Worth) -> Sides:
    """Expected and found; None twice where the test has no two sides, such as an `or`."""
    match condition:
        case And(operands=operands):
            failed = next((each for each in operands if _truth(each, worth) is not True), None)
            return (None, None) if failed is None else two_sides(failed, worth)
        case Compare(relation=relation, left=left, right=right):
            limit = _shown(right, worth)
            sign = "" if relation is Relation.IS else f"{relation_word(relation, right.type)} "
            return f"{sign}{limit}", _shown(left, worth)
        case Member(operand=operand, choices=choices):
            return " or ".join(choices), _shown(operand, worth)
        case FlagValue() | SignalValue():
            return "yes", _shown(condition, worth)
        case Not(operand=FlagValue() | SignalValue() as operand):
            return "no", _shown(operand, worth)
        case Not(operand=Member(operand=operand, choices=choices)):
            return f"not {' or '.join(choices)}", _shown(operand, worth)
        case Not(operand=Compare(left=left, relation=relation, right=right)):
            limit = _shown(right, worth)
            sign = "" if relation is Relation.IS else f"{relation_word(relation, right.type)} "
            return f"not {sign}{limit}", _shown(left, worth)
        case _:
            return None, None


def _truth(condition: Expression, worth: Worth) -> object:
    match condition:
        case And(operands=operands):
            return all(_truth(each, worth) is True for each in operands)
        case Or(operands=operands):
            return any(_truth(each, worth) is True for each in operands)
        case Not(operand=operand):
            found = _truth(operand, worth)
            return None if found is None else not found
        case _:
            return worth(condition)


def _shown(expression: Expression, worth: Worth) -> str:
    if isinstance(expression, Constant):
        return expression_text(expression)
    return show_value(worth(expression), expression.type, decimals=9)
