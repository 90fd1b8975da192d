"""Measures, groups and scores to operations, in the order the language gives them a meaning:

variant, `only when`, `unscored when`, the body, the policy for missing values, coverage and needs, steps,
the end. Every variant is worked out by itself; the outputs choose among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from healthdsl.graph.lower_combinations import CombinationOps, lower_combination, needs_met
from healthdsl.graph.lower_expressions import lower_expression
from healthdsl.graph.lower_steps import EndOps, StepOps, lower_end, lower_steps
from healthdsl.graph.lower_tables import Base, TableScope, all_missing, instead, lower_table, policy_branch
from healthdsl.graph.reading import body_expressions, step_expressions
from healthdsl.graph.scope import NodeOps, Scope
from healthdsl.model.ruleset import (
    Combination,
    Formula,
    Guarded,
    RuleNode,
    Table,
    TableKind,
    Variant,
)
from healthdsl.model.types import TEXT


@dataclass(frozen=True, slots=True)
class Working:
    """One variant of a node as operations; `worked`: nothing before the body stopped it."""

    base: Base
    worked: int
    steps: tuple[StepOps, ...]
    end: EndOps
    result: NodeOps
    parts: CombinationOps | None


def lower_node(scope: Scope, node: RuleNode) -> None:
    """Enter the finished node into `scope` and name its outputs."""
    workings = [_work(scope, node, variant) for variant in node.variants]
    graph = scope.builder
    chosen = [
        graph.truth(True)
        if variant.condition is None
        else graph.is_true(lower_expression(scope, variant.condition))
        for variant in node.variants
    ]

    def pick(values: Sequence[int], rest: int) -> int:
        return graph.select(list(zip(chosen, values, strict=True)), rest)

    scope.nodes[node.name] = _finished(scope, workings, pick)
    if any(variant.condition is not None for variant in node.variants):
        index = pick([graph.number(float(k)) for k in range(len(chosen))], graph.number(-1.0))
        graph.output(node.name, "variant", index)
    _name_outputs(scope, node, workings, pick)


# One variant -----------------------------------------------------------------


def _work(scope: Scope, node: RuleNode, variant: Variant) -> Working:
    graph = scope.builder
    applies = graph.both(*[_holds(scope, guarded) for guarded in variant.only_when])
    stopped = graph.either(*[_holds(scope, guarded) for guarded in variant.unscored])
    parts = None
    if isinstance(variant.body, Combination):
        parts = lower_combination(scope, variant.body, node.levels)
    base = _base(scope, node, variant, parts)
    unscored = [stopped, base.unscored]
    if variant.needs is not None and parts is not None:
        unscored.append(graph.negate(needs_met(scope, variant.needs, parts)))
    ready = graph.both(applies, graph.negate(graph.either(*unscored)))
    start = graph.select([(ready, base.value)], graph.missing())
    steps = lower_steps(scope, variant.steps, start)
    end = lower_end(scope, variant, steps[-1].after if steps else start)
    if node.word == "score":
        unscored.append(graph.negate(graph.known(end.points)))
    result = NodeOps(
        points=end.points,
        level=graph.select([(ready, base.level)], graph.missing(TEXT)),
        applies=applies,
        unscored=graph.both(applies, graph.either(*unscored)),
        known=_known(scope, variant, parts, base, end.points),
        coverage=None if parts is None else graph.select([(applies, parts.coverage)], graph.number(0.0)),
    )
    return Working(base, graph.both(applies, graph.negate(stopped)), steps, end, result, parts)


def _holds(scope: Scope, guarded: Guarded) -> int:
    return scope.builder.is_true(lower_expression(scope, guarded.condition))


def _base(scope: Scope, node: RuleNode, variant: Variant, parts: CombinationOps | None) -> Base:
    """The body's value, the policy's where that is missing."""
    if isinstance(variant.body, Table):
        return lower_table(scope, variant.body, node.levels, variant.missing)
    graph = scope.builder
    no = graph.truth(False)
    if parts is None:
        value = decided = _formula(scope, variant)
        base = Base(value, graph.missing(TEXT), no, no)
    else:
        decided = parts.decided
        base = Base(parts.base, parts.level, no, parts.unscored)
    absent = graph.negate(graph.known(decided))
    if graph.is_truth(absent, False):
        return base
    empty = Table(TableKind.FIRST_MATCH, None, ())
    here = TableScope(scope, empty, node.levels, variant.missing)
    filled = instead(scope, absent, policy_branch(here, absent), base)
    # A part that is unscored decides, whatever the policy is.
    return Base(filled.value, filled.level, filled.policy, graph.either(base.unscored, filled.unscored))


def _formula(scope: Scope, variant: Variant) -> int:
    """The formula; with steps it is missing when all that formula and steps read is missing."""
    assert isinstance(variant.body, Formula)
    graph = scope.builder
    value = lower_expression(scope, variant.body.value)
    if not variant.steps:
        return value
    nothing_known = all_missing(scope, scope.direct_inputs(_inputs_of(variant)))
    return graph.select([(nothing_known, graph.missing())], value)


def _inputs_of(variant: Variant) -> list:  # type: ignore[type-arg]
    """What makes a body known: all it reads, with the steps of a formula."""
    expressions = list(body_expressions(variant.body))
    return expressions + (list(step_expressions(variant.steps)) if isinstance(variant.body, Formula) else [])


def _known(scope: Scope, variant: Variant, parts: CombinationOps | None, base: Base, points: int) -> int:
    """Whether the points rest on something that came from the record."""
    graph = scope.builder
    supplied = scope.any_supplied(scope.direct_inputs(_inputs_of(variant))) if parts is None else parts.known
    return graph.both(graph.known(points), graph.negate(base.policy), supplied)


# The node --------------------------------------------------------------------

Pick = Callable[[Sequence[int], int], int]


def _finished(scope: Scope, workings: list[Working], pick: Pick) -> NodeOps:
    """Without a variant that fits, a node does not apply."""
    graph = scope.builder
    results = [working.result for working in workings]
    no, none = graph.truth(False), graph.missing()
    coverage = None
    if any(result.coverage is not None for result in results):
        share = [_share(scope, result) for result in results]
        coverage = pick(share, graph.number(0.0))
    return NodeOps(
        points=pick([result.points for result in results], none),
        level=pick([result.level for result in results], graph.missing(TEXT)),
        applies=pick([result.applies for result in results], no),
        unscored=pick([result.unscored for result in results], no),
        known=pick([result.known for result in results], no),
        coverage=coverage,
    )


def _share(scope: Scope, result: NodeOps) -> int:
    if result.coverage is not None:
        return result.coverage
    return scope.builder.select([(result.known, scope.builder.number(1.0))], scope.builder.number(0.0))


def _name_outputs(scope: Scope, node: RuleNode, workings: list[Working], pick: Pick) -> None:
    graph = scope.builder
    none, no = graph.missing(), graph.truth(False)
    finished = scope.nodes[node.name]
    graph.output(node.name, "points", finished.points)
    graph.output(node.name, "applies", finished.applies)
    graph.output(node.name, "unscored", finished.unscored)
    graph.output(node.name, "known", finished.known)
    if finished.coverage is not None:
        graph.output(node.name, "coverage", finished.coverage)

    def name(role: str, values: list[int | None], rest: int) -> None:
        """One output over all variants; `rest` where a variant does not have it or did not get there."""
        shown = [
            rest if value is None else graph.select([(working.worked, value)], rest)
            for working, value in zip(workings, values, strict=True)
        ]
        graph.output(node.name, role, pick(shown, rest))

    name("base", [working.base.value for working in workings], none)
    if any(working.base.row is not None for working in workings):
        name("row", [working.base.row for working in workings], graph.number(-1.0))
    if node.levels is not None:
        graph.output(node.name, "level", finished.level)
    for k in range(max(len(working.parts.parts) if working.parts else 0 for working in workings)):
        parts = [
            working.parts.parts[k] if working.parts and k < len(working.parts.parts) else None
            for working in workings
        ]
        name(f"weight_{k + 1}", [part.weight if part else None for part in parts], graph.number(0.0))
        name(f"part_applies_{k + 1}", [part.applies if part else None for part in parts], no)
    for k in range(max(len(working.steps) for working in workings)):
        steps = [working.steps[k] if k < len(working.steps) else None for working in workings]
        name(f"fired_{k + 1}", [step.fired if step else None for step in steps], no)
        name(f"after_{k + 1}", [step.after if step else None for step in steps], none)
    if any(v.steps or v.within is not None or v.round_to is not None for v in node.variants):
        name("snapped", [working.end.snapped for working in workings], none)
    if any(working.end.within is not None for working in workings):
        name("within", [working.end.within for working in workings], none)
