"""How far the points of each node can reach over all legal records: the form in which `explain` is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import exact


@dataclass(frozen=True, slots=True)
class Reach:
    """Lowest and highest value an output can take; infinite where nothing bounds it. `low > high`.

    It never has one.
    """

    low: float = -math.inf
    high: float = math.inf


Reaches = Mapping[str, Reach]


def best(reaches: Reaches, name: str, lower_is_better: bool) -> Fraction | None:
    """The best value of an output; None when it has no bound or never a value."""
    reach = reaches.get(name, Reach())
    value = reach.low if lower_is_better else reach.high
    return exact(value) if math.isfinite(value) and reach.low <= reach.high else None
