"""Written types: `money in USD`, `percent from 0% to 100%`, `one of free, pro`, and literals of a type."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.expressions import Constant
from healthdsl.model.types import Kind, Type
from healthdsl.resolve.fold import snap
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import TYPE_WORDS, Family, as_percent, clash, describe, family
from healthdsl.source import Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

Value = Fraction | int | str | bool
# What other languages and spreadsheets call the types.
_ELSEWHERE = {
    "integer": "count",
    "int": "count",
    "float": "number",
    "decimal": "number",
    "string": "text",
    "boolean": "yes/no",
    "bool": "yes/no",
    "enum": "one of",
    "category": "one of",
    "currency": "money",
    "datetime": "timestamp",
    "duration": "days",
}


def spec_type(place: Place, spec: n.TypeSpec) -> Type | None:
    """The type a declaration writes; None after a message."""
    word = spec.word.name
    kind = TYPE_WORDS.get(word)
    if kind is None:
        meant = did_you_mean(_ELSEWHERE.get(word.lower(), word), TYPE_WORDS)
        advice = meant or f"write one of {listed(TYPE_WORDS, most=10)}"
        place.problems.error("E208", spec.word.span, f"there is no type `{word}`", advice)
        return None
    if kind is Kind.CATEGORY:
        choices = _choices(place, spec)
        return Type(kind, choices=choices) if choices else None
    if kind is Kind.MONEY:
        return _money(place, spec)
    if spec.currency is not None:
        message = f"`{word}` has no currency"
        place.problems.error("E329", spec.currency.span, message, f"write `money in {spec.currency.name}`")
        return None
    return Type(kind)


def _choices(place: Place, spec: n.TypeSpec) -> tuple[str, ...] | None:
    """The values of a category in written order; None when one of them is no word."""
    first: dict[str, x.Name | x.TextLiteral] = {}
    choices: tuple[x.Expression, ...] = spec.choices
    for choice in choices:
        if not isinstance(choice, x.Name | x.TextLiteral):
            text = place.scope.clause(choice.span)
            message = f"`{text}` is a number, the values of a category are words"
            place.problems.error("E334", choice.span, message, f'write it in quotes: `"{text}"`')
            return None
        text = choice.name if isinstance(choice, x.Name) else choice.value
        if text in first:
            labels = (Label(first[text].span, "first written here"),)
            place.problems.error(
                "E219", choice.span, f"`{text}` is listed twice", "remove one of the two", labels
            )
        first.setdefault(text, choice)
    return tuple(first)


def _money(place: Place, spec: n.TypeSpec) -> Type | None:
    if spec.currency is None:
        message = "`money` needs its currency"
        place.problems.error("E329", spec.word.span, message, "write the code of it, such as `money in USD`")
        return None
    code = spec.currency.name
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        message = f"`{code}` is no currency code"
        place.problems.error(
            "E329", spec.currency.span, message, "write three capitals, such as `money in USD`"
        )
        return None
    return Type(Kind.MONEY, currency=code)


def spec_range(
    place: Place, spec: n.TypeSpec | None, type_: Type | None
) -> tuple[Fraction | None, Fraction | None]:
    """The bounds of `from A to B`, `from A` or `up to B`, None where there are none."""
    if spec is None or spec.within is None or type_ is None:
        return None, None
    if not type_.is_numeric:
        message = f"only numbers have a range, not {describe(type_)}"
        place.problems.error("E317", spec.within.span, message, "leave the range out")
        return None, None
    low, high = (_bound(place, bound, type_) for bound in (spec.within.low, spec.within.high))
    if low is not None and high is not None and low > high:
        text = place.scope.clause(spec.within.span)
        message = f"`{text}` holds no value, since it runs from high to low"
        place.problems.error("E328", spec.within.span, message, "write the lower end first")
        return None, None
    return low, high


def _bound(place: Place, bound: x.Expression | None, type_: Type) -> Fraction | None:
    value = None if bound is None else literal(place, bound, type_)
    return value if isinstance(value, Fraction) else None


# Literals of a type ----------------------------------------------------------


def literal(place: Place, node: x.Expression, type_: Type, what: str = "") -> Value | None:
    """The value of a written literal that must be of `type_`; None after a message. `what` has the type."""
    match node:
        case x.Name() | x.TextLiteral():
            return _word(place, node, type_, what)
        case x.DateLiteral() if type_.is_date:
            return node.ordinal
        case x.DateLiteral():
            _wrong(place, node.span, type_)
            return None
        case x.NumberLiteral():
            return _number(place, node, node, 1, type_)
        case x.Negative(operand=x.NumberLiteral() as number):
            return _number(place, node, number, -1, type_)
        case _:
            text = place.scope.clause(node.span)
            message = f"`{text}` is a formula, a plain value is needed here"
            place.problems.error("E333", node.span, message, f"write {_example(type_)}")
            return None


def _word(place: Place, node: x.Name | x.TextLiteral, type_: Type, what: str) -> Value | None:
    text = node.name if isinstance(node, x.Name) else node.value
    if type_.kind is Kind.CATEGORY:
        if text in type_.choices:
            return text
        advice = did_you_mean(text, type_.choices) or f"write one of {listed(type_.choices)}"
        labels = place.scope.label(what, "declared here") if what else ()
        place.scope.unknown_value("E206", node.span, (what, "value", text), advice, labels)
        return None
    if type_.kind is Kind.TEXT:
        return text
    if type_.kind is Kind.YES_NO and isinstance(node, x.Name) and text in ("yes", "no"):
        return text == "yes"
    _wrong(place, node.span, type_)
    return None


def _number(
    place: Place, node: x.Expression, number: x.NumberLiteral, sign: int, type_: Type
) -> Fraction | None:
    if family(type_) is not Family.NUMBER:
        _wrong(place, node.span, type_)
        return None
    value = number.value * sign
    units = {x.Unit.NONE: Kind.NUMBER, x.Unit.PERCENT: Kind.PERCENT, x.Unit.DAYS: Kind.DAYS}
    found = Constant(value, Type(units[number.unit]))
    if type_.kind is Kind.PERCENT and number.unit is x.Unit.NONE and value != 0:
        text = place.scope.clause(node.span)
        message = f"`{text}` is a plain number, a percent is needed here"
        place.problems.error("E303", node.span, message, f"write `{as_percent(value)}`")
        return None
    # Held against a value of the type itself, which is no constant a user wrote.
    reason = clash(place.scope, Constant(None, type_), found)
    if reason is not None:
        _wrong(place, node.span, type_)
        return None
    if type_.is_whole and value.denominator != 1:
        text = place.scope.clause(node.span)
        message = f"`{text}` is not whole, and {describe(type_)} always is"
        place.problems.error("E333", node.span, message, "write a whole number, or declare the type `number`")
        return None
    return snap(value)


def _wrong(place: Place, span: Span, type_: Type) -> None:
    text = place.scope.clause(span)
    message = f"`{text}` is not {'one of the values' if type_.kind is Kind.CATEGORY else describe(type_)}"
    place.problems.error("E333", span, message, f"write {_example(type_)}")


def _example(type_: Type) -> str:
    """A literal of the type, as help shows it."""
    if type_.kind is Kind.CATEGORY:
        return f"one of {listed(type_.choices)}"
    examples = {
        Kind.PERCENT: "a percent such as `45%`",
        Kind.DAYS: "days such as `30 days`",
        Kind.DATE: "a date such as `2026-03-31`",
        Kind.TIMESTAMP: "a date such as `2026-03-31`",
        Kind.YES_NO: "`yes` or `no`",
        Kind.TEXT: 'text in quotes, such as `"web"`',
        Kind.COUNT: "a whole number such as `12`",
    }
    return examples.get(type_.kind, "a number such as `40`")
