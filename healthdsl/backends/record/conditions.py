"""How conditions are asked: each is written as the Python condition that it is true, or that it is false.

So `not` costs nothing, and three-valued logic is needed only where an unknown answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from healthdsl.backends.record.layout import EXACT
from healthdsl.backends.record.text import literal
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.threshold import first_above, first_at_least

if TYPE_CHECKING:
    from healthdsl.backends.record.emit import Emitter

Given = frozenset[int]
_NONE: Given = frozenset()


# Comparisons -----------------------------------------------------------------


def _less(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    return _ordered(emitter, emitter.op(index).operands, given, "<" if positive else ">=")


def _at_most(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    return _ordered(emitter, emitter.op(index).operands, given, "<=" if positive else ">")


_MIRRORED = {"<": ">", ">=": "<=", "<=": ">=", ">": "<"}


def _ordered(emitter: Emitter, operands: tuple[int, ...], given: Given, sign: str) -> str:
    left, right = operands
    if emitter.op(left).primitive is Primitive.CONSTANT:
        left, right, sign = right, left, _MIRRORED[sign]
    bound = emitter.op(right).value
    if emitter.op(right).primitive is not Primitive.CONSTANT or not isinstance(bound, float):
        return f"{emitter.value(left, given)} {sign} {emitter.value(right, given)}"
    unsnapped = _unsnapped(emitter, left, given)
    if unsnapped is not None:
        # Snapping keeps order, so a snapped value is below the bound exactly when the plain one is below the
        # first
        # double that snaps to it: the snap itself can be left out.
        edge = first_at_least(bound) if sign in ("<", ">=") else first_above(bound)
        return f"{unsnapped} {'<' if sign in ('<', '<=') else '>='} {literal(edge)}"
    whole = emitter.facts(left).whole and bound.is_integer() and abs(bound) < EXACT
    return f"{emitter.value(left, given)} {sign} {literal(int(bound) if whole else bound)}"


def _unsnapped(emitter: Emitter, index: int, given: Given) -> str | None:
    """The text of a value before it is snapped, where the snapped one is not at hand."""
    if index in emitter.raw:
        return emitter.name(index)
    if emitter.is_variable(index) or emitter.op(index).primitive is not Primitive.SNAP:
        return None
    return emitter.value(emitter.op(index).operands[0], given)


def _equal(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    left, right = emitter.op(index).operands
    return f"{emitter.value(left, given)} {'==' if positive else '!='} {emitter.value(right, given)}"


def _member(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    op = emitter.op(index)
    choices = literal(op.value)
    return f"{emitter.value(op.operands[0], given)} {'in' if positive else 'not in'} {{{choices[1:-1]}}}"


def _contains(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    op = emitter.op(index)
    word = "in" if positive else "not in"
    return f"{literal(op.value)} {word} {emitter.value(op.operands[0], given)}"


COMPARE: dict[Primitive, Callable[[Emitter, int, Given, bool], str]] = {
    Primitive.LESS: _less,
    Primitive.AT_MOST: _at_most,
    Primitive.EQUAL: _equal,
    Primitive.MEMBER: _member,
    Primitive.CONTAINS: _contains,
}


# Asking ----------------------------------------------------------------------


def _is_false_of_none(emitter: Emitter, op: Op) -> bool:
    """Whether the Python comparison is False by itself for a variable that is None: `==` a constant
    and `in`.
    """
    if op.primitive is Primitive.MEMBER:
        return emitter.is_variable(op.operands[0])
    if op.primitive is not Primitive.EQUAL:
        return False
    left, right = op.operands
    for one, other in ((left, right), (right, left)):
        if emitter.op(one).primitive is Primitive.CONSTANT and emitter.is_variable(other):
            return True
    return False


def _compare_is(positive: bool) -> Callable[[Emitter, int, Given], str]:
    def ask(emitter: Emitter, index: int, given: Given) -> str:
        op = emitter.op(index)
        missing = emitter.missing(op, given)
        if positive and _is_false_of_none(emitter, op):
            given, missing = given | missing, _NONE
        parts = [
            *emitter.none_none(missing),
            COMPARE[op.primitive](emitter, index, given | missing, positive),
        ]
        return _joined(" and ", parts)

    return ask


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"


def _all_of(positive: bool) -> Callable[[Emitter, int, Given], str]:
    """AND is true, or OR false, when each operand is: what one shows to be known holds for the next."""

    def ask(emitter: Emitter, index: int, given: Given) -> str:
        parts: list[str] = []
        for operand in emitter.op(index).operands:
            text = emitter.true(operand, given) if positive else emitter.false(operand, given)
            if text == "False":
                return text
            if text != "True":
                parts.append(text)
            given |= emitter.facts(operand).if_true if positive else emitter.facts(operand).if_not_true
        return _joined(" and ", parts) if parts else "True"

    return ask


def _any_of(positive: bool) -> Callable[[Emitter, int, Given], str]:
    """OR is true, or AND false, when one operand is."""

    def ask(emitter: Emitter, index: int, given: Given) -> str:
        parts: list[str] = []
        for operand in emitter.op(index).operands:
            text = emitter.true(operand, given) if positive else emitter.false(operand, given)
            if text == "True":
                return text
            if text != "False":
                parts.append(text)
            if positive:
                given |= emitter.facts(operand).if_not_true
        return _joined(" or ", parts) if parts else "False"

    return ask


def _is_supplied(emitter: Emitter, index: int, given: Given) -> str:
    return emitter.definition(index, given)


def _known(emitter: Emitter, index: int, given: Given) -> str:
    missing = emitter.missing(emitter.op(index), given)
    return _joined(" and ", emitter.none_none(missing)) if missing else "True"


def _unknown(emitter: Emitter, index: int, given: Given) -> str:
    missing = emitter.missing(emitter.op(index), given)
    return (
        _joined(" or ", [f"{emitter.name(root)} is None" for root in sorted(missing)]) if missing else "False"
    )


def _operand_is_true(emitter: Emitter, index: int, given: Given) -> str:
    return emitter.true(emitter.op(index).operands[0], given)


def _operand_is_false(emitter: Emitter, index: int, given: Given) -> str:
    return emitter.false(emitter.op(index).operands[0], given)


def _operand_is_not_true(emitter: Emitter, index: int, given: Given) -> str:
    return denied(emitter.true(emitter.op(index).operands[0], given))


def denied(text: str) -> str:
    return {"True": "False", "False": "True"}.get(text, f"not ({text})")


def value_is_true(emitter: Emitter, index: int, given: Given) -> str:
    text = emitter.value(index, given)
    return text if text in ("True", "False") else f"{text} is True"


def value_is_false(emitter: Emitter, index: int, given: Given) -> str:
    text = emitter.value(index, given)
    return denied(text) if text in ("True", "False") else f"{text} is False"


TRUE: dict[Primitive, Callable[[Emitter, int, Given], str]] = {
    **dict.fromkeys(COMPARE, _compare_is(True)),
    Primitive.AND: _all_of(True),
    Primitive.OR: _any_of(True),
    Primitive.NOT: _operand_is_false,
    Primitive.IS_TRUE: _operand_is_true,
    Primitive.IS_KNOWN: _known,
    Primitive.SUPPLIED: _is_supplied,
}
FALSE: dict[Primitive, Callable[[Emitter, int, Given], str]] = {
    **dict.fromkeys(COMPARE, _compare_is(False)),
    Primitive.AND: _any_of(False),
    Primitive.OR: _all_of(False),
    Primitive.NOT: _operand_is_true,
    Primitive.IS_TRUE: _operand_is_not_true,
    Primitive.IS_KNOWN: _unknown,
}
