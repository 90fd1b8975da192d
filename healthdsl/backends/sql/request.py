"""What is asked of a query: of which graph, from which source, which columns; and the names that follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.layers import free
from healthdsl.backends.sql.reach import Reach, reach_of
from healthdsl.backends.sql.sources import BadCells, Blank, Column, Gathered, Mask, Source, Wanted
from healthdsl.graph.facts import graph_facts
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive

LAYERS = ("signals", "measures", "groups", "scores", "bands", "flags")

ALWAYS = ("value", "points", "level", "band", "flag", "condition")
"""What has a column wherever it is worked out, whether it is asked for or not."""

LayerOf = Callable[[str], str]
"""The layer, of LAYERS, of an output by its name."""

_PLAIN = frozenset({Primitive.INPUT, Primitive.CONSTANT, Primitive.TODAY, Primitive.SUPPLIED})


class Request:
    """One query asked for. `account` and `name`: the columns of an account's id and name in its layers."""

    def __init__(
        self, graph: Graph, source: Source, wanted: Sequence[Wanted], dialect: Dialect, layer_of: LayerOf
    ) -> None:
        self.graph = graph
        self.source = source
        self.wanted = wanted
        self.dialect = dialect
        self.layer_of = layer_of
        self.facts = graph_facts(graph)
        self.outputs = {output.name: output.op for output in graph.outputs}
        self.tables = {table.name: table for table in graph.tables}
        self.tells_bad = any(isinstance(each, BadCells) for each in wanted)
        taken = {field.name for field in graph.inputs} | set(self.outputs)
        self.account = free("account_id", taken)
        self.name = free("account_name", taken)

    @cached_property
    def ops(self) -> list[int]:
        """The operations wanted, one as often as it is."""
        found = []
        for each in self.wanted:
            match each:
                case Column(output=output):
                    found.append(self.outputs[output])
                case Mask(outputs=outputs):
                    found += [self.outputs[output] for output in outputs]
                case Gathered(op=op):
                    found.append(op)
                case BadCells() | Blank():
                    pass
        return found

    @cached_property
    def reach(self) -> Reach:
        return reach_of(self.graph, self.ops)

    @cached_property
    def known_as(self) -> dict[int, str]:
        """The output name of each operation; the points of a node before its other names."""
        names: dict[int, str] = {}
        for output in sorted(self.graph.outputs, key=lambda each: each.role not in ("points", "value")):
            names.setdefault(output.op, output.name)
        return names

    @cached_property
    def named(self) -> dict[int, str]:
        """The operations that get a column in any case, with its name."""
        known_as = self.known_as
        named = {
            each.op: known_as.get(each.op, each.name) for each in self.wanted if isinstance(each, Gathered)
        }
        outputs = {each.output for each in self.wanted if isinstance(each, Column)}
        for output in self.graph.outputs:
            if output.name in outputs or output.role in ALWAYS:
                named[output.op] = known_as[output.op]
        for index in self.reach.fed:
            named.setdefault(index, known_as.get(index, f"account__x{index}"))
        for index in self.reach.feeds:
            named.setdefault(index, known_as.get(index, f"rows__x{index}"))
        return {index: name for index, name in named.items() if self.graph.ops[index].primitive not in _PLAIN}

    @property
    def not_shown(self) -> set[int]:
        """The operations needed that are no column of the result; a mask does not show unknown."""
        shown = {self.outputs[each.output] for each in self.wanted if isinstance(each, Column)}
        return set(self.reach.seen) - shown - {each.op for each in self.wanted if isinstance(each, Gathered)}

    def read_as(self, name: str) -> str:
        """The column of an input as read; the signal itself is another one when it can expire."""
        op = self.graph.ops[self.outputs[name]] if name in self.outputs else None
        return name if op is None or op.primitive is Primitive.INPUT else f"{name}__read"

    @property
    def given(self) -> dict[int, str]:
        """The inputs that the source has, with the column that each is read as."""
        return {
            index: self.read_as(str(op.value))
            for index, op in enumerate(self.graph.ops)
            if op.primitive is Primitive.INPUT and op.value in self.source.cells
        }

    def supplied(self, table: str) -> exp.Expression:
        """Whether the rows of a table were given for an account."""
        if table not in self.source.rows:
            return b.truth(False)
        return b.truth(True) if self.source.rows[table].supplied is None else b.column(f"{table}__given")
