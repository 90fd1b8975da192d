"""Several graphs as one, in which what they share is worked out once.

In: graphs, and for each which of its outputs are kept under which name. Out: one graph over the contract of
all. Where two graphs read a field otherwise (another type, range or column) there is a field for each way,
the first under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from healthdsl.graph.graph import Graph, InputField, Op, Output, TableField
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.slice import slice_graph

Names = Mapping[str, str]
"""The name of an output in the whole by its name in its graph."""


def put_together(graphs: Sequence[tuple[Graph, Names]]) -> Graph:
    """One graph with the outputs named; of one name the first counts."""
    whole = _Whole()
    outputs: dict[str, Output] = {}
    for graph, names in graphs:
        place = whole.take(graph)
        for output in graph.outputs:
            name = names.get(output.name)
            if name is not None:
                outputs.setdefault(name, replace(output, name=name, op=place[output.op]))
    found = Graph(tuple(whole.ops), whole.inputs.found, whole.table_fields, tuple(outputs.values()))
    return slice_graph(found, found.outputs)


class _Fields:
    """Fields under names of their own."""

    def __init__(self) -> None:
        self._ways: dict[str, list[InputField]] = {}

    def take(self, field: InputField) -> str:
        """The name under which the field is read."""
        ways = self._ways.setdefault(field.name, [])
        for way in ways:
            if replace(field, name=way.name, title=way.title) == way:
                return way.name
        name = field.name if not ways else f"{field.name}__read_{len(ways) + 1}"
        ways.append(replace(field, name=name))
        return name

    @property
    def found(self) -> tuple[InputField, ...]:
        return tuple(way for ways in self._ways.values() for way in ways)


class _Whole:
    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.inputs = _Fields()
        self._tables: dict[str, tuple[str | None, _Fields]] = {}
        self._made: dict[tuple[object, ...], int] = {}

    @property
    def table_fields(self) -> tuple[TableField, ...]:
        return tuple(TableField(name, dated, fields.found) for name, (dated, fields) in self._tables.items())

    def take(self, graph: Graph) -> list[int]:
        """Take the operations of a graph over; the place of each in the whole."""
        inputs = {field.name: self.inputs.take(field) for field in graph.inputs}
        columns: dict[object, tuple[str, str]] = {}
        for table in graph.tables:
            _, fields = self._tables.setdefault(table.name, (table.dated, _Fields()))
            for field in table.columns:
                columns[table.name, field.name] = (table.name, fields.take(field))
        place: list[int] = []
        for op in graph.ops:
            value = op.value
            if op.primitive is Primitive.INPUT:
                value = inputs[str(op.value)]
            elif op.primitive is Primitive.COLUMN:
                value = columns[op.value]
            operands = tuple(operand if operand < 0 else place[operand] for operand in op.operands)
            place.append(self._store(replace(op, operands=operands, value=value)))
        return place

    def _store(self, op: Op) -> int:
        key = (op.primitive, op.operands, type(op.value), op.value, op.type, op.table)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = len(self.ops)
            self.ops.append(op)
        return found
