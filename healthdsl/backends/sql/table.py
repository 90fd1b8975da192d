"""The table from primitive to SQL. What dialects differ in is their row in `dialects`."""

from __future__ import annotations

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import emit_conditions as conditions
from healthdsl.backends.sql import emit_dates as dates
from healthdsl.backends.sql import emit_numbers as numbers
from healthdsl.backends.sql.emit import Emit, Emitter
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive


def _absent(emitter: Emitter, op: Op) -> exp.Expression:
    """A source that is no column below: the field, or the aggregate, of which nothing was given."""
    return b.cast(exp.Null(), emitter.type_of(op))


TABLE: dict[Primitive, Emit] = {
    Primitive.INPUT: _absent,
    Primitive.COLUMN: _absent,
    Primitive.AGGREGATE: _absent,
    Primitive.SUPPLIED: lambda e, op: e.setting.supplied.get(str(op.value), b.truth(False)).copy(),
    Primitive.TODAY: lambda e, _: e.setting.today.copy(),
    Primitive.CONSTANT: conditions.constant,
    Primitive.ADD: lambda e, op: numbers.arithmetic(e, exp.Add, op),
    Primitive.SUBTRACT: lambda e, op: numbers.arithmetic(e, exp.Sub, op),
    Primitive.MULTIPLY: lambda e, op: numbers.arithmetic(e, exp.Mul, op),
    Primitive.DIVIDE: numbers.divide,
    Primitive.MINIMUM: numbers.extreme,
    Primitive.MAXIMUM: numbers.extreme,
    Primitive.FLOOR: numbers.floor,
    Primitive.CEILING: numbers.ceiling,
    Primitive.SNAP: numbers.snap,
    Primitive.ROUND: numbers.rounded,
    Primitive.LN: numbers.logarithm,
    Primitive.LOG2: numbers.logarithm,
    Primitive.LOG10: numbers.logarithm,
    Primitive.POWER: numbers.power,
    Primitive.DAYS_BETWEEN: dates.days_between,
    Primitive.MONTHS_BETWEEN: dates.months_between,
    Primitive.ADD_DAYS: dates.add_days,
    Primitive.LESS: lambda e, op: conditions.compare(e, exp.LT, op),
    Primitive.AT_MOST: lambda e, op: conditions.compare(e, exp.LTE, op),
    Primitive.EQUAL: lambda e, op: conditions.compare(e, exp.EQ, op),
    Primitive.MEMBER: conditions.member,
    Primitive.CONTAINS: conditions.contains,
    Primitive.FOLD_CASE: lambda e, op: e.dialect.fold(e.value(op.operands[0])),
    Primitive.AND: lambda e, op: b.joined(exp.And, [e.value(operand) for operand in op.operands]),
    Primitive.OR: lambda e, op: b.joined(exp.Or, [e.value(operand) for operand in op.operands]),
    Primitive.NOT: conditions.not_,
    Primitive.IS_KNOWN: lambda e, op: b.is_known(e.value(op.operands[0])),
    Primitive.IS_TRUE: conditions.is_true,
    Primitive.SELECT: conditions.select,
    Primitive.COALESCE: lambda e, op: b.coalesce(*[e.value(operand) for operand in op.operands]),
}
