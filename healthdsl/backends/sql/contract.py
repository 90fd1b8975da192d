"""The input contract in SQL: what a field's value must be, and whether something else stands there.

Two layers: `cells` has the values as typed and scaled; the next has those that are legal, snapped, and NULL
for all others, beside what stood there. A range is asked of the value before it is snapped, with its ends
where the snapped value crosses them, so that one choice does both. What is illegal is rare, so a line is
first asked whether it holds anything of the kind, and only then what exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.build import Make
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.emit_dates import FIRST_DATE, LAST_DATE
from healthdsl.backends.sql.sources import Cell
from healthdsl.graph.arithmetic import GRID, INPUT_LIMIT, SNAP_LIMIT
from healthdsl.graph.bounds import ANY, Bounds
from healthdsl.graph.graph import InputField
from healthdsl.graph.threshold import legal_before
from healthdsl.model.types import Kind

UNREADABLE = "__unreadable"
CELL = "__cell"


@dataclass(frozen=True, slots=True)
class Illegal:
    """When a field holds something illegal: `surely`, and `perhaps`, which is quickly told and true at least
    then. Both read the columns of the second layer.
    """

    perhaps: exp.Expression
    surely: exp.Expression


def typed(field: InputField, cell: Cell, dialect: Dialect) -> list[exp.Expression]:
    """The columns of a field in the first layer: its value, and whether it could not be read."""
    value = cell.value.copy()
    if field.type.is_numeric:
        value = _scaled(field, value, dialect)
        if field.type.is_whole and not _is_on_grid(field, cell):
            bounds = ANY if field.absent else limits(field)
            value = _snapped(value, bounds, dialect)  # whether it is whole is asked of what is snapped
    value = _known(field, cell, value, dialect)
    columns = [b.named(value, field.name)]
    if cell.bad is not None:
        columns.append(b.named(cell.bad.copy(), f"{field.name}{UNREADABLE}"))
    return columns


def _known(field: InputField, cell: Cell, value: exp.Expression, dialect: Dialect) -> exp.Expression:
    """The value, or NULL where it is one that stands for a missing one. Text that stands where a number or a
    date should be is told by who reads it.
    """
    texts = [b.text(absent) for absent in field.absent if isinstance(absent, str) and field.type.is_text]
    plain = field.type.is_whole or _is_on_grid(field, cell)
    tests: list[exp.Expression] = []
    for absent in field.absent:
        match absent:
            case float() if plain:
                tests.append(b.binary(exp.EQ, value.copy(), b.number(absent, dialect)))
            case float():
                tests.append(_between(value.copy(), *legal_before(absent, absent), dialect))
            case int():
                tests.append(
                    b.binary(exp.EQ, value.copy(), dialect.date(date.fromordinal(absent).isoformat()))
                )
            case str():
                pass
    if texts:
        trimmed = exp.Trim(this=value.copy(), expression=dialect.blanks())
        tests.append(exp.In(this=trimmed, expressions=texts))
    return b.when(b.either(*tests), exp.null(), value) if tests else value


def _scaled(field: InputField, cell: exp.Expression, dialect: Dialect) -> exp.Expression:
    value, scale = cell, field.scale
    if scale.numerator != 1:
        value = b.multiply(value, b.number(float(scale.numerator), dialect))
    if scale.denominator != 1:
        value = b.divide(value, b.number(float(scale.denominator), dialect))
        if dialect.strict:  # the smallest doubles would raise an error
            tiny = b.binary(exp.LT, exp.Abs(this=cell.copy()), b.number(1e-290, dialect))
            value = b.when(tiny, b.number(0.0, dialect), value)
    return value


def _is_on_grid(field: InputField, cell: Cell) -> bool:
    """Whether no snap can change the value: it comes from an integer, which knows no -0, and was divided by
    nothing, or by what leaves at most nine decimals.
    """
    if field.type.is_whole:
        return cell.sound and field.scale == 1
    return cell.whole and int(GRID) % field.scale.denominator == 0


def _snapped(value: exp.Expression, bounds: Bounds, dialect: Dialect) -> exp.Expression:
    if bounds[0] < 0.0:
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
    """The condition that a value in the first layer lies in its range."""
    value = b.column(field.name)
    if field.type.is_numeric:
        return _between(value, *limits(field), dialect)
    return exp.Between(this=value, low=dialect.date(FIRST_DATE), high=dialect.date(LAST_DATE))


def _is_whole(field: InputField, dialect: Dialect) -> exp.Expression:
    value = partial(b.column, field.name)
    return b.binary(exp.EQ, value(), b.floor(value, dialect, INPUT_LIMIT))


def _has_text(value: exp.Expression, dialect: Dialect) -> exp.Expression:
    trimmed = exp.Trim(this=value, expression=dialect.blanks())
    return b.binary(exp.NEQ, trimmed, b.text(""))


def _legal(field: InputField, cell: Cell, dialect: Dialect) -> exp.Expression:
    """The value where it is legal, NULL elsewhere."""
    value = partial(b.column, field.name)
    match field.type.kind:
        case Kind.TEXT | Kind.DATE | Kind.TIMESTAMP if cell.sound:
            return value()
        case Kind.COUNT | Kind.DAYS if cell.sound:
            return b.when(_inside(field, dialect), value())
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY if not _is_on_grid(field, cell):
            return b.case(_legal_snaps(value, limits(field), dialect))
        case Kind.YES_NO:
            return value()
        case Kind.TEXT:
            return b.when(_has_text(value(), dialect), value())
        case Kind.COUNT | Kind.DAYS:
            whole = b.when(_is_whole(field, dialect), value())
            return b.when(_inside(field, dialect), whole)  # FLOOR must not see what is out of range
        case Kind.CATEGORY:
            return dialect.chosen(value(), field.type.choices)
        case _:
            return b.when(_inside(field, dialect), value())


def _legal_snaps(
    value: Make, bounds: Bounds, dialect: Dialect
) -> list[tuple[exp.Expression, exp.Expression]]:
    """The branches of a choice that snaps what is legal: small numbers of either sign, then all others."""
    least, most = bounds
    low, high = legal_before(least, most)
    parts = []
    if least >= 0.0 or most > 0.0:
        parts.append((low if least >= 0.0 else 0.0, min(high, SNAP_LIMIT), snaps.up(value, dialect)))
    if least < 0.0:
        parts.append((max(low, -SNAP_LIMIT), high if most <= 0.0 else 0.0, snaps.down(value, dialect)))
    if max(most, -least) > SNAP_LIMIT:
        parts.append((low, high, value()))
    return [
        (_between(value(), start, end, dialect), snapped) for start, end, snapped in parts if start <= end
    ]


def _between(value: exp.Expression, low: float, high: float, dialect: Dialect) -> exp.Expression:
    return exp.Between(this=value, low=b.number(low, dialect), high=b.number(high, dialect))


def certain(condition: exp.Expression) -> Illegal:
    """What is told as quickly as it can be."""
    return Illegal(condition, condition)


def _finite(value: exp.Expression) -> exp.Expression:
    return exp.LTE(this=exp.Abs(this=value), expression=exp.Literal.number("1.7976931348623157e308"))


def _can_be_refused(field: InputField, cell: Cell) -> bool:
    """Whether a value in the first layer can be other than legal or missing."""
    match field.type.kind:
        case Kind.TEXT | Kind.YES_NO:
            return False
        case Kind.DATE | Kind.TIMESTAMP:
            return not cell.sound
        case _:
            return True


def _refused(field: InputField, cell: Cell, dialect: Dialect) -> Illegal:
    """What stood there and is no legal value."""
    stood = partial(b.column, field.name + CELL)
    perhaps = b.both(b.is_known(stood()), b.is_null(b.column(field.name)))
    if cell.sound or field.type.is_date:
        return certain(perhaps)
    also = _has_text(stood(), dialect) if field.type.kind is Kind.CATEGORY else _finite(stood())
    return Illegal(perhaps, b.both(perhaps.copy(), also))


def illegal(field: InputField, cell: Cell, dialect: Dialect) -> Illegal | None:
    """When something stands there that is neither legal nor missing; None: that cannot be."""
    unreadable = None if cell.bad is None else b.column(field.name + UNREADABLE)
    if not _can_be_refused(field, cell):
        return None if unreadable is None else certain(unreadable)
    refused = _refused(field, cell, dialect)
    if unreadable is None:
        return refused
    return Illegal(b.either(refused.perhaps, unreadable), b.either(refused.surely, unreadable.copy()))


def kept(field: InputField, cell: Cell, dialect: Dialect, *, tells_bad: bool) -> list[exp.Expression]:
    """The columns of a field in the second layer: the legal value, and what `illegal` reads besides."""
    value = _legal(field, cell, dialect)
    columns = [value if isinstance(value, exp.Column) else b.named(value, field.name)]
    if tells_bad and _can_be_refused(field, cell):
        columns.append(b.named(b.column(field.name), field.name + CELL))
    if tells_bad and cell.bad is not None:
        columns.append(b.column(field.name + UNREADABLE))
    return columns


def listed(names: Sequence[tuple[str, Illegal]], dialect: Dialect) -> exp.Expression:
    """The names of what is illegal, joined by `; `; NULL when nothing is, which is first asked for."""
    texts = [b.when(each.surely.copy(), b.text(f"; {name}"), b.text("")) for name, each in names]
    together = texts[0]
    for each in texts[1:]:
        together = exp.DPipe(this=together, expression=each)
    shortened: exp.Expression = exp.Substring(this=b.tight(together), start=exp.Literal.number("3"))
    if dialect.lists_at_once:
        return exp.Nullif(this=shortened, expression=b.text(""))
    if any(each.surely is not each.perhaps for _, each in names):
        shortened = exp.Nullif(this=shortened, expression=b.text(""))
    return b.when(b.either(*[each.perhaps.copy() for _, each in names]), shortened)
