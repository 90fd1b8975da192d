"""Builders of names and literals."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span
from healthdsl.syntax.build.mistake import Mistake
from healthdsl.syntax.expressions import (
    DateLiteral,
    Expression,
    Name,
    Negative,
    NumberLiteral,
    TextLiteral,
    Unit,
)
from healthdsl.syntax.lexer import Token


def exact(text: str) -> Fraction:
    """The value of a written number such as `1_000` or `2.5`."""
    whole, _, decimals = text.replace("_", "").partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals)) if decimals else Fraction(int(whole))


def name(span: Span, token: Token) -> Name:
    return Name(span=span, name=token.text)


def text(span: Span, token: Token) -> TextLiteral:
    return TextLiteral(span=span, value=token.text[1:-1].replace('""', '"'))


def number(span: Span, token: Token) -> NumberLiteral:
    return NumberLiteral(span=span, value=exact(token.text))


def percent(span: Span, token: Token) -> NumberLiteral:
    return NumberLiteral(span=span, value=exact(token.text[:-1]) / 100, unit=Unit.PERCENT)


def days(span: Span, token: Token) -> NumberLiteral:
    return NumberLiteral(span=span, value=exact(token.text), unit=Unit.DAYS)


def ratio(span: Span, over: Token, under: Token) -> NumberLiteral:
    below = exact(under.text)
    if below == 0:
        raise Mistake(
            Diagnostic("E131", "this divides by 0", under.span, "write a number other than 0 below the line")
        )
    return NumberLiteral(span=span, value=exact(over.text) / below)


def written_date(span: Span, token: Token) -> DateLiteral:
    try:
        day = date.fromisoformat(token.text)
    except ValueError:
        message = f"there is no day `{token.text}` in the calendar"
        raise Mistake(
            Diagnostic("E122", message, span, "a date is year-month-day, like `2026-03-31`")
        ) from None
    return DateLiteral(span=span, ordinal=day.toordinal())


def negative(span: Span, operand: Expression) -> Negative:
    return Negative(span=span, operand=operand)


def token_text(token: Token) -> TextLiteral:
    """A token as a text, quoted or not, as in `version 2.1.0`."""
    if token.kind == "TEXT":
        return text(token.span, token)
    return TextLiteral(span=token.span, value=token.text)


def token_name(token: Token) -> Name:
    return Name(span=token.span, name=token.text)
