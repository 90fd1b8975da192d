"""Rows in SQL: what is worked out of each, the totals of an account, what becomes of them beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.build import Make
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.emit import Emitter
from healthdsl.backends.sql.snaps import LARGEST
from healthdsl.graph.bounds import ANY
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Op, gathering
from healthdsl.model.expressions import Gather

_RANKED = (Gather.LATEST, Gather.EARLIEST)
_NEEDS_VALUE = frozenset(set(Gather) - {Gather.COUNT})
MOST_ASKED = 12
"""So many choices are asked for one by one; to keep a set of values an account takes more time than that."""


@dataclass(frozen=True, slots=True)
class Total:
    """One row aggregate: its name, its operation, all operations and the facts that shorten its SQL."""

    name: str
    op: Op
    ops: Sequence[Op]
    facts: Sequence[Facts]

    @property
    def gather(self) -> Gather:
        return gathering(self.op)[0]

    @property
    def value(self) -> int:
        return self.op.operands[0]

    @property
    def weight(self) -> int:
        return self.op.operands[1]

    @property
    def condition(self) -> int:
        return self.op.operands[2]

    @property
    def day(self) -> int:
        return self.op.operands[3]

    @property
    def is_whole(self) -> bool:
        return self.facts[self.value].whole and self.weight < 0

    @property
    def largest(self) -> float:
        """No value summed is larger in size."""
        low, high = self.facts[self.value].bounds
        return max(abs(low), abs(high))

    @property
    def counts_apart(self) -> bool:
        """Whether a row can count although its value is missing, so that a sum must tell 0 from missing."""
        if self.gather is not Gather.SUM:
            return False
        known = self.facts[self.condition].if_true if self.condition >= 0 else frozenset[int]()
        return bool(self.facts[self.value].roots - known)

    def read(self) -> list[int]:
        """The row operations that the SQL holds, each as often as it is written."""
        asked = [self.condition] if self.condition >= 0 else []
        if self.gather is Gather.COUNT:
            return asked
        reads = [*asked, self.value]
        if self.weight >= 0:
            return [*reads, *reads, self.weight, self.weight]
        if self.gather in _RANKED:
            return [*reads, *asked, self.value, self.day]
        return [*reads, *asked] if self.counts_apart else reads


def row_columns(total: Total, emitter: Emitter) -> list[exp.Expression]:
    """What stands in each row for one aggregate: the value where the row counts, NULL where not."""
    name = total.name
    if total.gather is Gather.COUNT:
        return [] if total.condition < 0 else [b.named(_counted(total, emitter), f"{name}__counts")]
    columns = []
    if total.weight >= 0:
        for role, index in (("value", total.value), ("weight", total.weight)):
            known = b.both(*[b.is_known(emitter.value(each)) for each in (total.value, total.weight)])
            condition = known if total.condition < 0 else b.both(emitter.when(total.condition), known)
            columns.append(b.named(b.when(condition, emitter.result(index)), f"{name}__{role}"))
        return columns
    columns.append(b.named(_where_counted(total, emitter, emitter.result(total.value)), f"{name}__value"))
    if total.gather in _RANKED:
        known = b.is_known(emitter.value(total.value))
        condition = known if total.condition < 0 else b.both(emitter.when(total.condition), known)
        columns.append(b.named(b.when(condition, emitter.value(total.day)), f"{name}__day"))
    if total.counts_apart:
        columns.append(b.named(_counted(total, emitter), f"{name}__counts"))
    return columns


def _counted(total: Total, emitter: Emitter) -> exp.Expression:
    return _where_counted(total, emitter, exp.Literal.number("1"))


def _where_counted(total: Total, emitter: Emitter, value: exp.Expression) -> exp.Expression:
    return value if total.condition < 0 else b.when(emitter.when(total.condition), value)


def ranking(total: Total, account: str, dialect: Dialect) -> exp.Expression | None:
    """The day that decides, beside every row of the account; None for what needs none."""
    if total.gather not in _RANKED or dialect.latest_by_struct:
        return None
    kind = exp.Max if total.gather is Gather.LATEST else exp.Min
    window = exp.Window(this=kind(this=b.column(f"{total.name}__day")), partition_by=[b.column(account)])
    return b.named(window, f"{total.name}__rank")


def totals(total: Total, dialect: Dialect) -> list[exp.Expression]:
    """The columns of one aggregate in the totals of an account."""
    name, value = total.name, partial(b.column, f"{total.name}__value")
    found: list[exp.Expression] = []
    match total.gather:
        case Gather.COUNT:
            counted = exp.Star() if total.condition < 0 else b.column(f"{name}__counts")
            return [b.named(exp.Count(this=counted), name)]
        case Gather.SUM:
            found = [b.named(added(value(), dialect, total.largest, whole=total.is_whole), name)]
        case Gather.AVERAGE if total.weight >= 0:
            weight = b.column(f"{name}__weight")
            product = b.multiply(value(), weight.copy())
            found = [
                b.named(added(product, dialect, LARGEST), f"{name}__above"),
                b.named(added(weight, dialect, LARGEST), f"{name}__below"),
            ]
        case Gather.AVERAGE:
            count = exp.Count(this=value())
            found = [
                b.named(
                    b.divide(b.tight(added(value(), dialect, total.largest, whole=total.is_whole)), count),
                    name,
                )
            ]
        case Gather.LOWEST:
            found = [b.named(exp.Min(this=_sortable(total, value(), dialect)), name)]
        case Gather.HIGHEST:
            found = [b.named(exp.Max(this=_sortable(total, value(), dialect)), name)]
        case Gather.DISTINCT:
            found = [b.named(_different(value, total.ops[total.value].type.choices), name)]
        case Gather.LATEST | Gather.EARLIEST if dialect.latest_by_struct:
            found = [b.named(_decisive(total, dialect), name)]
        case Gather.LATEST | Gather.EARLIEST:
            decides = b.binary(exp.EQ, b.column(f"{name}__day"), b.column(f"{name}__rank"))
            best = b.when(decides, _sortable(total, value(), dialect))
            is_truth = not (total.op.type.is_numeric or total.op.type.is_date or total.op.type.is_text)
            found = [b.named(dialect.any_true(best) if is_truth else exp.Max(this=best), name)]
    if total.counts_apart:
        found.append(b.named(exp.Count(this=b.column(f"{name}__counts")), f"{name}__n"))
    return found


def _different(value: Make, choices: Sequence[str]) -> exp.Expression:
    """The number of different values."""
    if not 0 < len(choices) <= MOST_ASKED:
        return exp.Count(this=exp.Distinct(expressions=[value()]))
    one, zero = (exp.Literal.number(text) for text in "10")
    asked = [b.when(b.binary(exp.EQ, value(), b.text(each)), one.copy(), zero.copy()) for each in choices]
    found: list[exp.Expression] = [exp.Max(this=each) for each in asked]
    return reduce(b.add, found)


def _decisive(total: Total, dialect: Dialect) -> exp.Expression:
    """The value of the greatest pair of day and value; the earliest day is the greatest turned round."""
    day, value = b.column(f"{total.name}__day"), b.column(f"{total.name}__value")
    rank = day if total.gather is Gather.LATEST else dialect.days_between(day, dialect.date("0001-01-01"))
    pair = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(key), expression=part)
            for key, part in (("rank", rank), ("value", value))
        ]
    )
    counted = exp.Where(this=b.is_known(day.copy()))
    greatest = exp.Filter(this=exp.Max(this=pair), expression=counted)
    return exp.Anonymous(this="STRUCT_EXTRACT", expressions=[greatest, b.text("value")])


def _sortable(total: Total, value: exp.Expression, dialect: Dialect) -> exp.Expression:
    return dialect.sortable(value) if total.op.type.is_text else value


def added(value: exp.Expression, dialect: Dialect, largest: float, *, whole: bool = False) -> exp.Expression:
    """The sum of a column over rows: of whole parts and of what is behind the point, so that no order
    matters.
    """
    if whole:
        return exp.Sum(this=value)
    behind = exp.Sum(this=snaps.grid_steps(value.copy, dialect, largest))
    before = exp.Sum(this=b.floor(value.copy, dialect, largest))
    return b.add(before, b.divide(behind, exp.Literal.number("1e9")))


def beside(total: Total, table: str, dialect: Dialect) -> exp.Expression:
    """The aggregate beside the account, whose totals in `table` are NULL when it has no rows."""
    name = total.name
    found = b.column(name, table)
    zero = b.number(0.0, dialect)
    match total.gather:
        case Gather.COUNT | Gather.DISTINCT:
            return b.double(b.coalesce(found, zero))
        case Gather.SUM if total.counts_apart:
            none = b.binary(exp.EQ, b.coalesce(b.column(f"{name}__n", table), zero.copy()), zero)
            return b.when(none, b.double(zero.copy()), found)
        case Gather.SUM:
            return b.coalesce(found, zero)
        case Gather.AVERAGE if total.weight >= 0:
            above, below = (b.column(f"{name}__{part}", table) for part in ("above", "below"))
            snapped = snaps.snap(below.copy, ANY, dialect)
            is_zero = b.binary(exp.EQ, snapped, zero)
            return b.when(b.denied(b.tight(is_zero)), b.divide(above, below))
        case _:
            return found
