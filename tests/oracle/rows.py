"""Aggregates over the rows of one account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import assert_never

from healthdsl.model import expressions as e
from tests.oracle import exact
from tests.oracle.expressions import Row, Value, World, evaluate, is_true, number

AGE = "age"
Valued = tuple[Row, Value]


def gather(aggregate: e.Aggregate, rows: Sequence[Row] | None, dated: str | None, world: World) -> Value:
    """The aggregate over `rows` (with derived columns and age), snapped; None: the table was not supplied."""
    if rows is None:
        return None
    chosen = [row for row in rows if _counts(aggregate, row, dated, world)]
    if aggregate.gather is e.Gather.COUNT:
        return Fraction(len(chosen))
    assert aggregate.value is not None
    valued = [(row, evaluate(aggregate.value, world, row)) for row in chosen]
    known: list[Valued] = [(row, value) for row, value in valued if value is not None]
    result = _gather(aggregate, chosen, known, dated, world)
    return world.snap(result) if isinstance(result, Fraction) else result


def _counts(aggregate: e.Aggregate, row: Row, dated: str | None, world: World) -> bool:
    """Whether a row lies in the window and its condition is true. A row without its date does not exist."""
    if dated is not None:
        age = number(row[AGE])
        if age is None:
            return False
        window = aggregate.window or e.AgeWindow(0, None)
        youngest = 0 if window.youngest is None else window.youngest
        if age < youngest or (window.oldest is not None and age > window.oldest):
            return False
    return is_true(aggregate.condition, world, row)


def _gather(
    aggregate: e.Aggregate, chosen: list[Row], known: list[Valued], dated: str | None, world: World
) -> Value:
    values = [value for _, value in known]
    match aggregate.gather:
        case e.Gather.SUM:
            return exact.finite(_total(values, world)) if known or not chosen else None
        case e.Gather.AVERAGE:
            return _average(aggregate, known, world)
        case e.Gather.LOWEST:
            return min(values, default=None)  # type: ignore[type-var]
        case e.Gather.HIGHEST:
            return max(values, default=None)  # type: ignore[type-var]
        case e.Gather.LATEST:
            return _dated_value(known, dated, max)
        case e.Gather.EARLIEST:
            return _dated_value(known, dated, min)
        case e.Gather.DISTINCT:
            return Fraction(len({world.snap(v) if isinstance(v, Fraction) else v for v in values}))
        case e.Gather.COUNT:
            raise AssertionError("counted before")
        case _:
            assert_never(aggregate.gather)


def _total(values: Sequence[Value], world: World) -> Fraction:
    total = Fraction(0)
    for value in values:
        assert isinstance(value, Fraction)
        # For the note it takes of how near to a tie a value is; same fraction, above 0.
        world.snap(value - 2 * min(floor(value), 0))
        total += exact.counted(value)
    return total


def _average(aggregate: e.Aggregate, known: list[Valued], world: World) -> Fraction | None:
    """Rows whose value or weight is missing are left out of both sums."""
    values, weights = [], []
    for row, value in known:
        weight = Fraction(1) if aggregate.weight is None else evaluate(aggregate.weight, world, row)
        if weight is not None:
            assert isinstance(weight, Fraction)
            assert isinstance(value, Fraction)
            values.append(value * weight)
            weights.append(weight)
    below = _total(weights, world)
    return exact.finite(_total(values, world) / below) if exact.snap(below) else None


def _dated_value(known: list[Valued], dated: str | None, pick: Callable[[list[int]], int]) -> Value:
    """The value of the latest (earliest) row that has one; of several on that day, the largest."""
    assert dated is not None
    if not known:
        return None
    day = pick([_ordinal(row[dated]) for row, _ in known])
    return max(value for row, value in known if row[dated] == day)  # type: ignore[type-var]


def _ordinal(value: Value) -> int:
    assert isinstance(value, int)
    return value
