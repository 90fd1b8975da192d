"""How far the points of each node can reach over all legal records: the form in which `explain` is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import exact


@dataclass(frozen=True, slots=True)
class Reach:
    """What an output can be.

    `low` to `high` for accounts of which everything is known, `least` to `most` for any.

    Infinite where nothing bounds it; `low > high` when it never has a value.
    """

    low: float = -math.inf
    high: float = math.inf
    least: float = -math.inf
    most: float = math.inf


Reaches = Mapping[str, Reach]


def best(reaches: Reaches, name: str, actual: Fraction | None, *, low: bool) -> Fraction | None:
    """The best value of an output (the lowest when `low`), None when it has no bound or never a value.

    It is that of accounts of which everything is known, unless this one is better already: missing data can
    help.
    """
    reach = reaches.get(name, Reach())
    value, limit = (reach.low, reach.least) if low else (reach.high, reach.most)
    if reach.low > reach.high or (actual is not None and _beyond(actual, value, low=low)):
        value = limit
    return exact(value) if math.isfinite(value) else None


def _beyond(actual: Fraction, value: float, *, low: bool) -> bool:
    return actual < value if low else actual > value
