"""Expressions in words, and which values a reader of a failed test wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from healthdsl.explain.words import show_value
from healthdsl.graph.reading import operands_of
from healthdsl.model.expressions import (
    Aggregate,
    And,
    Apply,
    BandOf,
    Choice,
    ColumnValue,
    Compare,
    Constant,
    Contains,
    CountTrue,
    Expression,
    FirstKnown,
    FlagValue,
    Gather,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    SignalValue,
    Sum,
    Today,
    relation_word,
)

_GATHERED = {Gather.COUNT: "count of", Gather.SUM: "sum", Gather.DISTINCT: "distinct"}


def expression_text(expression: Expression) -> str:
    """The expression as it could be written; brackets where it holds several operands."""
    match expression:
        case Constant(value=value, type=type_):
            return show_value(value, type_, decimals=9)
        case SignalValue(name=name) | ColumnValue(column=name) | FlagValue(name=name):
            return name
        case Today():
            return "today"
        case PointsOf(node=node):
            return f"points of {node}"
        case LevelOf(node=node):
            return f"level of {node}"
        case BandOf(node=node):
            return f"band of {node}"
        case Sum(terms=pairs) | Product(factors=pairs):
            return _chain(pairs)
        case Apply(function=function, operands=operands):
            return f"{function}({_listed(operands)})"
        case FirstKnown(operands=operands):
            return f"first known of ({_listed(operands)})"
        case Choice():
            return "the value of a table"
        case CountTrue(conditions=conditions):
            return f"count of ({_listed(conditions)})"
        case Aggregate():
            return _aggregate(expression)
        case Compare() | Member() | Contains() | IsMissing() | Not() | And() | Or():
            return _condition_text(expression)
        case _:
            assert_never(expression)


def values_read(condition: Expression) -> list[Expression]:
    """What a reader needs to see why `condition` came out as it did, each once, in written order.

    That is every value and every condition inside it but itself and constants; rows of tables are not opened.
    """
    found: dict[Expression, None] = {}
    stack = list(reversed(operands_of(condition))) or [condition]
    while stack:
        expression = stack.pop()
        if isinstance(expression, Constant):
            continue
        if not isinstance(expression, And | Or | Not):
            found[expression] = None
        if not isinstance(expression, Aggregate):
            stack.extend(reversed(operands_of(expression)))
    return list(found)


def _condition_text(condition: Compare | Member | Contains | IsMissing | Not | And | Or) -> str:
    match condition:
        case Compare(relation=relation, left=left, right=right):
            return f"{_operand(left)} {relation_word(relation, right.type)} {_operand(right)}"
        case Member(operand=operand, choices=choices, ignoring_case=ignoring):
            return f"{_operand(operand)} is one of {', '.join(choices)}{' ignoring case' if ignoring else ''}"
        case Contains(operand=operand, text=text, ignoring_case=ignoring):
            return f'{_operand(operand)} contains "{text}"{" ignoring case" if ignoring else ""}'
        case IsMissing(operand=operand):
            return f"{_operand(operand)} is missing"
        case Not(operand=operand):
            return f"not {_operand(operand)}"
        case And(operands=operands):
            return " and ".join(_operand(operand) for operand in operands)
        case Or(operands=operands):
            return " or ".join(_operand(operand) for operand in operands)
        case _:
            assert_never(condition)


def _chain(pairs: Sequence[tuple[str, Expression]]) -> str:
    """`a + b - c`, without the sign of the first."""
    (_, first), *rest = pairs
    return "".join([_operand(first), *(f" {sign} {_operand(operand)}" for sign, operand in rest)])


def _operand(expression: Expression) -> str:
    text = expression_text(expression)
    return (
        f"({text})"
        if isinstance(expression, Sum | Product | And | Or | Compare | Member | Contains | Not)
        else text
    )


def _listed(expressions: Sequence[Expression]) -> str:
    return ", ".join(expression_text(expression) for expression in expressions)


def _aggregate(aggregate: Aggregate) -> str:
    """`count of tickets where (priority is urgent)`; a window is said in days of age."""
    value = f" {_operand(aggregate.value)} of" if aggregate.value is not None else ""
    if aggregate.gather is Gather.COUNT:
        value = ""
    text = f"{_GATHERED.get(aggregate.gather, aggregate.gather)}{value} {aggregate.table}"
    window = aggregate.window
    if window is not None and window.oldest is not None:
        text += f" aged {window.youngest or 0} to {window.oldest} days"
    return text if aggregate.condition is None else f"{text} where {expression_text(aggregate.condition)}"
