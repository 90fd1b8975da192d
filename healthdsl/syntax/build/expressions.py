"""Builders of conditions, tests, counting and arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from healthdsl.source import Span
from healthdsl.syntax import expressions as e
from healthdsl.syntax.build.literals import days, token_name
from healthdsl.syntax.lexer import Token

BRACKET_FUNCTIONS = {"lowest of": "min", "highest of": "max", "first known": "first known of"}


def conjunction(span: Span, *operands: e.Expression) -> e.And:
    return e.And(span=span, operands=operands)


def disjunction(span: Span, *operands: e.Expression) -> e.Or:
    return e.Or(span=span, operands=operands)


def negated(span: Span, operand: e.Expression) -> e.Not:
    return e.Not(span=span, operand=operand)


def comparison(span: Span, left: e.Expression, test: e.Test) -> e.Comparison:
    return e.Comparison(span=span, left=left, test=test)


# Tests -----------------------------------------------------------------------


def edge(which: e.Edge) -> Callable[[Span, e.Expression], e.EdgeTest]:
    def build(span: Span, bound: e.Expression) -> e.EdgeTest:
        return e.EdgeTest(span=span, edge=which, bound=bound)

    return build


def between(span: Span, low: e.Expression, high: e.Expression) -> e.RangeTest:
    return e.RangeTest(span=span, low=low, high=high)


def is_test(span: Span, negation: Token | None, choice: e.Expression, ignoring: Token | None) -> e.IsTest:
    return e.IsTest(
        span=span,
        negated=negation is not None,
        choices=(choice,),
        listed=False,
        ignoring_case=ignoring is not None,
    )


def is_one_of(span: Span, negation: Token | None, *rest: Any) -> e.IsTest:
    *choices, ignoring = rest
    return e.IsTest(
        span=span,
        negated=negation is not None,
        choices=tuple(choices),
        listed=True,
        ignoring_case=ignoring is not None,
    )


def contains(*, negated: bool) -> Callable[[Span, e.TextLiteral, Token | None], e.ContainsTest]:
    def build(span: Span, text: e.TextLiteral, ignoring: Token | None) -> e.ContainsTest:
        return e.ContainsTest(span=span, negated=negated, text=text, ignoring_case=ignoring is not None)

    return build


def is_missing(span: Span, negation: Token | None) -> e.StateTest:
    return e.StateTest(span=span, known=False, negated=negation is not None)


def is_known(span: Span, negation: Token | None) -> e.StateTest:
    return e.StateTest(span=span, known=True, negated=negation is not None)


# Counting and rows -----------------------------------------------------------

Many = tuple[e.Quantity, e.NumberLiteral | None]
Members = e.Name | tuple[e.Expression, ...]


def some(_span: Span, quantity: Token) -> Many:
    return e.Quantity(quantity.text), None


def so_many(_span: Span, quantity: Token, number: e.NumberLiteral) -> Many:
    return e.Quantity(quantity.text), number


def members(_span: Span, *listed: e.Expression) -> tuple[e.Expression, ...]:
    return listed


def counted(span: Span, many: Many, listed: Members) -> e.Count:
    return e.Count(span=span, quantity=many[0], number=many[1], members=listed, test=None)


def counted_all(span: Span, _count_of: Token, listed: Members) -> e.Count:
    return counted(span, (e.Quantity.COUNT, None), listed)


def tested(span: Span, first: Any, *rest: Any) -> e.Count:
    """Either a counted list and its test, or how many, a group's name, and the test of its parts."""
    if isinstance(first, e.Count):
        return counted_with(span, (first.quantity, first.number), first.members, rest[0])
    group, test = rest
    return counted_with(span, first, group, test)


def tested_parts(span: Span, group: e.Name, test: e.Test) -> e.Count:
    return counted_with(span, (e.Quantity.COUNT, None), group, test)


def counted_with(span: Span, many: Many, listed: Members, test: e.Test) -> e.Count:
    return e.Count(span=span, quantity=many[0], number=many[1], members=listed, test=test)


