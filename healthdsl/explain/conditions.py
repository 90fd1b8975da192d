"""Row conditions in words, for gathered rows that no signal names: `status is open and age at most 30`."""

from __future__ import annotations

from datetime import date

from healthdsl.explain.words import join_words, show_value
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Relation, relation_word

DEEPEST = 4


def describe_condition(graph: Graph, index: int) -> str:
    """The condition of an aggregate in words; empty for none, `..` where it is too much to say."""
    return "" if index < 0 else _describe(graph, index, DEEPEST)


def _describe(graph: Graph, index: int, depth: int) -> str:  # noqa: C901 - one case for each primitive
    op = graph.ops[index]
    inner = [] if depth == 0 else [_describe(graph, operand, depth - 1) for operand in op.operands]
    match op.primitive:
        case Primitive.COLUMN:
            assert isinstance(op.value, tuple)
            return str(op.value[1]).replace("_", " ")
        case Primitive.CONSTANT:
            return _constant(op)
        case Primitive.TODAY:
            return "today"
        case _ if not inner:
            return ".."
        case Primitive.AND:
            return join_words(inner)
        case Primitive.OR:
            return join_words(inner, "or")
        case Primitive.NOT:
            return f"not {inner[0]}"
        case Primitive.SNAP | Primitive.IS_TRUE | Primitive.FOLD_CASE:
            return inner[0]
        case Primitive.MEMBER:
            assert isinstance(op.value, tuple)
            return f"{inner[0]} is {join_words(op.value, 'or')}"
        case Primitive.CONTAINS:
            return f"{inner[0]} contains {op.value}"
        case Primitive.EQUAL:
            return f"{inner[0]} is {inner[1]}"
        case Primitive.LESS:
            return _compared(graph, op, inner, Relation.BELOW, Relation.ABOVE)
        case Primitive.AT_MOST:
            return _compared(graph, op, inner, Relation.UP_TO, Relation.AT_LEAST)
        case Primitive.DAYS_BETWEEN if inner[1] == "today":
            return "age in days"
        case _:
            return ".."


def _compared(graph: Graph, op: Op, inner: list[str], relation: Relation, turned: Relation) -> str:
    """With the constant on the right, as people would say it."""
    left = graph.ops[op.operands[0]]
    if left.primitive is Primitive.CONSTANT:
        return f"{inner[1]} {relation_word(turned, left.type)} {inner[0]}"
    return f"{inner[0]} {relation_word(relation, left.type)} {inner[1]}"


def _constant(op: Op) -> str:
    if isinstance(op.value, int) and op.type.is_date and not isinstance(op.value, bool):
        return date.fromordinal(op.value).isoformat()
    return show_value(op.value, op.type)
