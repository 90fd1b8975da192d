"""Rewriting of one operation as it is made: into an existing operation, a constant, or a smaller one.

Every rule keeps the result for every account, missing values included. `not` ends at the leaves, so that a
backend asks "is it true" and "is it false" with plain comparisons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from healthdsl.graph.evaluate import FOLDABLE, STRICT, apply
from healthdsl.graph.facts import NOTHING
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

if TYPE_CHECKING:
    from healthdsl.graph.build import GraphBuilder

_IDLE_RIGHT = {Primitive.ADD: 0.0, Primitive.SUBTRACT: 0.0, Primitive.MULTIPLY: 1.0, Primitive.DIVIDE: 1.0}
_IDLE_LEFT = {Primitive.ADD: 0.0, Primitive.MULTIPLY: 1.0}


def simplify(graph: GraphBuilder, op: Op) -> int | None:
    """The index of an operation that always equals `op`, or None when it has to be stored as it is."""
    ops, operands = graph.ops, op.operands
    if op.primitive in FOLDABLE:
        if all([ops[operand].primitive is Primitive.CONSTANT for operand in operands]):  # noqa: C419
            return graph.constant(apply(op, [ops[operand].value for operand in operands]), op.type)
        if op.primitive in STRICT and any([graph.facts[operand].missing for operand in operands]):  # noqa: C419
            return graph.missing(op.type)
    rule = _RULES.get(op.primitive)
    return None if rule is None else rule(graph, op)


def _snap(graph: GraphBuilder, op: Op) -> int | None:
    return op.operands[0] if graph.facts[op.operands[0]].grid else None


def _to_whole(graph: GraphBuilder, op: Op) -> int | None:
    return op.operands[0] if graph.facts[op.operands[0]].whole else None


def _arithmetic(graph: GraphBuilder, op: Op) -> int | None:
    left, right = op.operands
    if graph.is_number(right, _IDLE_RIGHT[op.primitive]):
        return left
    if op.primitive in _IDLE_LEFT and graph.is_number(left, _IDLE_LEFT[op.primitive]):
        return right
    return None


def _is_known(graph: GraphBuilder, op: Op) -> int | None:
    (operand,) = op.operands
    facts = graph.facts[operand]
    if facts.missing or not facts.roots:
        return graph.truth(not facts.missing)
    if facts.roots != {operand}:
        return graph.logic(Primitive.AND, *(graph.known(root) for root in sorted(facts.roots)))
    return None


def _is_true(graph: GraphBuilder, op: Op) -> int | None:
    (operand,) = op.operands
    held = graph.ops[operand]
    if not graph.facts[operand].roots:
        return operand
    if held.primitive in (Primitive.AND, Primitive.OR):
        return graph.logic(held.primitive, *(graph.is_true(part) for part in held.operands))
    return None


_DUAL = {Primitive.AND: Primitive.OR, Primitive.OR: Primitive.AND}


def _not(graph: GraphBuilder, op: Op) -> int | None:
    held = graph.ops[op.operands[0]]
    match held.primitive:
        case Primitive.NOT:
            return held.operands[0]
        case Primitive.LESS | Primitive.AT_MOST:
            other = Primitive.AT_MOST if held.primitive is Primitive.LESS else Primitive.LESS
            return graph.make(other, held.operands[::-1])
        case Primitive.AND | Primitive.OR:
            return graph.logic(_DUAL[held.primitive], *(graph.negate(part) for part in held.operands))
        case _:
            return None


def _logic(graph: GraphBuilder, op: Op) -> int | None:
    """Nested ones joined, idle and double operands dropped, decided ones settled."""
    decided = op.primitive is Primitive.OR
    kept: dict[int, None] = {}
    for operand in op.operands:
        inner = graph.ops[operand]
        for part in inner.operands if inner.primitive is op.primitive else (operand,):
            if not graph.is_truth(part, not decided):
                kept[part] = None
    for part in kept:
        denied = graph.ops[part]
        certain = (
            denied.primitive is Primitive.NOT and not graph.facts[part].roots and denied.operands[0] in kept
        )
        if graph.is_truth(part, decided) or certain:
            return graph.truth(decided)
    if len(kept) < 2:
        return next(iter(kept), graph.truth(not decided))
    return None if tuple(kept) == op.operands else graph.make(op.primitive, tuple(kept))


def _equal(graph: GraphBuilder, op: Op) -> int | None:
    for side, other in (op.operands, op.operands[::-1]):
        if graph.is_truth(side, True):
            return other
        if graph.is_truth(side, False):
            return graph.negate(other)
    return None


def _select(graph: GraphBuilder, op: Op) -> int | None:
    """Branches that cannot be taken, and last ones that equal the rest, dropped; yes/no choices made
    conditions.
    """
    pairs: list[tuple[int, int]] = []
    rest = op.operands[-1]
    for condition, value in zip(op.operands[:-1:2], op.operands[1::2], strict=True):
        if graph.is_truth(condition, True):
            rest = value
            break
        if not graph.is_truth(condition, False) and not graph.facts[condition].missing:
            asked = graph.ops[condition]
            pairs.append((asked.operands[0] if asked.primitive is Primitive.IS_TRUE else condition, value))
    while pairs and pairs[-1][1] == rest:
        pairs.pop()
    pairs = [pair for k, pair in enumerate(pairs) if not _is_within(graph, pair, pairs[k + 1 : k + 2])]
    if not pairs:
        return rest
    if len(pairs) == 1 and (same := _missing_anyway(graph, *pairs[0], rest)) is not None:
        return same
    choice = _yes_no_choice(graph, pairs, rest)
    if choice is not None:
        return choice
    flat = tuple(index for pair in pairs for index in pair)
    return None if (*flat, rest) == op.operands else graph.make(Primitive.SELECT, (*flat, rest), kind=op.type)


def _is_within(graph: GraphBuilder, pair: tuple[int, int], after: list[tuple[int, int]]) -> bool:
    """Whether a branch is part of the one after it: `x below 2` before `x below 5` with the same value."""
    if not after or pair[1] != after[0][1]:
        return False
    one, other = graph.ops[pair[0]], graph.ops[after[0][0]]
    if one.primitive is not other.primitive or one.primitive not in (Primitive.LESS, Primitive.AT_MOST):
        return False
    bound, wider = (graph.ops[op.operands[1]].value for op in (one, other))
    is_same = one.operands[0] == other.operands[0]
    return is_same and isinstance(bound, float) and isinstance(wider, float) and bound <= wider


def _missing_anyway(graph: GraphBuilder, condition: int, value: int, rest: int) -> int | None:
    """`missing when x is missing, else f(x)`, and the other way round, is f(x) alone."""
    asked, one, other = (graph.facts[index] for index in (condition, value, rest))
    if one.missing and asked.absent is not None and asked.absent <= other.roots:
        return rest
    if other.missing and asked.present is not None and asked.present <= one.roots:
        return value
    return None


def _yes_no_choice(graph: GraphBuilder, pairs: list[tuple[int, int]], rest: int) -> int | None:
    if len(pairs) != 1:
        return None
    (condition, value), *_ = pairs
    if graph.is_truth(value, True) and graph.is_truth(rest, False):
        return graph.is_true(condition)
    if graph.is_truth(value, False) and not graph.facts[rest].roots:
        return (
            graph.logic(Primitive.AND, graph.negate(graph.is_true(condition)), rest)
            if graph.is_yes_no(rest)
            else None
        )
    if graph.is_truth(rest, False) and graph.is_yes_no(value) and not graph.facts[value].roots:
        return graph.logic(Primitive.AND, graph.is_true(condition), value)
    return None


def _coalesce(graph: GraphBuilder, op: Op) -> int | None:
    kept: list[int] = []
    for operand in op.operands:
        if not graph.facts[operand].missing:
            kept.append(operand)
        if graph.facts[operand].roots == NOTHING:
            break
    if not kept:
        return op.operands[0]
    if len(kept) == 1:
        return kept[0]
    return None if tuple(kept) == op.operands else graph.make(Primitive.COALESCE, tuple(kept), kind=op.type)


_RULES: dict[Primitive, Callable[[GraphBuilder, Op], int | None]] = {
    Primitive.ADD: _arithmetic,
    Primitive.SUBTRACT: _arithmetic,
    Primitive.MULTIPLY: _arithmetic,
    Primitive.DIVIDE: _arithmetic,
    Primitive.SNAP: _snap,
    Primitive.FLOOR: _to_whole,
    Primitive.CEILING: _to_whole,
    Primitive.IS_KNOWN: _is_known,
    Primitive.IS_TRUE: _is_true,
    Primitive.NOT: _not,
    Primitive.AND: _logic,
    Primitive.OR: _logic,
    Primitive.EQUAL: _equal,
    Primitive.SELECT: _select,
    Primitive.COALESCE: _coalesce,
}
