"""`missing when -1, "n/a"`: what stands in the data where nothing is known.

In: the clause of an input or of a column, and its type. Out: the values in the terms of the data: numbers as
stored, dates as ordinals, text without the blanks around it.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from healthdsl.model.types import Kind, Type
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

Absent = Fraction | int | str
# What a cell of text may be to be read as yes or no, as a number, as a day.
YES_NO_WORDS = ("yes", "no", "true", "false", "1", "0")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ][0-9:.]+ ?(Z|[+-][0-9:]+)?)?$", re.ASCII | re.IGNORECASE)
# A number that the language writes as the text does.
_PLAIN = re.compile(r"\+?(?P<sign>-?)0*(?P<digits>\d{1,15}(\.\d{1,9})?)", re.ASCII)
EMPTY = frozenset(("empty", "null", "blank", "nan", "nil", "none"))


def absent_values(place: Place, clause: n.AbsentClause | None, type_: Type) -> tuple[Absent, ...]:
    """The values in written order; what cannot be one is reported and left out."""
    found: dict[Absent, None] = {}
    for node in clause.values if clause is not None else ():
        value = _value(place, node, type_)
        if value in found:
            text = place.scope.clause(node.span)
            place.problems.error("E219", node.span, f"`{text}` is listed twice", "remove one of the two")
        elif value is not None:
            found[value] = None
    return tuple(found)


def _value(place: Place, node: x.Expression, type_: Type) -> Absent | None:
    match node:
        case x.Name(name=text):
            _report_word(place, node, text, type_)
            return None
        case x.TextLiteral(value=text):
            return _text(place, node, text.strip(), type_)
        case x.DateLiteral(ordinal=ordinal) if type_.is_date:
            return ordinal
        case x.NumberLiteral() if type_.is_numeric:
            return _number(place, node, node, type_)
        case x.Negative(operand=x.NumberLiteral() as number) if type_.is_numeric:
            return _number(place, node, number, type_)
        case _:
            _report_other_type(place, node, type_)
            return None


def _report_other_type(place: Place, node: x.Expression, type_: Type) -> None:
    """A number for a date, a date for a category; in quotes it is a text, unless that is a value again."""
    text = place.scope.clause(node.span)
    if text in _values_of(type_):
        _report_value(place, node, text, type_)
        return
    message = f"`{text}` cannot stand for {describe(type_)} that is missing"
    advice = f'write what stands in the data in quotes: `missing when "{text}"`'
    if type_.is_date:
        advice = "write a day without quotes, `missing when 1900-01-01`, or in quotes a text that is no date"
    place.problems.error("E342", node.span, message, advice)


def _report_word(place: Place, node: x.Name, text: str, type_: Type) -> None:
    """`missing when unknown`: a word is no text."""
    if text in _values_of(type_):
        _report_value(place, node, text, type_)
        return
    advice = f'write `missing when "{text}"`'
    if text.lower() in EMPTY:
        advice = f"an empty cell is missing anyway; where the data has this word, {advice}"
    place.problems.error("E342", node.span, f"`{text}` is a word, and a text stands in quotes", advice)


def _text(place: Place, node: x.Expression, text: str, type_: Type) -> str | None:
    if not text:
        message = "an empty text is missing anyway"
        place.problems.error("E342", node.span, message, "leave it out")
        return None
    if (text.lower() if type_.kind is Kind.YES_NO else text) in _values_of(type_):
        _report_value(place, node, text, type_)
        return None
    meant = meant_without_quotes(text, type_)
    if meant is not None:
        message = f'`"{text}"` is {describe(type_)}, and text in quotes stands for what is none'
        place.problems.error("E342", node.span, message, meant)
        return None
    return text


def _values_of(type_: Type) -> tuple[str, ...]:
    """The words that are values of the type."""
    match type_.kind:
        case Kind.CATEGORY:
            return type_.choices
        case Kind.YES_NO:
            return YES_NO_WORDS
        case _:
            return ()


def _report_value(place: Place, node: x.Expression, text: str, type_: Type) -> None:
    name = place.owner[1].rpartition(".")[2]
    message = f"`{text}` is one of the values of `{name}`, and is to be missing as well"
    advice = "leave it out in one of the two places"
    if type_.kind is Kind.YES_NO:
        advice = 'leave it out; what is neither yes nor no is written like `missing when "n/a"`'
    place.problems.error("E342", node.span, message, advice)


def meant_without_quotes(text: str, type_: Type) -> str | None:
    """The advice for a text that is read as a value of the type; None for any other text."""
    if type_.is_date:
        day = _DAY.match(text)
        return f"write `missing when {day[1]}`, without quotes" if day and _is_day(day[1]) else None
    if not type_.is_numeric:
        return None
    digits = text[:-1].rstrip() if type_.kind is Kind.PERCENT and text.endswith("%") else text
    if not _NUMBER.fullmatch(digits):
        return None
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return "write the number as it is stored, without quotes: `missing when -1`"
    return f"write `missing when {plain['sign']}{plain['digits']}`, without quotes"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(place: Place, node: x.Expression, number: x.NumberLiteral, type_: Type) -> Fraction | None:
    """`node` is the number, perhaps with a sign in front of it."""
    if number.unit is x.Unit.NONE or (number.unit is x.Unit.DAYS and type_.kind is Kind.DAYS):
        return number.value if node is number else -number.value
    message = f"`{place.scope.clause(node.span)}` is not how a number stands in the data"
    advice = "write the number as it is stored, such as `missing when -1`"
    place.problems.error("E342", node.span, message, advice)
    return None


def is_absent(declaration: n.SignalDeclaration | n.RowColumn | None, node: x.Expression) -> bool:
    """Whether a written value is one that stands for a missing one; nothing is reported."""
    match declaration:
        case n.SignalDeclaration(clauses=clauses):
            clause = next((each for each in clauses if isinstance(each, n.AbsentClause)), None)
        case n.RowColumn(absent=clause):
            pass
        case None:
            clause = None
    values = [_plain(each) for each in clause.values] if clause is not None else []
    found = _plain(node)
    return found is not None and found in values


def _plain(node: x.Expression) -> object:
    match node:
        case x.Name(name=text) | x.TextLiteral(value=text):
            return text.strip()
        case x.DateLiteral(ordinal=ordinal):
            return ("date", ordinal)
        case x.NumberLiteral(value=value):
            return value
        case x.Negative(operand=x.NumberLiteral(value=value)):
            return -value
        case _:
            return None
