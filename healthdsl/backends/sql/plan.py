"""Which operations get a column of their own, what it is called, and in which layer it stands.

In: the operations wanted, of the account or of the rows of one table. An operation that is read once, or is
cheap, is written where it is read. Layers follow the ruleset's own (signals, measures, groups, scores, bands)
as far as what they read allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from healthdsl.backends.sql.shape import Shapes
from healthdsl.graph.primitives import Primitive

MOST_AGAIN = 6
"""So many operations may be written a second time before a column is shorter."""

TALLEST = 30
"""Expressions nested deeper than this are cut, since parsers of SQL have limits."""

LAST = 99
_SOURCES = frozenset(
    {Primitive.INPUT, Primitive.COLUMN, Primitive.CONSTANT, Primitive.TODAY, Primitive.SUPPLIED}
)
_COMPARISONS = frozenset({Primitive.IS_KNOWN, Primitive.LESS, Primitive.AT_MOST, Primitive.EQUAL})


@dataclass(slots=True)
class Plan:
    """`columns`: the name of each operation that has a column; `place`: its (layer, depth)."""

    columns: dict[int, str] = field(default_factory=dict)
    place: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Naming:
    """`named`: columns that must be there, with their names; `known_as`: names for others; `layer_of`: the
    layer of a name. `owner`: what goes before `__` in the name of what nothing with a name reads.
    """

    named: Mapping[int, str]
    known_as: Mapping[int, str]
    layer_of: Callable[[str], int]
    owner: str = "value"

    def name(self, index: int) -> str | None:
        return self.named.get(index) or self.known_as.get(index)


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below: `given`, columns of the relation underneath; `feeds`: what the rows of an aggregate
    read of the account.
    """

    given: Mapping[int, str]
    feeds: Mapping[int, Sequence[int]] = field(default_factory=dict)


_LONG = {
    Primitive.POWER: 10,
    Primitive.MONTHS_BETWEEN: 10,
    Primitive.LN: 3,
    Primitive.LOG2: 3,
    Primitive.LOG10: 3,
}
"""What is written in more words than the others; in operations."""


class _Planner:
    """One making of a plan. `counts`: how often an operation would be written; `parents`: what reads it."""

    def __init__(self, shapes: Shapes, naming: Naming, below: Below) -> None:
        self.ops = shapes.graph.ops
        self.shapes = shapes
        self.naming = naming
        self.below = below
        self.counts: dict[int, int] = {}
        self.parents: dict[int, list[int]] = {}
        self.plan = Plan()
        self.sizes = self._sizes(naming.named)

    def reads(self, index: int) -> list[tuple[int, int]]:
        """The operands of an operation, as far as they stand on this level."""
        if index in self.below.given or self.ops[index].primitive in _SOURCES:
            return []
        if self.ops[index].primitive is Primitive.AGGREGATE:
            return [(feed, 1) for feed in self.below.feeds.get(index, ())]
        return self.shapes.reads(index)

    def _sizes(self, named: Mapping[int, str]) -> dict[int, int]:
        """How many operations each stands for where it has no column."""
        sizes: dict[int, int] = {}
        for index in range(len(self.ops)):
            is_leaf = index in named or not self.reads(index)
            own = _LONG.get(self.ops[index].primitive, 1)
            inner = 0 if is_leaf else own + sum(sizes[read] * times for read, times in self.reads(index))
            sizes[index] = min(inner, LAST)
        return sizes

    def count(self, wanted: Iterable[int]) -> None:
        for index in wanted:
            self.counts[index] = self.counts.get(index, 0) + 1
        for index in range(len(self.ops) - 1, -1, -1):
            if index not in self.counts:
                continue
            written = 1 if self.is_column(index) else self.counts[index]
            for read, times in self.reads(index):
                self.counts[read] = self.counts.get(read, 0) + min(written * times, LAST)
                self.parents.setdefault(read, []).append(index)

    def is_column(self, index: int) -> bool:
        op = self.ops[index]
        if index in self.below.given or op.primitive in _SOURCES:
            return False
        if index in self.naming.named or op.primitive is Primitive.AGGREGATE:
            return True
        again = self.counts[index] - 1
        return again * self.sizes.get(index, MOST_AGAIN) > MOST_AGAIN and not self._is_cheap(index)

    def _is_cheap(self, index: int) -> bool:
        """Whether writing it twice costs less than a column: a comparison, perhaps denied. What it compares
        is written as often, so that is a column or cheap itself.
        """
        op = self.ops[index]
        if op.primitive in (Primitive.NOT, Primitive.IS_TRUE):
            (operand,) = op.operands
            return self.ops[operand].primitive in _SOURCES or self._is_cheap(operand)
        return op.primitive in _COMPARISONS

    def choose(self) -> None:
        """Set the columns and their names."""
        names = self._names()
        heights: dict[int, int] = {}
        used: dict[str, int] = {}
        for index in sorted(self.counts):
            heights[index] = 1 + max((heights[read] for read, _ in self.reads(index)), default=-1)
            if self.is_column(index) or heights[index] > TALLEST:
                heights[index] = 0
                self.plan.columns[index] = self.naming.name(index) or _numbered(names[index], used)

    def _names(self) -> dict[int, str]:
        """The name that each operation goes by: its own, or that of the first reader."""
        names: dict[int, str] = {}
        for index in sorted(self.counts, reverse=True):
            readers = self.parents.get(index)
            names[index] = self.naming.name(index) or (names[min(readers)] if readers else self.naming.owner)
        return names

    def place(self) -> None:
        """Set the layer of every column: that of its name, or an earlier one where something reads it."""
        names, columns = self._names(), self.plan.columns
        layers: dict[int, int] = {}
        for index in sorted(self.counts, reverse=True):
            own = [self.naming.layer_of(names[index])] if index in columns else []
            readers = [layers[reader] for reader in self.parents.get(index, ())]
            layers[index] = min([*own, *readers], default=LAST)
        under: dict[int, tuple[int, int]] = {}
        for index in sorted(self.counts):
            lowest = max((under[read] for read, _ in self.reads(index)), default=(-1, 0))
            if index in columns:
                layer = max(layers[index], lowest[0])
                self.plan.place[index] = lowest = (layer, lowest[1] + 1 if lowest[0] == layer else 0)
            under[index] = lowest


def _numbered(name: str, used: dict[str, int]) -> str:
    owner = name.partition("__")[0]
    used[owner] = used.get(owner, 0) + 1
    return f"{owner}__x{used[owner]}"


def make_plan(shapes: Shapes, wanted: Iterable[int], naming: Naming, below: Below) -> Plan:
    """The plan for `wanted`."""
    planner = _Planner(shapes, naming, below)
    planner.count(wanted)
    planner.choose()
    planner.place()
    return planner.plan
