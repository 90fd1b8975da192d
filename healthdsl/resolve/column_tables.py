"""Tables on columns of rows: `points lookup of state` with its rows, as a choice among values.

In: the declaration of a column. Out: an expression over the columns of a row. A missing subject is caught by
the `missing` row alone; what no row catches is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from healthdsl.model import ruleset as r
from healthdsl.model.expressions import (
    And,
    Choice,
    Compare,
    Constant,
    Expression,
    FirstKnown,
    IsMissing,
    Member,
    Or,
    Product,
    Relation,
    Sum,
)
from healthdsl.model.types import NUMBER, YES_NO, Type
from healthdsl.resolve.arithmetic import Operand, common_type
from healthdsl.resolve.expressions import resolve_value
from healthdsl.resolve.rows import Subject, build_rows
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

Case = tuple[Expression, Expression]
ALWAYS = Constant(True, YES_NO)


def written_in(declaration: n.RowColumn) -> Iterator[x.Expression]:
    """The expressions of a column that is worked out: its formula, or all that its table holds."""
    if declaration.formula is not None:
        yield declaration.formula
    if declaration.table is not None and declaration.table.subject is not None:
        yield declaration.table.subject
    for row in declaration.rows:
        yield row.result
        match row.test:
            case n.WhenTest(condition=condition):
                yield condition
            case x.EdgeTest(bound=bound):
                yield bound
            case x.RangeTest(low=low, high=high):
                yield from (low, high)
            case n.KeysTest() | n.RestTest():
                pass


def resolve_table(place: Place, declaration: n.RowColumn) -> Expression | None:
    """The table of a column as an expression; None after a message."""
    table = declaration.table
    assert table is not None
    assert table.subject is not None
    value = _subject(place, table)
    name = place.scope.clause(table.subject.span)
    subject = Subject(table.kind, value, table.subject.span, name=name, of_column=True)
    rows = build_rows(place, declaration.rows, subject)
    if not any(not isinstance(row.test, n.RestTest) for row in declaration.rows):
        _report_empty(place, declaration)
        return None
    if value is None or len(rows) < len(declaration.rows):
        return None
    spans = (row.result.span for row in declaration.rows)
    results = [Operand("", _result(row), span) for row, span in zip(rows, spans, strict=True)]
    type_ = common_type(place, results)
    if type_ is None or not _may_be_curved(place, table, results):
        return None
    return Choice(tuple(_cases(r.Table(r.TableKind(table.kind), value, rows), value, type_)), type_)


def _subject(place: Place, table: n.TableBody) -> Expression | None:
    """What the rows are about: a number or a date for a ladder, a number for a curve."""
    assert table.subject is not None
    value = resolve_value(table.subject, place)
    if value is None or value.type.is_numeric or table.kind == "lookup":
        return value
    if table.kind == "ladder" and value.type.is_date:
        return value
    text = place.scope.clause(table.subject.span)
    message = f"`{text}` is {describe(value.type)}, a {table.kind} needs a number"
    place.problems.error("E335", table.subject.span, message, f"write `lookup` in place of `{table.kind}`")
    return None


def _report_empty(place: Place, declaration: n.RowColumn) -> None:
    name = declaration.name.name
    if name not in place.scope.broken:
        advice = "write them below it, indented deeper, such as `low -> 1` and `otherwise -> 0`"
        place.problems.error("E423", declaration.name.span, f"`{name}` has no rows", advice)


def _may_be_curved(place: Place, table: n.TableBody, results: Sequence[Operand]) -> bool:
    if table.kind != "curve" or results[0].value.type.is_numeric:
        return True
    text = place.scope.clause(results[0].span)
    message = f"`{text}` is {describe(results[0].value.type)}, a curve goes through numbers"
    place.problems.error("E335", results[0].span, message, "write `lookup` in place of `curve`")
    return False


# Cases -----------------------------------------------------------------------


def _result(row: r.Row) -> Expression:
    assert isinstance(row.result, r.Points)
    return row.result.value


def _cases(table: r.Table, subject: Expression, type_: Type) -> Iterator[Case]:
    """Conditions with values in the order they are tried: `when` rows, a missing subject, the rest."""
    nothing = Constant(None, type_)
    missing = next((_result(row) for row in table.rows if _is_rest(row, missing=True)), nothing)
    for row in table.rows:
        if isinstance(row.key, r.When):
            yield row.key.condition, _with_missing(_result(row), missing)
    yield IsMissing(subject), missing
    if table.kind is r.TableKind.CURVE:
        yield from _curve(subject, [row for row in table.rows if isinstance(row.key, r.CurvePoint)], type_)
        return
    for row in table.rows:
        condition = _test(row.key, subject)
        if condition is not None:
            yield condition, _with_missing(_result(row), missing)
    for row in table.rows:
        if _is_rest(row, missing=False):
            yield ALWAYS, _with_missing(_result(row), missing)


def _is_rest(row: r.Row, *, missing: bool) -> bool:
    return isinstance(row.key, r.Rest) and (row.key.missing if missing else row.key.otherwise)


def _with_missing(value: Expression, missing: Expression) -> Expression:
    """A formula that is missing gives what the `missing` row gives, as in the tables of measures."""
    fixed = isinstance(value, Constant) or missing == Constant(None, missing.type)
    return value if fixed else FirstKnown((value, missing), missing.type)


def _test(key: r.Key, subject: Expression) -> Expression | None:
    """What a rung or the keys of a row ask of the subject."""
    match key:
        case r.EdgeRung():
            return _all(tuple(_edges(key, subject)))
        case r.Keys(values=values):
            texts = tuple(value for value in values if isinstance(value, str))
            if texts:
                return Member(subject, texts)
            equal = [Compare(Relation.IS, subject, Constant(value, subject.type)) for value in values]
            return equal[0] if len(equal) == 1 else Or(tuple(equal))
        case _:
            return None


def _edges(rung: r.EdgeRung, subject: Expression) -> Iterator[Expression]:
    if rung.low is not None:
        yield Compare(Relation.AT_LEAST if rung.low_included else Relation.ABOVE, subject, rung.low)
    if rung.high is not None:
        yield Compare(Relation.UP_TO if rung.high_included else Relation.BELOW, subject, rung.high)


def _all(conditions: tuple[Expression, ...]) -> Expression:
    return conditions[0] if len(conditions) == 1 else And(conditions)


def _curve(subject: Expression, rows: Sequence[r.Row], type_: Type) -> Iterator[Case]:
    """Straight lines between points, flat outside."""
    points = [(_at(row), _result(row)) for row in rows]
    if any(end <= start for (start, _), (end, _) in pairwise(points)) or not points:
        return  # reported, with the rows
    yield _below(subject, points[0][0]), points[0][1]
    for (start, low), (end, high) in pairwise(points):
        along = Sum((("+", subject), ("-", Constant(start, subject.type))), subject.type)
        slope = Constant((_number(high) - _number(low)) / (end - start), NUMBER)
        rise = Product((("*", along), ("*", slope)), type_)
        yield _below(subject, end), Sum((("+", low), ("+", rise)), type_)
    yield ALWAYS, points[-1][1]


def _at(row: r.Row) -> Fraction:
    assert isinstance(row.key, r.CurvePoint)
    return row.key.at


def _number(value: Expression) -> Fraction:
    assert isinstance(value, Constant)
    assert isinstance(value.value, Fraction)
    return value.value


def _below(subject: Expression, at: Fraction) -> Expression:
    return Compare(Relation.BELOW, subject, Constant(at, subject.type))
