"""Aggregates over rows and questions about rows: sub-tables are folded into conditions, windows into ages."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.model.expressions import (
    AgeWindow,
    Aggregate,
    And,
    ColumnValue,
    Compare,
    Constant,
    Expression,
    Gather,
    Relation,
)
from healthdsl.model.types import COUNT, DAYS, NUMBER, Kind, Type
from healthdsl.resolve.edges import right_words
from healthdsl.resolve.names import bind_column, find_table
from healthdsl.resolve.scope import Place, Resolve, TableEntry
from healthdsl.resolve.types import describe
from healthdsl.source import Span
from healthdsl.syntax import expressions as x

_BROKEN = AgeWindow(0, -1)


def build_aggregate(place: Place, node: x.Aggregate, resolve: Resolve) -> Expression | None:
    """`sum amount of invoices in last 30 days where paid`."""
    gather = Gather(node.function.name)
    table = find_table(place, node.table)
    if table is None:
        return None
    rows = place.within(table)
    value = weight = None
    complete = True
    if node.column is not None:
        value = _gathered(rows, gather, node.column)
        complete = value is not None
    if node.weight is not None:
        weight = _weight(rows, gather, node.weight)
        complete = weight is not None and complete
    if gather in (Gather.LATEST, Gather.EARLIEST) and table.dated is None:
        _report_undated(place, table, f"`{gather}` needs to know when a row was", node.function.span)
        complete = False
    window = _age_window(place, table, node.window)
    condition, fits = _row_condition(rows, table, node.where, resolve)
    if not complete or not fits or window == _BROKEN:
        return None
    _note_today(place, table, node.span)
    base = (table.base or table).name
    return Aggregate(gather, base, value, weight, window, condition, _gathered_type(gather, value))


def build_row_count(place: Place, node: x.RowCount, resolve: Resolve) -> Expression | None:
    """`any of tickets where ..`, `no tickets`, `at least 3 of clicks aged up to 7 days`."""
    if node.quantity is x.Quantity.ALL:
        message = "rows are asked with `any of`, `no` or a number, not with `all of`"
        advice = f"turn it round: `no {node.table.name} where not (..)`"
        place.problems.error("E225", node.table.span, message, advice)
        return None
    function = x.Name(name="count", span=node.table.span)
    counted = x.Aggregate(
        function=function, column=None, table=node.table, window=node.window, where=node.where, span=node.span
    )
    count = build_aggregate(place, counted, resolve)
    return ask_how_many(place, node.quantity, node.number, count)


def ask_how_many(
    place: Place, quantity: x.Quantity, number: x.NumberLiteral | None, count: Expression | None
) -> Expression | None:
    """A count compared with the number that `at least 3 of`, `any of` and the like ask for."""
    relation, amount = _QUANTITIES[quantity]
    if number is not None:
        amount = number.value
        if number.unit is not x.Unit.NONE or amount.denominator != 1:
            text = place.scope.clause(number.span)
            message = f"`{text}` cannot be a number of things to count"
            place.problems.error(
                "E453", number.span, message, "write a whole number, such as `at least 2 of`"
            )
            return None
    return Compare(relation, count, Constant(amount, COUNT)) if count is not None else None


_QUANTITIES = {
    x.Quantity.ANY: (Relation.AT_LEAST, Fraction(1)),
    x.Quantity.NO: (Relation.IS, Fraction(0)),
    x.Quantity.AT_LEAST: (Relation.AT_LEAST, Fraction(0)),
    x.Quantity.FEWER_THAN: (Relation.BELOW, Fraction(0)),
    x.Quantity.MORE_THAN: (Relation.ABOVE, Fraction(0)),
    x.Quantity.UP_TO: (Relation.UP_TO, Fraction(0)),
    x.Quantity.EXACTLY: (Relation.IS, Fraction(0)),
}


# Values ----------------------------------------------------------------------


def _gathered(rows: Place, gather: Gather, column: x.Name) -> ColumnValue | None:
    """The column an aggregate reads, of a type it can work on."""
    assert rows.table is not None
    value = bind_column(rows, rows.table, column)
    if value is None or gather in (Gather.LATEST, Gather.EARLIEST, Gather.DISTINCT):
        return value
    if value.type.is_numeric or (gather in (Gather.LOWEST, Gather.HIGHEST) and value.type.is_date):
        return value
    table, word = rows.table.name, column.name
    message = f"`{word}` is {describe(value.type)}, `{gather}` needs numbers"
    advice = f"count the rows: `count of {table} where {word}`"
    if value.type.kind is not Kind.YES_NO:
        advice = f"write `count of {table} where {word} is ..`, or `distinct {word} of {table}`"
    rows.problems.error("E323", column.span, message, advice)
    return None


def _weight(rows: Place, gather: Gather, column: x.Name) -> ColumnValue | None:
    assert rows.table is not None
    if gather is not Gather.AVERAGE:
        message = f"only an average is `weighted by` something, not `{gather}`"
        rows.problems.error("E323", column.span, message, "write `average`, or leave `weighted by` out")
        return None
    value = bind_column(rows, rows.table, column)
    if value is None or value.type.is_numeric:
        return value
    message = f"`{column.name}` is {describe(value.type)}, weights are numbers"
    rows.problems.error("E323", column.span, message, "weight by a column that holds numbers")
    return None


def _gathered_type(gather: Gather, value: Expression | None) -> Type:
    if value is None or gather is Gather.DISTINCT:
        return COUNT
    return NUMBER if gather is Gather.AVERAGE and value.type.kind is Kind.COUNT else value.type


# Rows that count -------------------------------------------------------------


def _row_condition(
    rows: Place, table: TableEntry, where: x.Expression | None, resolve: Resolve
) -> tuple[Expression | None, bool]:
    """The sub-table's conditions and the written one as one, and whether all of it is understood."""
    conditions = list(table.conditions or ())
    fits = not conditions or rows.scope.grow(len(conditions), table.declaration.name.span)
    if where is not None:
        condition = resolve(where, rows)
        if condition is None:
            return None, False
        conditions.append(condition)
    if len(conditions) > 1:
        return And(tuple(conditions)), fits
    return (conditions[0] if conditions else None), fits


