"""What lowering has worked out so far, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.order import derived_columns
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.reading import DirectInput, direct_inputs
from healthdsl.model.expressions import Aggregate, BandOf, Expression, LevelOf, PointsOf, SignalValue
from healthdsl.model.ruleset import Bands, Flag, LevelSet, RuleNode, Ruleset, Signal

WorkedOut = Signal | RuleNode | Bands | Flag


@dataclass(frozen=True, slots=True)
class NodeOps:
    """A finished node: `points` (missing when it has none) and `level` by value, the rest conditions that are
    never unknown.

    `coverage` is a share for a combination, None for a node that is known or not.
    """

    points: int
    level: int
    applies: int
    unscored: int
    known: int
    coverage: int | None


class Scope:
    """The builder with the operations of every declaration lowered so far; all of them are filled in
    evaluation order.
    """

    def __init__(self, ruleset: Ruleset, builder: GraphBuilder) -> None:
        self.builder = builder
        self.columns = derived_columns(ruleset)
        self.dated = {table.name: table.dated for table in ruleset.tables}
        self.levels: dict[str, LevelSet] = {levels.name: levels for levels in ruleset.levels}
        self.signals: dict[str, int] = {}
        self.supplied: dict[str, int] = {}
        self.column_ops: dict[tuple[str, str], int] = {}
        self.nodes: dict[str, NodeOps] = {}
        self.bands: dict[str, int] = {}
        self.flags: dict[str, int] = {}
        self._flag_conditions = {flag.name: flag.condition for flag in ruleset.flags}

    def take(self, other: Scope, declared: WorkedOut) -> None:
        """Enter what `other`, over the same operations, has of a declaration that is the same there."""
        match declared:
            case Signal(name=name):
                self.signals[name], self.supplied[name] = other.signals[name], other.supplied[name]
            case RuleNode(name=name):
                self.nodes[name] = other.nodes[name]
            case Bands(node=node):
                self.bands[node] = other.bands[node]
            case Flag(name=name):
                self.flags[name] = other.flags[name]
            case _:
                assert_never(declared)

    def direct_inputs(self, expressions: Iterable[Expression | None]) -> list[DirectInput]:
        """What expressions read, through flags too; tests of being missing do not count."""
        return direct_inputs(expressions, self._flag_conditions)

    def is_supplied(self, read: DirectInput) -> int:
        """Whether a direct input came from the record."""
        match read:
            case SignalValue(name=name):
                return self.supplied[name]
            case PointsOf(node=node) | LevelOf(node=node) | BandOf(node=node):
                return self.nodes[node].known
            case Aggregate(table=table):
                return self.builder.make(Primitive.SUPPLIED, (), table)

    def any_supplied(self, inputs: Iterable[DirectInput]) -> int:
        """Whether one of the inputs came from the record; true without inputs."""
        asked = [self.is_supplied(read) for read in inputs]
        return self.builder.either(*asked) if asked else self.builder.truth(True)

    def level_points(self, levels: str | None, name: str) -> Fraction | None:
        """The points of a level; None for a level that has none."""
        if levels is None:
            return None
        return next((level.points for level in self.levels[levels].levels if level.name == name), None)
