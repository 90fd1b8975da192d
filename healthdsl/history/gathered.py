"""A name for what rows came to: the same in every ruleset that gathers the same rows in the same way.

A run keeps what rows came to under these names, so that a later ruleset can be tried on it without the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

DIGITS = 12
ROWS = "rows:"
GIVEN = "given:"


def gathered_names(graph: Graph) -> dict[int, str]:
    """The name of each operation of the account that reads rows: `rows:KEY`, or `given:TABLE`."""
    keys: list[str] = []
    for op in graph.ops:
        said = f"{op.primitive.name} {op.value!r} {op.type!r} {op.table} {_cell(graph, op)}"
        inner = " ".join("-" if index < 0 else keys[index] for index in op.operands)
        keys.append(sha256(f"{said} ({inner})".encode()).hexdigest()[:DIGITS])
    return {index: _name(op, keys[index]) for index, op in _reading_rows(graph)}


def _reading_rows(graph: Graph) -> Iterator[tuple[int, Op]]:
    for index, op in enumerate(graph.ops):
        if op.table is None and op.primitive in (Primitive.AGGREGATE, Primitive.SUPPLIED):
            yield index, op


def _name(op: Op, key: str) -> str:
    return f"{GIVEN}{op.value}" if op.primitive is Primitive.SUPPLIED else f"{ROWS}{key}"


def _cell(graph: Graph, op: Op) -> str:
    """How a cell of a row is read: another column or range gives other rows."""
    if op.table is None or op.primitive is not Primitive.INPUT:
        return ""
    for table in graph.tables:
        for field in table.columns:
            if (table.name, field.name) == (op.table, op.value):
                return f"{table.dated} {field.column} {field.low} {field.high} {field.scale} {field.absent}"
    return ""
