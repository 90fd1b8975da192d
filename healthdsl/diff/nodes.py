"""Measures, groups and scores: variants, bodies, parts, steps and clauses, and what is told of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from healthdsl.diff.change import Effect
from healthdsl.diff.facts import TITLE, from_to
from healthdsl.diff.rows import merge_body_table
from healthdsl.diff.say_expressions import say, say_number
from healthdsl.diff.say_lines import (
    say_body,
    say_case,
    say_needs,
    say_part,
    say_result,
    say_rounding,
    say_share,
    say_step,
    say_weight,
    say_within,
)
from healthdsl.diff.sequences import Words, by_key, by_likeness, merge_sequence
from healthdsl.diff.walk import Teller, Walk, code, goes, now, quoted
from healthdsl.explain.words import join_words
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.meaning import meaning, same, written
from healthdsl.model.ruleset import (
    Combination,
    Formula,
    GridWeight,
    Guarded,
    Missing,
    Needs,
    Outcome,
    Part,
    Points,
    Rest,
    Result,
    Row,
    RuleNode,
    Step,
    Table,
    ToLevel,
    Variant,
    Weight,
)


def merge_node(walk: Walk, before: RuleNode, after: RuleNode) -> RuleNode:
    """Both versions of a measure, group or score as one."""
    return walk.fields(before, after, NODE)


def _merge_variants(walk: Walk, old: tuple[Variant, ...], new: tuple[Variant, ...]) -> tuple[Variant, ...]:
    if len(old) == len(new) == 1 and old[0].condition is new[0].condition is None:
        return (_merge_workings(walk, old[0], new[0]),)
    words = Words[Variant](
        _merge_variant,
        lambda variant: f"the variant {_variant(variant)} is added",
        lambda variant: f"the variant {_variant(variant)} is removed",
        lambda variant, behind: (
            f"the variant {_variant(variant)} is tried "
            + ("last" if behind is None else f"before {_variant(behind)}")
        ),
    )
    keys = (lambda variant: variant.name or "", lambda variant: _form(variant.condition))
    return merge_sequence(walk, old, new, by_likeness(old, new, keys), words)


def _merge_variant(walk: Walk, before: Variant, after: Variant) -> Variant:
    with walk.within(f"in the variant {_variant(after)}, "):
        return _merge_workings(walk, before, after)


def _merge_workings(walk: Walk, before: Variant, after: Variant) -> Variant:
    """The whole working. A `missing` row of the table is the policy, and is told as a row."""
    rows = [_missing_row(side) for side in (before, after)]
    tellers = {**VARIANT, "body": _merge_start} if _starts(before) and _starts(after) else VARIANT
    if rows == [None, None]:
        return walk.fields(before, after, tellers)
    found = walk.fields(before, after, {**tellers, "missing": _follows_the_row})
    row = _missing_row_of(found.body)
    if row is not None:
        return replace(
            found, missing=replace(after.missing, result=row.result, reason=row.reason, code=row.code)
        )
    return replace(found, missing=before.missing if rows[0] is None else after.missing)


def _starts(variant: Variant) -> bool:
    """Whether it is a number that steps change: `starts at 50`."""
    is_number = isinstance(variant.body, Formula) and isinstance(variant.body.value, Constant)
    return is_number and bool(variant.steps)


def _merge_start(walk: Walk, old: Formula, new: Formula) -> Formula:
    return walk.fields(old, new, START)


def _follows_the_row(_walk: Walk, _old: Missing, new: Missing) -> Missing:
    return new


def _missing_row(variant: Variant) -> Row | None:
    """The row that says what the policy is, where there is one."""
    row = _missing_row_of(variant.body)
    policy = (variant.missing.result, variant.missing.reason)
    return row if row is not None and same((row.result, row.reason), policy) else None


def _missing_row_of(body: Table | Formula | Combination) -> Row | None:
    rows = body.rows if isinstance(body, Table) else ()
    return next((row for row in rows if row.key == Rest(otherwise=False, missing=True)), None)


def _variant(variant: Variant) -> str:
    if variant.name is not None:
        return variant.name
    return "for all others" if variant.condition is None else f"for {code(say(variant.condition))}"


def _form(value: object) -> str:
    return written(meaning(value))


# Bodies ----------------------------------------------------------------------


def _merge_body(
    walk: Walk, old: Table | Formula | Combination, new: Table | Formula | Combination
) -> Table | Formula | Combination:
    if isinstance(old, Table) and isinstance(new, Table):
        return merge_body_table(walk, old, new)
    if isinstance(old, Combination) and isinstance(new, Combination):
        return walk.fields(old, new, COMBINATION)
    if isinstance(old, Formula) and isinstance(new, Formula):
        return walk.fields(old, new, FORMULA)
    said = f"it is worked out by {say_body(new)} instead of {say_body(old)}"
    return walk.pick(Effect.SCORE, said, old, new)


def _merge_parts(walk: Walk, old: tuple[Part, ...], new: tuple[Part, ...]) -> tuple[Part, ...]:
    words = Words[Part](
        lambda walk, before, after: walk.fields(before, after, part_tellers(after)),
        lambda part: f"{say_part(part)} is a part now, with the weight {say_weight(part.weight)}",
        lambda part: f"{part.node} is no longer a part (its weight was {say_weight(part.weight)})",
        lambda part, behind: f"{part.node} is listed {'last' if behind is None else f'before {behind.node}'}",
        Effect.SCORE,
        Effect.EXPLANATION,
    )
    return merge_sequence(walk, old, new, by_key(old, new, lambda part: part.node), words)


def part_tellers(part: Part) -> Mapping[str, Teller]:
    """What is told of a part of a combination."""
    return {
        "node": goes("the part", Effect.SCORE, code),
        "weight": now(Effect.SCORE, lambda old, new: _weights(part.node, old, new)),
        "only_when": now(
            Effect.SCORE,
            lambda old, new: f"{part.node} counts {_only(new)} (before: {_only(old)})",
        ),
        "title": goes(f"what {part.node} is called there", Effect.EXPLANATION, quoted),
    }


def _weights(node: str, old: Weight, new: Weight) -> str:
    """`from 40 to 35`; of a grid the columns that differ."""
    if isinstance(old, GridWeight) and isinstance(new, GridWeight) and _columns(old) == _columns(new):
        pairs = zip(old.cases, new.cases, strict=True)
        changed = [
            f"from {say_number(one.weight)} to {say_number(other.weight)} {say_case(other)}"
            for one, other in pairs
            if one.weight != other.weight
        ]
        return f"the weight of {node} goes {join_words(changed)}"
    return f"the weight of {node} goes from {say_weight(old)} to {say_weight(new)}"


def _columns(weight: GridWeight) -> tuple[object, ...]:
    return weight.signal, *(_form(case.keys) for case in weight.cases)


def _only(condition: Expression | None) -> str:
    return "always" if condition is None else f"only when {code(say(condition))}"


# Steps -----------------------------------------------------------------------


def _merge_steps(walk: Walk, old: tuple[Step, ...], new: tuple[Step, ...]) -> tuple[Step, ...]:
    words = Words[Step](
        _merge_step,
        lambda step: f"the line {code(say_step(step))} is added",
        lambda step: f"the line {code(say_step(step))} is removed",
        lambda step, behind: (
            f"the line {code(say_step(step))} is taken "
            + ("last" if behind is None else f"before {code(say_step(behind))}")
        ),
    )
    keys = (_form, _core, _asked, _reason, _amount)
    return merge_sequence(walk, old, new, by_likeness(old, new, keys), words)


def _merge_step(walk: Walk, before: Step, after: Step) -> Step:
    """The points of a step are told in one sentence, its reason in another."""
    line = code(say_step(before))
    one, other = _core(before), _core(after)
    found = after
    if one != other:
        said = f"the line {line} becomes {code(say_step(after))}"
        if say_step(after) == say_step(before):
            said = f"the line {line} means something else, as what it reads has changed"
        found = walk.pick(Effect.SCORE, said, before, after)
    tellers = {
        "reason": now(
            Effect.EXPLANATION,
            lambda old, new: f"the reason of {line} goes from {quoted(old)} to {quoted(new)}",
        ),
        "code": now(
            Effect.EXPLANATION,
            lambda old, new: f"the code of {line} goes from {old or 'none'} to {new or 'none'}",
        ),
    }
    told = walk.fields(_with_core(before, after), after, tellers)
    return _with_core(told, found)


STEP_CORE = ("action", "amount", "per", "condition")


def _core(step: Step) -> str:
    return _form((step.action, step.amount, step.per, step.condition))


def _with_core(step: Step, core: Step) -> Step:
    """A step with what it does taken from another."""
    return replace(step, action=core.action, amount=core.amount, per=core.per, condition=core.condition)


def _asked(step: Step) -> str | None:
    return None if step.condition is None else _form((step.condition, step.action))


def _reason(step: Step) -> str | None:
    return step.reason


def _amount(step: Step) -> str | None:
    return _form((step.action, step.amount)) if step.condition is not None else _form(step.action)


# Clauses ---------------------------------------------------------------------


def _guards(clause: str, added: str, removed: str) -> Teller:
    """`only when` and `unscored when`: any number of conditions, each with a reason."""

    def merge_one(walk: Walk, before: Guarded, after: Guarded) -> Guarded:
        asked, behind = code(say(after.condition)), f"what stands behind {code(clause)}"
        tellers = {
            "condition": now(Effect.SCORE, lambda old, new: from_to(behind, old, new)),
            "reason": now(
                Effect.EXPLANATION,
                lambda old, new: f"the reason of {asked} goes from {quoted(old)} to {quoted(new)}",
            ),
            "code": now(
                Effect.EXPLANATION,
                lambda old, new: f"the code of {asked} goes from {old or 'none'} to {new or 'none'}",
            ),
        }
        return walk.fields(before, after, tellers)

    words = Words[Guarded](
        merge_one,
        lambda guard: f"{added} {code(say(guard.condition))}",
        lambda guard: f"{removed} {code(say(guard.condition))}",
        lambda guard, behind: (
            f"{code(say(guard.condition))} is asked "
            + ("last" if behind is None else f"before {code(say(behind.condition))}")
        ),
        Effect.SCORE,
        Effect.EXPLANATION,
    )
    keys = (_form, lambda guard: _form(guard.condition), lambda guard: guard.reason)

    def merge(walk: Walk, old: tuple[Guarded, ...], new: tuple[Guarded, ...]) -> tuple[Guarded, ...]:
        return merge_sequence(walk, old, new, by_likeness(old, new, keys), words)

    return merge


def _merge_missing(walk: Walk, before: Missing, after: Missing) -> Missing:
    return walk.fields(before, after, MISSING)


def _tell_policy(old: Result, new: Result) -> str:
    return f"when nothing is known, it {_policy(new)} (before: it {_policy(old)})"


def _policy(result: Result) -> str:
    match result:
        case Outcome.SKIP:
            return "has no points"
        case Outcome.UNSCORED:
            return "makes the account unscored"
        case Outcome.WORST | Outcome.BEST:
            return f"counts as the {result.value} row"
        case Points() | ToLevel():
            return f"counts as {say_result(result)}"


def _merge_needs(walk: Walk, old: Needs | None, new: Needs | None) -> Needs | None:
    if old is not None and new is not None:
        return walk.fields(old, new, NEEDS)
    said = f"what has to be known for a score goes from {say_needs(old)} to {say_needs(new)}"
    return walk.pick(Effect.SCORE, said, old, new)


MISSING: Mapping[str, Teller] = {
    "result": now(Effect.SCORE, _tell_policy),
    "reason": goes("the reason given when nothing is known", Effect.EXPLANATION, quoted),
    "code": goes("its code", Effect.EXPLANATION, str),
}
FORMULA: Mapping[str, Teller] = {
    "value": now(Effect.SCORE, lambda old, new: from_to("the formula", old, new))
}
START: Mapping[str, Teller] = {
    "value": now(Effect.SCORE, lambda old, new: from_to("what it starts at", old, new))
}
COMBINATION: Mapping[str, Teller] = {
    "method": goes("how the parts are combined", Effect.SCORE, lambda method: method.value),
    "parts": _merge_parts,
}
VARIANT: Mapping[str, Teller] = {
    "name": goes("the name of the variant", Effect.EXPLANATION, lambda name: name or "none"),
    "condition": now(Effect.SCORE, lambda old, new: f"the variant is {_taken(new)} (before: {_taken(old)})"),
    "body": _merge_body,
    "missing": _merge_missing,
    "only_when": _guards("only when", "it now applies only when", "it no longer applies only when"),
    "unscored": _guards("unscored when", "it is now unscored when", "it is no longer unscored when"),
    "needs": _merge_needs,
    "steps": _merge_steps,
    "within": goes("what the points are kept within", Effect.SCORE, say_within),
    "round_to": now(
        Effect.SCORE, lambda old, new: f"the points are {say_rounding(new)} (before: {say_rounding(old)})"
    ),
    "shown_to": now(
        Effect.EXPLANATION,
        lambda old, new: f"reports show the points {say_rounding(new)} (before: {say_rounding(old)})",
    ),
}


def _taken(condition: Expression | None) -> str:
    return "taken for all others" if condition is None else f"taken when {code(say(condition))}"


NEEDS: Mapping[str, Teller] = {
    "share": goes("how much weight has to be known for a score", Effect.SCORE, say_share),
    "parts": goes("how many parts have to be known for a score", Effect.SCORE, lambda parts: parts or "none"),
    "reason": goes("the reason given when too little is known", Effect.EXPLANATION, quoted),
}


NODE: Mapping[str, Teller] = {
    "word": now(Effect.SCORE, lambda old, new: f"it is a {new} instead of a {old}"),
    "name": goes("the name", Effect.EXPLANATION, code),
    "title": TITLE,
    "levels": goes("its levels", Effect.SCORE, lambda name: "none" if name is None else code(name)),
    "variants": _merge_variants,
}
