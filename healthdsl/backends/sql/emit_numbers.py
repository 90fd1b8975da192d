"""The SQL of arithmetic."""

from __future__ import annotations

import math

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.emit import Emitter
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

# Arithmetic ---------------------------------------------------------------


def arithmetic(e: Emitter, kind: type[exp.Binary], op: Op) -> exp.Expression:
    left, right = op.operands
    if kind is exp.Add and (amount := negative(e, right)) is not None:
        return b.subtract(e.as_double(left, None), b.number(-amount, e.dialect))
    return b.binary(kind, e.as_double(left, right), e.value(right))


def negative(e: Emitter, index: int) -> float | None:
    op = e.ops[index]
    is_negative = op.primitive is Primitive.CONSTANT and isinstance(op.value, float) and op.value < 0.0
    return op.value if is_negative else None  # type: ignore[return-value]


def divide(e: Emitter, op: Op) -> exp.Expression:
    left, right = op.operands
    low, high = e.bounds(right)
    divisor = e.value(right)
    if low <= 0.0 <= high:
        divisor = exp.Nullif(this=divisor, expression=b.number(0.0, e.dialect))
    return b.divide(e.as_double(left, None), divisor)


def extreme(e: Emitter, op: Op) -> exp.Expression:
    """LEAST and GREATEST skip what is missing in some engines, so they are only for what never is."""
    left, right = op.operands
    least = op.primitive is Primitive.MINIMUM
    if not e.facts[left].roots and not e.facts[right].roots:
        kind = exp.Least if least else exp.Greatest
        return kind(this=e.as_double(left, right), expressions=[e.value(right)])
    beyond, within = (exp.LT, exp.GTE) if least else (exp.GT, exp.LTE)
    if e.ops[right].primitive is Primitive.CONSTANT:
        other = exp.GT if least else exp.LT
        return b.when(b.binary(other, e.value(left), e.value(right)), e.value(right), e.value(left))
    return b.case(
        [
            (b.binary(beyond, e.value(left), e.value(right)), e.value(left)),
            (b.binary(within, e.value(left), e.value(right)), e.value(right)),
        ]
    )


def floor(e: Emitter, op: Op) -> exp.Expression:
    (operand,) = op.operands
    return b.floor(lambda: e.as_double(operand), e.dialect, e.largest(operand))


def ceiling(e: Emitter, op: Op) -> exp.Expression:
    """As a floor, since a ceiling can be -0."""
    (operand,) = op.operands
    turned = b.floor(lambda: exp.Neg(this=b.tight(e.as_double(operand))), e.dialect, e.largest(operand))
    return b.subtract(b.number(0.0, e.dialect), turned)


def snap(e: Emitter, op: Op) -> exp.Expression:
    (operand,) = op.operands
    return snaps.snap(lambda: e.as_double(operand), e.bounds(operand), e.dialect)


def rounded(e: Emitter, op: Op) -> exp.Expression:
    (operand,) = op.operands
    grid = e.facts[operand].grid
    assert isinstance(op.value, int)
    return snaps.round_to(lambda: e.as_double(operand), op.value, e.bounds(operand), grid, e.dialect)


def logarithm(e: Emitter, op: Op) -> exp.Expression:
    (operand,) = op.operands
    base = {Primitive.LN: None, Primitive.LOG2: math.log(2.0), Primitive.LOG10: math.log(10.0)}[op.primitive]
    logarithm: exp.Expression = exp.Ln(this=e.as_double(operand))
    if base is not None:
        logarithm = b.divide(logarithm, b.number(base, e.dialect))
    positive = b.binary(exp.GT, e.value(operand), b.number(0.0, e.dialect))
    return b.when(positive, logarithm)


def power(e: Emitter, op: Op) -> exp.Expression:
    """Undefined powers are missing, and those that leave the doubles, before an engine raises an error."""
    base, exponent = op.operands
    zero = b.number(0.0, e.dialect)

    def of(kind: type[exp.Binary], index: int, other: exp.Expression) -> exp.Expression:
        return b.binary(kind, e.as_double(index), other)

    known = e.ops[exponent].value if e.ops[exponent].primitive is Primitive.CONSTANT else None
    if isinstance(known, float):
        at_least_0, whole = b.truth(known >= 0.0), b.truth(known.is_integer())
    else:
        floored = b.floor(lambda: e.as_double(exponent), e.dialect, e.largest(exponent))
        at_least_0, whole = of(exp.GTE, exponent, zero.copy()), of(exp.EQ, exponent, floored)
    at_zero = b.both(of(exp.EQ, base, zero.copy()), at_least_0)
    defined = b.either(of(exp.GT, base, zero.copy()), b.both(of(exp.LT, base, zero.copy()), whole))
    size = exp.Ln(this=exp.Abs(this=e.as_double(base)))
    logarithm = b.multiply(e.value(exponent), size)
    powered = exp.Pow(this=e.as_double(base), expression=e.as_double(exponent))
    # ln of the largest double is 709.78, of the smallest normal one -708.4.
    reach = b.case(
        [
            (b.binary(exp.LT, logarithm.copy(), b.number(-708.0, e.dialect)), zero.copy()),
            (b.binary(exp.LT, logarithm, b.number(709.78, e.dialect)), powered),
        ]
    )
    branches = [(at_zero, powered.copy()), (defined, reach)]
    return b.case([each for each in branches if each[0] != b.truth(False)])
