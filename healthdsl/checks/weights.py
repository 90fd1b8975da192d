"""Weights that nearly add up: to 99, to 0.95.

A ruleset says what its weights are to sum to by coming close: within 5 of 100, or of 1 where every weight is
1 or less. Sums further off are shares of some other whole, and an average divides by them anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.explain.words import show_number
from healthdsl.model.ruleset import Combination, GridWeight, Method, RuleNode, Variant
from healthdsl.source import Span

_NEAR = Fraction(5, 100)
_LEAST_PARTS = 2


def check_weights(bench: Bench) -> Iterator[Finding]:
    """One finding for each list of weights, and each column of a grid."""
    for node in bench.ruleset.nodes:
        for variant in node.variants:
            body = variant.body
            if isinstance(body, Combination) and body.method in (Method.AVERAGE, Method.TOTAL):
                for where, weights in _columns(body):
                    yield from _sum(node, variant, where, weights)


def _columns(body: Combination) -> Iterator[tuple[str, Sequence[Fraction]]]:
    """The weights, by the column of the grid they stand in."""
    fixed = [part.weight for part in body.parts if isinstance(part.weight, Fraction)]
    if len(fixed) == len(body.parts):
        if not any(part.only_when is not None for part in body.parts):
            yield "", fixed
        return
    grids = [part.weight for part in body.parts if isinstance(part.weight, GridWeight)]
    if len(grids) < len(body.parts):
        return
    for number, case in enumerate(grids[0].cases):
        if all(len(grid.cases) > number and grid.cases[number].keys == case.keys for grid in grids):
            name = ", ".join(str(key) for key in case.keys) or "otherwise"
            yield name, [grid.cases[number].weight for grid in grids]


def _sum(node: RuleNode, variant: Variant, where: str, weights: Sequence[Fraction]) -> Iterator[Finding]:
    total = sum(weights, Fraction(0))
    whole = Fraction(1) if all(weight <= 1 for weight in weights) else Fraction(100)
    off = total - whole
    near = -_NEAR * whole <= off < _NEAR * whole
    if len([weight for weight in weights if weight]) < _LEAST_PARTS or not near or not off:
        return
    if whole == 1 and all(weight == 1 for weight in weights):
        return
    column = f" of the column {where}" if where else ""
    message = f"the weights{column} sum to {show_number(total, 4)}, not to {show_number(whole)}"
    difference = show_number(abs(off), 4)
    advice = f"{'add' if off < 0 else 'take away'} {difference} where it was lost; thirds are written 1, 1, 1"
    span = _span(node, variant)
    yield find("W510", node.name, span, message, advice)


def _span(node: RuleNode, variant: Variant) -> Span:
    return variant.span if variant.span.line else node.span