def row_count(span: Span, many: Many, table: e.Name, window: e.Window | None) -> e.RowCount:
    return e.RowCount(span=span, quantity=many[0], number=many[1], table=table, window=window)


def no_rows(span: Span, _no: Token, table: e.Name, window: e.Window | None) -> e.RowCount:
    return row_count(span, (e.Quantity.NO, None), table, window)


def filtered(span: Span, rows: e.RowCount, where: e.Expression) -> e.RowCount:
    return e.RowCount(
        span=span,
        quantity=rows.quantity,
        number=rows.number,
        table=rows.table,
        window=rows.window,
        where=where,
    )


def count_rows(span: Span, table: e.Name) -> e.Aggregate:
    word = Span(span.start, span.start + len("count"), span.line)
    return e.Aggregate(span=span, function=e.Name(span=word, name="count"), column=None, table=table)


def aggregate(
    span: Span, function: Token, column: e.Name, table: e.Name, weight: e.Name | None
) -> e.Aggregate:
    return e.Aggregate(span=span, function=token_name(function), column=column, table=table, weight=weight)


def windowed(
    span: Span, rows: e.Aggregate, window: e.Window | None, where: e.Expression | None
) -> e.Aggregate:
    return e.Aggregate(
        span=span,
        function=rows.function,
        column=rows.column,
        table=rows.table,
        weight=rows.weight,
        window=window,
        where=where,
    )


def windowed_where(span: Span, rows: e.Aggregate, where: e.Expression) -> e.Aggregate:
    return windowed(span, rows, None, where)


def window(kind: str) -> Callable[[Span, Token], e.Window]:
    def build(span: Span, number: Token) -> e.Window:
        return e.Window(span=span, kind=kind, days=days(number.span, number))

    return build


def aged(span: Span, test: e.EdgeTest | e.RangeTest) -> e.Window:
    return e.Window(span=span, kind="aged", test=test)


# Arithmetic ------------------------------------------------------------------


def total(span: Span, first: e.Expression, *rest: Any) -> e.Sum:
    return e.Sum(span=span, terms=(("+", first), *_pairs(rest)))


def product(span: Span, first: e.Expression, *rest: Any) -> e.Product:
    return e.Product(span=span, factors=(("*", first), *_pairs(rest)))


def halved(span: Span, operand: e.Expression, number: Token, since: e.Name | None) -> e.Halved:
    return e.Halved(span=span, operand=operand, days=days(number.span, number), since=since)


def fading(span: Span, operand: e.Expression, first: Token, last: Token, since: e.Name | None) -> e.Fading:
    ends = days(first.span, first), days(last.span, last)
    return e.Fading(span=span, operand=operand, first=ends[0], last=ends[1], since=since)


def losing(span: Span, operand: e.Expression, share: e.Expression, quantity: e.Expression) -> e.Losing:
    return e.Losing(span=span, operand=operand, share=share, quantity=quantity)


def _pairs(rest: tuple[Any, ...]) -> list[tuple[str, e.Expression]]:
    return [(sign.text, operand) for sign, operand in zip(rest[::2], rest[1::2], strict=True)]


def bracketed(_span: Span, inner: e.Expression) -> e.Expression:
    return inner


def points_of(span: Span, name: e.Name) -> e.PointsOf:
    return e.PointsOf(span=span, name=name)


def call(span: Span, function: e.Name, arguments: tuple[e.Expression, ...]) -> e.Call:
    return e.Call(span=span, function=function, arguments=arguments)


def call_of(span: Span, words: Token, arguments: tuple[e.Expression, ...]) -> e.Call:
    """`earlier of (a, b)`, `first known of (a, b)`, and `lowest of (a, b)`, which is `min(a, b)`."""
    word = BRACKET_FUNCTIONS.get(words.text, words.text.split()[0])
    return call(span, e.Name(span=words.span, name=word), arguments)


def call_from(span: Span, words: Token, low: e.Expression, high: e.Expression) -> e.Call:
    """`days from a to b`."""
    return call(span, e.Name(span=words.span, name=words.text.split()[0]), (low, high))
