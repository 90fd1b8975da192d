"""Mutants of the rows of tables and bands: left out, edge or key moved, another result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from healthdsl.diff.say_lines import say_row
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.ruleset import (
    Cell,
    CurvePoint,
    EdgeRung,
    Key,
    Keys,
    Level,
    Outcome,
    Points,
    Rest,
    Result,
    Row,
    Ruleset,
    Table,
    ToLevel,
    When,
)
from healthdsl.model.types import NUMBER, Type
from healthdsl.testing.mutants.expressions import condition_variations, moved_constants, variations
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.mutant import Line, Mutant
from healthdsl.testing.mutants.steps import grid_step, tenth
from healthdsl.testing.mutants.swap import swap_row


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table. `levels` are those its results may name, `scale` the largest points it gives."""

    rows: tuple[Row, ...]
    subject: Type
    levels: tuple[Level, ...]
    scale: Fraction
    bands: bool = False


def rows_of_table(table: Table, levels: Sequence[Level]) -> Rows:
    points = [
        abs(row.result.value.value)
        for row in table.rows
        if isinstance(row.result, Points) and isinstance(row.result.value, Constant)
        if isinstance(row.result.value.value, Fraction)
    ]
    subject = NUMBER if table.subject is None else table.subject.type
    return Rows(table.rows, subject, tuple(levels), max(points, default=Fraction(0)))


def row_mutants(ruleset: Ruleset, rows: Rows, skip: Callable[[Row], bool]) -> Iterator[Mutant]:
    """The mutants of each row but those that `skip` says are done already."""
    for row in rows.rows:
        if skip(row):
            continue
        line, said = Line.of(row), say_row(row, rows.subject)
        if len(rows.rows) > 1 and not isinstance(row.key, Cell):
            policy = isinstance(row.key, Rest) and row.key.missing
            yield line.gone(Kind.DROP_POLICY if policy else Kind.DROP_ROW, swap_row(ruleset, row, None))
        for kind, changed in (*other_keys(row, rows), *_other_results(row, rows)):
            words = (said, say_row(changed, rows.subject))
            yield line.changed(kind, words, swap_row(ruleset, row, changed))


# Keys -------------------------------------------------------------------------


def other_keys(row: Row, rows: Rows) -> Iterator[tuple[Kind, Row]]:
    """The row with other keys."""
    for kind, key in _keys(row.key, rows):
        yield kind, replace(row, key=key)


def _keys(key: Key, rows: Rows) -> Iterator[tuple[Kind, Key]]:
    match key:
        case EdgeRung():
            yield from ((kind, rung) for kind, rung in _rungs(key) if not _collides(key, rung, rows))
        case Keys(values=values):
            if len(values) > 1:
                for value in values:
                    yield Kind.CONDITION, Keys(tuple(other for other in values if other is not value))
        case CurvePoint(at=at):
            step = grid_step(at, rows.subject)
            taken = {row.key.at for row in rows.rows if isinstance(row.key, CurvePoint)}
            for moved in (at + step, at - step):
                if moved not in taken:
                    yield Kind.THRESHOLD, CurvePoint(moved)
        case When(condition=condition):
            yield from ((v.kind, When(v.expression)) for v in condition_variations(condition))
        case Rest(otherwise=otherwise, missing=missing):
            if otherwise and missing:
                yield Kind.DROP_POLICY, Rest(otherwise=True, missing=False)
        case Cell():
            pass  # rows and columns of a grid are changed as a whole
        case _:
            assert_never(key)


def _rungs(rung: EdgeRung) -> Iterator[tuple[Kind, EdgeRung]]:
    for bound, put in ((rung.low, _with_low), (rung.high, _with_high)):
        if isinstance(bound, Constant):
            for moved in moved_constants(bound):
                yield Kind.THRESHOLD, put(rung, moved)
        elif bound is not None:
            for v in variations(bound):
                yield v.kind, put(rung, v.expression)
    if rung.high is None:
        yield Kind.EDGE_WORD, replace(rung, low_included=not rung.low_included)
    if rung.low is None:
        yield Kind.EDGE_WORD, replace(rung, high_included=not rung.high_included)


def _with_low(rung: EdgeRung, bound: Expression) -> EdgeRung:
    return replace(rung, low=bound)


def _with_high(rung: EdgeRung, bound: Expression) -> EdgeRung:
    return replace(rung, high=bound)


def _collides(old: EdgeRung, rung: EdgeRung, rows: Rows) -> bool:
    """Whether a moved rung has the edge of another one, or holds nothing: the compiler refuses that."""
    low, high = _number(rung.low), _number(rung.high)
    if low is not None and high is not None and low > high:
        return True
    others = [row.key for row in rows.rows if isinstance(row.key, EdgeRung) and row.key != old]
    if rung.low is None or rung.high is None:
        return any((rung.low, rung.high) == (other.low, other.high) for other in others)
    return False


def _number(bound: Expression | None) -> Fraction | None:
    match bound:
        case Constant(value=Fraction() | int() as value):
            return Fraction(value)
        case _:
            return None


# Results ----------------------------------------------------------------------


def _other_results(row: Row, rows: Rows) -> Iterator[tuple[Kind, Row]]:
    if not rows.bands:
        for kind, result in _results(row.result, rows):
            yield kind, replace(row, result=result)


def _results(result: Result, rows: Rows) -> Iterator[tuple[Kind, Result]]:
    match result:
        case Points(value=Constant(value=Fraction() as points) as constant):
            yield Kind.POINTS, Points(replace(constant, value=other_points(points, rows.scale)))
        case Points(value=value):
            yield from ((v.kind, Points(v.expression)) for v in variations(value))
        case ToLevel(name=name):
            other = _neighbour(name, rows.levels)
            if other is not None:
                yield Kind.RESULT, ToLevel(other)
        case Outcome.WORST:
            yield Kind.RESULT, Outcome.BEST
        case Outcome.BEST:
            yield Kind.RESULT, Outcome.WORST
        case Outcome.SKIP:
            yield Kind.RESULT, Outcome.UNSCORED
        case Outcome.UNSCORED:
            yield Kind.RESULT, Outcome.SKIP
        case _:
            assert_never(result)


def policy_results(result: Result, rows: Rows) -> Iterator[tuple[Kind, Result]]:
    """Other policies for a missing value."""
    yield from _results(result, rows)


def other_points(points: Fraction, scale: Fraction) -> Fraction:
    """A tenth of the scale more, or less where that would be more than any other row gives."""
    by = tenth(points, scale)
    return points - by if points >= scale and points > 0 else points + by


def _neighbour(name: str, levels: Sequence[Level]) -> str | None:
    """The level that stands next to this one."""
    names = [level.name for level in levels]
    if name not in names or len(names) < 2:
        return None
    at = names.index(name)
    return names[at - 1] if at else names[1]


def rows_of_bands(rows: tuple[Row, ...]) -> Rows:
    return Rows(rows, NUMBER, (), Fraction(0), bands=True)
