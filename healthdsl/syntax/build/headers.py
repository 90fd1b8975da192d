"""Builders of the header lines of declarations; the clauses are added when they have been read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span
from healthdsl.syntax import nodes as n
from healthdsl.syntax.build.literals import token_name
from healthdsl.syntax.build.mistake import Mistake
from healthdsl.syntax.expressions import (
    DateLiteral,
    Expression,
    Name,
    Negative,
    Node,
    NumberLiteral,
    TextLiteral,
)
from healthdsl.syntax.lexer import Token


def ruleset_line(span: Span, keyword: Token, name: Name, title: TextLiteral | None) -> n.RulesetHeader:
    return n.RulesetHeader(span=span, word=keyword.text, name=name, title=title, clauses=())


def use_line(span: Span, path: TextLiteral) -> n.UseDeclaration:
    return n.UseDeclaration(span=span, path=path)


def signal_line(
    span: Span, name: Name, kind: n.TypeSpec | None, formula: Expression | None, title: TextLiteral | None
) -> n.SignalDeclaration:
    return n.SignalDeclaration(span=span, name=name, type=kind, formula=formula, title=title, clauses=())


def type_spec(span: Span, word: Name, currency: Name | None, within: n.TypeRange | None) -> n.TypeSpec:
    return n.TypeSpec(span=span, word=word, currency=currency, within=within)


def type_range(span: Span, low: Expression, high: Expression | None) -> n.TypeRange:
    return n.TypeRange(span=span, low=low, high=high)


def type_limit(span: Span, high: Expression) -> n.TypeRange:
    return n.TypeRange(span=span, low=None, high=high)


def category(span: Span, *choices: Any) -> n.TypeSpec:
    word = Name(span=Span(span.start, span.start + len("one of"), span.line), name="one of")
    return n.TypeSpec(span=span, word=word, choices=choices)


def yes_no(span: Span, word: Token, within: n.TypeRange | None) -> n.TypeSpec:
    return n.TypeSpec(span=span, word=token_name(word), within=within)


def rows_line(span: Span, name: Name, *rest: Any) -> n.RowsDeclaration:
    dated, parent, where, title = rest
    return n.RowsDeclaration(
        span=span, name=name, dated=dated, parent=parent, where=where, title=title, columns=()
    )


def levels_line(span: Span, name: Name) -> n.LevelsDeclaration:
    return n.LevelsDeclaration(span=span, name=name, rows=())


def distribution_line(span: Span, name: Name, title: TextLiteral | None) -> n.DistributionDeclaration:
    return n.DistributionDeclaration(span=span, name=name, title=title, clauses=())


def word(_span: Span, token: Token) -> str:
    return token.text


def node_line(span: Span, keyword: str, *rest: Any) -> n.PartDeclaration:
    """A header; with several names (`measure b, c like a`) the others are kept in `more`."""
    *named, levels, variant, variant_when, within, title = rest
    (name, *more), body = named[:-1], named[-1]
    if more:
        _check_several(keyword, more, body, next((one for one in rest[-5:] if one is not None), None))
    clauses = () if within is None else (within,)
    return n.PartDeclaration(
        span=span,
        word=keyword,
        name=name,
        more=tuple(more),
        body=body,
        levels=levels,
        variant=variant,
        variant_when=variant_when,
        title=title,
        clauses=clauses,
    )


def _check_several(keyword: str, more: list[Name], body: n.Body, behind: Node | None) -> None:
    """Several names are declared by `like NAME` alone, which reads for each the signal of its name."""
    if not isinstance(body, n.LikeBody):
        message = f"only `like` declares several names in one line, this {keyword} has a body of its own"
        help_ = f"write the body for one, and below it `{keyword} {more[0].name}, .. like ..` for the others"
        raise Mistake(Diagnostic("E145", message, more[0].span, help_))
    odd = body.subject or behind
    if odd is not None:
        message = "this belongs to one name, and the line declares several"
        help_ = f"leave it out, or give the {keyword} a line of its own"
        raise Mistake(Diagnostic("E145", message, odd.span, help_))


def table_body(span: Span, kind: Token, subject: Expression | None) -> n.TableBody:
    return n.TableBody(span=span, kind=kind.text, subject=subject)


def first_match(span: Span) -> n.TableBody:
    return n.TableBody(span=span, kind="first match", subject=None)


def formula_body(span: Span, formula: Expression) -> n.FormulaBody:
    return n.FormulaBody(span=span, formula=formula)


def starts_body(span: Span, start: Expression) -> n.FormulaBody:
    """`starts at 100`, which is `= 100` with steps below it; only a written number is a start."""
    if not isinstance(start.operand if isinstance(start, Negative) else start, NumberLiteral):
        message = "a measure starts at a number, and a formula stands here"
        raise Mistake(Diagnostic("E146", message, start.span, "write `=` in the place of `starts at`"))
    return n.FormulaBody(span=span, formula=start)


def combine_body(span: Span, method: Token) -> n.CombineBody:
    return n.CombineBody(span=span, method=token_name(method))


def like_body(span: Span, model: Name, subject: Expression | None) -> n.LikeBody:
    return n.LikeBody(span=span, model=model, subject=subject)


def percentile_body(span: Span, distribution: Name, subject: Expression | None) -> n.PercentileBody:
    return n.PercentileBody(span=span, distribution=distribution, subject=subject)


def bands_line(span: Span, *rest: Any) -> n.BandsDeclaration:
    *names, title = rest
    return n.BandsDeclaration(span=span, names=_there(names), title=title, rows=())


def named_bands(span: Span, name: Name, *rest: Any) -> n.BandsDeclaration:
    *found, title = rest
    names = _there(found)
    if len(names) > 1:
        message = f"the name `{name.name}` belongs to the bands of one thing, and these are several"
        help_ = f"leave `{name.name} of` out, or write the bands of `{names[1].name}` by themselves"
        raise Mistake(Diagnostic("E145", message, names[1].span, help_))
    return n.BandsDeclaration(span=span, names=names, name=name, title=title, rows=())


def _there(names: Iterable[Name | None]) -> tuple[Name, ...]:
    return tuple(name for name in names if name is not None)


def flag_line(
    span: Span, keyword: Token, name: Name, condition: Expression, title: TextLiteral | None
) -> n.FlagDeclaration:
    return n.FlagDeclaration(span=span, word=keyword.text, name=name, condition=condition, title=title)


def test_line(span: Span, title: TextLiteral, base: TextLiteral | None) -> n.TestDeclaration:
    return n.TestDeclaration(span=span, title=title, base=base, clauses=())


def as_of(span: Span, day: DateLiteral) -> n.AsOfClause:
    return n.AsOfClause(span=span, date=day)


def given(span: Span, signal: Name, value: Expression) -> n.GivenClause:
    return n.GivenClause(span=span, signal=signal, value=value)


def given_rows_line(span: Span, table: Name) -> n.GivenRowsClause:
    return n.GivenRowsClause(span=span, table=table, columns=(), rows=())


def grid_line(_span: Span, *cells: Expression) -> tuple[Expression, ...]:
    return cells


def expect(span: Span, condition: Expression) -> n.ExpectClause:
    return n.ExpectClause(span=span, condition=condition)
