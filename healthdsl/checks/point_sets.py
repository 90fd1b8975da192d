"""The points that a node can have, where they are few enough to be listed: 0, 1, 2 .. 10 for an Apgar score.

A set holds every value that the node can have, and perhaps more. It is exact arithmetic on what is written:
results of rows, steps of a fixed size, weights. A node of any other kind has no set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.ruleset import (
    Action,
    Combination,
    Formula,
    Method,
    Outcome,
    Points,
    Result,
    RuleNode,
    Ruleset,
    Step,
    Table,
    TableKind,
    ToLevel,
    Variant,
)

MOST = 500
GRID = 10**9
Sets = Mapping[str, frozenset[Fraction]]


def point_sets(ruleset: Ruleset) -> dict[str, frozenset[Fraction]]:
    """The sets of all nodes that have one; a node is looked at once all its parts are."""
    levels = {(each.name, level.name): level.points for each in ruleset.levels for level in each.levels}
    found: dict[str, frozenset[Fraction]] = {}
    waiting = list(ruleset.nodes)
    while waiting:
        parts = {node.name for node in waiting}
        ready = [node for node in waiting if not _parts(node) & parts]
        if not ready:
            break
        for node in ready:
            values = _of_node(node, levels, found)
            if values is not None:
                found[node.name] = values
        done = {node.name for node in ready}
        waiting = [node for node in waiting if node.name not in done]
    return found


def _parts(node: RuleNode) -> set[str]:
    return {
        part.node
        for variant in node.variants
        if isinstance(variant.body, Combination)
        for part in variant.body.parts
    }


Levels = Mapping[tuple[str, str], Fraction | None]


def _of_node(node: RuleNode, levels: Levels, sets: Sets) -> frozenset[Fraction] | None:
    together: set[Fraction] = set()
    for variant in node.variants:
        values = _of_variant(node, variant, levels, sets)
        if values is None:
            return None
        together |= values
    return frozenset(together) if len(together) <= MOST else None


def _of_variant(node: RuleNode, variant: Variant, levels: Levels, sets: Sets) -> set[Fraction] | None:
    if variant.round_to is not None:
        return None
    values = _of_body(node, variant, levels, sets)
    policy = _result(variant.missing.result, node, levels)
    if values is None or policy is None:
        return None
    values |= policy
    for step in variant.steps:
        values = _after(values, step)
        if values is None or len(values) > MOST:
            return None
    if variant.within is not None:
        low, high = variant.within
        values = {min(max(value, low), high) for value in values}
    return values


def _of_body(node: RuleNode, variant: Variant, levels: Levels, sets: Sets) -> set[Fraction] | None:
    match variant.body:
        case Table(kind=TableKind.CURVE):
            return None
        case Table(rows=rows):
            return _together(_result(row.result, node, levels) for row in rows)
        case Formula(value=value):
            fixed = _number(value)
            return None if fixed is None else {fixed}
        case Combination():
            return _combined(variant.body, sets)


def _result(result: Result, node: RuleNode, levels: Levels) -> set[Fraction] | None:
    """What a result gives; `worst` and `best` are among the rows anyway."""
    match result:
        case Points(value=value):
            fixed = _number(value)
            return None if fixed is None else {fixed}
        case ToLevel(name=name):
            points = levels.get((node.levels or "", name))
            return set() if points is None else {points}
        case Outcome():
            return set()


def _together(sets: Iterable[set[Fraction] | None]) -> set[Fraction] | None:
    found: set[Fraction] = set()
    for each in sets:
        if each is None:
            return None
        found |= each
    return found


def _number(value: Expression) -> Fraction | None:
    return value.value if isinstance(value, Constant) and isinstance(value.value, Fraction) else None


def _after(values: set[Fraction], step: Step) -> set[Fraction] | None:
    """The values behind a step that may be taken or not."""
    amount = _number(step.amount)
    if amount is None or step.per is not None:
        return None
    match step.action:
        case Action.ADD:
            changed = {value + amount for value in values}
        case Action.TIMES:
            changed = {_snapped(value * amount) for value in values}
        case Action.CAP:
            changed = {min(value, amount) for value in values}
        case Action.RAISE:
            changed = {max(value, amount) for value in values}
        case Action.SET:
            changed = {amount}
    return changed if step.condition is None else values | changed


def _snapped(value: Fraction) -> Fraction:
    size = Fraction(int(abs(value) * GRID + Fraction(1, 2)), GRID)
    return -size if value < 0 else size


def _combined(body: Combination, sets: Sets) -> set[Fraction] | None:
    if any(part.node not in sets or not isinstance(part.weight, Fraction) for part in body.parts):
        return None
    match body.method:
        case Method.LOWEST | Method.HIGHEST:
            return {value for part in body.parts for value in sets[part.node]}
        case Method.TOTAL:
            totals = {Fraction(0)}
            for part in body.parts:
                assert isinstance(part.weight, Fraction)
                scaled = {_snapped(part.weight * value) for value in sets[part.node]} | {Fraction(0)}
                totals = {total + value for total in totals for value in scaled}
                if len(totals) > MOST:
                    return None
            return totals
        case Method.AVERAGE:
            return None
