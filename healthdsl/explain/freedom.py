"""What can be moved.

The input signals and gathered rows that a band depends on, each with its legal values.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.explain.conditions import describe_condition
from healthdsl.explain.grid import Grid, grid_of
from healthdsl.explain.words import GATHERED
from healthdsl.graph.graph import Graph, InputField, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather
from healthdsl.model.ruleset import Ruleset
from healthdsl.model.types import COUNT, Kind, Type


@dataclass(frozen=True, slots=True)
class Free:
    """One operation that may be moved. `grid` for numbers and dates, else None; `choices` for a category."""

    op: int
    name: str
    title: str
    type: Type
    grid: Grid | None


def find_free(ruleset: Ruleset, graph: Graph) -> tuple[Free, ...]:
    """Every input signal that is not fixed and every aggregate of rows, in the order of the graph. The date
    behind `expires .. after` is out: an answer does not get better by growing old.
    """
    found = []
    fixed = {signal.name for signal in ruleset.signals if signal.fixed}
    fixed.update(signal.expiry.after for signal in ruleset.signals if signal.expiry is not None)
    for index, op in enumerate(graph.ops):
        if op.primitive is Primitive.INPUT:
            found.append(_input(graph, index, op))
        elif op.primitive is Primitive.AGGREGATE:
            found.append(_aggregate(ruleset, graph, index, op))
    return tuple(free for free in found if free.name not in fixed)


def _input(graph: Graph, index: int, op: Op) -> Free:
    field = next(field for field in graph.inputs if field.name == op.value)
    return Free(index, field.name, field.title, field.type, _grid(field))


def _grid(field: InputField) -> Grid | None:
    if not (field.type.is_numeric or field.type.is_date):
        return None
    return grid_of(field.type, field.low, field.high)


def _aggregate(ruleset: Ruleset, graph: Graph, index: int, op: Op) -> Free:
    assert isinstance(op.value, tuple)
    gather, table = op.value
    title = next((each.title for each in ruleset.tables if each.name == table), table)
    name, title = f"{gather.value} of {table}", f"{GATHERED[gather]} {title}"
    where = describe_condition(graph, op.operands[2])
    title = f"{title} where {where}" if where else title
    type_ = COUNT if gather in (Gather.COUNT, Gather.DISTINCT) else graph.ops[op.operands[0]].type
    signal = _signal_of(ruleset, graph, index)
    if signal is not None:
        declared = next(each for each in ruleset.signals if each.name == signal)
        name, title, shown = declared.name, declared.title, declared.type
        type_ = shown if shown.is_numeric == type_.is_numeric else type_
    return Free(index, name, title, type_, _gathered_grid(graph, op))


def _signal_of(ruleset: Ruleset, graph: Graph, index: int) -> str | None:
    """The signal that is exactly this aggregate."""
    names = {signal.name for signal in ruleset.signals}
    for output in graph.outputs:
        op = graph.ops[output.op]
        snapped = op.primitive is Primitive.SNAP and op.operands[0] == index
        if output.role == "value" and output.name in names and (output.op == index or snapped):
            return output.name
    return None


def _gathered_grid(graph: Graph, op: Op) -> Grid | None:
    """Counts are whole and not negative.

    Picked values keep the range of their column, sums and averages have none.
    """
    assert isinstance(op.value, tuple)
    gather = op.value[0]
    if gather in (Gather.COUNT, Gather.DISTINCT):
        return grid_of(COUNT, 0.0, None)
    value = graph.ops[op.operands[0]]
    if not (value.type.is_numeric or value.type.is_date):
        return None
    field = _column_field(graph, value)
    low, high = (field.low, field.high) if field is not None else (None, None)
    if gather is Gather.SUM:
        least = 0.0 if (low is not None and low >= 0.0) or value.type.kind is Kind.COUNT else None
        return grid_of(Type(Kind.NUMBER), least, None, only_whole=value.type.is_whole)
    if gather is Gather.AVERAGE:
        floor = 0.0 if value.type.kind is Kind.COUNT and low is None else low
        return grid_of(Type(Kind.NUMBER), floor, high)
    return grid_of(value.type, low, high)


def _column_field(graph: Graph, value: Op) -> InputField | None:
    if value.primitive is not Primitive.COLUMN:
        return None
    assert isinstance(value.value, tuple)
    table, column = value.value
    fields = next(each.columns for each in graph.tables if each.name == table)
    return next((field for field in fields if field.name == column), None)
