"""Operations over columns: a value an account. The commonest are written out, since a call for each account
would take most of the time of a mutation run; all others are `healthdsl.graph.evaluate.apply`, as these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from healthdsl.graph.arithmetic import finite, snap
from healthdsl.graph.evaluate import apply
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

Column = list[Any]


def apply_all(op: Op, operands: Sequence[Column]) -> Column:
    """`apply` for every account; the operation is neither a source nor an aggregate."""
    match op.primitive:
        case Primitive.SELECT:
            return _select(operands)
        case Primitive.AND:
            return [False if False in v else None if None in v else True for v in _rows(operands)]
        case Primitive.OR:
            return [True if True in v else None if None in v else False for v in _rows(operands)]
        case Primitive.NOT:
            return [None if v is None else not v for v in operands[0]]
        case Primitive.IS_TRUE:
            return [v is True for v in operands[0]]
        case Primitive.IS_KNOWN:
            return [v is not None for v in operands[0]]
        case Primitive.LESS:
            return [None if a is None or b is None else a < b for a, b in _rows(operands)]
        case Primitive.AT_MOST:
            return [None if a is None or b is None else a <= b for a, b in _rows(operands)]
        case Primitive.EQUAL:
            return [None if a is None or b is None else a == b for a, b in _rows(operands)]
        case Primitive.MEMBER:
            texts = op.value
            assert isinstance(texts, tuple)
            return [None if v is None else v in texts for v in operands[0]]
        case _:
            return _number(op, operands)


def _number(op: Op, operands: Sequence[Column]) -> Column:
    match op.primitive:
        case Primitive.ADD:
            return [None if a is None or b is None else finite(a + b) for a, b in _rows(operands)]
        case Primitive.SUBTRACT:
            return [None if a is None or b is None else finite(a - b) for a, b in _rows(operands)]
        case Primitive.MULTIPLY:
            return [None if a is None or b is None else finite(a * b) for a, b in _rows(operands)]
        case Primitive.SNAP:
            return [None if v is None else snap(v) for v in operands[0]]
        case _:
            return [apply(op, v) for v in _rows(operands)]


def _rows(operands: Sequence[Column]) -> Any:
    return zip(*operands, strict=True)


def _select(operands: Sequence[Column]) -> Column:
    """The value of the first condition that is true, so the last pair is looked at first."""
    chosen = operands[-1]
    for at in range(len(operands) - 3, -1, -2):
        pairs = zip(operands[at], operands[at + 1], chosen, strict=True)
        chosen = [value if condition is True else rest for condition, value, rest in pairs]
    return chosen
