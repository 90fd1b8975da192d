"""Builders of the clauses of rulesets, signals, rows, levels, tables, measures, groups and scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span
from healthdsl.syntax import nodes as n
from healthdsl.syntax.build.literals import days, exact, number, percent, token_text
from healthdsl.syntax.build.mistake import Mistake
from healthdsl.syntax.expressions import (
    EdgeTest,
    Expression,
    Name,
    NumberLiteral,
    RangeTest,
    TextLiteral,
    is_written,
)
from healthdsl.syntax.lexer import Token

MAX_DECIMALS = 9


def header(key: str) -> Callable[[Span, Token], n.HeaderClause]:
    def build(span: Span, value: Token) -> n.HeaderClause:
        return n.HeaderClause(span=span, key=key, value=token_text(value))

    return build


def column(span: Span, source: TextLiteral) -> n.ColumnClause:
    return n.ColumnClause(span=span, column=source)


def stored(span: Span, written: Token, meant: Token) -> n.StoredClause:
    return n.StoredClause(span=span, written=number(written.span, written), meant=percent(meant.span, meant))


def absent(span: Span, *values: Expression) -> n.AbsentClause:
    return n.AbsentClause(span=span, values=values)


def expires(span: Span, after_days: Token, after: Name) -> n.ExpiresClause:
    return n.ExpiresClause(span=span, days=days(after_days.span, after_days), after=after)


def default(span: Span, value: Expression) -> n.DefaultClause:
    return n.DefaultClause(span=span, value=value)


def divided_by_zero(span: Span, result: Expression) -> n.DividedByZeroClause:
    return n.DividedByZeroClause(span=span, result=result)


def fixed(span: Span) -> n.FixedClause:
    return n.FixedClause(span=span)


def higher_is_better(span: Span) -> n.BetterClause:
    return n.BetterClause(span=span, higher=True)


def lower_is_better(span: Span) -> n.BetterClause:
    return n.BetterClause(span=span, higher=False)


Ending = tuple[TextLiteral | None, TextLiteral | None]


def column_line(
    span: Span, name: Name, kind: n.TypeSpec | None, formula: Expression | None, *rest: Any
) -> n.RowColumn:
    stored_as, missing_when, ending = rest
    source, title = ending or (None, None)
    return n.RowColumn(
        span=span,
        name=name,
        type=kind,
        formula=formula,
        stored=stored_as,
        absent=missing_when,
        column=source,
        title=title,
    )


def table_column(
    span: Span, name: Name, kind: Token, subject: Expression, title: TextLiteral | None
) -> n.RowColumn:
    table = n.TableBody(span=subject.span, kind=kind.text, subject=subject)
    return n.RowColumn(span=span, name=name, type=None, formula=None, column=None, title=title, table=table)


def end_title(_span: Span, title: TextLiteral) -> Ending:
    return None, title


def end_column(_span: Span, source: TextLiteral) -> Ending:
    return source, None


def end_both(_span: Span, source: TextLiteral, title: TextLiteral) -> Ending:
    return source, title


def end_title_first(_span: Span, title: TextLiteral, source: TextLiteral) -> Ending:
    return source, title


def level_row(
    span: Span, name: Name, points: Any, colour: Name | None, label: TextLiteral | None
) -> n.LevelRow:
    amount = None if isinstance(points, Token) else points
    return n.LevelRow(span=span, name=name, points=amount, colour=colour, label=label)


def plain_level_row(
    span: Span, name: Name, points: Any, colour: Name | None, label: TextLiteral | None
) -> n.LevelRow:
    """A row under `levels NAME without points`."""
    if points is not None:
        what = "`none`" if isinstance(points, Token) else "points"
        message = f"these levels are without points, and `{name.name}` says {what}"
        help_ = "leave it out, or leave `without points` out and write points or `none` in each row"
        raise Mistake(Diagnostic("E147", message, points.span, help_))
    return n.LevelRow(span=span, name=name, points=None, colour=colour, label=label)


# Rows ------------------------------------------------------------------------


def distribution_row(span: Span, value: Expression, share: NumberLiteral) -> n.DistributionRow:
    return n.DistributionRow(span=span, value=value, share=share)


def table_row(span: Span, test: n.RowTest, *rest: Any) -> n.TableRow:
    result, *more, reason = rest
    key = _one_value(test)
    return n.TableRow(span=span, test=key, result=result, colour=None, reason=reason, more=tuple(more))


def band_row(
    span: Span, test: n.RowTest, band: Name, colour: Name | None, label: TextLiteral | None
) -> n.TableRow:
    return n.TableRow(span=span, test=_one_value(test), result=band, colour=colour, reason=label)


def _one_value(test: n.RowTest) -> n.RowTest:
    """`from 0 to 0` as the key `0`, which the formatter writes."""
    if not isinstance(test, RangeTest) or test.low != test.high or not is_written(test.low):
        return test
    return n.KeysTest(span=test.span, keys=(test.low,))


def coded(span: Span, reason: TextLiteral, code: Name) -> TextLiteral:
    return TextLiteral(span=span, value=reason.value, code=code.name)


def keys(span: Span, *listed: Expression) -> n.KeysTest:
    return n.KeysTest(span=span, keys=listed)


def when_test(span: Span, condition: Expression) -> n.WhenTest:
    return n.WhenTest(span=span, condition=condition)


def rest(otherwise: bool, missing: bool) -> Callable[[Span], n.RestTest]:
    def build(span: Span) -> n.RestTest:
        return n.RestTest(span=span, otherwise=otherwise, missing=missing)

    return build


# Parts and policies ----------------------------------------------------------


def part(span: Span, weight: NumberLiteral | None, name: Name, *ending: Any) -> n.PartClause:
    only_when, title = ending
    return n.PartClause(span=span, name=name, weight=weight, weights=(), only_when=only_when, title=title)


def weighed_part(span: Span, name: Name, weighted_by: Name, *ending: Any) -> n.PartClause:
    only_when, title = ending
    return n.PartClause(
        span=span,
        name=name,
        weight=None,
        weights=(),
        only_when=only_when,
        title=title,
        weighted_by=weighted_by,
    )


def grid_part(span: Span, name: Name, *cells: Any) -> n.PartClause:
    *weights, title = cells
    return n.PartClause(
        span=span, name=name, weight=None, weights=tuple(weights), only_when=None, title=title
    )


def grid_keys(span: Span, signal: Name, *listed: Expression | EdgeTest | RangeTest) -> n.GridClause:
    return n.GridClause(span=span, signal=signal, keys=listed)


def missing_clause(span: Span, result: Expression, reason: TextLiteral | None) -> n.MissingClause:
    return n.MissingClause(span=span, result=result, reason=reason)


def only_when(span: Span, condition: Expression, reason: TextLiteral | None) -> n.OnlyWhenClause:
    return n.OnlyWhenClause(span=span, condition=condition, reason=reason)


def unscored(span: Span, condition: Expression, reason: TextLiteral | None) -> n.UnscoredClause:
    return n.UnscoredClause(span=span, condition=condition, reason=reason)


def needs_share(span: Span, share: NumberLiteral, reason: TextLiteral | None) -> n.NeedsClause:
    return n.NeedsClause(span=span, share=share, parts=None, reason=reason)


def needs_parts(span: Span, parts: NumberLiteral, reason: TextLiteral | None) -> n.NeedsClause:
    return n.NeedsClause(span=span, share=None, parts=parts, reason=reason)


def within(span: Span, low: Expression, high: Expression) -> n.WithinClause:
    return n.WithinClause(span=span, low=low, high=high)


def round_to(span: Span, decimals: Token) -> n.RoundClause:
    return n.RoundClause(span=span, decimals=_decimals(decimals))


def round_whole(span: Span) -> n.RoundClause:
    return n.RoundClause(span=span, decimals=0)


def shown_to(span: Span, decimals: Token) -> n.ShownClause:
    return n.ShownClause(span=span, decimals=_decimals(decimals))


def shown_whole(span: Span) -> n.ShownClause:
    return n.ShownClause(span=span, decimals=0)


def _decimals(decimals: Token) -> int:
    wanted = exact(decimals.text)
    if wanted.denominator != 1 or wanted > MAX_DECIMALS:
        message = f"`{decimals.text}` is no number of decimals"
        raise Mistake(
            Diagnostic("E131", message, decimals.span, f"write a whole number from 0 to {MAX_DECIMALS}")
        )
    return int(wanted)


# Steps -----------------------------------------------------------------------


def per(
    span: Span, full: Token | None, each: NumberLiteral | None, quantity: Expression, *ending: Any
) -> n.PerUnit:
    above, *limit = ending
    return n.PerUnit(
        span=span,
        each=each,
        full=full is not None,
        quantity=quantity,
        above=above,
        limit=limit[0] if limit else None,
    )


def points_step(span: Span, sign: Token, amount: Expression, *ending: Any) -> n.PointsStep:
    unit, condition, reason = ending
    return n.PointsStep(
        span=span, sign=sign.text, amount=amount, per=unit, condition=condition, reason=reason
    )


def action(
    word: str,
) -> Callable[[Span, Expression, Expression | None, TextLiteral | None], n.ActionStep]:
    def build(
        span: Span, amount: Expression, condition: Expression | None, reason: TextLiteral | None
    ) -> n.ActionStep:
        return n.ActionStep(span=span, action=word, amount=amount, condition=condition, reason=reason)

    return build
