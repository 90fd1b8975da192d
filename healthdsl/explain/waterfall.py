"""From the best possible score down to the shown one: which part, rule or limit cost how much.

In: the tree of a score and what each node can reach. Out: a `Waterfall` whose amounts add up to the score
as shown, and the points lost of each part. Parts come ranked by what they cost; what happens to the total
follows in its order. Where some best has no bound the waterfall starts at 0 and goes by contributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import added, difference, rounded
from healthdsl.explain.codes import coded, part_codes
from healthdsl.explain.explanation import AdjustmentKind, Cause, Code, LossKind, Waterfall, WaterfallLine
from healthdsl.explain.reasons import loss_reason
from healthdsl.explain.say import quoted
from healthdsl.explain.say_rules import capital, step_words
from healthdsl.explain.tally import Tally, fired_row
from healthdsl.explain.tops import Top, UnboundedError, Walk, top_of, top_points
from healthdsl.explain.tree import Branch, lineage
from healthdsl.explain.words import show_amount
from healthdsl.model.ruleset import Method, Step

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Item:
    """One exact amount on the way.

    `part` is the id of the part that it belongs to, None for the score itself.
    """

    part: str | None
    label: str
    kind: LossKind
    amount: Fraction
    reason: str | None = None
    place: str | None = None
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Descent:
    """The waterfall from the best possible score.

    `lost` holds the points lost of each part by id, as shown.
    """

    waterfall: Waterfall
    causes: tuple[Cause, ...]
    lost: Mapping[str, Decimal]


def descend(walk: Walk, branch: Branch, decimals: int) -> Descent | None:
    """The waterfall of a score that has a number; None when some best possible value has no bound."""
    score = branch.tally
    assert score is not None
    assert score.points is not None
    try:
        start = top_of(walk, branch, score).points
        items = _node_items(walk, branch, Fraction(1))
    except UnboundedError:
        return None
    lines, shown = lay_out(start, _ranked(items, walk.lower_is_better), score.points, decimals)
    sign = 1 if walk.lower_is_better else -1
    lost: dict[str, Decimal] = {}
    for item, amount in shown:
        for part in lineage(item.part):
            lost[part] = added((lost.get(part, Decimal(0)), amount * sign), decimals)
    end = rounded(score.points, decimals)
    waterfall = Waterfall(from_best=True, start=rounded(start, decimals), lines=lines, end=end)
    return Descent(waterfall, _causes(shown, sign), lost)


def by_contribution(score: Tally, items: Sequence[Item], decimals: int) -> Waterfall:
    """The waterfall from 0 to the score, by what each part brings."""
    assert score.points is not None
    lines, _ = lay_out(ZERO, items, score.points, decimals)
    end = rounded(score.points, decimals)
    return Waterfall(from_best=False, start=rounded(ZERO, decimals), lines=lines, end=end)


def lay_out(
    start: Fraction, items: Sequence[Item], end: Fraction, decimals: int
) -> tuple[tuple[WaterfallLine, ...], list[tuple[Item, Decimal]]]:
    """Lines from `start` to `end` in the order given, those that show as 0 left out, and each item's amount
    as shown.
    """
    running, lines, shown = start, [], []
    for position, item in enumerate(items):
        after = end if position == len(items) - 1 else running + item.amount
        amount = difference(running, after, decimals)
        shown.append((item, amount))
        if amount:
            line = WaterfallLine(
                label=item.label,
                kind=item.kind,
                before=rounded(running, decimals),
                amount=amount,
                after=rounded(after, decimals),
                reason=item.reason,
                place=item.place,
            )
            lines.append(line)
        running = after
    return tuple(lines), shown


_PARTS = (LossKind.PART, LossKind.UNKNOWN)


def _ranked(items: Sequence[Item], lower_is_better: bool) -> list[Item]:
    """Limits, then parts by points lost, ties as written; then everything else in its order."""
    parts = [item for item in items if item.kind in _PARTS]
    parts.sort(key=lambda item: -item.amount if lower_is_better else item.amount)
    limits = [item for item in items if item.kind is LossKind.LIMIT]
    rest = [item for item in items if item.kind not in (*_PARTS, LossKind.LIMIT)]
    return [*limits, *parts, *rest]


_CAUSES = (*_PARTS, LossKind.BASE, LossKind.POLICY, LossKind.STEP, LossKind.UNEARNED)


def _causes(shown: Sequence[tuple[Item, Decimal]], sign: int) -> tuple[Cause, ...]:
    found = [
        Cause(
            label=item.label,
            lost=amount * sign,
            kind=item.kind,
            reason=item.reason,
            place=item.place,
            codes=item.codes,
        )
        for item, amount in shown
        if item.kind in _CAUSES and amount * sign > 0
    ]
    return tuple(sorted(found, key=lambda cause: -cause.lost))


# Items -----------------------------------------------------------------------


def _node_items(walk: Walk, branch: Branch, factor: Fraction) -> list[Item]:
    """Amounts that add up to factor * (points - best) of a node."""
    node = branch.tally
    assert node is not None
    assert node.base is not None
    items, top = list[Item](), top_of(walk, branch, node)
    if node.method is Method.AVERAGE or node.method is Method.TOTAL:
        items = _part_items(walk, branch, node, factor)
        reached = factor * top.start + sum((item.amount for item in items), ZERO)
        fall = _rest_of_base(branch, node, factor * node.base - reached)
    else:
        fall = _base_item(walk, branch, node, factor * (node.base - top.start))
    limit = _limit_item(walk, branch, top, factor)
    changes = _change_items(walk, branch, node, factor, top.bonuses)
    return [limit, *items, *([fall] if fall is not None else []), *changes]


def _limit_item(walk: Walk, branch: Branch, top: Top, factor: Fraction) -> Item:
    """The parts of this account cannot give the best there is, or could give more than counts."""
    reached, counts = (show_amount(rounded(each, walk.decimals)) for each in (top.reached, top.points))
    most = "least" if walk.lower_is_better else "most"
    if walk.better(top.reached, top.points):
        side = "below" if walk.lower_is_better else "above"
        label = f"the parts could come to {reached}, {side} the limit of {counts}"
    else:
        label = f"the parts that apply give at {most} {reached}"
    label = f"{branch.title}: {label}" if branch.id else capital(label)
    return Item(branch.id, label, LossKind.LIMIT, factor * (top.reached - top.points))


def _rest_of_base(branch: Branch, node: Tally, amount: Fraction) -> Item | None:
    before = f"{branch.title}: " if branch.id else ""
    if node.by_policy:
        return Item(branch.id, f"{before}Points in place of missing data", LossKind.POLICY, amount)
    return None


def _base_item(walk: Walk, branch: Branch, node: Tally, amount: Fraction) -> Item:
    """What a table, a formula, or the one part that a lowest or highest takes, stays behind its best."""
    deciding = next((child for child in branch.children if child.counted and child.counted.share), None)
    if deciding is not None and deciding.tally is not None and not node.by_policy:
        why = _why(walk, deciding.tally)
        codes = part_codes(walk.values, deciding.tally)
        return Item(deciding.id, deciding.title, LossKind.PART, amount, *why, codes)
    kind = LossKind.POLICY if node.by_policy else LossKind.BASE
    row = fired_row(walk.values, node.node, node.variant)
    codes = coded(*([row] if row is not None else [node.variant.missing] if node.by_policy else []))
    return Item(branch.id, branch.title, kind, amount, *_why(walk, node), codes)


def _part_items(walk: Walk, branch: Branch, node: Tally, factor: Fraction) -> list[Item]:
    """What each applying part stays behind its best."""
    items = list[Item]()
    for child, counted in zip(branch.children, node.parts, strict=False):
        if not counted.share:
            continue
        if counted.points is not None:
            behind = counted.points - top_points(walk, child)
            items += _counted_items(walk, child, factor * counted.share, behind)
        else:
            place = walk.names.place(counted.part.span.line)
            amount = -factor * counted.share * top_points(walk, child)
            items.append(Item(child.id, child.title, LossKind.UNKNOWN, amount, "Not known", place))
    return items


def _counted_items(walk: Walk, child: Branch, factor: Fraction, behind: Fraction) -> list[Item]:
    inner = child.tally
    assert inner is not None
    if child.children and inner.base is not None:
        return _node_items(walk, child, factor)
    return [
        Item(
            child.id,
            child.title,
            LossKind.PART,
            factor * behind,
            *_why(walk, inner),
            part_codes(walk.values, inner),
        )
    ]


def _why(walk: Walk, node: Tally) -> tuple[str | None, str | None]:
    return loss_reason(walk.names, walk.values, node, -1 if walk.lower_is_better else 1)


# Changes after the base ------------------------------------------------------

_LOSS = {
    AdjustmentKind.STEP: LossKind.STEP,
    AdjustmentKind.WITHIN: LossKind.WITHIN,
    AdjustmentKind.ROUNDING: LossKind.ROUNDING,
}


def _change_items(
    walk: Walk, branch: Branch, node: Tally, factor: Fraction, bonuses: Mapping[int, Fraction]
) -> list[Item]:
    before = f"{branch.title}: " if branch.id else ""
    items, unearned, steps = [], dict(bonuses), node.variant.steps
    for change in node.changes:
        missed = ZERO if change.step is None else unearned.pop(change.step, ZERO)
        amount = factor * (change.after - change.before - missed)
        label = f"{before}{change.reason or capital(change.text)}"
        place = walk.names.place(change.span.line)
        why = change.text if change.reason else None
        codes = () if change.step is None else coded(steps[change.step])
        items.append(Item(branch.id, label, _LOSS[change.kind], amount, why, place, codes))
    missing = [
        Item(
            branch.id,
            _unearned(walk, branch, steps[k], factor * amount),
            LossKind.UNEARNED,
            -factor * amount,
            None,
            walk.names.place(steps[k].span.line),
            coded(steps[k]),
        )
        for k, amount in unearned.items()
    ]
    return [*missing, *items]


def _unearned(walk: Walk, branch: Branch, step: Step, amount: Fraction) -> str:
    """`“Gave a reference” would have brought 3`, of a risk score `.. would have taken off 3`."""
    before = f"{branch.title}: " if branch.id else ""
    verb = "would have taken off" if walk.lower_is_better else "would have brought"
    said = quoted(step.reason or step_words(walk.names, step))
    return f"{before}{said} {verb} {show_amount(rounded(abs(amount), walk.decimals))}"
