"""Which rules took or gave points over a whole book, and which measures keep the scores from their best.

Points are points of the main score: those of a rule times the factor of its node (summary_factors). What a
table, curve or formula takes is the distance of its result from the best it can give; what an adjustment
takes or gives is the change it made. Only accounts in which the node counted towards a score are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.batch.summary_factors import factor, handed_on, nodes_below, variant_is, with_factors
from healthdsl.batch.summary_numbers import percent, points, whole
from healthdsl.batch.summary_scores import score_decimals
from healthdsl.batch.summary_sql import Scored, count, literal, total
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.reach import Reaches
from healthdsl.explain.reading import POLICY_ROW, Names
from healthdsl.explain.say_rules import row_words, step_words, without_title
from healthdsl.explain.tally import is_curve_row
from healthdsl.explain.words import show_number
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Points, RuleNode, Ruleset, Table, Variant
from healthdsl.reports.book.model import PartLoss, Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class Rules:
    """What the queries about rules are made from; `scores` is how many accounts have one."""

    scored: Scored
    ruleset: Ruleset
    reaches: Reaches
    scores: int

    @property
    def decimals(self) -> int:
        """The precision in which points are shown."""
        return score_decimals(self.ruleset)

    @property
    def names(self) -> Names:
        return Names.of(self.ruleset)

    @property
    def lower(self) -> bool:
        main = self.ruleset.main_score
        return main is not None and lower_is_better(self.ruleset, main)


def find_reasons(rules: Rules) -> tuple[Reason, ...]:
    """Every rule that moved a score, the commonest first; ties by points, then in the order of the text."""
    relation = with_factors(rules.scored, rules.ruleset)
    found = [reason for node in nodes_below(rules.ruleset) for reason in _reasons_of(rules, relation, node)]
    return tuple(sorted(found, key=lambda reason: (-reason.accounts, -abs(reason.points))))


def find_losses(rules: Rules) -> tuple[PartLoss, ...]:
    """The measures by the points they cost, most first; ties in the order of the text."""
    relation = with_factors(rules.scored, rules.ruleset)
    nodes = [node for node in nodes_below(rules.ruleset) if not any(map(handed_on, node.variants))]
    found = [loss for node in nodes for loss in _loss_of(rules, relation, node)]
    return tuple(sorted(found, key=lambda loss: (-loss.average, -loss.accounts)))


# Measures --------------------------------------------------------------------


def _loss_of(rules: Rules, relation: str, node: RuleNode) -> Iterator[PartLoss]:
    behind = _behind(rules, f"{node.name}__points")
    if behind is None:
        return
    lost, unknown = (
        f"{factor(node.name)} * {behind}",
        f"{rules.scored.output(f'{node.name}__points')} IS NULL",
    )
    has_score = rules.scored.output(f"{rules.ruleset.main_score}__points")
    asked = [count(f"{lost} > 0"), total(lost), count(f"{unknown} AND {has_score} IS NOT NULL")]
    accounts, points_lost, without = rules.scored.row(asked, relation=relation)
    yield PartLoss(
        name=node.name,
        title=rules.names.title(node),
        average=points(float(points_lost) / rules.scores if rules.scores else 0.0, rules.decimals),
        total=points(points_lost, rules.decimals),
        accounts=whole(accounts),
        unknown=whole(without),
    )


def _behind(rules: Rules, output: str) -> str | None:
    """How far an output stays behind the best it can be, 0 or more; None when nothing bounds the best."""
    reach, column = rules.reaches.get(output), rules.scored.output(output)
    if reach is None or column is None or reach.low > reach.high:
        return None
    best = reach.low if rules.lower else reach.high
    if best in (float("inf"), float("-inf")):
        return None
    distance = f"{column} - {literal(best)}" if rules.lower else f"{literal(best)} - {column}"
    return f"GREATEST({distance}, 0.0)"


# Rules -----------------------------------------------------------------------


def _reasons_of(rules: Rules, relation: str, node: RuleNode) -> Iterator[Reason]:
    for index, variant in enumerate(node.variants):
        chosen = variant_is(rules.scored, node, index)
        if isinstance(variant.body, Table):
            yield from _rows(rules, relation, node, variant, chosen)
        elif not handed_on(variant):
            yield from _formula(rules, relation, node, variant, chosen)
        yield from _steps(rules, relation, node, variant, chosen)


def _rows(
    rules: Rules, relation: str, node: RuleNode, variant: Variant, chosen: str | None
) -> Iterator[Reason]:
    """The rows of a table that fired. The points of a curve speak together."""
    row, behind = rules.scored.output(f"{node.name}__row"), _behind(rules, f"{node.name}__base")
    if row is None or behind is None:
        return
    body = variant.body
    assert isinstance(body, Table)
    lost = f"{factor(node.name)} * {behind}"
    asked = [f"{row} AS fired", count(f"{lost} > 0"), total(lost)]
    where = f"WHERE {chosen}\n" if chosen else ""
    curve = (0, 0.0)
    for fired, accounts, taken in rules.scored.rows(
        asked, f"{where}GROUP BY fired\nORDER BY fired", relation
    ):
        if fired is None or not accounts:
            continue
        if fired == POLICY_ROW:
            yield _policy(rules, node, variant, accounts, taken)
        elif fired >= 0 and is_curve_row(body.rows[int(fired)]):
            curve = (curve[0] + accounts, curve[1] + taken)
        elif fired >= 0:
            rule = body.rows[int(fired)]
            said = without_title(row_words(rules.names, body, rule), rules.names.title(node))
            told = _Rule(node, rule.reason, said, ReasonKind.RULE, rule.span.line)
            yield _reason(rules, told, accounts, -taken)
    if curve[0]:
        yield _reason(
            rules, _Rule(node, None, "", ReasonKind.CURVE, variant_line(node, variant)), curve[0], -curve[1]
        )


def _formula(
    rules: Rules, relation: str, node: RuleNode, variant: Variant, chosen: str | None
) -> Iterator[Reason]:
    behind = _behind(rules, f"{node.name}__base")
    if behind is None:
        return
    lost = f"{factor(node.name)} * {behind}"
    accounts, taken = rules.scored.row(
        [count(f"{lost} > 0"), total(lost)], f"WHERE {chosen}" if chosen else "", relation
    )
    if accounts:
        yield _reason(
            rules, _Rule(node, None, "", ReasonKind.CURVE, variant_line(node, variant)), accounts, -taken
        )


def _policy(rules: Rules, node: RuleNode, variant: Variant, accounts: int, taken: float) -> Reason:
    """Points in place of missing data."""
    result = variant.missing.result
    told = "not known"
    if isinstance(result, Points) and isinstance(result.value, Constant):
        value = result.value.value
        told += f", counted as {show_number(value)}" if isinstance(value, Fraction) else ""
    return _reason(
        rules,
        _Rule(node, variant.missing.reason, told, ReasonKind.POLICY, variant_line(node, variant)),
        accounts,
        -taken,
    )


def _steps(
    rules: Rules, relation: str, node: RuleNode, variant: Variant, chosen: str | None
) -> Iterator[Reason]:
    """The adjustments that changed something, each by its own change."""
    if not variant.steps:
        return
    scored, before = rules.scored, scored_base(rules.scored, node)
    asked: list[str] = []
    for k in range(1, len(variant.steps) + 1):
        after = scored.output(f"{node.name}__after_{k}")
        fired = scored.output(f"{node.name}__fired_{k}")
        change = f"{factor(node.name)} * ({after} - {before})"
        moved = f"{fired} AND {change} <> 0"
        asked += [count(moved), total(change, str(fired))]
        before = after
    found = scored.row(asked, f"WHERE {chosen}" if chosen else "", relation)
    for step, accounts, given in zip(variant.steps, found[::2], found[1::2], strict=True):
        if accounts:
            said = step_words(rules.names, step)
            told = _Rule(node, step.reason, said, ReasonKind.STEP, step.span.line)
            yield _reason(rules, told, accounts, given)


def scored_base(scored: Scored, node: RuleNode) -> str | None:
    """The column of a node's points before its steps."""
    return scored.output(f"{node.name}__base")


def variant_line(node: RuleNode, variant: Variant) -> int:
    """The line that a variant stands on; that of the node where it has none of its own."""
    return variant.span.line or node.span.line


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule with its reason and in words; without a text it is all of its node."""

    node: RuleNode
    reason: str | None
    text: str
    kind: ReasonKind
    line: int


def _reason(rules: Rules, rule: _Rule, accounts: int, given: float) -> Reason:
    is_main = rule.node.name == rules.ruleset.main_score
    return Reason(
        part=None if is_main and rule.text else rules.names.title(rule.node),
        reason=rule.reason,
        rule=rule.text,
        kind=rule.kind,
        accounts=accounts,
        share=percent(accounts, rules.scores),
        points=points(given, rules.decimals),
        place=rules.names.place(rule.line),
    )
