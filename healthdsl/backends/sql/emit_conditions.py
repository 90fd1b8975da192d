"""The SQL of comparisons, choices and constants."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql.emit import Emitter
from healthdsl.graph.facts import branches
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

# Conditions and choice ----------------------------------------------------


def compare(e: Emitter, kind: type[exp.Binary], op: Op) -> exp.Expression:
    left, right = op.operands
    turned = {exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ}
    if e.ops[left].primitive is Primitive.CONSTANT and e.ops[right].primitive is not Primitive.CONSTANT:
        return b.binary(turned[kind], e.value(right), e.value(left))
    return b.binary(kind, e.value(left), e.value(right))


def not_(e: Emitter, op: Op) -> exp.Expression:
    (operand,) = op.operands
    inner = e.ops[operand]
    if operand in e.columns:
        return b.denied(e.value(operand))
    if inner.primitive is Primitive.IS_KNOWN:
        return b.is_null(e.value(inner.operands[0]))
    if inner.primitive is Primitive.EQUAL:
        return _compare_not(e, inner)
    return b.denied(b.tight(e.value(operand)))


def _compare_not(e: Emitter, op: Op) -> exp.Expression:
    return b.binary(exp.NEQ, e.value(op.operands[0]), e.value(op.operands[1]))


def is_true(e: Emitter, op: Op) -> exp.Expression:
    return b.coalesce(e.value(op.operands[0]), b.truth(False))


def select(e: Emitter, op: Op) -> exp.Expression:
    """Each value is written for where it is reached: what was asked before it narrows what it reads."""
    reached, here, written = branches(op, e.facts), e, []
    for (value, given), (_, passed), condition in zip(reached, reached[1:], op.operands[::2], strict=False):
        written.append((here.when(condition), here.where(condition, given).value(value)))
        here = here.where(condition, passed, holds=False)
    rest = e.ops[op.operands[-1]]
    is_missing = rest.primitive is Primitive.CONSTANT and rest.value is None
    return b.case(written, None if is_missing else here.value(op.operands[-1]))


def constant(e: Emitter, op: Op) -> exp.Expression:
    value = op.value
    if value is None:
        return exp.Null()
    if op.type.is_date:
        assert isinstance(value, int | float)
        return e.dialect.date(date.fromordinal(int(value)).isoformat())
    if isinstance(value, bool):
        return b.truth(value)
    if isinstance(value, str):
        return b.text(value)
    assert isinstance(value, int | float)
    return b.number(float(value), e.dialect)


def member(e: Emitter, op: Op) -> exp.Expression:
    assert isinstance(op.value, tuple)
    return exp.In(this=b.tight(e.value(op.operands[0])), expressions=[b.text(each) for each in op.value])


def contains(e: Emitter, op: Op) -> exp.Expression:
    """The place of the text, and no pattern: `%` and `_` are signs like any other."""
    return e.dialect.contains(e.value(op.operands[0]), b.text(str(op.value)))
