"""Why something has no points: it does not apply, it is not scored, or nothing is known.

In plain sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.explain.explanation import Unjudged
from healthdsl.explain.facts import missing_inputs
from healthdsl.explain.judge import judge
from healthdsl.explain.reading import Names, Values, nodes_read, signals_read
from healthdsl.explain.say import condition_words
from healthdsl.explain.say_rules import guard_words, row_words, step_words
from healthdsl.explain.tally import Tally, fired_row, step_reads, variant_expressions
from healthdsl.explain.tree import Branch
from healthdsl.explain.undefined import why_undefined
from healthdsl.explain.words import join_words, plural, show_number, show_value
from healthdsl.model.expressions import Expression
from healthdsl.model.ruleset import Guarded, Outcome, Row, RuleNode, Table, ToLevel

DEEPEST = 30


def why_no_points(names: Names, values: Values, branch: Branch) -> str:
    """One sentence on a part without points."""
    node, counted = branch.node, branch.counted
    if counted is not None and counted.part.only_when is not None and not counted.applies:
        return (
            f"Does not apply: only where {condition_words(names, counted.part.only_when)}"
            if values.applies(node.name)
            else _not_applying(names, values, node)
        )
    if not values.applies(node.name):
        return _not_applying(names, values, node)
    if values.is_true(f"{node.name}__unscored"):
        return join_words(why_unscored(names, values, branch)) or "Not scored"
    return why_unknown(names, values, branch.tally)


def _not_applying(names: Names, values: Values, node: RuleNode) -> str:
    variant = values.variant(node)
    if variant is None:
        return _no_variant(names, values, node)
    failing = next((guard for guard in variant.only_when if judge(guard.condition, values) is not True), None)
    guard = failing or (variant.only_when[0] if variant.only_when else None)
    if guard is None:
        return "Does not apply"
    why = guard.reason or f"only where {condition_words(names, guard.condition)}"
    return f"Does not apply: {why}"


def _no_variant(names: Names, values: Values, node: RuleNode) -> str:
    """None of the kinds of account that it is made for, or it is not known of which kind this one is."""
    asked = [each.condition for each in node.variants if each.condition is not None]
    lacking = missing_inputs(names, values, asked)
    if lacking:
        return f"Not known which of its rules holds, without {join_words(lacking)}"
    return "Does not apply: none of its rules is for this account"


def why_unknown(names: Names, values: Values, node: Tally | None) -> str:
    """What a node without points lacks."""
    if node is None:
        return "Does not apply: none of its rules is for this account"
    row = fired_row(values, node.node, node.variant)
    if row is not None and row.result is Outcome.SKIP:
        return row.reason or f"Left out: {_row(names, values, node, row)}"
    if row is not None and isinstance(row.result, ToLevel) and row.reason is not None:
        return row.reason
    unfit = _no_row_fits(names, values, node) if row is None else None
    if unfit is not None:
        return unfit
    asked = variant_expressions(node.variant)
    lacking = missing_inputs(names, values, asked)
    derived = {signal.title for signal in names.ruleset.signals if signal.formula is not None}
    cause = why_undefined(names, values, asked) if derived.issuperset(lacking) else None
    if cause is not None:
        return f"Cannot be worked out: {cause}"
    if lacking:
        return f"Missing: {join_words(lacking)}"
    if node.parts:
        return "None of its parts is known"
    others = [name for name in nodes_read(variant_expressions(node.variant)) if values.points(name) is None]
    if others:
        return f"Without points: {join_words([names.title(names.nodes[name]) for name in others])}"
    if isinstance(node.variant.body, Table) and row is None:
        return "No row fits"
    if row is not None:
        return _row(names, values, node, row)
    return "Cannot be worked out from these values"


def _row(names: Names, values: Values, node: Tally, row: Row) -> str:
    assert isinstance(node.variant.body, Table)
    return row_words(names, node.variant.body, row, values)


def _no_row_fits(names: Names, values: Values, node: Tally) -> str | None:
    """A value is there, but the table has a gap where it stands."""
    body = node.variant.body
    if not isinstance(body, Table) or not body.subjects:
        return None
    if any(judge(subject, values) is None for subject in body.subjects):
        return None
    signals = [names.signals[name] for name in signals_read(body.subjects)]
    shown = [show_value(values.get(signal.name), signal.type) for signal in signals]
    what = "cell" if body.cells else "row"
    return f"No {what} fits {join_words(shown)}" if shown else None


# Unscored --------------------------------------------------------------------


def why_unscored(names: Names, values: Values, branch: Branch) -> tuple[str, ...]:
    """Why a node is not scored; that of its parts when one of them is the cause."""
    node = branch.node
    if not values.applies(node.name):
        return (_not_applying(names, values, node),)
    worked = branch.tally
    if worked is None:
        return (_no_variant(names, values, node),)
    found = [guard_words(names, guard, values) for guard in _true_guards(worked.variant.unscored, values)]
    row = fired_row(values, node, worked.variant)
    if row is not None and row.result is Outcome.UNSCORED:
        found.append(row.reason or _row(names, values, worked, row))
    for child in branch.children:
        if (
            child.counted is not None
            and child.counted.applies
            and values.is_true(f"{child.node.name}__unscored")
        ):
            said = join_words(why_unscored(names, values, child))
            found.append(f"{child.title} is not scored ({said})" if said else f"{child.title} is not scored")
    found += _needs(values, worked)
    if not found and worked.base is None:
        found.append(worked.variant.missing.reason or why_unknown(names, values, worked))
    if not found and worked.variant.unscored:
        found += [guard_words(names, guard) for guard in worked.variant.unscored]
    return tuple(dict.fromkeys(found))


def _true_guards(guards: Sequence[Guarded], values: Values) -> list[Guarded]:
    return [guard for guard in guards if judge(guard.condition, values) is True]


def _needs(values: Values, node: Tally) -> list[str]:
    needs = node.variant.needs
    if needs is None or node.base is None:
        return []
    found = []
    coverage = values.number(f"{node.node.name}__coverage")
    if needs.share is not None and coverage is not None and coverage < needs.share:
        known, wanted = show_number(coverage * 100, 1), show_number(needs.share * 100)
        found.append(f"{known}% of the weight is known, {wanted}% is needed")
    if needs.parts is not None:
        known_parts = sum(values.is_true(f"{counted.node.name}__known") for counted in node.parts)
        if known_parts < needs.parts:
            are = "is" if known_parts == 1 else "are"
            found.append(f"{plural(known_parts, 'part')} {are} known, {needs.parts} are needed")
    return [f"{needs.reason} ({text})" for text in found] if needs.reason else found


# Rules that could not be judged ----------------------------------------------


def unjudged(names: Names, values: Values, branch: Branch) -> tuple[Unjudged, ...]:
    """Steps, rows and parts below a node that lack what they ask about, in written order."""
    found: list[Unjudged] = []
    _gather(names, values, branch, found)
    return tuple(dict.fromkeys(found))


def _gather(names: Names, values: Values, branch: Branch, found: list[Unjudged]) -> None:
    for child in branch.children:
        counted = child.counted
        if counted is not None and not counted.applies:
            continue
        if child.tally is not None and values.points(child.node.name) is None and not child.children:
            why = why_no_points(names, values, child)
            place = names.place(child.node.span.line)
            lacks = missing_inputs(names, values, variant_expressions(child.tally.variant))
            found.append(Unjudged(owner=child.title, text=child.title, why=why, lacks=lacks, place=place))
        _gather(names, values, child, found)
    if branch.tally is not None and values.points(branch.node.name) is not None:
        found += _unknown_steps(names, values, branch, branch.tally)


def _unknown_steps(names: Names, values: Values, branch: Branch, node: Tally) -> list[Unjudged]:
    found = []
    for k, step in enumerate(node.variant.steps, 1):
        if values.is_true(f"{node.node.name}__fired_{k}"):
            continue
        if _is_unknown(values, step.condition, step_reads(step)):
            lacking = missing_inputs(names, values, [*step_reads(step), *_condition(step.condition)])
            why = f"Missing: {join_words(lacking)}" if lacking else "What it asks about has no value"
            text = step.reason or step_words(names, step)
            place = names.place(step.span.line)
            found.append(Unjudged(owner=branch.title, text=text, why=why, lacks=lacking, place=place))
    return found


def _condition(condition: Expression | None) -> list[Expression]:
    return [] if condition is None else [condition]


def _is_unknown(values: Values, condition: Expression | None, amounts: Sequence[Expression]) -> bool:
    """Unknown condition, or a true one with an amount that is missing."""
    asked = True if condition is None else judge(condition, values)
    if asked is None:
        return True
    return asked is True and any(judge(amount, values) is None for amount in amounts)
