"""Types and constants of sums, products and functions whose operands are resolved already.

Each `build_` takes the operands with the places they were written at and gives the expression, or None
after a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from healthdsl.model.expressions import Apply, Constant, Expression, FirstKnown, Function, Product, Sum
from healthdsl.model.types import COUNT, DATE, DAYS, NUMBER, PERCENT, TEXT, Kind, Type
from healthdsl.resolve.fold import LARGEST, fold_function, fold_product, fold_sum, snapped
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import Clash, Family, as_percent, clash, describe, family, written
from healthdsl.source import Span


class Operand(NamedTuple):
    """A resolved operand, its place, and the sign or operator before it."""

    sign: str
    value: Expression
    span: Span


def need_number(place: Place, operand: Operand) -> bool:
    """Whether an operand is a number; a message when it is not."""
    type_ = operand.value.type
    if type_.is_numeric:
        return True
    text = place.scope.clause(operand.span)
    if type_.kind is Kind.YES_NO:
        advice = f"ask it in a condition, such as `+10 when {text}`, or count it: `(count of ({text}))`"
        place.problems.error("E302", operand.span, f"`{text}` is yes or no, a number is needed here", advice)
    elif type_.is_date:
        advice = f"count the days, such as `days from {text} to today`"
        place.problems.error("E310", operand.span, f"`{text}` is a date, a number is needed here", advice)
    else:
        advice = f"turn it into a number with a `lookup of {text}`, or ask `{text} is ..` in a condition"
        found = describe(type_)
        place.problems.error("E307", operand.span, f"`{text}` is {found}, a number is needed here", advice)
    return False


def _all_numbers(place: Place, operands: Sequence[Operand]) -> bool:
    """Whether all operands are numbers; a message for each that is not."""
    return sum(need_number(place, operand) for operand in operands) == len(operands)


def report_clash(place: Place, reason: Clash, left: Operand, right: Operand) -> None:
    """Says why two numbers do not go together."""
    one, other = place.scope.clause(left.span), place.scope.clause(right.span)
    types = f"`{one}` is {describe(left.value.type)}, `{other}` is {describe(right.value.type)}"
    match reason:
        case Clash.PERCENT:
            _report_percent(place, left, right)
        case Clash.CURRENCY:
            advice = "bring both to one currency first: multiply one by an exchange rate signal"
            place.problems.error("E305", right.span, types, advice)
        case Clash.UNIT:
            advice = "compare and add like with like, or weight both first (`0.5 * ..`)"
            if isinstance(right.value, Constant) and right.value.type.kind is Kind.DAYS:
                bare = written(right.value.value) if isinstance(right.value.value, Fraction) else other
                advice = f"write `{bare}`, or declare `{one}` as `days`"
            place.problems.error("E304", right.span, types, advice)


def _report_percent(place: Place, left: Operand, right: Operand) -> None:
    plain, percent = (right, left) if left.value.type.kind is Kind.PERCENT else (left, right)
    text, other = place.scope.clause(plain.span), place.scope.clause(percent.span)
    if isinstance(plain.value, Constant) and isinstance(plain.value.value, Fraction):
        meant = as_percent(plain.value.value)
        message = f"`{other}` is a percent, `{text}` is a plain number"
        place.problems.error("E303", plain.span, message, f"write `{meant}`")
        return
    message = f"`{text}` is {describe(plain.value.type)}, `{other}` is a percent"
    advice = f"declare `{text}` as `percent`, or write a plain number in place of `{other}`"
    if not isinstance(percent.value, Constant):
        advice = f"turn the percent into a number first: `100 * {other}`"
    place.problems.error("E303", percent.span, message, advice)


def constant(place: Place, value: Fraction, type_: Type, span: Span) -> Constant | None:
    """A folded constant, unless it is larger than any number can be."""
    if abs(value) <= LARGEST:
        return Constant(value, type_)
    advice = "numbers reach to 1_000_000_000_000_000 (15 zeros); use a larger unit"
    place.problems.error("E315", span, f"`{place.scope.clause(span)}` is too large a number", advice)
    return None


# Sums ------------------------------------------------------------------------


def build_sum(place: Place, operands: Sequence[Operand], span: Span) -> Expression | None:
    """`a + b - c`; with dates, a date plus or minus days."""
    if any(operand.value.type.is_date for operand in operands):
        return _build_date(place, operands, span)
    if not _all_numbers(place, operands):
        return None
    type_ = operands[0].value.type
    for before, operand in pairwise(operands):
        # Each term is held against the one before it, so a message names two terms that stand together.
        reason = clash(place.scope, before.value, operand.value)
        if reason is not None:
            report_clash(place, reason, before, operand)
            return None
        type_ = _joined(type_, operand.value.type)
    terms = tuple((operand.sign, operand.value) for operand in operands)
    total = fold_sum(terms)
    if total is not None:
        return constant(place, total, type_, span)
    return Sum(tuple((sign, snapped(value)) for sign, value in terms), type_)


def _joined(one: Type, other: Type) -> Type:
    """The type of two numbers added, or of the lower of them."""
    if one == other:
        return one
    if one.kind is Kind.NUMBER and other.kind in (Kind.DAYS, Kind.MONEY):
        return other
    if other.kind is Kind.NUMBER and one.kind in (Kind.DAYS, Kind.MONEY):
        return one
    return NUMBER


def _build_date(place: Place, operands: Sequence[Operand], span: Span) -> Expression | None:
    dates = [operand for operand in operands if operand.value.type.is_date]
    if len(dates) > 1:
        later, earlier = (place.scope.clause(dates[0].span), place.scope.clause(dates[1].span))
        advice = f"write `days from {earlier} to {later}`"
        place.problems.error("E309", span, "dates cannot be added or subtracted", advice)
        return None
    if dates[0].sign == "-":
        text = place.scope.clause(dates[0].span)
        message = f"`{text}` is a date and cannot be subtracted from a number"
        place.problems.error("E309", dates[0].span, message, f"write `days from {text} to ..`")
        return None
    rest = [operand for operand in operands if operand is not dates[0]]
    for operand in rest:
        if not _are_days(place, operand):
            return None
    # The date stands first, so that what follows are days added to it.
    ordered = (dates[0], *rest)
    return Sum(tuple((operand.sign, snapped(operand.value)) for operand in ordered), DATE)


def _are_days(place: Place, operand: Operand) -> bool:
    value = operand.value
    if value.type.kind is Kind.DAYS:
        return True
    if isinstance(value, Constant) and isinstance(value.value, Fraction) and value.value.denominator == 1:
        return value.type.kind is Kind.NUMBER
    if not need_number(place, operand):
        return False
    text = place.scope.clause(operand.span)
    message = f"`{text}` is {describe(value.type)}, only days can be added to a date"
    place.problems.error("E304", operand.span, message, "write days, such as `30 days`")
    return False


# Products --------------------------------------------------------------------


def build_product(place: Place, operands: Sequence[Operand], span: Span) -> Expression | None:
    """`a * b / c`."""
    if not _all_numbers(place, operands):
        return None
    type_ = operands[0].value.type
    for operand in operands[1:]:
        if operand.sign == "/" and isinstance(operand.value, Constant) and operand.value.value == 0:
            text = place.scope.clause(operand.span)
            message = f"nothing can be divided by `{text}`"
            place.problems.error("E314", operand.span, message, "divide by another number")
            return None
        if operand.sign == "/" and _other_money(type_, operand.value.type):
            report_clash(place, Clash.CURRENCY, operands[0], operand)
            return None
        type_ = _multiplied(operand.sign, type_, operand.value.type)
    factors = tuple((operand.sign, operand.value) for operand in operands)
    product = fold_product(factors)
    if product is not None:
        return constant(place, product, type_, span)
    return Product(tuple((sign, snapped(value)) for sign, value in factors), type_)


def _other_money(one: Type, other: Type) -> bool:
    return one.kind is Kind.MONEY and other.kind is Kind.MONEY and one.currency != other.currency


def _multiplied(operator: str, left: Type, right: Type) -> Type:
    """Days and money keep their unit when multiplied or divided by a number, percent only by a percent."""
    plain = (Kind.NUMBER, Kind.COUNT, Kind.PERCENT)
    if left.kind in (Kind.DAYS, Kind.MONEY) and (
        right.kind in plain or (operator == "/" and left.kind is Kind.MONEY and right.kind is Kind.DAYS)
    ):
        return left
    if operator == "*" and right.kind in (Kind.DAYS, Kind.MONEY) and left.kind in plain:
        return right
    if operator == "*" and left.kind is Kind.PERCENT and right.kind is Kind.PERCENT:
        return PERCENT
    return NUMBER


def negate(place: Place, operand: Operand) -> Expression | None:
    """`-x`."""
    if not need_number(place, operand):
        return None
    value = operand.value
    if isinstance(value, Constant) and isinstance(value.value, Fraction):
        return Constant(-value.value, value.type)
    return Product((("*", Constant(Fraction(-1), NUMBER)), ("*", value)), value.type)


# Functions -------------------------------------------------------------------

FUNCTIONS: dict[str, Function | None] = {
    "min": Function.MINIMUM,
    "max": Function.MAXIMUM,
    "lowest": Function.MINIMUM,
    "highest": Function.MAXIMUM,
    "earlier": Function.MINIMUM,
    "later": Function.MAXIMUM,
    "abs": Function.ABSOLUTE,
    "floor": Function.FLOOR,
    "ceiling": Function.CEILING,
    "round": Function.ROUND,
    "log2": Function.LOG2,
    "log10": Function.LOG10,
    "ln": Function.LN,
    "power": Function.POWER,
    "days": Function.DAYS_BETWEEN,
    "months": Function.MONTHS_BETWEEN,
    "change": Function.CHANGE,
    "first known of": None,
}
# How many operands a function takes, at least and at most, and how it is written.
ARITY = {
    "min": (2, None, "min(a, b)"),
    "max": (2, None, "max(a, b)"),
    "lowest": (2, None, "lowest of (a, b)"),
    "highest": (2, None, "highest of (a, b)"),
    "earlier": (2, None, "earlier of (a, b)"),
    "later": (2, None, "later of (a, b)"),
    "abs": (1, 1, "abs(a)"),
    "floor": (1, 1, "floor(a)"),
    "ceiling": (1, 1, "ceiling(a)"),
    "round": (1, 2, "round(a)` or `round(a, 2)"),
    "log2": (1, 1, "log2(a)"),
    "log10": (1, 1, "log10(a)"),
    "ln": (1, 1, "ln(a)"),
    "power": (2, 2, "power(a, b)"),
    "days": (2, 2, "days from a to b"),
    "months": (2, 2, "months from a to b"),
    "change": (2, 2, "change from a to b"),
    "first known of": (2, None, "first known of (a, b)"),
}


def build_function(place: Place, word: str, operands: Sequence[Operand], span: Span) -> Expression | None:
    """A function of resolved operands; `word` is a key of `FUNCTIONS`, the number of operands is checked."""
    function = FUNCTIONS[word]
    if function is None:
        return build_first_known(place, operands)
    if word in ("earlier", "later", "days", "months"):
        if not all(_need_date(place, word, operand) for operand in operands):
            return None
        type_ = {"days": DAYS, "months": COUNT}.get(word, DATE)
        return Apply(function, tuple(operand.value for operand in operands), type_)
    if not _all_numbers(place, operands):
        return None
    found = _function_type(place, function, operands)
    if found is None:
        return None
    values = tuple(operand.value for operand in operands)
    folded = fold_function(function, values)
    if folded is not None:
        return constant(place, folded, found, span)
    return Apply(function, tuple(snapped(value) for value in values), found)


def build_first_known(place: Place, operands: Sequence[Operand]) -> Expression | None:
    """`first known of (a, b)`: values of one type."""
    type_ = common_type(place, operands)
    return None if type_ is None else FirstKnown(tuple(snapped(each.value) for each in operands), type_)


def common_type(place: Place, operands: Sequence[Operand]) -> Type | None:
    """The type of a value that is one of several; None after a message."""
    type_ = operands[0].value.type
    for before, operand in pairwise(operands):
        one, other = before.value.type, operand.value.type
        if family(one) is not family(other):
            text, first = place.scope.clause(operand.span), place.scope.clause(before.span)
            message = f"`{text}` is {describe(other)}, `{first}` before it is {describe(one)}"
            place.problems.error("E462", operand.span, message, "give values of one type only")
            return None
        reason = clash(place.scope, before.value, operand.value) if one.is_numeric else None
        if reason is not None:
            report_clash(place, reason, before, operand)
            return None
        type_ = _either_type(type_, other)
    return type_


def _either_type(one: Type, other: Type) -> Type:
    """The type of what is the one or the other; both are of one family."""
    if one == other:
        return one
    match family(one):
        case Family.NUMBER:
            return _joined(one, other)
        case Family.DATE:
            return DATE
        case Family.YES_NO:
            return one
        case Family.TEXT:
            if Kind.TEXT in (one.kind, other.kind):
                return TEXT
            return Type(Kind.CATEGORY, tuple(dict.fromkeys((*one.choices, *other.choices))))


def _need_date(place: Place, word: str, operand: Operand) -> bool:
    if operand.value.type.is_date:
        return True
    text = place.scope.clause(operand.span)
    message = f"`{text}` is {describe(operand.value.type)}, `{ARITY[word][2]}` needs dates"
    advice = "give it a signal of type `date`, a date such as `2026-03-31`, or `today`"
    if word in ("earlier", "later") and operand.value.type.is_numeric:
        advice = "of numbers, write `min(a, b)` or `max(a, b)`"
    place.problems.error("E313", operand.span, message, advice)
    return False


def _function_type(place: Place, function: Function, operands: Sequence[Operand]) -> Type | None:
    first = operands[0]
    if function in (Function.MINIMUM, Function.MAXIMUM, Function.CHANGE):
        type_ = first.value.type
        for before, operand in pairwise(operands):
            reason = clash(place.scope, before.value, operand.value)
            if reason is not None:
                report_clash(place, reason, before, operand)
                return None
            type_ = _joined(type_, operand.value.type)
        return PERCENT if function is Function.CHANGE else type_
    if function is Function.ROUND and len(operands) == 2 and not _are_decimals(place, operands[1]):
        return None
    if function in (Function.LOG2, Function.LOG10, Function.LN, Function.POWER):
        return NUMBER
    if first.value.type.kind is Kind.PERCENT and function is not Function.ABSOLUTE:
        text = place.scope.clause(first.span)
        message = f"`{text}` is a percent, so rounding it leaves 0% or 100%"
        if function is not Function.ROUND or len(operands) == 1:
            place.problems.error("E325", first.span, message, f"round the number: `{function}(100 * {text})`")
            return None
    return first.value.type


def _are_decimals(place: Place, operand: Operand) -> bool:
    value = operand.value
    if isinstance(value, Constant) and value.value in range(10) and value.type.kind is Kind.NUMBER:
        return True
    text = place.scope.clause(operand.span)
    message = f"`{text}` cannot be a number of decimals"
    place.problems.error("E330", operand.span, message, "write a whole number from 0 to 9")
    return False
