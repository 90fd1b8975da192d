"""The rule's own words: why a node has its points, and where in the file that stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from healthdsl.explain.explanation import Badge
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.say_rules import capital, row_words, step_words
from healthdsl.explain.tally import Tally, fired_row, is_curve_row
from healthdsl.explain.words import show_number
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Action, Distribution, Level, Row, RuleNode, Step, Table


def part_reason(names: Names, values: Values, node: Tally) -> tuple[str | None, str | None]:
    """The reason that decided the node's points, and its place."""
    reason: str | None
    row = fired_row(values, node.node, node.variant)
    steps = [change for change in node.changes if change.step is not None and change.after != change.before]
    if row is not None:
        reason = (
            _stood_in(names, values, node, row.reason) or row.reason or _row_text(names, values, node, row)
        )
        line = row.span.line
    elif node.by_policy and node.base is not None:
        reason, line = _stood_in(names, values, node, node.variant.missing.reason), node.node.span.line
    else:
        reason, line = None, node.node.span.line
    if steps:
        said = [change.reason or change.text for change in steps]
        reason = "; ".join([reason, *said] if row is not None and reason else said)
    return reason, names.place(steps[0].span.line if steps and row is None else line)


def loss_reason(names: Names, values: Values, node: Tally, sign: int) -> tuple[str | None, str | None]:
    """Why a node stays behind its best, and the place: of lines of points those that cost some, else those
    that would have brought some. `sign` is -1 where fewer points are better.
    """
    row = fired_row(values, node.node, node.variant)
    reason, place = part_reason(names, values, node)
    if row is not None or node.by_policy or not node.variant.steps:
        return reason, place
    cost = [
        change
        for change in node.changes
        if change.step is not None and sign * (change.after - change.before) < 0
    ]
    if cost:
        return "; ".join(change.reason or change.text for change in cost), names.place(cost[0].span.line)
    made = {change.step for change in node.changes}
    steps = [step for k, step in enumerate(node.variant.steps) if k not in made and _brings(step, sign)]
    if not steps:
        return None, place
    said = "; ".join(step.reason or step_words(names, step) for step in steps)
    return f"Not earned: {said}", names.place(steps[0].span.line)


def _brings(step: Step, sign: int) -> bool:
    """Whether a line of points makes the score better."""
    amount = step.amount.value if isinstance(step.amount, Constant) else None
    return step.action is Action.ADD and isinstance(amount, Fraction) and sign * amount > 0


def _stood_in(names: Names, values: Values, node: Tally, reason: str | None) -> str | None:
    """What counts in place of missing data; None when that did not happen."""
    said = counted_as(names, values, node)
    if said is None:
        return None
    return f"{reason} (not known, counted as {said})" if reason else f"Not known, counted as {said}"


def counted_as(names: Names, values: Values, node: Tally) -> str | None:
    """The points, else the level, that stand in for missing data."""
    if not node.by_policy:
        return None
    badge = level_badge(names, values, node.node)
    if node.points is not None:
        return show_number(node.points)
    return f"\N{LEFT DOUBLE QUOTATION MARK}{badge.label}\N{RIGHT DOUBLE QUOTATION MARK}" if badge else None


def _row_text(names: Names, values: Values, node: Tally, row: Row) -> str:
    """The value and the test that it meets, in words; a rank in words."""
    body = node.variant.body
    assert isinstance(body, Table)
    if is_curve_row(row) and body.ranks_in is not None and node.base is not None:
        return capital(rank_words(node.base, body.ranks_in))
    return row_words(names, body, row, values)


def rank_words(rank: Fraction, distribution: Distribution) -> str:
    """A percentile rank as a person says it; `rank` is 0 to 100."""
    if distribution.day is None:
        among = f"in {distribution.title}"
    else:
        among = f"of the accounts of {date.fromordinal(distribution.day).isoformat()}"
    return f"higher than {show_number(rank, 1)}% {among}"


def band_badge(names: Names, values: Values, node: str) -> Badge | None:
    """The band of a node as people read it."""
    name = values.text(f"{node}__band")
    levels = next((bands.bands for bands in names.ruleset.bands if bands.node == node), ())
    return _badge(levels, name)


def band_title(names: Names, node: str) -> str | None:
    """What the bands of a node are about, where they have a title of their own."""
    return next((bands.title for bands in names.ruleset.bands if bands.node == node), None)


def level_badge(names: Names, values: Values, node: RuleNode) -> Badge | None:
    """The level of a node as people read it."""
    name = values.text(f"{node.name}__level")
    levels = next((known.levels for known in names.ruleset.levels if known.name == node.levels), ())
    return _badge(levels, name)


def _badge(levels: tuple[Level, ...], name: str | None) -> Badge | None:
    if name is None:
        return None
    level = next((level for level in levels if level.name == name), None)
    if level is None:
        return Badge(name=name, label=name)
    return Badge(name=name, label=level.label or name, colour=level.colour)
