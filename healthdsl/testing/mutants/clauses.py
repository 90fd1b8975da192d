"""Mutants of what stands below a measure, group or score: parts, steps, conditions, policies, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from healthdsl.diff.say_expressions import say, say_number
from healthdsl.diff.say_lines import (
    say_needs,
    say_part,
    say_result,
    say_rounding,
    say_step,
    say_weight,
    say_within,
)
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.ruleset import (
    Action,
    GridWeight,
    Guarded,
    Method,
    Missing,
    Needs,
    Part,
    Per,
    Ruleset,
    SignalWeight,
    Step,
    Variant,
    Weight,
)
from healthdsl.model.types import PERCENT
from healthdsl.source import Source
from healthdsl.testing.mutants.expressions import condition_variations, moved_constants, variations
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.mutant import Line, Mutant, line_of_clause
from healthdsl.testing.mutants.rows import Rows, policy_results
from healthdsl.testing.mutants.steps import grid_step, tenth
from healthdsl.testing.mutants.swap import NO_POLICY, swap_part, swap_step, swap_variant

_METHODS = {
    Method.LOWEST: Method.HIGHEST,
    Method.HIGHEST: Method.LOWEST,
    Method.AVERAGE: Method.TOTAL,
    Method.TOTAL: Method.AVERAGE,
}


def other_method(method: Method) -> Method:
    return _METHODS[method]


# Parts ------------------------------------------------------------------------


def part_mutants(ruleset: Ruleset, part: Part, *, alone: bool) -> Iterator[Mutant]:
    line = Line.of(part)
    if not alone:
        yield line.gone(Kind.DROP_PART, swap_part(ruleset, part, None))
    for weight in () if _is_bare(part, line) else _other_weights(part.weight):
        said = (_said_weight(part.weight), _said_weight(weight))
        yield line.changed(Kind.WEIGHT, said, swap_part(ruleset, part, replace(part, weight=weight)))
    if part.only_when is None:
        return
    for kind, condition in _optional(part.only_when):
        changed = replace(part, only_when=condition)
        yield line.changed(kind, (say_part(part), say_part(changed)), swap_part(ruleset, part, changed))


def _is_bare(part: Part, line: Line) -> bool:
    """Whether no weight is written: if one line has a weight, all have."""
    return part.weight == 1 and not line.text.startswith("1 ")


def _said_weight(weight: Weight) -> str:
    return f"weighted by {weight.signal}" if isinstance(weight, SignalWeight) else say_weight(weight)


def _other_weights(weight: Weight) -> Iterator[Weight]:
    match weight:
        case Fraction():
            yield weight + tenth(weight, weight)
        case GridWeight(cases=cases):
            for at, case in enumerate(cases):
                heavier = replace(case, weight=case.weight + tenth(case.weight, case.weight))
                yield replace(weight, cases=(*cases[:at], heavier, *cases[at + 1 :]))
        case SignalWeight():
            yield Fraction(1)
        case _:
            assert_never(weight)


def _optional(condition: Expression) -> Iterator[tuple[Kind, Expression | None]]:
    """A condition left out, then changed."""
    yield Kind.CONDITION, None
    yield from ((v.kind, v.expression) for v in condition_variations(condition))


# Steps ------------------------------------------------------------------------


def step_mutants(ruleset: Ruleset, step: Step) -> Iterator[Mutant]:
    line, said = Line.of(step), say_step(step)
    yield line.gone(Kind.DROP_STEP, swap_step(ruleset, step, None))
    for kind, changed in _other_steps(step):
        yield line.changed(kind, (said, say_step(changed)), swap_step(ruleset, step, changed))


def _other_steps(step: Step) -> Iterator[tuple[Kind, Step]]:
    for kind, amount in _amounts(step.action, step.amount):
        yield kind, replace(step, amount=amount)
    if step.condition is not None:
        for kind, condition in _optional(step.condition):
            yield kind, replace(step, condition=condition)
    if step.per is not None:
        for kind, per in _other_pers(step.per):
            yield kind, replace(step, per=per)


def _amounts(action: Action, amount: Expression) -> Iterator[tuple[Kind, Expression]]:
    match action:
        case Action.ADD | Action.TIMES | Action.CAP | Action.RAISE | Action.SET:
            if isinstance(amount, Constant) and isinstance(amount.value, Fraction):
                value = amount.value
                by = tenth(value, value) * (-1 if value < 0 else 1)
                yield Kind.AMOUNT, replace(amount, value=value + by)
            else:
                yield from ((v.kind, v.expression) for v in variations(amount))
        case _:
            assert_never(action)


def _other_pers(per: Per) -> Iterator[tuple[Kind, Per]]:
    for v in variations(per.quantity):
        yield v.kind, replace(per, quantity=v.expression)
    if isinstance(per.above, Constant):
        for moved in moved_constants(per.above):
            yield Kind.THRESHOLD, replace(per, above=moved)
    if per.limit is not None:
        yield Kind.LIMIT, replace(per, limit=None)
        yield Kind.AMOUNT, replace(per, limit=per.limit + tenth(per.limit, per.limit))
    if per.full:
        yield Kind.ROUNDING, replace(per, full=False)
    yield Kind.AMOUNT, replace(per, each=per.each + tenth(per.each, per.each))


# What applies, what is needed -------------------------------------------------


def guarded_mutants(ruleset: Ruleset, variant: Variant, role: str) -> Iterator[Mutant]:
    """Of the `only when` or the `unscored when` lines, whichever `role` says."""
    several = variant.only_when if role == "only when" else variant.unscored
    for at, guarded in enumerate(several):
        line = Line(guarded.span.line, guarded.text)
        rest = (*several[:at], *several[at + 1 :])
        yield line.gone(Kind.DROP_CLAUSE, _with_guards(ruleset, variant, role, rest))
        for v in condition_variations(guarded.condition):
            changed = replace(guarded, condition=v.expression)
            guards = (*several[:at], changed, *several[at + 1 :])
            said = (f"{role} {say(guarded.condition)}", f"{role} {say(v.expression)}")
            yield line.changed(v.kind, said, _with_guards(ruleset, variant, role, guards))


def _with_guards(ruleset: Ruleset, variant: Variant, role: str, guards: tuple[Guarded, ...]) -> Ruleset:
    if role == "only when":
        return swap_variant(ruleset, variant, replace(variant, only_when=guards))
    return swap_variant(ruleset, variant, replace(variant, unscored=guards))


def needs_mutants(ruleset: Ruleset, variant: Variant, source: Source) -> Iterator[Mutant]:
    needs = variant.needs
    if needs is None:
        return
    line = line_of_clause(source, variant, "needs")
    yield line.gone(Kind.DROP_CLAUSE, swap_variant(ruleset, variant, replace(variant, needs=None)))
    for changed in _other_needs(needs):
        said = (say_needs(needs), say_needs(changed))
        mutated = swap_variant(ruleset, variant, replace(variant, needs=changed))
        yield line.changed(Kind.THRESHOLD, said, mutated)


def _other_needs(needs: Needs) -> Iterator[Needs]:
    if needs.share is not None:
        step = grid_step(needs.share, PERCENT)
        yield from (replace(needs, share=s) for s in (needs.share + step, needs.share - step) if 0 < s <= 1)
    if needs.parts is not None:
        yield from (replace(needs, parts=p) for p in (needs.parts + 1, needs.parts - 1) if p > 0)


def policy_mutants(ruleset: Ruleset, variant: Variant, rows: Rows, source: Source) -> Iterator[Mutant]:
    """Of a clause `missing -> ..`; a `missing` row is a row like any other."""
    policy = variant.missing
    if not policy.written:
        return
    line = line_of_clause(source, variant, "missing")

    def having(missing: Missing) -> Ruleset:
        return swap_variant(ruleset, variant, replace(variant, missing=missing))

    if policy.result != NO_POLICY.result:
        yield line.gone(Kind.DROP_POLICY, having(NO_POLICY))
    for kind, result in policy_results(policy.result, rows):
        said = (f"missing -> {say_result(policy.result)}", f"missing -> {say_result(result)}")
        yield line.changed(kind, said, having(replace(policy, result=result)))


def end_mutants(ruleset: Ruleset, variant: Variant, source: Source) -> Iterator[Mutant]:
    """Of `within` and `round to`."""
    if variant.within is not None:
        line = line_of_clause(source, variant, "within")
        for within in _other_ends(*variant.within):
            mutated = swap_variant(ruleset, variant, replace(variant, within=within))
            said = (say_within(variant.within), say_within(within))
            yield line.changed(Kind.AMOUNT, said, mutated)
        mutated = swap_variant(ruleset, variant, replace(variant, within=None))
        gone = f"within {say_number(variant.within[0])} to {say_number(variant.within[1])}"
        if line.text.startswith("within"):
            yield line.gone(Kind.LIMIT, mutated)
        else:
            yield line.changed(Kind.LIMIT, (f"{gone} .", "."), mutated)
    if variant.round_to is not None:
        line = line_of_clause(source, variant, "round to")
        other = variant.round_to - 1 if variant.round_to else 1
        said = (_rounding(variant.round_to), _rounding(other))
        mutated = swap_variant(ruleset, variant, replace(variant, round_to=other))
        yield line.changed(Kind.ROUNDING, said, mutated)


def _other_ends(low: Fraction, high: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    by = tenth(low, high - low)
    if by < high - low:
        yield low + by, high
        yield low, high - by


def _rounding(decimals: int) -> str:
    return say_rounding(decimals).replace("rounded to a whole", "round to whole").replace("rounded", "round")
