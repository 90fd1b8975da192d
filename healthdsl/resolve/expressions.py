"""Expressions and conditions: from syntax to bound, typed expressions with constants folded.

`resolve_value` and its siblings give None when something in the expression is unknown or broken; all of it
has then been reported, or belongs to a declaration that has been. Depth of source expressions is bounded
by the parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from healthdsl.model.expressions import And, Constant, Expression, Not, Or
from healthdsl.model.types import DATE, DAYS, NUMBER, PERCENT, TEXT, Kind
from healthdsl.resolve.aggregates import build_aggregate, build_row_count
from healthdsl.resolve.arithmetic import (
    ARITY,
    FUNCTIONS,
    Operand,
    build_function,
    build_product,
    build_sum,
    need_number,
    negate,
)
from healthdsl.resolve.comparisons import build_test
from healthdsl.resolve.counting import build_count
from healthdsl.resolve.fading import build_fading
from healthdsl.resolve.fold import constant_value, snap, snapped
from healthdsl.resolve.names import bind_name, bind_points
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import counted, did_you_mean, listed
from healthdsl.resolve.types import describe
from healthdsl.source import Span
from healthdsl.syntax import expressions as x

_UNITS = {x.Unit.NONE: NUMBER, x.Unit.PERCENT: PERCENT, x.Unit.DAYS: DAYS}


def resolve_value(node: x.Expression, place: Place) -> Expression | None:
    """Any expression; a constant is snapped."""
    value = _resolve(node, place)
    return None if value is None else snapped(value)


def resolve_condition(node: x.Expression, place: Place) -> Expression | None:
    """An expression of type yes/no."""
    condition = _resolve(node, place)
    if condition is None or condition.type.kind is Kind.YES_NO:
        return condition
    _report_no_condition(place, node.span, condition)
    return None


def resolve_number(node: x.Expression, place: Place) -> Expression | None:
    """A numeric expression; a constant is snapped."""
    value = _resolve(node, place)
    if value is None or not is_number(place, value, node.span):
        return None
    return snapped(value)


def resolve_constant(node: x.Expression, place: Place, what: str) -> Fraction | None:
    """The number a constant expression stands for; `what` it is for, in a message."""
    value = _resolve(node, place)
    if value is None or not is_number(place, value, node.span):
        return None
    number = constant_value(value)
    if number is None:
        text = place.scope.clause(node.span)
        message = f"`{text}` changes from account to account, {what} is fixed"
        place.problems.error("E326", node.span, message, "write a number")
        return None
    return snap(number)


def is_number(place: Place, value: Expression, span: Span) -> bool:
    """Whether a value is a number; a message when it is not."""
    return need_number(place, Operand("", value, span))


def _report_no_condition(place: Place, span: Span, value: Expression) -> None:
    text, type_ = place.scope.clause(span), value.type
    if type_.is_numeric:
        advice = f"say what to ask of it, such as `{text} above 0` or `{text} is known`"
    elif type_.is_text:
        choice = type_.choices[0] if type_.choices else '".."'
        advice = f"say what to ask of it, such as `{text} is {choice}`"
    else:
        advice = f"say what to ask of it, such as `{text} is known`, or compare it with another date"
    place.problems.error("E301", span, f"`{text}` is {describe(type_)}, a condition is needed here", advice)


def _resolve(node: x.Expression, place: Place) -> Expression | None:
    """One node; constants inside stay exact until they meet something that is none."""
    match node:
        case x.NumberLiteral():
            return Constant(node.value, _UNITS[node.unit])
        case x.Name():
            return bind_name(place, node)
        case x.Sum():
            terms = _operands(node.terms, place)
            return None if terms is None else build_sum(place, terms, node.span)
        case x.Product():
            factors = _operands(node.factors, place)
            return None if factors is None else build_product(place, factors, node.span)
        case x.Negative():
            negated = _resolve(node.operand, place)
            return None if negated is None else negate(place, Operand("-", negated, node.operand.span))
        case x.PointsOf():
            return bind_points(place, node.name)
        case x.Call():
            return _call(node, place)
        case x.Aggregate():
            return build_aggregate(place, node, resolve_condition)
        case x.Halved() | x.Fading() | x.Losing():
            return build_fading(place, node, _resolve)
        case x.DateLiteral():
            return Constant(node.ordinal, DATE)
        case x.TextLiteral():
            return Constant(node.value, TEXT)
        case _:
            return _condition(node, place)


def _condition(
    node: x.Comparison | x.Not | x.And | x.Or | x.Count | x.RowCount, place: Place
) -> Expression | None:
    """A node that asks (or counts what it asks)."""
    match node:
        case x.Comparison():
            return build_test(place, node.left, node.test, _resolve)
        case x.And():
            operands = _conditions(node.operands, place)
            return None if operands is None else And(operands)
        case x.Or():
            operands = _conditions(node.operands, place)
            return None if operands is None else Or(operands)
        case x.Not():
            operand = resolve_condition(node.operand, place)
            return None if operand is None else Not(operand)
        case x.RowCount():
            return build_row_count(place, node, resolve_condition)
        case x.Count():
            return build_count(place, node, _resolve)
        case _:
            assert_never(node)


def _conditions(nodes: Sequence[x.Expression], place: Place) -> tuple[Expression, ...] | None:
    """All of them, each with its own messages."""
    found = [resolve_condition(node, place) for node in nodes]
    known = tuple(condition for condition in found if condition is not None)
    return known if len(known) == len(found) else None


def _operands(nodes: Sequence[tuple[str, x.Expression]], place: Place) -> list[Operand] | None:
    found = [(sign, _resolve(node, place), node.span) for sign, node in nodes]
    known = [Operand(sign, value, span) for sign, value, span in found if value is not None]
    return known if len(known) == len(found) else None


def _call(node: x.Call, place: Place) -> Expression | None:
    word = node.function.name
    arguments = _operands([("", argument) for argument in node.arguments], place)
    if word not in FUNCTIONS:
        if word not in place.scope.broken:
            _report_no_function(place, node.function)
        return None
    least, most, form = ARITY[word]
    if len(node.arguments) < least or (most is not None and len(node.arguments) > most):
        message = f"`{word}` is given {counted(len(node.arguments), 'value')}"
        place.problems.error("E312", node.span, message, f"write it like `{form}`")
        return None
    return None if arguments is None else build_function(place, word, arguments, node.span)


def _report_no_function(place: Place, name: x.Name) -> None:
    word = name.name
    callable_ = [known for known in FUNCTIONS if ARITY[known][2].startswith(f"{known}(")]
    advice = did_you_mean(word, callable_) or f"there are {listed(callable_, most=12)}"
    if word.lower() == "if":
        advice = "write a `first match` measure with one `when .. -> points` a line"
    elif word.lower() == "sqrt":
        advice = "write `power(a, 0.5)`"
    elif word.lower() in ("coalesce", "ifnull", "nvl", "iferror"):
        advice = "write `first known of (a, b)`"
    elif word.lower() in ("sum", "average", "avg", "mean"):
        advice = "add with `a + b`, or gather over rows with `sum amount of invoices`"
    place.problems.error("E211", name.span, f"there is no function `{word}`", advice)
