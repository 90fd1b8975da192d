"""Where each further key of a specification's `expected` stands in a result.

A reading takes the compiled ruleset and a result and gives a number, a label, a yes or no, or None. Labels
are compared, not names: the reader of a report sees `Low Risk`, not `low_risk`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from healthdsl import CompiledRuleset, Result
from healthdsl.explain.amounts import exact, rounded

Reading = Callable[[CompiledRuleset, Result], Any]


def score(_compiled: CompiledRuleset, result: Result) -> Any:
    return result.score


def shown_score(compiled: CompiledRuleset, result: Result) -> Any:
    """The score as reports print it: to what its `shown to` says."""
    (node,) = (each for each in compiled.ruleset.nodes if each.name == compiled.ruleset.main_score)
    (variant,) = node.variants
    assert variant.shown_to is not None
    return None if result.score is None else float(rounded(exact(result.score), variant.shown_to))


def band(compiled: CompiledRuleset, result: Result) -> Any:
    main = compiled.ruleset.main_score
    assert main is not None
    return band_of(main)(compiled, result)


def score_and_band(compiled: CompiledRuleset, result: Result) -> Any:
    return {"score": result.score, "band": band(compiled, result)}


def points_of(*nodes: str) -> Reading:
    """The points of a node; several nodes give a list, without those that have none."""
    if len(nodes) == 1:
        return lambda _, result: result.parts.get(nodes[0])
    return lambda _, result: [result.parts[node] for node in nodes if result.parts.get(node) is not None]


def map_of(*nodes: str) -> Reading:
    """The points of several nodes by name."""
    return lambda _, result: {node: result.parts.get(node) for node in nodes}


def band_of(node: str) -> Reading:
    """The label of a node's band."""

    def read(compiled: CompiledRuleset, result: Result) -> Any:
        labels = {
            each.name: each.label
            for bands in compiled.ruleset.bands
            if bands.node == node
            for each in bands.bands
        }
        name = result.bands.get(node)
        return None if name is None else labels[name]

    return read


def level_of(node: str) -> Reading:
    """The label of a node's level."""

    def read(compiled: CompiledRuleset, result: Result) -> Any:
        (levels,) = (each.levels for each in compiled.ruleset.nodes if each.name == node)
        labels = {
            each.name: each.label
            for one in compiled.ruleset.levels
            if one.name == levels
            for each in one.levels
        }
        name = result.levels.get(node)
        return None if name is None else labels[name]

    return read


def flag(name: str) -> Reading:
    return lambda _, result: name in result.flags


def value_of(output: str) -> Reading:
    return lambda _, result: result.values[output]
