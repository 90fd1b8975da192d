"""How precisely reports show the points of a node: as `shown to` says, else with two decimals, or more where
the rules round to more.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from healthdsl.explain.amounts import DECIMALS, SNAP, rounded
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import EdgeRung, RuleNode, Ruleset, Variant

MOST_DECIMALS = len(str(SNAP)) - 1

Edges = Sequence[tuple[Fraction, bool]]
"""Where bands meet; True: the edge itself belongs to the band above."""


def decimals_of(node: RuleNode | None) -> int:
    """The decimals that suit every variant of a node; those of any number where there is none."""
    return (
        max((variant_decimals(variant) for variant in node.variants), default=DECIMALS) if node else DECIMALS
    )


def variant_decimals(variant: Variant | None) -> int:
    """The decimals of one variant."""
    if variant is None:
        return DECIMALS
    return max(DECIMALS, variant.round_to or 0) if variant.shown_to is None else variant.shown_to


def band_edges(ruleset: Ruleset, node: str) -> Edges:
    """The edges of the bands of a node, those that are plain numbers; none where it has no bands."""
    found: list[tuple[Fraction, bool]] = []
    for bands in ruleset.bands:
        for row in bands.rows if bands.node == node else ():
            if isinstance(row.key, EdgeRung):
                ends = ((row.key.low, row.key.low_included), (row.key.high, not row.key.high_included))
                found += [
                    (end.value, above)
                    for end, above in ends
                    if isinstance(end, Constant) and isinstance(end.value, Fraction)
                ]
    return found


def telling_decimals(value: Fraction, decimals: int, edges: Edges) -> int:
    """`decimals`, or as many more as it takes to show the value on its own side of every edge: 74.996 below
    75 takes three.
    """
    for places in range(decimals, MOST_DECIMALS):
        shown = Fraction(rounded(value, places))
        if all(_is_above(shown, edge) == _is_above(value, edge) for edge in edges):
            return places
    return max(decimals, MOST_DECIMALS)


def _is_above(value: Fraction, edge: tuple[Fraction, bool]) -> bool:
    at, included = edge
    return value >= at if included else value > at
