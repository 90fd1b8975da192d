"""Tests behind a left side: edges, ranges, `is`, `is one of`, `is missing`, as comparisons and memberships.

Operands come resolved; `resolve` is handed in for the words behind `is` (`choices`).
"""

from __future__ import annotations

from typing import assert_never

from healthdsl.model.expressions import (
    And,
    Compare,
    Contains,
    Expression,
    IsMissing,
    LevelOf,
    Not,
    PointsOf,
    Relation,
)
from healthdsl.model.types import Kind
from healthdsl.resolve.arithmetic import Operand
from healthdsl.resolve.choices import ask_words, build_is
from healthdsl.resolve.edges import RELATIONS, comparable, report_order, right_way, right_words
from healthdsl.resolve.fold import snapped
from healthdsl.resolve.names import node_values
from healthdsl.resolve.scope import Place, Resolve
from healthdsl.resolve.types import Family, describe, family
from healthdsl.syntax import expressions as x


def build_test(place: Place, left: x.Expression, test: x.Test, resolve: Resolve) -> Expression | None:
    """`left TEST` as a condition; None after a message."""
    match test:
        case x.IsTest():
            return build_is(place, left, test, resolve)
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
            return ask_words(place, node_values(place, shown.name), value, (shown, test), resolve)
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
    report_order(place, Operand("", value, left.span))
    return None
