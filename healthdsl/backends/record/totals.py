"""Sums over rows as Python, as `arithmetic.total` means them: whole parts and fractions in a variable each.

Holds for sums that cannot leave the doubles; others are gathered in a list and added by the function itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.graph.arithmetic import GRID, HALF_UP
from healthdsl.graph.bounds import MAX, ROWS_LIMIT
from healthdsl.graph.facts import Facts


@dataclass(frozen=True, slots=True)
class Total:
    """One sum, in `variable` and another beside it; `whole`: of whole numbers alone, without fractions."""

    variable: str
    whole: bool

    def start(self) -> str:
        return f"{self.variable} = 0" if self.whole else f"{self.variable} = {self.variable}_ = 0"

    def add(self, text: str) -> str:
        """The statements for one more number, a variable; `f` is for these alone."""
        if self.whole:
            return f"{self.variable} += {text}"
        fraction = f"floor(({text} - f) * {GRID!r} + {HALF_UP})"
        return f"f = floor({text}); {self.variable} += f; {self.variable}_ += {fraction}"

    def value(self) -> str:
        """The sum as a double."""
        return (
            f"(1.0 * {self.variable})" if self.whole else f"({self.variable} + {self.variable}_ / {GRID!r})"
        )


def stays_finite(*factors: Facts) -> bool:
    """Whether a sum of products of these, over any rows there can be, is far from the largest double."""
    most = ROWS_LIMIT
    for facts in factors:
        most *= max(abs(facts.bounds[0]), abs(facts.bounds[1]), 1.0)
    return most < MAX / 2.0
