"""How one node came to its points, in exact fractions.

Parts with their shares, then the changes after them.

A share is that of the weight which counts: what unknown parts would have weighed is spread over the known
ones. So the parts of an average add up to it, and what one of them lost is told once, in the score's points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import exact, snapped
from healthdsl.explain.explanation import AdjustmentKind
from healthdsl.explain.judge import judge
from healthdsl.explain.reading import POLICY_ROW, Names, Values, opened, signals_read
from healthdsl.explain.say_rules import step_words
from healthdsl.explain.words import show_number
from healthdsl.model.expressions import Expression
from healthdsl.model.ruleset import (
    Cell,
    Combination,
    CurvePoint,
    EdgeRung,
    Formula,
    GridWeight,
    Keys,
    Method,
    Outcome,
    Part,
    Points,
    Rest,
    Row,
    RuleNode,
    SignalWeight,
    Step,
    Table,
    Variant,
    When,
)
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class Counted:
    """One part of a combination. `share` turns its points into the node's.

    `weight` is as written for this account.

    `points` is None when they do not count: none known, weight 0, or the part does not apply.
    """

    method: Method
    part: Part
    node: RuleNode
    applies: bool
    weight: Fraction
    share: Fraction
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a node's own points from `before` to `after`; `text` says in words when it is made.

    `step` is the index of the step that made it.
    """

    kind: AdjustmentKind
    text: str
    before: Fraction
    after: Fraction
    reason: str | None
    span: Span
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """`parts` is empty but for combinations; the last change ends at `points`.

    Without points there are no changes.
    """

    node: RuleNode
    variant: Variant
    method: Method | None
    parts: tuple[Counted, ...]
    base: Fraction | None
    by_policy: bool
    changes: tuple[Change, ...]
    points: Fraction | None

    @property
    def part_sum(self) -> Fraction:
        """What the parts bring by their shares."""
        return sum((c.share * c.points for c in self.parts if c.points is not None), Fraction(0))


def tally(names: Names, values: Values, node: RuleNode) -> Tally | None:
    """The working of a node; None when no variant of it fits."""
    variant = values.variant(node)
    if variant is None:
        return None
    body = variant.body
    parts = _parts(names, values, node, body) if isinstance(body, Combination) else ()
    base, points = values.number(f"{node.name}__base"), values.points(node.name)
    changes = () if points is None or base is None else tuple(_changes(names, values, node, variant, base))
    method = body.method if isinstance(body, Combination) else None
    by_policy = base is not None and policy_used(names, values, node, variant, parts)
    return Tally(node, variant, method, parts, base, by_policy, changes, points)


# Parts -----------------------------------------------------------------------


def _parts(names: Names, values: Values, node: RuleNode, body: Combination) -> tuple[Counted, ...]:
    rows = []
    for k, part in enumerate(body.parts, 1):
        child = names.nodes[part.node]
        applies = _asked(values, node, part, k) and values.applies(child.name)
        weight = _written_weight(values, part)
        counts = applies and (values.number(f"{node.name}__weight_{k}") or 0) > 0
        rows.append((part, child, applies, weight, values.points(child.name) if counts else None))
    shares = _shares(body.method, [(applies, weight, points) for _, _, applies, weight, points in rows])
    return tuple(
        Counted(body.method, *row[:4], share, row[4]) for row, share in zip(rows, shares, strict=True)
    )


def _asked(values: Values, node: RuleNode, part: Part, k: int) -> bool:
    """Whether the part is asked about. Of a node that is not scored the outputs say no of every part."""
    if values.get(f"{node.name}__part_applies_{k}") is not False:
        return True
    masked = values.is_true(f"{node.name}__unscored") or not values.applies(node.name)
    return masked and (part.only_when is None or judge(part.only_when, values) is True)


def _written_weight(values: Values, part: Part) -> Fraction:
    """The weight on paper, whether or not the part is known; a grid is read with the account's own key, a
    signal is what the account says.
    """
    if isinstance(part.weight, Fraction):
        return part.weight
    if isinstance(part.weight, SignalWeight):
        return max(values.number(part.weight.signal) or Fraction(0), Fraction(0))
    key = values.get(part.weight.signal)
    for case in part.weight.cases:
        if not case.keys or (key is not None and any(_same(key, wanted) for wanted in case.keys)):
            return case.weight
    return Fraction(0)


def weight_known(values: Values, part: Part) -> bool:
    """Whether the signal that a weight depends on is there, or something is written for all else."""
    if isinstance(part.weight, Fraction) or values.get(part.weight.signal) is not None:
        return True
    return isinstance(part.weight, GridWeight) and any(not case.keys for case in part.weight.cases)


def _same(value: object, key: Fraction | int | str | bool) -> bool:
    if isinstance(value, bool) or isinstance(key, bool | str):
        return value is key or (isinstance(value, str) and value == key)
    return isinstance(value, int | float) and exact(value) == key


