"""The meaning of a graph, written plainly: every operation evaluated in order, one account at a time.

Constant folding uses it, and whoever asks "what if" about an account in the graph's own terms. A backend
is faster and must give the same answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from healthdsl.graph import arithmetic
from healthdsl.graph.graph import Graph, Op, gathering
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather

Row = Mapping[str, object]

# Any stands for float, int, str or bool, as the primitive's row says; None never arrives here.
_STRICT: dict[Primitive, Callable[[Op, Sequence[Any]], object]] = {
    Primitive.ADD: lambda _, v: arithmetic.finite(v[0] + v[1]),
    Primitive.SUBTRACT: lambda _, v: arithmetic.finite(v[0] - v[1]),
    Primitive.MULTIPLY: lambda _, v: arithmetic.finite(v[0] * v[1]),
    Primitive.DIVIDE: lambda _, v: arithmetic.divide(v[0], v[1]),
    Primitive.MINIMUM: lambda _, v: min(v),
    Primitive.MAXIMUM: lambda _, v: max(v),
    Primitive.FLOOR: lambda _, v: float(math.floor(v[0])),
    Primitive.CEILING: lambda _, v: float(math.ceil(v[0])),
    Primitive.SNAP: lambda _, v: arithmetic.snap(v[0]),
    Primitive.ROUND: lambda op, v: arithmetic.round_to(v[0], op.value),  # type: ignore[arg-type]
    Primitive.LN: lambda _, v: arithmetic.natural_log(v[0]),
    Primitive.LOG2: lambda _, v: arithmetic.log_2(v[0]),
    Primitive.LOG10: lambda _, v: arithmetic.log_10(v[0]),
    Primitive.POWER: lambda _, v: arithmetic.power(v[0], v[1]),
    Primitive.DAYS_BETWEEN: lambda _, v: float(v[1] - v[0]),
    Primitive.MONTHS_BETWEEN: lambda _, v: float(arithmetic.months_between(v[0], v[1])),
    Primitive.ADD_DAYS: lambda _, v: arithmetic.add_days(v[0], v[1]),
    Primitive.LESS: lambda _, v: v[0] < v[1],
    Primitive.AT_MOST: lambda _, v: v[0] <= v[1],
    Primitive.EQUAL: lambda _, v: v[0] == v[1],
    Primitive.MEMBER: lambda op, v: v[0] in op.value,  # type: ignore[operator]
    Primitive.CONTAINS: lambda op, v: op.value in v[0],
    Primitive.FOLD_CASE: lambda _, v: arithmetic.fold_case(v[0]),
    Primitive.NOT: lambda _, v: not v[0],
}
_LENIENT: dict[Primitive, Callable[[Sequence[Any]], object]] = {
    Primitive.AND: lambda v: False if False in v else None if None in v else True,
    Primitive.OR: lambda v: True if True in v else None if None in v else False,
    Primitive.IS_KNOWN: lambda v: v[0] is not None,
    Primitive.IS_TRUE: lambda v: v[0] is True,
    Primitive.SELECT: lambda v: next((v[k + 1] for k in range(0, len(v) - 1, 2) if v[k] is True), v[-1]),
    Primitive.COALESCE: lambda v: next((value for value in v if value is not None), None),
}
STRICT = frozenset(_STRICT)
FOLDABLE = STRICT | frozenset(_LENIENT)


def apply(op: Op, operands: Sequence[Any]) -> object:
    """The result of an operation that is neither a source nor an aggregate."""
    if op.primitive in _LENIENT:
        return _LENIENT[op.primitive](operands)
    return None if None in operands else _STRICT[op.primitive](op, operands)


def evaluate(
    graph: Graph,
    inputs: Mapping[str, object],
    tables: Mapping[str, Sequence[Row] | None],
    today: int | None = None,
) -> dict[str, object]:
    """Every output by name, for typed and legal inputs (numbers float, dates ordinals); a table left out is
    not supplied.
    """
    values: list[object] = []
    for op in graph.ops:
        match op.primitive:
            case _ if op.table is not None:
                values.append(None)
            case Primitive.CONSTANT:
                values.append(op.value)
            case Primitive.INPUT:
                values.append(inputs.get(str(op.value)))
            case Primitive.TODAY:
                values.append(today)
            case Primitive.SUPPLIED:
                values.append(tables.get(str(op.value)) is not None)
            case Primitive.AGGREGATE:
                values.append(_aggregate(graph, op, values, tables))
            case _:
                values.append(apply(op, [values[operand] for operand in op.operands]))
    return {output.name: values[output.op] for output in graph.outputs}


def _aggregate(
    graph: Graph, op: Op, account: list[object], tables: Mapping[str, Sequence[Row] | None]
) -> object:
    gather, table = gathering(op)
    rows = tables.get(table)
    if rows is None:
        return None
    reads = _row_operations(graph, op)
    values = list(account)
    gathered = []
    for row in rows:
        for index in reads:
            values[index] = _of_row(graph.ops[index], values, row)
        value, weight, condition, day = (None if operand < 0 else values[operand] for operand in op.operands)
        if op.operands[2] < 0 or condition is True:
            gathered.append((value, weight, day))
    return reduce_rows(gather, gathered, weighted=op.operands[1] >= 0)


def _row_operations(graph: Graph, op: Op) -> list[int]:
    """The operations of a row that an aggregate rests on, in their order."""
    found: set[int] = set()
    stack = [operand for operand in op.operands if operand >= 0]
    while stack:
        index = stack.pop()
        if index not in found and graph.ops[index].table is not None:
            found.add(index)
            stack.extend(graph.ops[index].operands)
    return sorted(found)


def _of_row(op: Op, values: list[object], row: Row) -> object:
    if op.primitive is Primitive.COLUMN:
        return row.get(op.value[1])  # type: ignore[index]
    return apply(op, [values[operand] for operand in op.operands])


def reduce_rows(gather: Gather, rows: Sequence[tuple[Any, Any, Any]], *, weighted: bool) -> object:
    """The aggregate of (value, weight, day) of the rows that count."""
    values = [value for value, _, _ in rows if value is not None]
    match gather:
        case Gather.COUNT:
            return float(len(rows))
        case Gather.SUM:
            return arithmetic.total(values) if values or not rows else None
        case Gather.AVERAGE if weighted:
            pairs = [(v, w) for v, w, _ in rows if v is not None and w is not None]
            return arithmetic.weighted_average(pairs)
        case Gather.AVERAGE:
            return arithmetic.average(values)
        case Gather.LOWEST:
            return min(values, default=None)
        case Gather.HIGHEST:
            return max(values, default=None)
        case Gather.DISTINCT:
            return float(len(set(values)))
        case Gather.LATEST | Gather.EARLIEST:
            dated = [
                (d if gather is Gather.LATEST else -d, v)
                for v, _, d in rows
                if v is not None and d is not None
            ]
            return max(dated)[1] if dated else None
