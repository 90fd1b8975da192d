"""Grids of weights without a column for a value that there is: every part weighs 0 there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding, Shown
from healthdsl.checks.lab import Outputs
from healthdsl.checks.solve import Wish
from healthdsl.checks.terms import is_value
from healthdsl.checks.tried import context_of
from healthdsl.explain.words import show_value
from healthdsl.model.expressions import SignalValue
from healthdsl.model.ruleset import Combination, GridWeight, RuleNode, Variant

_MOST_NAMED = 5


def check_grids(bench: Bench) -> Iterator[Finding]:
    """One finding for each grid."""
    for node in bench.ruleset.nodes:
        for variant in node.variants:
            if isinstance(variant.body, Combination):
                yield from _grid(bench, node, variant, variant.body)


def _grid(bench: Bench, node: RuleNode, variant: Variant, body: Combination) -> Iterator[Finding]:
    weights = [part.weight for part in body.parts if isinstance(part.weight, GridWeight)]
    if not weights or len(weights) < len(body.parts):
        return
    cases = weights[0].cases
    signal = next(each for each in bench.ruleset.signals if each.name == weights[0].signal)
    subject = SignalValue(signal.name, signal.type)
    domain = bench.domains.domain(subject)
    if domain.values is None or domain.open_text or any(not case.keys for case in cases):
        return
    lost = [value for value in domain.values if not any(value in case.keys for case in cases)]
    shown: tuple[Shown, ...] = ()
    for value in lost:
        shown = shown or _shown(bench, node, [*context_of(node, variant), Wish(is_value(subject, value))])
    if lost:
        listed = ", ".join(f"`{show_value(value, signal.type)}`" for value in lost[:_MOST_NAMED])
        message = f"the weights of `{node.name}` have no column for {listed}: there every part weighs 0"
        yield find("W505", node.name, variant.span, message, "add a column, or `otherwise`", shown=shown)


def _shown(bench: Bench, node: RuleNode, wishes: Sequence[Wish]) -> tuple[Shown, ...]:
    name = f"{node.name}__weight_1"

    def weightless(outputs: Outputs) -> bool:
        return outputs.get(name) == 0.0

    return bench.shown(wishes, [name], weightless, "every part weighs 0")
