"""What each part brings.

The table of parts and the adjustments, whose contributions add up to the score as shown.

One running total goes through the tree in written order, so that the parts of a group add up to the group
as shown, and the groups to the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import difference, rounded
from healthdsl.explain.explanation import (
    Adjustment,
    AdjustmentKind,
    LossKind,
    PartKind,
    PartLine,
    SignalLine,
)
from healthdsl.explain.facts import facts_of, missing_inputs
from healthdsl.explain.reading import Names, Values, opened
from healthdsl.explain.reasons import band_badge, level_badge, part_reason
from healthdsl.explain.say_rules import capital
from healthdsl.explain.tally import Change, Counted, Tally, variant_expressions, weight_known
from healthdsl.explain.tree import Branch
from healthdsl.explain.waterfall import Item
from healthdsl.explain.why_not import why_no_points
from healthdsl.explain.words import show_value
from healthdsl.model.expressions import Expression
from healthdsl.model.ruleset import Combination, Formula, Method, Points, Table
from healthdsl.model.types import Kind


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`items` are the same contributions as exact amounts, for a waterfall without bounds."""

    parts: tuple[PartLine, ...]
    adjustments: tuple[Adjustment, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What the lines are made from; `lost` is None where the best possible has no bound."""

    names: Names
    values: Values
    lines: Mapping[str, SignalLine]
    lost: Mapping[str, Decimal] | None
    decimals: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The piece of the score's running total that a node covers.

    `factor` turns the node's points into the score's.
    """

    factor: Fraction
    start: Fraction
    end: Fraction


@dataclass(slots=True)
class _Found:
    telling: Telling
    parts: list[PartLine] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def break_down(telling: Telling, score: Branch) -> Breakdown:
    """The parts and adjustments of a score, in written order."""
    found = _Found(telling)
    points = score.tally.points if score.tally is not None else None
    stretch = None if points is None else _Stretch(Fraction(1), Fraction(0), points)
    _tell_node(found, score, stretch)
    return Breakdown(tuple(found.parts), tuple(found.adjustments), tuple(found.items))


def _tell_node(found: _Found, branch: Branch, stretch: _Stretch | None) -> None:
    """The parts below a node, then its own adjustments."""
    node = branch.tally
    if node is None:
        return
    running = None if stretch is None else stretch.start
    for child in branch.children:
        counted = child.counted
        assert counted is not None
        inner = None
        if stretch is not None and running is not None and node.points is not None:
            brings = counted.share * (counted.points or 0) if not node.by_policy else Fraction(0)
            end = running + stretch.factor * brings
            factor = stretch.factor * counted.share
            inner = _Stretch(factor, running, end) if counted.points is not None else None
            running = end
        _tell_part(found, child, inner, running)
    _tell_adjustments(found, branch, node, stretch, running)


def _tell_part(found: _Found, branch: Branch, stretch: _Stretch | None, running: Fraction | None) -> None:
    telling, counted = found.telling, branch.counted
    assert counted is not None
    totals = None if stretch is None else (stretch.start, stretch.end)
    found.parts.append(part_line(telling, branch, totals, running is not None))
    if stretch is not None and branch.tally is not None and not branch.children:
        amount = stretch.end - stretch.start
        why = part_reason(telling.names, telling.values, branch.tally)
        found.items.append(Item(branch.id, branch.title, LossKind.PART, amount, *why))
    _tell_node(found, branch, stretch)


def part_line(
    telling: Telling, branch: Branch, totals: tuple[Fraction, Fraction] | None, scored: bool = False
) -> PartLine:
    """One line of the table of parts; `totals` are the score's running totals before and after it."""
    names, values, node, counted = telling.names, telling.values, branch.node, branch.counted
    kind, why = _kind(telling, branch)
    reason, place = (None, names.place(node.span.line))
    if branch.tally is not None and kind is PartKind.JUDGED:
        reason, place = part_reason(names, values, branch.tally)
    points = branch.tally.points if branch.tally is not None else None
    contribution = difference(*totals, telling.decimals) if totals is not None else None
    if contribution is None and scored:
        contribution = rounded(Fraction(0), telling.decimals)
    read = variant_expressions(branch.tally.variant) if branch.tally is not None else []
    coverage = values.number(f"{node.name}__coverage")
    percent = counted is not None and counted.method is Method.AVERAGE and counted.applies
    return PartLine(
        id=branch.id or node.name,
        parent=branch.id.rpartition(".")[0] or None if branch.id else None,
        depth=branch.id.count(".") if branch.id else 0,
        name=node.name,
        title=branch.title,
        word=node.word,
        kind=kind,
        facts=facts_of(telling.lines, opened(read, names.conditions)),
        lacks=_lacks(telling, branch, read),
        worth=_worth(branch),
        points=None if points is None else rounded(points, _decimals(telling, branch)),
        badge=band_badge(names, values, node.name) or level_badge(names, values, node),
        weight=_weight(values, counted),
        share=rounded(counted.share * 100, 2) if counted is not None and percent else None,
        contribution=contribution,
        lost=_lost(telling, branch, scored),
        known=_is_known(values, branch),
        coverage=None if coverage is None else rounded(coverage * 100, 1),
        reason=why or reason,
        place=place,
    )


def _weight(values: Values, counted: Counted | None) -> Decimal | None:
    if counted is None or not weight_known(values, counted.part):
        return None
    return rounded(counted.weight, 9)


def _decimals(telling: Telling, branch: Branch) -> int:
    """What a part says of itself comes before what its score says."""
    own = branch.tally.variant.shown_to if branch.tally is not None else None
    return telling.decimals if own is None else own


def _lacks(telling: Telling, branch: Branch, read: Sequence[Expression]) -> tuple[str, ...]:
    """What the record does not have for a part that is not known."""
    values = telling.values
    if branch.children or (values.points(branch.node.name) is not None and _is_known(values, branch)):
        return ()
    return missing_inputs(telling.names, values, read)


def _is_known(values: Values, branch: Branch) -> bool:
    return values.get(f"{branch.node.name}__known") is not False


def _worth(branch: Branch) -> str | None:
    """The points as what they are: an amount of money, a percent, days."""
    node = branch.tally
    if node is None or node.points is None:
        return None
    body = node.variant.body
    if isinstance(body, Formula):
        types = {body.value.type}
    elif isinstance(body, Table):
        types = {row.result.value.type for row in body.rows if isinstance(row.result, Points)}
    else:
        return None
    said = {type_ for type_ in types if type_.kind in (Kind.MONEY, Kind.PERCENT, Kind.DAYS)}
    return show_value(node.points, next(iter(said))) if len(said) == 1 else None


def _lost(telling: Telling, branch: Branch, scored: bool) -> Decimal | None:
    if telling.lost is None or not scored or branch.id is None:
        return None
    return telling.lost.get(branch.id, rounded(Fraction(0), telling.decimals))


def _kind(telling: Telling, branch: Branch) -> tuple[PartKind, str | None]:
    """Whether a part has points, and if not, why."""
    values, name = telling.values, branch.node.name
    if (branch.counted is not None and not branch.counted.applies) or not values.applies(name):
        return PartKind.NOT_APPLICABLE, why_no_points(telling.names, values, branch)
    if values.is_true(f"{name}__unscored"):
        return PartKind.UNSCORED, why_no_points(telling.names, values, branch)
    if values.points(name) is None:
        return PartKind.UNKNOWN, why_no_points(telling.names, values, branch)
    return PartKind.JUDGED, None


# Adjustments -----------------------------------------------------------------


def _tell_adjustments(
    found: _Found, branch: Branch, node: Tally, stretch: _Stretch | None, running: Fraction | None
) -> None:
    """Base or policy, then the changes; their contributions where the node's parts are told."""
    if node.points is None or node.base is None:
        return
    opened = bool(branch.children) or branch.id is None
    first = _base_change(found.telling, node)
    changes = ([first] if first is not None else []) + list(node.changes)
    if stretch is not None and opened and running is not None:
        _tell_with_totals(found, branch, changes, stretch, running)
        return
    shown = changes if opened else [change for change in node.changes if change.after != change.before]
    for change in shown:
        found.adjustments.append(_adjustment(found.telling, branch, change, None))


def _tell_with_totals(
    found: _Found, branch: Branch, changes: list[Change], stretch: _Stretch, running: Fraction
) -> None:
    for position, change in enumerate(changes):
        last = position == len(changes) - 1
        after = stretch.end if last else running + stretch.factor * (change.after - change.before)
        amount = difference(running, after, found.telling.decimals)
        if amount:
            found.adjustments.append(_adjustment(found.telling, branch, change, amount))
        label = capital(change.reason or change.text)
        label = f"{branch.title}: {label}" if branch.id else label
        place = found.telling.names.place(change.span.line)
        found.items.append(
            Item(branch.id, label, LossKind(change.kind), after - running, change.reason, place)
        )
        running = after


def _base_change(telling: Telling, node: Tally) -> Change | None:
    """How the parts, if there are any, become the base."""
    assert node.base is not None
    start = Fraction(0) if node.by_policy else node.part_sum
    missing = node.variant.missing
    if node.by_policy:
        text = "points in place of missing data"
        return Change(AdjustmentKind.POLICY, text, start, node.base, missing.reason, node.node.span)
    if not isinstance(node.variant.body, Combination):
        reason, _ = part_reason(telling.names, telling.values, node)
        return Change(AdjustmentKind.BASE, "starting points", start, node.base, reason, node.node.span)
    return None


def _adjustment(telling: Telling, branch: Branch, change: Change, amount: Decimal | None) -> Adjustment:
    return Adjustment(
        part=branch.id,
        owner=branch.title,
        kind=change.kind,
        text=change.text,
        before=rounded(change.before, telling.decimals),
        after=rounded(change.after, telling.decimals),
        contribution=amount,
        reason=change.reason,
        place=telling.names.place(change.span.line),
    )
