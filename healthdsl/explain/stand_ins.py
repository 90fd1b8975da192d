"""What counts in place of a missing signal: points of a policy, or the weights for `otherwise`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from healthdsl.explain.reading import Names, Values, signals_read
from healthdsl.explain.reasons import counted_as
from healthdsl.explain.tally import Tally, tally, variant_expressions
from healthdsl.explain.tree import Branch
from healthdsl.model.ruleset import Combination, GridWeight, Part, SignalWeight, Variant


def stand_ins(names: Names, values: Values) -> dict[str, list[str]]:
    """By signal: `Payment is counted as 50`, `Health weighs its parts as for all other accounts`."""
    found: dict[str, list[str]] = {}
    for node in names.ruleset.nodes:
        worked = tally(names, values, node)
        if worked is None:
            continue
        said = counted_as(names, values, worked)
        if said is not None:
            for name in _missing_reads(values, worked):
                found.setdefault(name, []).append(f"{names.title(node)} is counted as {said}")
        for name in _missing_keys(values, worked.variant):
            found.setdefault(name, []).append(f"{names.title(node)} {_weighs(names, worked.variant, name)}")
    return found


def weight_notes(names: Names, values: Values, branch: Branch) -> tuple[str, ...]:
    """Sentences on the weights in a score that could not be chosen by their signal."""
    found: list[str] = []
    stack = [branch]
    while stack:
        here = stack.pop()
        stack.extend(reversed(here.children))
        if here.tally is None:
            continue
        for name in _missing_keys(values, here.tally.variant):
            title = names.signals[name].title
            found.append(f"{title} is not known: {here.title} {_weighs(names, here.tally.variant, name)}.")
    return tuple(dict.fromkeys(found))


def _missing_reads(values: Values, node: Tally) -> Sequence[str]:
    reads = signals_read(variant_expressions(node.variant))
    return [name for name in reads if values.get(name) is None]


def _parts(variant: Variant) -> tuple[Part, ...]:
    return variant.body.parts if isinstance(variant.body, Combination) else ()


def _grids(variant: Variant) -> list[GridWeight]:
    return [part.weight for part in _parts(variant) if isinstance(part.weight, GridWeight)]


def _missing_keys(values: Values, variant: Variant) -> list[str]:
    """The signals that weights depend on and that are missing."""
    weights = (part.weight for part in _parts(variant) if not isinstance(part.weight, Fraction))
    return [name for name in dict.fromkeys(w.signal for w in weights) if values.get(name) is None]


def _weighs(names: Names, variant: Variant, signal: str) -> str:
    """What the weights do without a signal: those of a grid, those that are its value."""
    out = [
        part.title or names.title(names.nodes[part.node])
        for part in _parts(variant)
        if isinstance(part.weight, SignalWeight) and part.weight.signal == signal
    ]
    if out:
        return f"leaves {' and '.join(out)} out"
    grids = [grid for grid in _grids(variant) if grid.signal == signal]
    if any(not case.keys for grid in grids for case in grid.cases):
        return "weighs its parts as for all other accounts"
    return "has no weights for its parts"