def _note_today(place: Place, table: TableEntry, span: Span) -> None:
    """Rows of a dated table exist as of a day."""
    if table.dated is not None:
        place.ask_today(span)


def _report_undated(place: Place, table: TableEntry, message: str, span: Span) -> None:
    advice = f"write `rows {(table.base or table).name} dated COLUMN` to say which column holds the date"
    place.problems.error("E324", span, f"{message}, and the rows of `{table.name}` have no date", advice)


def _age_window(place: Place, table: TableEntry, window: x.Window | None) -> AgeWindow | None:
    """Ages of the written window, both ends in; `_BROKEN` after a message."""
    if window is None:
        return None
    if table.dated is None:
        _report_undated(place, table, "a window needs to know when a row was", window.span)
        return _BROKEN
    if window.test is not None:
        return _aged(place, window.test)
    assert window.days is not None
    days = _whole_days(place, window.days, window.days.span)
    if days is None or days < 1:
        if days is not None:
            message = f"a window of {days} days holds no row"
            place.problems.error("E455", window.days.span, message, "write 1 day or more")
        return _BROKEN
    ages = {"last": (0, days - 1), "before": (days, 2 * days - 1), "next": (-days, -1)}
    return AgeWindow(*ages[window.kind])


def _aged(place: Place, test: x.EdgeTest | x.RangeTest) -> AgeWindow:
    if isinstance(test, x.RangeTest):
        low, high = (_whole_days(place, bound, bound.span) for bound in (test.low, test.high))
        if low is None or high is None:
            return _BROKEN
        youngest, oldest = low, high
    else:
        bound = _whole_days(place, test.bound, test.bound.span)
        if bound is None or not right_words(place, test, Constant(Fraction(bound), DAYS), None):
            return _BROKEN
        if test.edge in (x.Edge.AT_LEAST, x.Edge.ABOVE):
            return AgeWindow(max(bound + (test.edge is x.Edge.ABOVE), 0), None)
        youngest, oldest = 0, bound - (test.edge is x.Edge.BELOW)
    if youngest < 0 or oldest < youngest:
        text = place.scope.clause(test.span)
        advice = "ages begin at 0, today; for rows of coming days write `in next 90 days`"
        place.problems.error("E455", test.span, f"no row is aged `{text}`", advice)
        return _BROKEN
    return AgeWindow(youngest, oldest)


def _whole_days(place: Place, node: x.Expression, span: Span) -> int | None:
    """A written number of whole days; ages are asked with literals only, so that reports can print dates."""
    sign, literal = (-1, node.operand) if isinstance(node, x.Negative) else (1, node)
    if (
        isinstance(literal, x.NumberLiteral)
        and literal.unit is not x.Unit.PERCENT
        and literal.value.denominator == 1
    ):
        return sign * int(literal.value)
    text = place.scope.clause(span)
    place.problems.error("E455", span, f"`{text}` is no whole number of days", "write it like `30 days`")
    return None
