"""`missing when -1, "n/a"`: what stands in the data where nothing is known.

In: the clause of an input or of a column, and its type. Out: the values in the terms of the data: numbers as
stored, dates as ordinals, text without the blanks around it.
"""

from __future__ import annotations

from fractions import Fraction

from healthdsl.model.types import Kind, Type
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

Absent = Fraction | int | str


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
        case x.Name(name=text) | x.TextLiteral(value=text):
            return _text(place, node, text.strip(), type_)
        case x.DateLiteral(ordinal=ordinal) if type_.is_date:
            return ordinal
        case x.NumberLiteral() if type_.is_numeric:
            return _number(place, node, node, type_)
        case x.Negative(operand=x.NumberLiteral() as number) if type_.is_numeric:
            return _number(place, node, number, type_)
        case _:
            text = place.scope.clause(node.span)
            advice = f'write what stands in the data in quotes: `missing when "{text}"`'
            message = f"`{text}` cannot stand for {describe(type_)} that is missing"
            place.problems.error("E342", node.span, message, advice)
            return None


def _text(place: Place, node: x.Expression, text: str, type_: Type) -> str | None:
    if not text:
        message = "an empty text is missing anyway"
        place.problems.error("E342", node.span, message, "leave it out")
        return None
    if type_.kind is Kind.CATEGORY and text in type_.choices:
        message = f"`{text}` is one of the values of `{place.owner[1]}`, and is to be missing as well"
        place.problems.error("E342", node.span, message, "leave it out in one of the two places")
        return None
    return text


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
