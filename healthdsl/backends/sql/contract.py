"""The input contract in SQL: what a field's value must be, and whether something else stands there.

Two layers: `cells` has the values as typed, scaled and snapped; the next keeps those that are legal and NULL
for all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.emit_dates import FIRST_DATE, LAST_DATE
from healthdsl.backends.sql.sources import Cell
from healthdsl.graph.arithmetic import INPUT_LIMIT, SNAP_LIMIT
from healthdsl.graph.bounds import ANY, Bounds
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

UNREADABLE = "__unreadable"
BAD = "__bad"


def typed(field: InputField, cell: Cell, dialect: Dialect) -> list[exp.Expression]:
    """The columns of a field in the first layer: its value, and whether it could not be read."""
    value = cell.value.copy()
    if field.type.is_numeric:
        value = _snapped(field, value, dialect, sound=cell.sound)
    columns = [b.named(value, field.name)]
    if cell.bad is not None:
        columns.append(b.named(cell.bad.copy(), f"{field.name}{UNREADABLE}"))
    return columns


def _snapped(field: InputField, cell: exp.Expression, dialect: Dialect, *, sound: bool) -> exp.Expression:
    value, scale = cell, field.scale
    if scale.numerator != 1:
        value = b.multiply(value, b.number(float(scale.numerator), dialect))
    if scale.denominator != 1:
        value = b.divide(value, b.number(float(scale.denominator), dialect))
        if dialect.strict:  # the smallest doubles would raise an error
            tiny = b.binary(exp.LT, exp.Abs(this=cell.copy()), b.number(1e-290, dialect))
            value = b.when(tiny, b.number(0.0, dialect), value)
    if field.type.is_whole and scale == 1 and sound:
        return b.add(value, b.number(0.0, dialect))  # whole already; -0 becomes 0
    if limits(field)[0] < 0.0:
        return snaps.snap(value.copy, ANY, dialect)
    # No negative number is legal, so how it is snapped does not matter.
    large = b.binary(exp.GTE, exp.Abs(this=value.copy()), b.number(SNAP_LIMIT, dialect))
    return b.when(large, value.copy(), snaps.snap(value.copy, (0.0, 1.0), dialect))


def limits(field: InputField) -> Bounds:
    """The least and the most that is legal."""
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    return low, INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)


def _inside(field: InputField, dialect: Dialect) -> exp.Expression:
    """The condition that a value in the first layer lies in its range or list."""
    value = b.column(field.name)
    if field.type.is_numeric:
        low, high = limits(field)
        return exp.Between(this=value, low=b.number(low, dialect), high=b.number(high, dialect))
    if field.type.is_date:
        return exp.Between(this=value, low=dialect.date(FIRST_DATE), high=dialect.date(LAST_DATE))
    return exp.In(this=value, expressions=[b.text(choice) for choice in field.type.choices])


def _is_whole(field: InputField, dialect: Dialect) -> exp.Expression:
    value = partial(b.column, field.name)
    return b.binary(exp.EQ, value(), b.floor(value, dialect, INPUT_LIMIT))


def _has_text(field: InputField, dialect: Dialect) -> exp.Expression:
    trimmed = exp.Trim(this=b.column(field.name), expression=dialect.blanks())
    return b.binary(exp.NEQ, trimmed, b.text(""))


def _legal(field: InputField, cell: Cell, dialect: Dialect) -> exp.Expression:
    """The value where it is legal, NULL elsewhere."""
    value = partial(b.column, field.name)
    match field.type.kind:
        case Kind.TEXT | Kind.DATE | Kind.TIMESTAMP if cell.sound:
            return value()
        case Kind.COUNT | Kind.DAYS if cell.sound:
            return b.when(_inside(field, dialect), value())
        case Kind.YES_NO:
            return value()
        case Kind.TEXT:
            return b.when(_has_text(field, dialect), value())
        case Kind.COUNT | Kind.DAYS:
            whole = b.when(_is_whole(field, dialect), value())
            return b.when(_inside(field, dialect), whole)  # FLOOR must not see what is out of range
        case _:
            return b.when(_inside(field, dialect), value())


def _illegal(field: InputField, cell: Cell, dialect: Dialect) -> exp.Expression | None:
    """The condition that something stands there that is neither legal nor missing; None: that cannot be."""
    value = partial(b.column, field.name)
    outside = b.denied(b.tight(_inside(field, dialect)))
    finite = exp.LTE(this=exp.Abs(this=value()), expression=exp.Literal.number("1.7976931348623157e308"))
    found: exp.Expression | None
    match field.type.kind:
        case Kind.TEXT | Kind.YES_NO:
            found = None
        case Kind.DATE | Kind.TIMESTAMP:
            found = None if cell.sound else outside
        case _ if cell.sound:
            found = outside
        case Kind.COUNT | Kind.DAYS:
            broken = b.binary(exp.NEQ, value(), b.floor(value, dialect, INPUT_LIMIT))
            found = b.when(_inside(field, dialect), broken, finite)
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY:
            found = b.both(outside, finite)
        case Kind.CATEGORY:
            found = b.both(outside, _has_text(field, dialect))
    if cell.bad is None:
        return found
    unreadable = b.column(f"{field.name}{UNREADABLE}")
    return unreadable if found is None else b.either(found, unreadable)


def kept(field: InputField, cell: Cell, dialect: Dialect, *, tells_bad: bool) -> list[exp.Expression]:
    """The columns of a field in the second layer: the legal value, and whether there is an illegal one."""
    value = _legal(field, cell, dialect)
    columns = [value if isinstance(value, exp.Column) else b.named(value, field.name)]
    outside = _illegal(field, cell, dialect) if tells_bad else None
    return columns if outside is None else [*columns, b.named(outside, field.name + BAD)]


def listed(names: Sequence[tuple[str, exp.Expression]]) -> exp.Expression:
    """The names whose condition holds, joined by `; `; NULL when none does, which costs least."""
    texts = [b.when(condition.copy(), b.text(f"; {name}"), b.text("")) for name, condition in names]
    together = texts[0]
    for each in texts[1:]:
        together = exp.DPipe(this=together, expression=each)
    shortened = exp.Substring(this=b.tight(together), start=exp.Literal.number("3"))
    return b.when(b.either(*[condition for _, condition in names]), shortened)
