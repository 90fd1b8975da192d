"""Where the columns of a chart stand: across in shares of the width, so that text keeps its size on a narrow
screen; up and down in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from healthdsl.reports.book.model import Bin, CoverageFigures, Histogram, Threshold
from healthdsl.reports.book.words import band_label, bin_words, coverage_words, number
from healthdsl.reports.figures import figure
from healthdsl.reports.web import colour_of

HEIGHT = 200.0
LEAST_HEIGHT = 2.0
INSET = 0.06
"""Of a column's room, free on either side."""
MOST_LABELS = 11
NARROW_LABELS = 6
NEAR_LABEL = 0.045
_UNITS = ((10**9, "b"), (10**6, "m"), (10**3, "k"))
"""A label beside the axis has little room: `12k` for 12,000."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One colour of a column, from `top` down."""

    top: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what a pointer over it says."""

    left: float
    width: float
    pieces: tuple[Piece, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at a place; `minor` ones are left out where there is little room."""

    at: float
    label: str
    minor: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over an axis, lines of equal counts with their labels, and thresholds."""

    columns: tuple[Column, ...]
    axis: tuple[Mark, ...]
    lines: tuple[Mark, ...]
    thresholds: tuple[Mark, ...]
    height: float = HEIGHT


def histogram_chart(histogram: Histogram) -> Chart:
    """Scores by size, each column in the colours of its bands."""
    colours = [colour_of(band) if band is not None else "none" for band in histogram.bands]
    if all(band is None for band in histogram.bands):
        colours = ["plain" for _ in colours]
    stacks = [list(zip(each.counts, colours, strict=True)) for each in histogram.bins]
    titles = [_column_title(histogram, each) for each in histogram.bins]
    top = _top(max((each.accounts for each in histogram.bins), default=0))
    return Chart(
        columns=_columns(stacks, titles, top),
        axis=_value_axis(histogram) if histogram.by_value else _edge_axis(histogram),
        lines=_lines(top),
        thresholds=_thresholds(histogram),
    )


def coverage_chart(coverage: CoverageFigures) -> Chart:
    """Accounts by how much is known of them."""
    bins = coverage.bins
    top = _top(max((each.accounts for each in bins), default=0))
    titles = [f"{coverage_words(each)}: {number(each.accounts, 'account')}" for each in bins]
    size = len(bins)
    axis = [Mark(k / size, f"{each.low}%", k % 5 != 0) for k, each in enumerate(bins[:-1])]
    return Chart(
        columns=_columns([[(each.accounts, "plain")] for each in bins], titles, top),
        axis=(*axis, Mark((size - 0.5) / size, "all")),
        lines=_lines(top),
        thresholds=(),
    )


# Columns ---------------------------------------------------------------------


def _columns(
    stacks: Sequence[Sequence[tuple[int, str]]], titles: Sequence[str], top: int
) -> tuple[Column, ...]:
    size = len(stacks)
    return tuple(
        Column((k + INSET) / size, (1 - 2 * INSET) / size, _pieces(stack, top), title)
        for k, (stack, title) in enumerate(zip(stacks, titles, strict=True))
    )


def _pieces(stack: Sequence[tuple[int, str]], top: int) -> tuple[Piece, ...]:
    """The colours of a column, the first band at the foot; one account can be seen."""
    pieces, foot = [], HEIGHT
    for count, colour in stack:
        if count:
            height = max(count / top * HEIGHT, LEAST_HEIGHT)
            foot -= height
            pieces.append(Piece(foot, height, colour))
    return tuple(pieces)


def _column_title(histogram: Histogram, each: Bin) -> str:
    """`40 to 45: 8 accounts`, with the bands where there are several in the column."""
    said = f"{bin_words(histogram, each)}: {number(each.accounts, 'account')}"
    inside = [
        f"{count:,} {band_label(band)}"
        for count, band in zip(each.counts, histogram.bands, strict=True)
        if count
    ]
    return f"{said} ({', '.join(inside)})" if len(histogram.bands) > 1 and inside else said


# Axes ------------------------------------------------------------------------


def _top(most: int) -> int:
    """The count at the top of the chart: round, with four equal parts where counts allow it."""
    if most <= 4:
        return max(most, 1)
    step: int = 10 ** math.floor(math.log10(most / 4))
    part = next(factor * step for factor in (1, 2, 5, 10) if factor * step * 4 >= most)
    return part * math.ceil(most / part)


def _lines(top: int) -> tuple[Mark, ...]:
    parts = next((parts for parts in (4, 3, 2, 1) if top % parts == 0), 1)
    unit, letter = next(((unit, letter) for unit, letter in _UNITS if top >= 10 * unit), (1, ""))
    return tuple(
        Mark(HEIGHT - HEIGHT * k / parts, f"{top * k / parts / unit:,.4g}{letter}")
        for k in range(1, parts + 1)
    )


def _edge_axis(histogram: Histogram) -> tuple[Mark, ...]:
    """Labels at edges of bins, as many as fit."""
    size = len(histogram.bins)
    edges = [(k, each.low) for k, each in enumerate(histogram.bins) if each.low is not None]
    last = histogram.bins[-1].high
    edges += [(size, last)] if last is not None else []
    every = _every(len(edges))
    chosen = [
        (k, at) for k, at in edges if (k - edges[0][0]) % every == 0 and (last is not None or k < size - 1)
    ]
    return (*_labelled([(k / size, at) for k, at in chosen]), *_open_ends(histogram))


def _value_axis(histogram: Histogram) -> tuple[Mark, ...]:
    """A label below each column, or below every few."""
    size = len(histogram.bins)
    values = [(k, each.low) for k, each in enumerate(histogram.bins) if each.low == each.high]
    every = _every(len(values))
    labels = _labelled([((k + 0.5) / size, at) for k, at in values[::every] if at is not None])
    return (*labels, *_open_ends(histogram))


def _open_ends(histogram: Histogram) -> list[Mark]:
    """What stands below the columns of all that is beyond."""
    size = len(histogram.bins)
    less = [Mark(0.5 / size, "less")] if histogram.bins[0].low is None else []
    return less + ([Mark((size - 0.5) / size, "more")] if histogram.bins[-1].high is None else [])


def _every(labels: int) -> int:
    return next(step for step in (1, 2, 4, 5, 10, 20, labels + 1) if labels / step <= MOST_LABELS)


def _labelled(chosen: Sequence[tuple[float, Decimal]]) -> tuple[Mark, ...]:
    step = 2 if len(chosen) > NARROW_LABELS else 1
    if max((len(figure(at)) for _, at in chosen), default=0) > 6:
        step *= 2
    return tuple(Mark(at, figure(value), minor=k % step != 0) for k, (at, value) in enumerate(chosen))


# Thresholds ------------------------------------------------------------------


def _thresholds(histogram: Histogram) -> tuple[Mark, ...]:
    """Lines between bands; a label too near to the last one is left out."""
    marks: list[Mark] = []
    for threshold in histogram.thresholds:
        at = _position(histogram, threshold)
        if at is None:
            continue
        near = any(mark.label and at - mark.at < NEAR_LABEL for mark in marks)
        marks.append(Mark(at, "" if near else figure(threshold.at)))
    return tuple(marks)


def _position(histogram: Histogram, threshold: Threshold) -> float | None:
    """Where a threshold stands; None beyond the bins that have both ends."""
    bins = histogram.bins
    open_below = int(bins[0].low is None)
    closed = [each for each in bins if each.low is not None and each.high is not None]
    if not closed or closed[0].low is None or closed[-1].high is None:
        return None
    low, high, at = closed[0].low, closed[-1].high, threshold.at
    if histogram.by_value:
        above = math.ceil(at) if threshold.included_above else math.floor(at) + 1
        place = float(above - low)
    else:
        place = float((at - low) / (high - low)) * len(closed)
    inside = 0 < place < len(closed) or (place in {0, len(closed)} and len(closed) < len(bins))
    return (place + open_below) / len(bins) if inside else None
