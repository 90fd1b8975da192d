"""A policy for missing data, and a step that fires on the same thing being missing: both count.

`missing -> 1` is where a node starts, and its steps are still taken. Beside `+1 when country is missing` an
account without a country has 2. It is told of points that are another number than the node starts at anyway,
with an account that shows both; where none is found, nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Outputs
from healthdsl.checks.solve import Outcome, Wish
from healthdsl.checks.terms import atoms
from healthdsl.checks.tried import context_of
from healthdsl.checks.wording import atom_text
from healthdsl.explain.amounts import exact
from healthdsl.explain.words import show_number
from healthdsl.graph.reading import body_expressions, direct_inputs, step_expressions
from healthdsl.model.expressions import Constant, Expression, IsMissing, PointsOf
from healthdsl.model.ruleset import Combination, Formula, Points, RuleNode, Step, Table, Variant


@dataclass(frozen=True, slots=True)
class _Policy:
    """`missing -> N` of a variant, and what of it is missing then."""

    node: RuleNode
    variant: Variant
    points: Fraction
    inputs: Sequence[Expression]


def check_twice_missing(bench: Bench) -> Iterator[Finding]:
    """One finding for each such step."""
    for node in bench.ruleset.nodes:
        for variant in node.variants:
            policy = _policy(bench, node, variant)
            for number, step in enumerate(variant.steps if policy is not None else (), 1):
                if policy is not None and step.condition is not None:
                    yield from _step(bench, policy, number, step)


def _policy(bench: Bench, node: RuleNode, variant: Variant) -> _Policy | None:
    """None where there is none, and where it says nothing that the start does not."""
    result = variant.missing.result
    if (
        not variant.missing.written
        or not isinstance(result, Points)
        or not isinstance(result.value, Constant)
    ):
        return None
    start = variant.body.value if isinstance(variant.body, Formula) else None
    points = result.value.value
    if not isinstance(points, Fraction) or (isinstance(start, Constant) and start.value == points):
        return None
    return _Policy(node, variant, points, _inputs(bench, variant))


def _inputs(bench: Bench, variant: Variant) -> list[Expression]:
    """What is missing where the policy counts."""
    body = variant.body
    if isinstance(body, Combination):
        return [PointsOf(part.node) for part in body.parts]
    if isinstance(body, Table) and body.subjects:
        return list(body.subjects)
    steps = step_expressions(variant.steps) if isinstance(body, Formula) else ()
    conditions = {flag.name: flag.condition for flag in bench.ruleset.flags}
    return list(direct_inputs([*body_expressions(body), *steps], conditions))


def _step(bench: Bench, policy: _Policy, number: int, step: Step) -> Iterator[Finding]:
    assert step.condition is not None
    asked = [atom for atom in atoms(step.condition, bench.conditions) if isinstance(atom, IsMissing)]
    about = next((atom for atom in asked if atom.operand in policy.inputs), None)
    if about is None:
        return
    name = policy.node.name
    start, before = f"{name}__base", f"{name}__after_{number - 1}" if number > 1 else f"{name}__base"
    fired, after = f"{name}__fired_{number}", f"{name}__after_{number}"

    def counts(outputs: Outputs) -> bool:
        by_policy = outputs.get(f"{name}__known") is False and outputs.get(start) == float(policy.points)
        return by_policy and outputs.get(fired) is True and outputs.get(after) != outputs.get(before)

    missing = [Wish(IsMissing(each)) for each in policy.inputs]
    wishes = [*context_of(policy.node, policy.variant), *missing, Wish(step.condition)]
    solved = bench.solver.solve(wishes)
    if isinstance(solved, Outcome):
        return
    names = (start, before, fired, after, f"{name}__known")
    account = bench.lab.witness(solved, wishes, names, counts)
    if account is not None:
        stood = bench.lab.look(account, names)
        at, ends = (show_number(exact(float(str(stood[each])))) for each in (start, after))
        outcome = f"`{name}` starts at {at} and stands at {ends} after this line"
        first = show_number(policy.points)
        message = f"`missing -> {first}` and this line both count where {atom_text(about) or 'it is missing'}"
        advice = f"take one of the two out: `missing -> {first}` is a start, and steps are taken from there"
        yield find("W521", name, step.span, message, advice, shown=(bench.show(account, outcome),))
