"""How precisely reports show the points of a node: as `shown to` says, else with two decimals, or more where
the rules round to more.
"""

from __future__ import annotations

from healthdsl.explain.amounts import DECIMALS
from healthdsl.model.ruleset import RuleNode, Variant


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
