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
from healthdsl.backends.sql.emit import FIRST_DATE, LAST_DATE
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
        value = _snapped(field, value, dialect)
    columns = [exp.alias_(value, field.name)]
    if cell.bad is not None:
        columns.append(exp.alias_(cell.bad.copy(), f"{field.name}{UNREADABLE}"))
    return columns


def _snapped(field: InputField, value: exp.Expression, dialect: Dialect) -> exp.Expression:
    scale = field.scale
    if scale.numerator != 1:
        value = b.multiply(value, b.number(float(scale.numerator), dialect))
    if scale.denominator != 1:
        value = b.divide(value, b.number(float(scale.denominator), dialect))
    if field.type.is_whole and scale == 1:
        return value  # a broken number is illegal whatever its digits: see _is_whole
    return snaps.snap(value.copy, _span(field, dialect), dialect)


def _span(field: InputField, dialect: Dialect) -> Bounds:
    """What the snap may take for granted: legal values, since others become NULL anyway."""
    low, high = limits(field)
    return (low, high) if low >= 0.0 and high < SNAP_LIMIT and not dialect.strict else ANY


def limits(field: InputField) -> Bounds:
    """The least and the most that is legal."""
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    return low, INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)


def legal(field: InputField, dialect: Dialect) -> exp.Expression | None:
    """The condition that a value in the first layer is legal; None: every value is."""
    value = partial(b.column, field.name)
    match field.type.kind:
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY | Kind.COUNT | Kind.DAYS:
            return _legal_number(field, dialect)
        case Kind.DATE | Kind.TIMESTAMP:
            return exp.Between(this=value(), low=dialect.date(FIRST_DATE), high=dialect.date(LAST_DATE))
        case Kind.CATEGORY:
            return exp.In(this=value(), expressions=[b.text(choice) for choice in field.type.choices])
        case Kind.TEXT:
            return _has_text(value())
        case Kind.YES_NO:
            return None


def _legal_number(field: InputField, dialect: Dialect) -> exp.Expression:
    low, high = limits(field)
    value = partial(b.column, field.name)
    inside = exp.Between(this=value(), low=b.number(low, dialect), high=b.number(high, dialect))
    return b.both(inside, _is_whole(value())) if field.type.is_whole else inside


def _is_whole(value: exp.Expression) -> exp.Expression:
    return b.binary(exp.EQ, value, b.floor(value.copy()))


def _has_text(value: exp.Expression) -> exp.Expression:
    return b.binary(exp.NEQ, exp.Trim(this=value), b.text(""))


def illegal(field: InputField, cell: Cell, dialect: Dialect) -> exp.Expression | None:
    """The condition that something stands there that is neither legal nor missing; None: that cannot be."""
    conditions = []
    inside = legal(field, dialect)
    value = partial(b.column, field.name)
    if inside is not None and field.type.kind is not Kind.TEXT:
        outside = b.denied(b.tight(inside))
        if field.type.is_numeric:
            finite = exp.LTE(this=exp.Abs(this=value()), expression=exp.Literal.number("1.7976931348623157e308"))
            outside = b.both(outside, finite)
        elif field.type.kind is Kind.CATEGORY:
            outside = b.both(outside, _has_text(value()))
        conditions.append(outside)
    if cell.bad is not None:
        conditions.append(b.column(f"{field.name}{UNREADABLE}"))
    return b.either(*conditions) if conditions else None


def kept(field: InputField, cell: Cell, dialect: Dialect, *, tells_bad: bool) -> list[exp.Expression]:
    """The columns of a field in the second layer: the legal value, and whether there is an illegal one."""
    inside = legal(field, dialect)
    value = b.column(field.name)
    columns = [value if inside is None else exp.alias_(b.when(inside, value), field.name)]
    outside = illegal(field, cell, dialect) if tells_bad else None
    return columns if outside is None else [*columns, exp.alias_(outside, field.name + BAD)]


def listed(names: Sequence[tuple[str, exp.Expression]]) -> exp.Expression:
    """The names whose condition holds, joined by `; `; NULL when none does, which costs least."""
    texts = [b.when(condition.copy(), b.text(f"; {name}"), b.text("")) for name, condition in names]
    together = texts[0]
    for each in texts[1:]:
        together = exp.DPipe(this=together, expression=each)
    shortened = exp.Substring(this=b.tight(together), start=exp.Literal.number("3"))
    return b.when(b.either(*[condition for _, condition in names]), shortened)
