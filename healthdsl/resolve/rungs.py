"""Constant keys held against each other: ladders run one way, curves ascend, lookups have each key once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant, Expression
from healthdsl.resolve.scope import Place
from healthdsl.resolve.types import written
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

# What a row, or a column of a grid, asks: as it is written, and as it is meant.
Tested = tuple[n.RowTest, r.Key]
# An edge with whether it belongs to the rung, as a number: just below, on, just above.
Cut = tuple[Fraction, int]
_FAR = Fraction(10) ** 30


class Interval(NamedTuple):
    """A rung as cuts of the number line: everything from `low` up to `high`; `line` tells what it heads."""

    low: Cut
    high: Cut
    rung: r.EdgeRung
    span: Span
    line: str


def check_rungs(place: Place, rungs: Sequence[Tested], line: str = "row") -> None:
    """Reports rungs that no value reaches and ladders that turn; one message a ladder. Each rung heads a
    `line`: a row, or a column of a grid.
    """
    direction = 0
    covered: list[Interval] = []
    for interval in _intervals(rungs, line):
        if covered:
            before = covered[-1]
            turn = _direction(before, interval)
            # While a ladder runs one way only the rung before can hide the next one.
            if turn in (0, -direction) or _holds(before, interval):
                _report_turn_or_hidden(place, interval, covered)
                return
            if _overlap(before, interval):
                _report_overlap(place, before, interval)
                return
            direction = turn
        covered.append(interval)


def _intervals(rungs: Sequence[Tested], line: str) -> list[Interval]:
    """Rungs whose edges are constants."""
    found = []
    for syntax, key in rungs:
        if isinstance(key, r.EdgeRung):
            low, high = _cut(key.low, -1), _cut(key.high, 1)
            if low is not None and high is not None:
                low = low if key.low_included or key.low is None else (low[0], 1)
                high = high if key.high_included or key.high is None else (high[0], -1)
                found.append(Interval(low, high, key, syntax.span, line))
    return found


def _cut(bound: Expression | None, side: int) -> Cut | None:
    if bound is None:
        return (_FAR * side, 0)
    if not isinstance(bound, Constant) or isinstance(bound.value, str | bool | None):
        return None
    return (Fraction(bound.value), side)


def _holds(before: Interval, interval: Interval) -> bool:
    return before.low <= interval.low and interval.high <= before.high


def _report_turn_or_hidden(place: Place, interval: Interval, covered: Sequence[Interval]) -> None:
    hidden_by = _hidden_by(interval, covered)
    if hidden_by is not None:
        _report_hidden(place, interval, hidden_by)
    else:
        _report_turn(place, covered[-1], interval)


def _hidden_by(interval: Interval, covered: Sequence[Interval]) -> Interval | None:
    """The last of the earlier rungs behind which all of this one is caught; None when some gets through."""
    reach, last = interval.low, None
    for earlier in sorted(covered, key=lambda one: (one.low, one.high)):
        if earlier.low <= reach < earlier.high:
            reach, last = earlier.high, earlier
    return last if last is not None and reach >= interval.high else None


def _overlap(before: Interval, interval: Interval) -> bool:
    """Whether two written ranges share a value."""
    both = None not in (before.rung.low, before.rung.high, interval.rung.low, interval.rung.high)
    return both and before.low < interval.high and interval.low < before.high


def _direction(before: Interval, interval: Interval) -> int:
    """1 when rungs go up, -1 when they go down, 0 when neither.

    A single value runs as an edge there would: `0`, then `up to 3`, goes up.
    """
    if _is_point(before):
        if interval.rung.low is None and interval.high > before.high:
            return 1
        if interval.rung.high is None and interval.low < before.low:
            return -1
    if interval.low >= before.low and interval.high >= before.high:
        return 1
    return -1 if interval.low <= before.low and interval.high <= before.high else 0


def _is_point(interval: Interval) -> bool:
    """Whether a rung holds one value."""
    return interval.low[0] == interval.high[0]


def _report_hidden(place: Place, interval: Interval, earlier: Interval) -> None:
    text = place.scope.clause(interval.span)
    labels = (Label(earlier.span, "caught here"),)
    above = "rows above it" if interval.line == "row" else f"{interval.line}s before it"
    message = f"`{text}` is never reached, {above} catch every value of it"
    advice = f"order the {interval.line}s so that the narrower one comes first"
    number = text.removesuffix(" days").rpartition(" ")[2]
    if interval.rung.low is None or interval.rung.high is None:
        advice += f"; or is `{number}` a slip?"
    place.problems.error("E411", interval.span, message, advice, labels)


def _report_overlap(place: Place, before: Interval, interval: Interval) -> None:
    shared = interval.rung.low if interval.low >= before.low else interval.rung.high
    value = (
        written(Fraction(shared.value))
        if isinstance(shared, Constant) and isinstance(shared.value, Fraction)
        else "it"
    )
    labels = (Label(before.span, "also here"),)
    advice = "write `below` or `up to` edges instead, so that each value has one " + interval.line
    place.problems.error("E412", interval.span, f"{value} lies in two ranges", advice, labels)


def _report_turn(place: Place, before: Interval, interval: Interval) -> None:
    text = place.scope.clause(interval.span)
    line = interval.line
    labels = (Label(before.span, f"the {line} before"),)
    message = f"`{text}` turns the ladder round: its {line}s run neither only up nor only down"
    advice = f"order the {line}s by their edges, lowest first or highest first"
    place.problems.error("E410", interval.span, message, advice, labels)


# Lookups and curves ----------------------------------------------------------


def check_lookup(place: Place, keys: Sequence[Tested], line: str = "row") -> None:
    """Reports a key that stands in two rows, or columns, or twice in one."""
    first: dict[tuple[type, object], Span] = {}
    for syntax, key in keys:
        if not isinstance(key, r.Keys) or not isinstance(syntax, n.KeysTest):
            continue
        for value, node in zip(key.values, syntax.keys, strict=True):
            span = first.setdefault((type(value), value), node.span)
            if span is not node.span:
                text = place.scope.clause(node.span)
                labels = (Label(span, "first written here"),)
                place.problems.error(
                    "E415", node.span, f"`{text}` has two {line}s", "remove one of them", labels
                )


def check_points(place: Place, rows: Sequence[Tested], curve: Span) -> None:
    """Reports a curve that does not run upwards, or has too few points for a line."""
    points = [(key.at, syntax.span) for syntax, key in rows if isinstance(key, r.CurvePoint)]
    for (before, _), (at, span) in pairwise(points):
        if at <= before:
            text = place.scope.clause(span)
            message = f"`{text}` does not lie above the point before it"
            place.problems.error("E413", span, message, "order the points of the curve, lowest first")
            return
    if len(points) < 2 and place.owner[1] not in place.scope.broken:
        message = f"a curve needs two points or more, this one has {len(points)}"
        place.problems.error("E414", curve, message, "add points such as `20% -> 0` and `90% -> 100`")
