"""Frozen distributions, and the measures that rank a value in one: a curve through its points.

The share of a point is the rank of its value, 0 to 100 as points; between two points a straight line, below
the first and above the last flat, as in every curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.types import NUMBER, Kind, Type
from healthdsl.resolve.fold import snap
from healthdsl.resolve.scope import Place, Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import describe
from healthdsl.resolve.wording import title_of
from healthdsl.source import Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

POINTS_LIMIT = 1_000
_UNITS = {x.Unit.PERCENT: Kind.PERCENT, x.Unit.DAYS: Kind.DAYS}
_HUNDRED = Fraction(100)


def check_distributions(scope: Scope) -> None:
    """Reports what is wrong with distributions themselves, whether anything asks for them or not."""
    for declaration in scope.distributions.values():
        rows = declaration.rows
        name = declaration.name
        days = [clause for clause in declaration.clauses if isinstance(clause, n.AsOfClause)]
        for other in days[1:]:
            labels = (Label(days[0].span, "first written here"),)
            scope.problems.error(
                "E434", other.span, "`as of` is written twice", "keep one of the two", labels
            )
        if name.name in scope.broken:
            continue
        if len(rows) < 2:
            message = f"`{name.name}` needs two points or more, it has {len(rows)}"
            scope.problems.error("E470", name.span, message, "add points such as `1_200 -> 35.5%`")
        elif len(rows) > POINTS_LIMIT:
            message = f"`{name.name}` has {len(rows):,} points, at most {POINTS_LIMIT:,} are allowed"
            advice = "leave points out: `healthdsl freeze` chooses 101 of them"
            scope.problems.error("E470", name.span, message, advice)
        else:
            _check_rows(scope, rows)


def _check_rows(scope: Scope, rows: Sequence[n.DistributionRow]) -> None:
    """One message about the first point that does not fit those before it."""
    for row in rows:
        if _value(row) is None:
            text = scope.clause(row.value.span)
            advice = "write each value as a number, such as `1_200 -> 35.5%`"
            scope.problems.error("E471", row.value.span, f"`{text}` is no number that has a rank", advice)
            return
        if not 0 <= row.share.value <= 1:
            text = scope.clause(row.share.span)
            scope.problems.error("E471", row.share.span, f"`{text}` is no rank", "ranks lie from 0% to 100%")
            return
    for before, row in pairwise(rows):
        if _unit(before) is not _unit(row):
            labels = (Label(before.value.span, "of another kind"),)
            message = f"`{scope.clause(row.value.span)}` is not written as the value above it"
            scope.problems.error("E471", row.value.span, message, "write all of them alike", labels)
            return
        if not _rises(scope, before, row):
            return


def _rises(scope: Scope, before: n.DistributionRow, row: n.DistributionRow) -> bool:
    """Whether a point lies above the one before it, in value and in rank; a message when not."""
    below, above = _value(before), _value(row)
    assert below is not None
    assert above is not None
    for rises, place in (
        (above > below, row.value.span),
        (row.share.value > before.share.value, row.share.span),
    ):
        if not rises:
            message = f"`{scope.clause(place)}` does not lie above the point before it"
            labels = (Label(before.span, "the point before"),)
            advice = "order the points, lowest first; values and ranks both rise"
            scope.problems.error("E471", place, message, advice, labels)
            return False
    return True


def _value(row: n.DistributionRow) -> Fraction | None:
    match row.value:
        case x.NumberLiteral(value=value):
            return snap(value)
        case x.Negative(operand=x.NumberLiteral(value=value)):
            return snap(-value)
        case _:
            return None


def _unit(row: n.DistributionRow) -> x.Unit:
    number = row.value.operand if isinstance(row.value, x.Negative) else row.value
    assert isinstance(number, x.NumberLiteral)
    return number.unit


# Ranks -----------------------------------------------------------------------


def build_ranks(
    place: Place, body: n.PercentileBody, subject: Expression | None, span: Span
) -> r.Table | None:
    """The curve through the points of a distribution; None when it or the subject is broken."""
    declaration = _find(place, body.distribution)
    if declaration is None or subject is None or not _is_sound(declaration):
        return None
    if not _fits(subject.type, _unit(declaration.rows[0])):
        _report_kind(place, declaration, subject.type, span)
        return None
    rows = tuple(_row(place.scope, row) for row in declaration.rows)
    day = next((one.date.ordinal for one in declaration.clauses if isinstance(one, n.AsOfClause)), None)
    named = r.Distribution(declaration.name.name, title_of(declaration.title, declaration.name.name), day)
    return r.Table(r.TableKind.CURVE, subject, rows, named)


def _find(place: Place, name: x.Name) -> n.DistributionDeclaration | None:
    scope = place.scope
    found = scope.distributions.get(name.name)
    if found is None and not scope.is_silent(name):
        known = scope.distributions
        there_are = f"there are {listed(known)}" if known else f"declare it with `distribution {name.name}`"
        advice = did_you_mean(name.name, known) or there_are
        scope.unknown("E230", name, f"there is no distribution `{name.name}`", advice)
    return found


def _is_sound(declaration: n.DistributionDeclaration) -> bool:
    """Whether its points make a curve; what is wrong was told."""
    rows = declaration.rows
    if not 2 <= len(rows) <= POINTS_LIMIT or any(_value(row) is None for row in rows):
        return False
    values = [_value(row) for row in rows]
    shares = [row.share.value for row in rows]
    return values == sorted(set(values)) and shares == sorted(set(shares))  # type: ignore[type-var]


def _fits(type_: Type, unit: x.Unit) -> bool:
    """Whether values of a type can be held against numbers of a unit."""
    if unit is x.Unit.NONE:
        return type_.is_numeric and type_.kind is not Kind.PERCENT
    return type_.kind is _UNITS[unit]


def _report_kind(place: Place, declaration: n.DistributionDeclaration, type_: Type, span: Span) -> None:
    written = {x.Unit.NONE: "plain numbers", x.Unit.PERCENT: "percents", x.Unit.DAYS: "days"}
    text = place.scope.clause(span)
    holds = written[_unit(declaration.rows[0])]
    message = f"`{text}` is {describe(type_)}, and `{declaration.name.name}` holds {holds}"
    labels = (Label(declaration.rows[0].value.span, "the first of them"),)
    advice = "rank what was frozen: `percentile in NAME of SIGNAL`"
    place.problems.error("E340", span, message, advice, labels)


def _row(scope: Scope, row: n.DistributionRow) -> r.Row:
    at = _value(row)
    assert at is not None
    points = r.Points(Constant(snap(row.share.value * _HUNDRED), NUMBER))
    return r.Row(span=row.span, text=scope.clause(row.span), key=r.CurvePoint(at), result=points, reason=None)
