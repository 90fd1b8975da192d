"""The SQL of dates."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.emit import Emitter
from healthdsl.graph.arithmetic import LAST_DAY
from healthdsl.graph.graph import Op

FIRST_DATE, LAST_DATE = "0001-01-01", date.fromordinal(LAST_DAY).isoformat()


# Dates --------------------------------------------------------------------


def days_between(e: Emitter, op: Op) -> exp.Expression:
    start, end = op.operands
    return e.dialect.days_between(e.value(start), e.value(end))


def months_between(e: Emitter, op: Op) -> exp.Expression:
    start, end = op.operands

    def part(name: str, index: int) -> exp.Expression:
        return e.dialect.part(name, e.value(index))

    years = b.subtract(part("YEAR", end), part("YEAR", start))
    months = b.add(b.multiply(b.tight(years), b.number(12.0, e.dialect)), part("MONTH", end))
    months = b.subtract(months, part("MONTH", start))
    forward = b.both(
        b.binary(exp.GTE, e.value(end), e.value(start)),
        b.binary(exp.LT, part("DAY", end), part("DAY", start)),
    )
    backward = b.both(
        b.binary(exp.LT, e.value(end), e.value(start)),
        b.binary(exp.GT, part("DAY", end), part("DAY", start)),
    )
    one = b.number(1.0, e.dialect)
    begun = b.case([(forward, b.number(-1.0, e.dialect)), (backward, one)], b.number(0.0, e.dialect))
    return b.add(months, begun)


def add_days(e: Emitter, op: Op) -> exp.Expression:
    day, days = op.operands
    ends = [e.dialect.days_between(e.value(day), e.dialect.date(end)) for end in (FIRST_DATE, LAST_DATE)]

    def whole() -> exp.Expression:
        facts = e.facts[days]
        if facts.whole:
            return e.as_double(days)
        snapped = snaps.snap(lambda: e.as_double(days), facts.bounds, e.dialect)
        return b.floor(snapped.copy, e.dialect, e.largest(days))

    inside = b.both(
        b.binary(exp.GTE, whole(), b.tight(ends[0])), b.binary(exp.LTE, whole(), b.tight(ends[1]))
    )
    moved = e.dialect.add_days(e.value(day), b.cast(whole(), "INT"))
    return b.when(inside, b.cast(moved, "DATE") if e.dialect.name != "sqlite" else moved)
