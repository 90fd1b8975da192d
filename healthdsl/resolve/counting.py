"""Counting conditions: `at least 2 of (a, b) above 0`, `count of usage are red`; a group's name means its
parts.
"""

from __future__ import annotations

from fractions import Fraction

from healthdsl.model.expressions import Compare, Constant, CountTrue, Expression, PointsOf, Relation
from healthdsl.model.types import COUNT, Kind
from healthdsl.resolve.aggregates import ask_how_many
from healthdsl.resolve.comparisons import build_test, build_value_test
from healthdsl.resolve.names import find_table
from healthdsl.resolve.scope import Place, Resolve
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x


def build_count(place: Place, node: x.Count, resolve: Resolve) -> Expression | None:
    """How many members are true, or the question whether that many are."""
    if isinstance(node.members, x.Name):
        conditions = _of_group(place, node.members, node, resolve)
    else:
        conditions = [_member(place, member, node, resolve) for member in node.members]
    if conditions is None or any(condition is None for condition in conditions):
        return None
    count = CountTrue(tuple(condition for condition in conditions if condition is not None))
    if node.quantity is x.Quantity.COUNT:
        return count
    if node.quantity is x.Quantity.ALL:
        return Compare(Relation.AT_LEAST, count, Constant(Fraction(len(conditions)), COUNT))
    if node.number is not None and not _can_be(place, node.quantity, node.number, len(conditions)):
        return None
    return ask_how_many(place, node.quantity, node.number, count)


def _member(place: Place, member: x.Expression, node: x.Count, resolve: Resolve) -> Expression | None:
    if node.test is not None:
        return build_test(place, member, node.test, resolve)
    condition = resolve(member, place)
    if condition is None or condition.type.kind is Kind.YES_NO:
        return condition
    if not place.scope.is_news("E301", member.span, "members", str(node.span.start)):
        return None
    text = place.scope.clause(member.span)
    message = f"`{text}` is {describe(condition.type)}, only conditions can be counted"
    advice = "say what to ask of each behind the list, such as `count of (a, b) above 0`"
    place.problems.error("E301", member.span, message, advice)
    return None


def _of_group(place: Place, name: x.Name, node: x.Count, resolve: Resolve) -> list[Expression | None] | None:
    """The test asked of every part of a group."""
    entry = place.scope.nodes.get(name.name)
    if entry is None:
        _report_no_group(place, name)
        return None
    if node.test is None or not entry.parts:
        if not entry.parts and name.name not in place.scope.broken:
            message = f"`{name.name}` has no parts to count"
            advice = f"write a list: `({name.name}, ..)`"
            place.problems.error("E225", name.span, message, advice)
        return None
    if not place.scope.grow(len(entry.parts), name.span):
        return None
    return [_of_part(place, part, name, node.test, resolve) for part in entry.parts]


def _of_part(place: Place, part: str, group: x.Name, test: x.Test, resolve: Resolve) -> Expression | None:
    """The test asked of one part; a part that does not exist is reported where the group is declared."""
    if part not in place.scope.nodes:
        return None
    place.use("node", part)
    return build_value_test(place, PointsOf(part), x.Name(name=part, span=group.span), test, resolve)


def _report_no_group(place: Place, name: x.Name) -> None:
    word, scope = name.name, place.scope
    if word in scope.tables:
        message = f"`{word}` is a table, its rows are asked with `where`"
        advice = f"write `at least 2 of {word} where ..`"
        place.problems.error("E225", name.span, message, advice)
    elif word in scope.signals:
        message = f"`{word}` is a signal, not a group with parts"
        advice = f"write a list: `({word}, ..)`"
        place.problems.error("E225", name.span, message, advice)
    else:
        find_table(place, name)


def _can_be(place: Place, quantity: x.Quantity, number: x.NumberLiteral, members: int) -> bool:
    """Whether that many of the members can be true at all."""
    asked = number.value
    never = {x.Quantity.AT_LEAST: asked > members, x.Quantity.EXACTLY: asked > members}
    never |= {x.Quantity.MORE_THAN: asked >= members, x.Quantity.FEWER_THAN: asked <= 0}
    if not never.get(quantity, False):
        return True
    text = place.scope.clause(number.span)
    message = f"`{quantity} {text}` can never be, there are {members} to count"
    place.problems.error("E452", number.span, message, f"write a number from 1 to {members}")
    return False
