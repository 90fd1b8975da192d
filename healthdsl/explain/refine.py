"""What a condition tells about its operands: `x` below 90 where the branch asks whether it is.

In: a condition, and the way it turned out. Out: narrower abstract values for the operations that it speaks
of. Without this the straight line of a curve would be unbounded, since the choice between its pieces would
be forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import Enum

from healthdsl.explain.abstract import Abstract, Numbers, Texts, Truth, known, meet, nothing, with_missing
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive


class Turn(Enum):
    """How a condition turned out."""

    TRUE = Truth(true=True)
    FALSE = Truth(false=True)
    NOT_TRUE = Truth(false=True, missing=True)
    NOT_FALSE = Truth(true=True, missing=True)


_OPPOSITE = {
    Turn.TRUE: Turn.FALSE,
    Turn.FALSE: Turn.TRUE,
    Turn.NOT_TRUE: Turn.NOT_FALSE,
    Turn.NOT_FALSE: Turn.NOT_TRUE,
}


Values = Callable[[int], Abstract]


def refine(ops: Sequence[Op], values: Values, condition: int, turn: Turn, found: dict[int, Abstract]) -> None:
    """Enter into `found` what the condition's turn tells.

    `found` may hold narrower values already, which are used.
    """
    stack = [(condition, turn)]
    while stack:
        index, how = stack.pop()
        op = ops[index]
        _narrow(values, found, index, how.value)
        match op.primitive:
            case Primitive.NOT:
                stack.append((op.operands[0], _OPPOSITE[how]))
            case Primitive.IS_TRUE:
                asked = Turn.TRUE if how in (Turn.TRUE, Turn.NOT_FALSE) else Turn.NOT_TRUE
                stack.append((op.operands[0], asked))
            case Primitive.AND if how in (Turn.TRUE, Turn.NOT_FALSE):
                stack += [(operand, how) for operand in op.operands]
            case Primitive.OR if how in (Turn.FALSE, Turn.NOT_TRUE):
                stack += [(operand, how) for operand in op.operands]
            case Primitive.IS_KNOWN:
                _presence(ops, values, found, op, how in (Turn.TRUE, Turn.NOT_FALSE))
            case Primitive.LESS | Primitive.AT_MOST | Primitive.EQUAL | Primitive.MEMBER | Primitive.CONTAINS:
                _comparison(values, found, op, how)
            case _:
                pass


def _now(values: Values, found: dict[int, Abstract], index: int) -> Abstract:
    return found.get(index, values(index))


def _narrow(values: Values, found: dict[int, Abstract], index: int, to: Abstract) -> None:
    before = _now(values, found, index)
    after = meet(before, to)
    if after != before:
        found[index] = after


def _presence(ops: Sequence[Op], values: Values, found: dict[int, Abstract], op: Op, present: bool) -> None:
    (operand,) = op.operands
    now = _now(values, found, operand)
    found[operand] = known(now) if present else meet(now, nothing(ops[operand].type))


def _comparison(values: Values, found: dict[int, Abstract], op: Op, how: Turn) -> None:
    """A comparison that is true or false has known operands; one that is only "not true" may lack them."""
    certain = how in (Turn.TRUE, Turn.FALSE)
    sides = [_now(values, found, operand) for operand in op.operands]
    holds = how in (Turn.TRUE, Turn.NOT_FALSE)
    narrowed = _narrowed(op, sides, holds)
    others_known = [
        not any(s.missing for k, s in enumerate(sides) if k != place) for place in range(len(sides))
    ]
    for place, (operand, side, to) in enumerate(zip(op.operands, sides, narrowed, strict=True)):
        if certain:
            after = known(to)
        elif others_known[place]:  # then only this side's own absence could make it unknown
            after = meet(side, with_missing(to))
        else:
            continue
        if after != side:
            found[operand] = after


def _narrowed(op: Op, sides: Sequence[Abstract], holds: bool) -> Sequence[Abstract]:
    """The operands where they are known and the comparison turned out that way."""
    match op.primitive:
        case Primitive.MEMBER:
            return [_member(sides[0], op.value, holds)]
        case Primitive.CONTAINS:
            return sides  # which texts hold another is no list
        case Primitive.EQUAL:
            return _equal(sides[0], sides[1], holds)
        case _:
            left, right = sides
            assert isinstance(left, Numbers)
            assert isinstance(right, Numbers)
            strict = op.primitive is Primitive.LESS
            if holds:
                return _ordered(left, right, strict)
            return _ordered(right, left, not strict)[::-1]


def _ordered(small: Numbers, large: Numbers, strict: bool) -> tuple[Numbers, Numbers]:
    """`small` below `large` (or, not strict, up to it)."""
    top = math.nextafter(large.high, -math.inf) if strict else large.high
    bottom = math.nextafter(small.low, math.inf) if strict else small.low
    return (
        Numbers(small.low, min(small.high, top), small.missing),
        Numbers(max(large.low, bottom), large.high, large.missing),
    )


def _equal(left: Abstract, right: Abstract, holds: bool) -> Sequence[Abstract]:
    if holds:
        both = meet(left, right)
        return [both if type(left) is type(right) else left, both if type(left) is type(right) else right]
    match left, right:
        case Texts(choices=some), Texts(choices=others) if some is not None and others is not None:
            return [
                Texts(some - others if len(others) == 1 else some, left.missing),
                Texts(others - some if len(some) == 1 else others, right.missing),
            ]
        case _:
            return [left, right]


def _member(side: Abstract, choices: object, holds: bool) -> Abstract:
    assert isinstance(choices, tuple)
    if not isinstance(side, Texts):
        return side
    wanted = frozenset(choices)
    if holds:
        return Texts(wanted if side.choices is None else side.choices & wanted, side.missing)
    return Texts(None if side.choices is None else side.choices - wanted, side.missing)
