"""One run of the abstract interpreter.

The graph, what each operation may be so far, and how bounds are read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from healthdsl.explain.abstract import Abstract, Numbers, Texts, Truth
from healthdsl.graph.arithmetic import INPUT_LIMIT, LAST_DAY
from healthdsl.graph.graph import Graph, InputField
from healthdsl.model.types import Kind, Type


@dataclass(frozen=True, slots=True)
class Frame:
    """`values` of the operations run so far, with `changed` over them inside a branch of a choice.

    `open_ended`: a bound that nobody wrote is infinite, else it is the language's limit. `depth` is how
    many choices inside each other are still looked into with their conditions in mind.
    """

    graph: Graph
    values: Sequence[Abstract]
    changed: Mapping[int, Abstract]
    open_ended: bool
    depth: int

    def value(self, index: int) -> Abstract:
        found = self.changed.get(index)
        return self.values[index] if found is None else found

    def inside(self, changed: Mapping[int, Abstract]) -> Frame:
        """The frame of a branch, where more is known."""
        return Frame(self.graph, self.values, changed, self.open_ended, self.depth - 1)

    def legal(self, field: InputField) -> Abstract:
        """Any value the input contract allows, or missing."""
        return self.any_of(field.type, field.low, field.high)

    def any_of(self, type_: Type, low: float | None = None, high: float | None = None) -> Abstract:
        """Any value of a type within the bounds, or missing."""
        if type_.kind is Kind.CATEGORY and type_.choices:
            return Texts(frozenset(type_.choices), missing=True)
        if type_.is_text:
            return Texts(None, missing=True)
        if type_.is_date:
            return Numbers(*self.days(), missing=True)
        if not type_.is_numeric:
            return Truth(true=True, false=True, missing=True)
        limit = math.inf if self.open_ended else INPUT_LIMIT
        least = 0.0 if type_.kind is Kind.COUNT else -limit
        return Numbers(
            least if low is None else max(low, least), limit if high is None else high, missing=True
        )

    def days(self) -> tuple[float, float]:
        """First and last day there can be."""
        return (-math.inf, math.inf) if self.open_ended else (1, LAST_DAY)
