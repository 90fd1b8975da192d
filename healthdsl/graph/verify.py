"""The promises of a graph, checked. Tests run it on every graph they make; nothing at run time needs it."""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.graph.graph import NAMED_ALONE, Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather

_COUNTS: dict[Primitive, int] = {
    **dict.fromkeys(
        (Primitive.INPUT, Primitive.COLUMN, Primitive.SUPPLIED, Primitive.TODAY, Primitive.CONSTANT), 0
    ),
    **dict.fromkeys(
        (
            Primitive.FLOOR,
            Primitive.CEILING,
            Primitive.SNAP,
            Primitive.ROUND,
            Primitive.LN,
            Primitive.LOG2,
            Primitive.LOG10,
            Primitive.MEMBER,
            Primitive.CONTAINS,
            Primitive.FOLD_CASE,
        ),
        1,
    ),
    **dict.fromkeys((Primitive.NOT, Primitive.IS_KNOWN, Primitive.IS_TRUE), 1),
    **dict.fromkeys(
        (
            Primitive.ADD,
            Primitive.SUBTRACT,
            Primitive.MULTIPLY,
            Primitive.DIVIDE,
            Primitive.MINIMUM,
            Primitive.MAXIMUM,
            Primitive.POWER,
        ),
        2,
    ),
    **dict.fromkeys(
        (
            Primitive.DAYS_BETWEEN,
            Primitive.MONTHS_BETWEEN,
            Primitive.ADD_DAYS,
            Primitive.LESS,
            Primitive.AT_MOST,
            Primitive.EQUAL,
        ),
        2,
    ),
    Primitive.AGGREGATE: 4,
}


def verify_graph(graph: Graph) -> list[str]:
    """Every broken promise in words; none for a sound graph."""
    return [*_operations(graph), *_contract(graph), *_outputs(graph)]


def _operations(graph: Graph) -> Iterator[str]:
    seen: dict[tuple[object, ...], int] = {}
    for index, op in enumerate(graph.ops):
        least = -1 if op.primitive is Primitive.AGGREGATE else 0
        if not all(least <= operand < index for operand in op.operands):
            yield f"operation {index} ({op.primitive}) has an operand that does not stand before it"
            continue
        if len(op.operands) != _COUNTS.get(op.primitive, len(op.operands)):
            yield f"operation {index} ({op.primitive}) has {len(op.operands)} operands"
        if op.primitive is Primitive.SELECT and len(op.operands) % 2 == 0:
            yield f"operation {index} (select) has a condition without a value"
        same = seen.setdefault(_key(op), index)
        if same != index:
            yield f"operation {index} ({op.primitive}) equals operation {same}"
        yield from _tables(graph, index, op)


def _key(op: Op) -> tuple[object, ...]:
    return (op.primitive, op.operands, op.value, op.type if op.primitive is Primitive.CONSTANT else None)


def _tables(graph: Graph, index: int, op: Op) -> Iterator[str]:
    """A row operation reads its own table and the account; an aggregate alone leads out of rows."""
    inside = {graph.ops[operand].table for operand in op.operands if operand >= 0} - {None}
    named = op.value if op.primitive in (Primitive.AGGREGATE, Primitive.COLUMN) else None
    table = op.table
    if isinstance(named, tuple):
        table = named[1] if op.primitive is Primitive.AGGREGATE else named[0]
    if inside - {table}:
        yield f"operation {index} ({op.primitive}) reads rows of another table"
    if op.primitive is Primitive.AGGREGATE and op.table is not None:
        yield f"operation {index} (aggregate) belongs to rows"
    if op.primitive is Primitive.COLUMN and op.table != table:
        yield f"operation {index} (column) does not belong to its table"


def _contract(graph: Graph) -> Iterator[str]:
    known: dict[Primitive, set[object]] = {
        Primitive.INPUT: {field.name for field in graph.inputs},
        Primitive.COLUMN: {(table.name, column.name) for table in graph.tables for column in table.columns},
        Primitive.SUPPLIED: {table.name for table in graph.tables},
        Primitive.AGGREGATE: {(gather, table.name) for table in graph.tables for gather in Gather},
    }
    for index, op in enumerate(graph.ops):
        if op.primitive in known and op.value not in known[op.primitive]:
            yield f"operation {index} ({op.primitive}) reads {op.value}, which the contract does not have"


def _outputs(graph: Graph) -> Iterator[str]:
    names: set[str] = set()
    for output in graph.outputs:
        if not 0 <= output.op < len(graph.ops) or graph.ops[output.op].table is not None:
            yield f"output {output.name} names no operation of the account"
        if output.name in names:
            yield f"output {output.name} stands twice"
        names.add(output.name)
        if output.name != (output.owner if output.role in NAMED_ALONE else f"{output.owner}__{output.role}"):
            yield f"output {output.name} does not spell its owner and role"
