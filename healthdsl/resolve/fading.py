"""What fades: `worth halved every 14 days`, `fading from 60 to 160 days`, `losing 50% per months_ago`.

In: a formula that fades. Out: the same written as a product, so that nothing behind the resolver knows of
fading: the value times a share from 1 down to 0. What is dated after today has not begun to fade.
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from healthdsl.model.expressions import Constant, Expression, Today
from healthdsl.model.types import DAYS, NUMBER
from healthdsl.resolve.arithmetic import Operand, build_function, build_product, build_sum, need_number
from healthdsl.resolve.names import AGE, bind_column, bind_name, bind_today
from healthdsl.resolve.scope import Place, Resolve
from healthdsl.resolve.types import as_percent
from healthdsl.source import Span
from healthdsl.syntax import expressions as x

Faded = x.Halved | x.Fading | x.Losing


def build_fading(place: Place, node: Faded, resolve: Resolve) -> Expression | None:
    """The value times what is left of it; None after a message."""
    value = resolve(node.operand, place)
    left = _share_left(place, node, resolve)
    if value is None or left is None:
        return None
    operand = Operand("*", value, node.operand.span)
    if not need_number(place, operand):
        return None
    return build_product(place, [operand, Operand("*", left, node.span)], node.span)


def _share_left(place: Place, node: Faded, resolve: Resolve) -> Expression | None:
    match node:
        case x.Halved():
            return _half_lives(place, node)
        case x.Fading():
            return _straight_line(place, node)
        case x.Losing():
            return _less_per_unit(place, node, resolve)
        case _:
            assert_never(node)


def _half_lives(place: Place, node: x.Halved) -> Expression | None:
    """`power(0.5, max(0 days, age) / 14 days)`"""
    if node.days.value == 0:
        message = "nothing is halved every 0 days"
        _report(place, node.days.span, message, "write a number of days above 0")
        return None
    age = _age(place, node.span, node.since)
    if age is None:
        return None
    make = _Maker(place, node.span)
    lives = make.product(
        ("*", make.function("max", Constant(Fraction(0), DAYS), age)), ("/", _days(node.days))
    )
    return make.function("power", Constant(Fraction(1, 2), NUMBER), lives)


def _straight_line(place: Place, node: x.Fading) -> Expression | None:
    """`max(0, min(1, (160 days - age) / 100 days))`"""
    if node.first.value >= node.last.value:
        message = "what fades is all there on an earlier day, and gone on a later one"
        _report(place, node.last.span, message, "write the smaller number of days first")
        return None
    age = _age(place, node.span, node.since)
    if age is None:
        return None
    make = _Maker(place, node.span)
    length = Constant(node.last.value - node.first.value, DAYS)
    left = make.product(("*", make.sum(("+", _days(node.last)), ("-", age))), ("/", length))
    return make.within_0_and_1(left)


def _less_per_unit(place: Place, node: x.Losing, resolve: Resolve) -> Expression | None:
    """`max(0, min(1, 1 - 50% * months_ago))`"""
    if not _is_share(place, node.share):
        return None
    share, quantity = resolve(node.share, place), resolve(node.quantity, place)
    if share is None or quantity is None:
        return None
    if not all(
        need_number(place, Operand("", value, of.span))
        for value, of in ((share, node.share), (quantity, node.quantity))
    ):
        return None
    make = _Maker(place, node.span)
    lost = make.product(("*", share), ("*", quantity))
    return make.within_0_and_1(make.sum(("+", Constant(Fraction(1), NUMBER)), ("-", lost)))


def _is_share(place: Place, node: x.Expression) -> bool:
    """Whether what is lost is a percent up to 100%, or is worked out; else that is told."""
    if not isinstance(node, x.NumberLiteral):
        return True
    text = place.scope.clause(node.span)
    if node.unit is x.Unit.NONE:
        message = f"`{text}` is a plain number, a percent is needed here"
        place.problems.error("E303", node.span, message, f"write `{as_percent(node.value)}`")
        return False
    if node.unit is x.Unit.PERCENT and node.value > 1:
        message = f"nothing loses {text} of itself: at 100% it is all gone"
        _report(place, node.span, message, "write a percent up to 100%")
        return False
    return True


def _days(literal: x.NumberLiteral) -> Constant:
    return Constant(literal.value, DAYS)


def _age(place: Place, span: Span, since: x.Name | None) -> Expression | None:
    """Whole days since the date, or the age of the row; None after a message."""
    if since is None and place.table is not None:
        return bind_column(place, place.table, x.Name(name=AGE, span=span))
    if since is None:
        message = "nothing says since when this fades"
        _report(place, span, message, "write the date behind it, such as `since last_visit`")
        return None
    date = bind_name(place, since)
    bind_today(place, span)
    if date is None:
        return None
    return build_function(place, "days", [Operand("", date, since.span), Operand("", Today(), span)], span)


def _report(place: Place, span: Span, message: str, advice: str) -> None:
    place.problems.error("E473", span, message, advice)


class _Maker:
    """Makes formulas of what is a number for sure, or None where one of its parts is."""

    def __init__(self, place: Place, span: Span) -> None:
        self.place, self.span = place, span

    def function(self, word: str, *values: Expression | None) -> Expression | None:
        known = [Operand("", value, self.span) for value in values if value is not None]
        return build_function(self.place, word, known, self.span) if len(known) == len(values) else None

    def product(self, *factors: tuple[str, Expression | None]) -> Expression | None:
        known = [Operand(sign, value, self.span) for sign, value in factors if value is not None]
        return build_product(self.place, known, self.span) if len(known) == len(factors) else None

    def sum(self, *terms: tuple[str, Expression | None]) -> Expression | None:
        known = [Operand(sign, value, self.span) for sign, value in terms if value is not None]
        return build_sum(self.place, known, self.span) if len(known) == len(terms) else None

    def within_0_and_1(self, share: Expression | None) -> Expression | None:
        one = self.function("min", Constant(Fraction(1), NUMBER), share)
        return self.function("max", Constant(Fraction(0), NUMBER), one)
