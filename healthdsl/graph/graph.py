"""The evaluation graph as data.

Invariants: an operation's operands stand before it; equal operations are stored once; an operation belongs
to the account (`table` None) or to the rows of one table, and row operations are reached from account
operations only through AGGREGATE.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather
from healthdsl.model.types import Type


@dataclass(frozen=True, slots=True)
class Op:
    """One operation. `operands` are indices into `Graph.ops` (-1: left out, AGGREGATE only).

    `value` is the payload the primitive's row speaks of. A CONSTANT's value is float, int (dates), str, bool
    or None; its `type` tells 0 from False.
    """

    primitive: Primitive
    operands: tuple[int, ...]
    value: object
    type: Type
    table: str | None = None


def gathering(op: Op) -> tuple[Gather, str]:
    """What an AGGREGATE gathers, and the table it runs over."""
    assert isinstance(op.value, tuple)
    gather, table = op.value
    return gather, table


@dataclass(frozen=True, slots=True)
class InputField:
    """One field of the input contract: `name` in the graph, `column` in the record.

    A value is legal when it has the type, lies in `low`..`high` (both in) and, for a category, is one of its
    choices. A number is multiplied by `scale` and snapped; percent text such as `45%` is understood whatever
    the scale. What is in `absent` is missing before anything judges it: numbers scaled and snapped, dates as
    ordinals, text without the blanks around it.
    """

    name: str
    column: str
    title: str
    type: Type
    low: float | None
    high: float | None
    scale: Fraction
    absent: tuple[float | int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableField:
    """The rows of a table in the record: a list of mappings under `name`; None or absent: not supplied.
    `dated`: its date column.
    """

    name: str
    dated: str | None
    columns: tuple[InputField, ...]


NAMED_ALONE = frozenset({"value", "flag", "condition"})
"""The roles of outputs that have the name of their owner."""


@dataclass(frozen=True, slots=True)
class Output:
    """A named result. `role` is the part behind `__` (`points`, `row`, `band`, ..) or `value`, `flag`,
    `condition`; `owner` the name before it.
    """

    name: str
    op: int
    role: str
    owner: str


@dataclass(frozen=True, slots=True)
class Graph:
    """All operations in evaluation order with the contract of inputs and the named outputs."""

    ops: tuple[Op, ...]
    inputs: tuple[InputField, ...]
    tables: tuple[TableField, ...]
    outputs: tuple[Output, ...]

    def output(self, name: str) -> Output:
        """The output called `name`; KeyError when there is none."""
        for output in self.outputs:
            if output.name == name:
                return output
        raise KeyError(name)
