"""One score with everything that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from healthdsl.explain.amounts import DECIMALS, exact, rounded
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.breakdown import Telling, break_down, part_line
from healthdsl.explain.codes import ranked
from healthdsl.explain.explanation import AccountLine, Fact, PartLine, ScoreLine, SignalLine
from healthdsl.explain.facts import facts_of, node_facts
from healthdsl.explain.precision import band_edges, telling_decimals, variant_decimals
from healthdsl.explain.reach import Reaches, best
from healthdsl.explain.reading import Names, Values, opened
from healthdsl.explain.reasons import band_badge, band_title, level_badge
from healthdsl.explain.sentence import summary
from healthdsl.explain.stand_ins import weight_notes
from healthdsl.explain.tally import Tally, variant_expressions
from healthdsl.explain.tops import Walk
from healthdsl.explain.tree import grow
from healthdsl.explain.waterfall import Descent, by_contribution, descend
from healthdsl.explain.why_not import unjudged, why_unscored
from healthdsl.model.ruleset import Combination, RuleNode, Ruleset


@dataclass(frozen=True, slots=True)
class Telltale:
    """What every score is explained from."""

    names: Names
    values: Values
    lines: Mapping[str, SignalLine]
    reaches: Reaches
    account: AccountLine


def explained_nodes(ruleset: Ruleset) -> tuple[RuleNode, ...]:
    """The scores, the main one first; where there are none, the nodes that are no part of another."""
    scores = [node for node in ruleset.nodes if node.word == "score"]
    if not scores:
        used = used_as_parts(ruleset)
        scores = [node for node in ruleset.nodes if node.name not in used]
    return tuple(sorted(scores, key=lambda node: node.name != ruleset.main_score))


def used_as_parts(ruleset: Ruleset) -> set[str]:
    """Names of the nodes that stand as a part in another."""
    bodies = (variant.body for node in ruleset.nodes for variant in node.variants)
    return {part.node for body in bodies if isinstance(body, Combination) for part in body.parts}


def score_line(told: Telltale, node: RuleNode) -> ScoreLine:
    """Everything about one score."""
    names, values = told.names, told.values
    tree = grow(names, values, node)
    lower = lower_is_better(names.ruleset, node.name)
    points = tree.tally.points if tree.tally is not None else None
    decimals = _decimals(names.ruleset, node, tree.tally)
    descent = None
    if points is not None:
        descent = descend(Walk(names, values, told.reaches, lower, decimals), tree, decimals)
    lost = descent.lost if descent is not None else None
    breakdown = break_down(Telling(names, values, told.lines, lost, decimals), tree)
    waterfall = descent.waterfall if descent is not None else None
    if points is not None and waterfall is None and tree.tally is not None:
        waterfall = by_contribution(tree.tally, breakdown.items, decimals)
    level = level_badge(names, values, node)
    # What has a level and no points is known by what its parts say, and none of them has points either.
    wordless = points is None and level is not None
    coverage = None if wordless else values.number(f"{node.name}__coverage")
    line = ScoreLine(
        name=node.name,
        title=names.title(node),
        summary="",
        score=None if points is None else rounded(points, decimals),
        decimals=decimals,
        band=band_badge(names, values, node.name),
        band_title=band_title(names, node.name),
        level=level,
        best=_best(told, node, lower, descent) if points is not None else None,
        scale=_scale(told, node, tree.tally),
        worst=_bound(told, node, not lower, decimals),
        lower_is_better=lower,
        coverage=None if coverage is None else rounded(coverage * 100, 1),
        unscored=() if points is not None else why_unscored(names, values, tree),
        waterfall=waterfall,
        causes=descent.causes if descent is not None else (),
        reasons=ranked(descent.causes if descent is not None else (), tree, values),
        facts=_facts(told, tree.tally),
        parts=breakdown.parts,
        adjustments=breakdown.adjustments,
        unjudged=unjudged(names, values, tree),
        place=names.place(node.span.line),
    )
    weights = weight_notes(names, values, tree)
    return line.model_copy(
        update={"summary": summary(told.account, line, weights), "decimals": _needed(line)}
    )


def _decimals(ruleset: Ruleset, node: RuleNode, worked: Tally | None) -> int:
    """What the ruleset says; where it says nothing, enough to show on which side of a band's edge it is."""
    decimals = variant_decimals(worked.variant if worked is not None else None)
    if worked is None or worked.points is None or worked.variant.shown_to is not None:
        return decimals
    return telling_decimals(worked.points, decimals, band_edges(ruleset, node.name))


def _needed(line: ScoreLine) -> int:
    """The decimals that show every amount of a score in full."""
    amounts = [line.score, line.best, line.waterfall.start if line.waterfall is not None else None]
    for bar in line.waterfall.lines if line.waterfall is not None else ():
        amounts += [bar.before, bar.amount, bar.after]
    for part in line.parts:
        amounts += [part.points, part.contribution, part.lost]
    for change in line.adjustments:
        amounts += [change.before, change.after, change.contribution]
    return max((_places(amount) for amount in amounts if amount is not None), default=0)


def _places(amount: Decimal) -> int:
    return len(f"{amount:f}".partition(".")[2].rstrip("0"))


def _best(told: Telltale, node: RuleNode, lower: bool, descent: Descent | None) -> Decimal | None:
    """Where the waterfall starts; the score itself where rounding took it beyond that."""
    if descent is None:
        return _bound(told, node, lower, DECIMALS)
    ends = (descent.waterfall.start, descent.waterfall.end)
    return min(ends) if lower else max(ends)


def _scale(told: Telltale, node: RuleNode, worked: Tally | None) -> Decimal | None:
    """What the score is out of: the top that the ruleset writes, else a whole number that bounds it."""
    if worked is not None and worked.variant.within is not None:
        low, high = worked.variant.within
        return rounded(high) if low == 0 and high > 0 else None
    reach = told.reaches.get(f"{node.name}__points")
    if reach is None or not 0 <= reach.low < reach.high < float("inf") or reach.high != int(reach.high):
        return None
    return rounded(exact(reach.high))


def _facts(told: Telltale, worked: Tally | None) -> tuple[Fact, ...]:
    """The values that decided a node without parts."""
    if worked is None or isinstance(worked.variant.body, Combination):
        return ()
    read = opened(variant_expressions(worked.variant), told.names.conditions)
    return (*facts_of(told.lines, read), *node_facts(told.names, told.values, read))


def _bound(told: Telltale, node: RuleNode, low: bool, decimals: int) -> Decimal | None:
    value = best(told.reaches, f"{node.name}__points", told.values.points(node.name), low=low)
    return None if value is None else rounded(value, decimals)


def other_lines(told: Telltale, scores: tuple[ScoreLine, ...]) -> tuple[PartLine, ...]:
    """Measures and groups that stand in no score: shown with their points, for rules may read them."""
    seen = {part.name for score in scores for part in score.parts} | {score.name for score in scores}
    telling = Telling(told.names, told.values, told.lines, None, DECIMALS)
    rest = [node for node in told.names.ruleset.nodes if node.name not in seen]
    return tuple(part_line(telling, grow(told.names, told.values, node), None) for node in rest)
