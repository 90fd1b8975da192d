"""What may be compared with what: the words for it, the order of a range, types that go together."""

from __future__ import annotations

from healthdsl.model.expressions import (
    Constant,
    Expression,
    Relation,
    relation_word,
)
from healthdsl.model.types import DATE, Kind
from healthdsl.resolve.arithmetic import Operand, report_clash
from healthdsl.resolve.fold import constant_value
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import Family, clash, describe, family, written
from healthdsl.source import Span
from healthdsl.syntax import expressions as x

RELATIONS = {
    x.Edge.BELOW: Relation.BELOW,
    x.Edge.UP_TO: Relation.UP_TO,
    x.Edge.ABOVE: Relation.ABOVE,
    x.Edge.AT_LEAST: Relation.AT_LEAST,
    x.Edge.BEFORE: Relation.BELOW,
    x.Edge.ON_OR_BEFORE: Relation.UP_TO,
    x.Edge.AFTER: Relation.ABOVE,
    x.Edge.ON_OR_AFTER: Relation.AT_LEAST,
}
OF_NUMBERS = (x.Edge.BELOW, x.Edge.UP_TO, x.Edge.ABOVE, x.Edge.AT_LEAST)


def right_words(place: Place, test: x.EdgeTest, bound: Expression | None, left: Span | None) -> bool:
    """Whether the edge word is one for the bound: dates are `before` and `after`, numbers `below` and
    `above`; a message when not. `left` is what is compared, None in a rung.
    """
    relation, dated = RELATIONS[test.edge], bound is not None and bound.type.is_date
    if dated is (test.edge not in OF_NUMBERS):
        return True
    meant = relation_word(relation, DATE) if dated else relation.value
    subject = "" if left is None else f"{place.scope.clause(left)} "
    message = f"`{test.edge.value}` is for {'numbers' if dated else 'dates'}"
    message += ", and this is a date" if dated else ", and this is a number"
    advice = f"write `{subject}{meant} {place.scope.clause(test.bound.span)}`"
    place.problems.error("E341", test.span, message, advice)
    return False


def right_way(place: Place, low: Expression | None, high: Expression | None, span: Span) -> bool:
    """Whether a range runs from low to high, as far as constants tell."""
    if not isinstance(low, Constant) or not isinstance(high, Constant):
        return True
    if (
        not isinstance(low.value, str | None)
        and not isinstance(high.value, str | None)
        and low.value > high.value
    ):
        text = place.scope.clause(span)
        message = f"`{text}` holds no value, since it runs from high to low"
        place.problems.error("E328", span, message, "write the lower end first")
        return False
    return True


def comparable(place: Place, left: Operand, right: Operand, ordered: bool) -> bool:
    """Whether two values can be compared (`ordered`: by more than equality); a message when not."""
    one, other = family(left.value.type), family(right.value.type)
    if (ordered and Family.TEXT in (one, other)) or (ordered and one is other is Family.YES_NO):
        report_order(place, left if one in (Family.TEXT, Family.YES_NO) else right)
        return False
    if one is not other:
        _report_families(place, left, right)
        return False
    if one is Family.NUMBER:
        reason = clash(place.scope, left.value, right.value)
        if reason is not None:
            report_clash(place, reason, left, right)
            return False
    return True


def report_order(place: Place, operand: Operand) -> None:
    text = place.scope.clause(operand.span)
    message = f"`{text}` is {describe(operand.value.type)}, it has no order to compare by"
    advice = f"ask whether it is a value: `{text} is ..` or `{text} is one of .., ..`"
    if operand.value.type.kind is Kind.YES_NO:
        advice = f"write `{text}` or `not {text}`"
    place.problems.error("E307", operand.span, message, advice)


def _report_families(place: Place, left: Operand, right: Operand) -> None:
    one, other = place.scope.clause(left.span), place.scope.clause(right.span)
    message = f"`{one}` is {describe(left.value.type)}, `{other}` is {describe(right.value.type)}"
    families = {family(left.value.type), family(right.value.type)}
    if Family.YES_NO in families:
        asked = one if left.value.type.kind is Kind.YES_NO else other
        place.problems.error("E306", right.span, message, f"write `{asked}` or `not {asked}`")
    elif Family.DATE in families:
        dated = one if left.value.type.is_date else other
        advice = f"compare it with a date such as `2026-03-31`, or count days: `days from {dated} to today`"
        place.problems.error("E311", right.span, message, advice)
    else:
        plain = right.value if left.value.type.is_text else left.value
        number = constant_value(plain)
        advice = (
            f'text is written in quotes: `"{written(number)}"`'
            if number is not None
            else "compare like with like"
        )
        place.problems.error("E308", right.span, message, advice)