def _shares(method: Method, rows: Sequence[tuple[bool, Fraction, Fraction | None]]) -> list[Fraction]:
    match method:
        case Method.AVERAGE:
            counting = [weight if points is not None else Fraction(0) for _, weight, points in rows]
            whole = sum(counting, Fraction(0))
            return [weight / whole if whole else Fraction(0) for weight in counting]
        case Method.TOTAL:
            return [weight if applies else Fraction(0) for applies, weight, _ in rows]
        case Method.LOWEST | Method.HIGHEST:
            # One part decides, the first of equals: it brings all of the points and the others none.
            known = [(points, k) for k, (_, _, points) in enumerate(rows) if points is not None]
            sign = 1 if method is Method.LOWEST else -1
            chosen = min(known, key=lambda pair: (sign * pair[0], pair[1]))[1] if known else None
            return [Fraction(int(k == chosen)) for k in range(len(rows))]


# Policy ----------------------------------------------------------------------


def policy_used(
    names: Names, values: Values, node: RuleNode, variant: Variant, parts: Sequence[Counted]
) -> bool:
    """Whether the points (if any) stand in for missing data."""
    match variant.body:
        case Table(subject=subject):
            row = fired_row(values, node, variant)
            if values.index(f"{node.name}__row", 0) == POLICY_ROW or row is None:
                return values.index(f"{node.name}__row", 0) == POLICY_ROW
            absent = subject is None or judge(subject, values) is None
            return isinstance(row.key, Rest) and row.key.missing and (absent or not row.key.otherwise)
        case Combination():
            return all(counted.points is None for counted in parts)
        case Formula(value=formula):
            direct = signals_read(opened([formula, *step_expressions(variant)], names.conditions))
            all_missing = bool(direct) and all(values.get(name) is None for name in direct)
            return judge(formula, values) is None or (bool(variant.steps) and all_missing)


def step_reads(step: Step) -> list[Expression]:
    """What the amount of a step is worked out from."""
    if step.per is None:
        return [step.amount]
    above = [] if step.per.above is None else [step.per.above]
    return [step.amount, step.per.quantity, *above]


def step_expressions(variant: Variant) -> list[Expression]:
    """Every expression the steps of a variant read."""
    found: list[Expression] = []
    for step in variant.steps:
        found += step_reads(step)
        if step.condition is not None:
            found.append(step.condition)
    return found


def variant_expressions(variant: Variant) -> list[Expression]:
    """Every expression a variant's points come from: its body, then its steps."""
    return [*_body_expressions(variant), *step_expressions(variant)]


def _body_expressions(variant: Variant) -> list[Expression]:
    match variant.body:
        case Formula(value=value):
            return [value]
        case Combination():
            return []
        case Table(subjects=subjects, rows=rows):
            found = list(subjects)
            for row in rows:
                found += [row.key.condition] if isinstance(row.key, When) else []
                found += [row.result.value] if isinstance(row.result, Points) else []
            return found


# Changes after the base ------------------------------------------------------


def _changes(names: Names, values: Values, node: RuleNode, variant: Variant, base: Fraction) -> list[Change]:
    name, running, changes = node.name, snapped(base), list[Change]()
    points = values.points(name)
    assert points is not None
    for k, step in enumerate(variant.steps):
        after = values.number(f"{name}__after_{k + 1}")
        if after is not None and values.is_true(f"{name}__fired_{k + 1}"):
            after = snapped(after)
            said = step_words(names, step, values)
            changes.append(Change(AdjustmentKind.STEP, said, running, after, step.reason, step.span, k))
            running = after
    if variant.within is not None:
        low, high = variant.within
        after = values.number(f"{name}__within")
        after = min(max(running, low), high) if after is None else snapped(after)
        text = f"held within {show_number(low)} to {show_number(high)}"
        changes.append(Change(AdjustmentKind.WITHIN, text, running, after, None, variant.span))
        running = after
    if variant.round_to is not None:
        places = variant.round_to
        text = "rounded to a whole number"
        if places:
            text = f"rounded to {places} decimal{'s' if places > 1 else ''}"
        changes.append(Change(AdjustmentKind.ROUNDING, text, running, points, None, variant.span))
    if changes:  # snapping moved less than a billionth: the last change takes it along
        last = changes[-1]
        changes[-1] = Change(last.kind, last.text, last.before, points, last.reason, last.span, last.step)
    return changes


# Rows of tables --------------------------------------------------------------


def fired_row(values: Values, node: RuleNode, variant: Variant) -> Row | None:
    """The row of the node's table that gave its result; the `missing` row when the policy did."""
    if not isinstance(variant.body, Table):
        return None
    rows, index = variant.body.rows, values.index(f"{node.name}__row", -1)
    if 0 <= index < len(rows):
        return rows[index]
    if index == POLICY_ROW:
        return next((row for row in rows if isinstance(row.key, Rest) and row.key.missing), None)
    return None


def is_curve_row(row: Row) -> bool:
    """Whether the row is a point of a curve, which speaks together with its neighbour."""
    match row.key:
        case CurvePoint():
            return True
        case EdgeRung() | Keys() | When() | Rest() | Cell():
            return False


def gives_points(variant: Variant) -> bool:
    """Whether missing data ends in points of some kind rather than in none."""
    result = variant.missing.result
    return isinstance(result, Points) or result not in (Outcome.SKIP, Outcome.UNSCORED)
