"""The names of a node's outputs, as the written contract lists them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from healthdsl.model import ruleset as r
from tests.oracle.expressions import Value
from tests.oracle.nodes import State


def node_outputs(node: r.RuleNode, state: State) -> Iterator[tuple[str, Value]]:
    """Each output of one node; lists are padded to the longest of its variants."""
    name = node.name
    bodies = [variant.body for variant in node.variants]
    yield f"{name}__points", state.points
    yield f"{name}__applies", state.applies
    yield f"{name}__unscored", state.unscored
    yield f"{name}__known", state.known
    yield f"{name}__base", state.base
    if any(isinstance(body, r.Combination) for body in bodies):
        yield f"{name}__coverage", state.coverage
    if len(bodies) > 1 or node.variants[0].condition is not None:
        yield f"{name}__variant", Fraction(state.variant)
    if any(isinstance(body, r.Table) for body in bodies):
        yield f"{name}__row", Fraction(state.row)
    parts = max(len(body.parts) if isinstance(body, r.Combination) else 0 for body in bodies)
    for k in range(parts):
        yield f"{name}__weight_{k + 1}", state.weights[k] if k < len(state.weights) else Fraction(0)
        yield (
            f"{name}__part_applies_{k + 1}",
            state.part_applies[k] if k < len(state.part_applies) else False,
        )
    for k in range(max(len(variant.steps) for variant in node.variants)):
        yield f"{name}__fired_{k + 1}", state.fired[k] if k < len(state.fired) else False
        yield f"{name}__after_{k + 1}", state.after[k] if k < len(state.after) else None
    if any(v.steps or v.within is not None or v.round_to is not None for v in node.variants):
        yield f"{name}__snapped", state.snapped
    if any(variant.within is not None for variant in node.variants):
        yield f"{name}__within", state.within
    if node.levels is not None:
        yield f"{name}__level", state.level
