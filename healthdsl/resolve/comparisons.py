"""Tests behind a left side: edges, ranges, `is`, `is one of`, `is missing`, as comparisons and memberships.

Operands come resolved; `resolve` is handed in for the words behind `is`, which are values first and names
second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from healthdsl.model.expressions import (
    And,
    BandOf,
    Compare,
    Constant,
    Contains,
    Expression,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Relation,
    relation_word,
)
from healthdsl.model.types import DATE, TEXT, Kind
from healthdsl.resolve.arithmetic import Operand, report_clash
from healthdsl.resolve.fold import constant_value, snapped
from healthdsl.resolve.names import node_values, use_node_value
from healthdsl.resolve.scope import Place, Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import Family, clash, describe, family, written
from healthdsl.source import Span
from healthdsl.syntax import expressions as x

Resolve = Callable[[x.Expression, Place], Expression | None]
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
Word = x.Name | x.TextLiteral


def build_test(place: Place, left: x.Expression, test: x.Test, resolve: Resolve) -> Expression | None:
    """`left TEST` as a condition; None after a message."""
    match test:
        case x.IsTest():
            return _build_is(place, left, test, resolve)
        case x.StateTest():
            return _build_state(_state_operand(place, left, resolve), test)
        case x.ContainsTest():
            return _build_contains(place, left, resolve(left, place), test)
        case x.EdgeTest():
            side = (left, _ordered(place, left, resolve(left, place)))
            bound = resolve(test.bound, place) if side[1] is not None else None
            built = _build_edge(place, RELATIONS[test.edge], side, (test.bound, bound))
            return built if built is None or right_words(place, test, bound, left.span) else None
        case x.RangeTest():
            side = (left, _ordered(place, left, resolve(left, place)))
            return _build_range(place, side, test, resolve) if side[1] is not None else None
        case _:
            assert_never(test)


def build_value_test(
    place: Place, value: Expression, shown: x.Name, test: x.Test, resolve: Resolve
) -> Expression | None:
    """The same for a part of a group, which is always a node: `value` is its points, `shown` its name."""
    match test:
        case x.IsTest():
            return _ask_words(place, node_values(place, shown.name), value, (shown, test), resolve)
        case x.StateTest():
            return _build_state(value, test)
        case x.ContainsTest():
            return _build_contains(place, shown, value, test)
        case x.EdgeTest():
            bound = resolve(test.bound, place)
            built = _build_edge(place, RELATIONS[test.edge], (shown, value), (test.bound, bound))
            return built if built is None or right_words(place, test, bound, shown.span) else None
        case x.RangeTest():
            return _build_range(place, (shown, value), test, resolve)
        case _:
            assert_never(test)


# Missing ---------------------------------------------------------------------


def _state_operand(place: Place, left: x.Expression, resolve: Resolve) -> Expression | None:
    value = resolve(left, place)
    if isinstance(value, PointsOf) and isinstance(left, x.Name):
        return known_by(place, value)
    return value


def known_by(place: Place, points: PointsOf) -> Expression:
    """What tells whether a node is known: its points, or its level when no level of it has points."""
    levels = place.scope.level_set_of(points.node)
    type_ = place.scope.level_type(points.node)
    if levels is not None and type_ is not None and all(row.points is None for row in levels.rows):
        return LevelOf(points.node, type_)
    return points


def _build_state(operand: Expression | None, test: x.StateTest) -> Expression | None:
    if operand is None:
        return None
    missing = IsMissing(snapped(operand))
    return Not(missing) if test.known != test.negated else missing


# Contains --------------------------------------------------------------------


def _build_contains(
    place: Place, left: x.Expression, value: Expression | None, test: x.ContainsTest
) -> Expression | None:
    if value is None:
        return None
    text = place.scope.clause(left.span)
    if value.type.kind is not Kind.TEXT:
        message = f"`{text}` is {describe(value.type)}, only text can contain something"
        advice = "compare its value instead"
        if value.type.is_text:
            advice = f"ask for its values: `{text} is one of .., ..`"
        place.problems.error("E336", test.span, message, advice)
        return None
    if not test.text.value:
        message = "every text contains the empty text"
        advice = f"write what to look for, or `{text} is known`"
        place.problems.error("E337", test.text.span, message, advice)
        return None
    condition = Contains(value, test.text.value, test.ignoring_case)
    return Not(condition) if test.negated else condition


# Edges and ranges ------------------------------------------------------------

Side = tuple[x.Expression, Expression | None]


def _build_edge(place: Place, relation: Relation, left: Side, right: Side) -> Expression | None:
    if left[1] is None or right[1] is None:
        return None
    one, other = Operand("", left[1], left[0].span), Operand("", right[1], right[0].span)
    if not comparable(place, one, other, ordered=True):
        return None
    return Compare(relation, snapped(one.value), snapped(other.value))


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


def _build_range(place: Place, left: Side, test: x.RangeTest, resolve: Resolve) -> Expression | None:
    low, high = resolve(test.low, place), resolve(test.high, place)
    from_low = _build_edge(place, Relation.AT_LEAST, left, (test.low, low))
    to_high = _build_edge(place, Relation.UP_TO, left, (test.high, high))
    if from_low is None or to_high is None or not right_way(place, low, high, test.span):
        return None
    return And((from_low, to_high))


def _ordered(place: Place, left: x.Expression, value: Expression | None) -> Expression | None:
    """A left side that has an order; of one that has none, what it is compared with does not matter."""
    if value is None or family(value.type) is not Family.TEXT:
        return value
    _report_order(place, Operand("", value, left.span))
    return None


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
        _report_order(place, left if one in (Family.TEXT, Family.YES_NO) else right)
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


def _report_order(place: Place, operand: Operand) -> None:
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


# is, is one of ---------------------------------------------------------------


def _build_is(place: Place, left: x.Expression, test: x.IsTest, resolve: Resolve) -> Expression | None:
    if isinstance(left, x.Name) and not (place.table and left.name in place.table.columns):
        word, scope = left.name, place.scope
        if word in scope.nodes:
            value = resolve(left, place)
            if _has_unknown_levels(scope, word) and not all(_names_value(place, one) for one in _words(test)):
                return None
            return _ask_words(place, node_values(place, word), value, (left, test), resolve)
    return _ask_words(place, [], resolve(left, place), (left, test), resolve)


def _ask_words(
    place: Place,
    worded: Sequence[BandOf | LevelOf],
    value: Expression | None,
    asked: tuple[x.Expression, x.IsTest],
    resolve: Resolve,
) -> Expression | None:
    """Chooses what the words behind `is` are values of: a signal, else bands, else levels."""
    left, test = asked
    if value is None:
        return None
    words = _words(test)
    texts = [_text(word) for word in words]
    candidates = [value, *worded] if value.type.kind is Kind.CATEGORY else [*worded, value]
    domains = [one for one in candidates if one.type.kind is Kind.CATEGORY]
    chosen = value
    if words and domains and value.type.kind is not Kind.TEXT:
        chosen = max(domains, key=lambda one: _known(texts, one, test.ignoring_case))
        if not _known(texts, chosen, test.ignoring_case) and all(_names_value(place, word) for word in words):
            chosen = value
    use_node_value(place, chosen)
    return _build_choices(place, chosen, left, test, resolve)


def _words(test: x.IsTest) -> list[Word]:
    return [choice for choice in test.choices if isinstance(choice, x.Name | x.TextLiteral)]


def _has_unknown_levels(scope: Scope, node: str) -> bool:
    """Whether a node names levels that do not exist, so that any word may be one of them."""
    names = (declaration.levels for declaration in scope.nodes[node].declarations)
    return any(name is not None and name.name not in scope.level_sets for name in names)


def _known(texts: Sequence[str], domain: Expression, ignoring_case: bool) -> int:
    """How many of the words are values of a domain."""
    if ignoring_case:
        folded = {choice.lower() for choice in domain.type.choices}
        return sum(text.lower() in folded for text in texts)
    return sum(text in domain.type.choices for text in texts)


def _names_value(place: Place, word: Word) -> bool:
    """Whether a word names something that can be compared with."""
    if isinstance(word, x.TextLiteral):
        return False
    scope, name = place.scope, word.name
    if name in scope.broken or (place.table is not None and name in place.table.columns):
        return True
    known = (scope.signals, scope.nodes, scope.flags, scope.named_bands)
    return any(name in each for each in known)


def _text(word: Word) -> str:
    return word.name if isinstance(word, x.Name) else word.value


def _build_choices(
    place: Place, value: Expression, left: x.Expression, test: x.IsTest, resolve: Resolve
) -> Expression | None:
    if test.ignoring_case and not value.type.is_text:
        text = place.scope.clause(left.span)
        message = f"`{text}` is {describe(value.type)}, only text can be compared `ignoring case`"
        place.problems.error("E322", test.span, message, "leave `ignoring case` out")
        return None
    texts: list[str] = []
    others: list[Expression | None] = []
    known = True
    for choice in test.choices:
        if (
            isinstance(choice, x.Name | x.TextLiteral)
            and value.type.is_text
            and _is_value(place, value, choice)
        ):
            texts.append(_text(choice))
            known = not _unknown_value(place, value, left, choice, test.ignoring_case) and known
        else:
            others.append(_build_equal(place, Operand("", value, left.span), choice, resolve))
    found = [other for other in others if other is not None]
    if not known or len(found) < len(others):
        return None
    if texts:
        found.insert(0, Member(value, tuple(texts), test.ignoring_case))
    condition = found[0] if len(found) == 1 else Or(tuple(found))
    return Not(condition) if test.negated else condition


def _is_value(place: Place, value: Expression, word: Word) -> bool:
    """Whether a word behind `is` is meant as a value, not as the name of another signal."""
    if isinstance(word, x.TextLiteral) or word.name in value.type.choices:
        return True
    scope = place.scope
    entry = scope.signals.get(word.name)
    column = place.table.columns.get(word.name) if place.table else None
    for type_ in (column.type if column else None, entry.type if entry else None):
        if type_ is not None and type_.is_text:
            return False
    return True


def _unknown_value(
    place: Place, value: Expression, left: x.Expression, word: Word, ignoring_case: bool
) -> bool:
    """Reports a word that a category, band or level does not have."""
    text, type_ = _text(word), value.type
    if type_.kind is not Kind.CATEGORY or _known([text], value, ignoring_case):
        return False
    if text in place.scope.broken or (isinstance(left, x.Name) and left.name in place.scope.broken):
        return True
    asked = place.scope.clause(left.span)
    what, code = "value", "E206"
    if isinstance(value, BandOf | LevelOf):
        what, code = ("band" if isinstance(value, BandOf) else "level"), "E207"
    advice = did_you_mean(text, type_.choices) or f"`{asked}` is one of {listed(type_.choices)}"
    labels = place.scope.label(asked, "declared here")
    if isinstance(value, LevelOf):
        levels = place.scope.level_set_of(value.node)
        labels = place.scope.label(levels.name.name, "the levels are declared here") if levels else labels
    place.scope.unknown_value(code, word.span, (asked, what, text), advice, labels)
    return True


def _build_equal(place: Place, left: Operand, choice: x.Expression, resolve: Resolve) -> Expression | None:
    if isinstance(choice, x.Name) and _is_truth_word(place, left, choice):
        return None
    if isinstance(choice, x.Name) and isinstance(left.value, PointsOf) and not _names_value(place, choice):
        _report_no_words(place, left.value, choice)
        return None
    if isinstance(choice, x.TextLiteral):
        right: Expression | None = Constant(choice.value, TEXT)
    else:
        right = resolve(choice, place)
    if right is None:
        return None
    operand = Operand("", right, choice.span)
    if not comparable(place, left, operand, ordered=False):
        return None
    if isinstance(right, Constant) and isinstance(right.value, bool):
        return left.value if right.value else Not(left.value)
    return Compare(Relation.IS, snapped(left.value), snapped(right))


def _is_truth_word(place: Place, left: Operand, word: x.Name) -> bool:
    """`is true` for a yes/no signal: reported with the word to write."""
    if left.value.type.kind is not Kind.YES_NO or word.name.lower() not in ("true", "false"):
        return False
    meant = "yes" if word.name.lower() == "true" else "no"
    text = place.scope.clause(left.span)
    place.problems.error(
        "E206", word.span, f"`{text}` has no value `{word.name}`", f"write `{text} is {meant}`"
    )
    return True


def _report_no_words(place: Place, points: PointsOf, word: x.Name) -> None:
    """A node asked for a word while it has neither bands nor levels."""
    if word.name in place.scope.broken:
        return
    if node_values(place, points.node):
        message = f"`points of {points.node}` is a number, `{word.name}` is a word"
        place.problems.error("E207", word.span, message, f"write `{points.node} is {word.name}`")
        return
    entry = place.scope.nodes[points.node]
    named = any(declaration.levels is not None for declaration in entry.declarations)
    if (
        named
        or points.node in place.scope.broken
        or not place.scope.is_news("E229", word.span, points.node, "words")
    ):
        return
    message = f"`{points.node}` has no band or level `{word.name}`: it has neither bands nor levels"
    advice = f"declare `bands {points.node}`, or write `as LEVELS` behind the {entry.word}"
    place.problems.error("E229", word.span, message, advice)
