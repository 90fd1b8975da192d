"""A score over time as a drawing: bands as stripes, a dot for each run, a line where the ruleset changed.

Across in shares of the width, so that text keeps its size on a narrow screen; up and down in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from healthdsl.reports.figures import figure
from healthdsl.reports.history.model import Point, Trend
from healthdsl.reports.history.spark import ends
from healthdsl.reports.history.words import point_words
from healthdsl.reports.web import colour_of

HEIGHT = 190.0
LEAST_STRIPE = 17.0
"""A stripe that is lower has no room for its name."""
LEFT, RIGHT = 0.16, 0.97
"""Where the first day stands, behind the names of the stripes, and the last."""
NEAR = 0.17
"""Labels below the axis keep so far apart, as a share of the width."""
MANY = 60
TOLD = 24
"""So many runs are told one by one to a screen reader; of more, what stands out."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stripe from `top` down; `label` is empty where it has no room."""

    top: float
    height: float
    colour: str
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A run at `left`, `top`; `scored` False: at the foot, since it gave no score."""

    left: float
    top: float
    colour: str
    title: str
    scored: bool


@dataclass(frozen=True, slots=True)
class Join:
    """The line from one dot to the next."""

    left: float
    top: float
    right: float
    end: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A label below the axis or beside it; `minor` ones are left out where there is little room."""

    at: float
    label: str
    anchor: str = "middle"
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything in its place. `radius` is that of a dot; `said` tells it all in words."""

    bands: tuple[Band, ...]
    joins: tuple[Join, ...]
    dots: tuple[Dot, ...]
    days: tuple[Mark, ...]
    edges: tuple[Mark, ...]
    changes: tuple[Mark, ...]
    radius: float
    last: str
    said: str
    height: float = HEIGHT


def chart_of(trend: Trend) -> Chart:
    """The drawing of a trend, which has a point at least."""
    low, high = ends(trend)
    points = trend.points
    places = _places(points)
    dots = tuple(_dot(point, place, low, high) for point, place in zip(points, places, strict=True))
    return Chart(
        bands=_bands(trend, low, high),
        joins=_joins(dots),
        dots=dots,
        days=_days(points, places),
        edges=_edges(trend, low, high),
        changes=_changes(points, places),
        radius=4.5 if len(points) <= MANY else 2.5,
        last=figure(points[-1].score) if points[-1].score is not None else "",
        said=_said(points),
    )


def _places(points: Sequence[Point]) -> list[float]:
    """Where each day stands, as a share of the width; a day alone in the middle."""
    first, last = points[0].as_of.toordinal(), points[-1].as_of.toordinal()
    if first == last:
        return [0.5 for _ in points]
    return [LEFT + (RIGHT - LEFT) * (point.as_of.toordinal() - first) / (last - first) for point in points]


def _top(score: Decimal, low: Decimal, high: Decimal) -> float:
    return HEIGHT * (1 - float((score - low) / (high - low)))


def _bands(trend: Trend, low: Decimal, high: Decimal) -> tuple[Band, ...]:
    found = []
    for stripe in trend.stripes:
        foot = low if stripe.low is None else min(max(stripe.low, low), high)
        head = high if stripe.high is None else min(max(stripe.high, low), high)
        height = _top(foot, low, high) - _top(head, low, high)
        if height > 0:
            label = stripe.band.label if height >= LEAST_STRIPE else ""
            found.append(Band(_top(head, low, high), height, colour_of(stripe.band), label))
    return tuple(found)


def _dot(point: Point, place: float, low: Decimal, high: Decimal) -> Dot:
    top = HEIGHT if point.score is None else _top(min(max(point.score, low), high), low, high)
    colour = colour_of(point.band) if point.band is not None else "grey"
    return Dot(place, top, colour, point_words(point), point.score is not None)


def _joins(dots: Sequence[Dot]) -> tuple[Join, ...]:
    """Lines between neighbours that both have a score."""
    return tuple(
        Join(one.left, one.top, two.left, two.top) for one, two in pairwise(dots) if one.scored and two.scored
    )


# Labels ----------------------------------------------------------------------


def _days(points: Sequence[Point], places: Sequence[float]) -> tuple[Mark, ...]:
    """The first and the last day, and as many between them as have room."""
    last = places[-1]
    marks = [Mark(places[-1], str(points[-1].as_of), "end" if len(points) > 1 else "middle")]
    if len(points) == 1:
        return tuple(marks)
    at = places[0]
    marks.append(Mark(at, str(points[0].as_of), "start"))
    at += NEAR / 2  # the first label begins at its place, the others have it in their middle
    for point, place in zip(points, places, strict=True):
        if place - at >= NEAR and last - place >= NEAR * 1.5:
            marks.append(Mark(place, str(point.as_of), minor=True))
            at = place
    return tuple(marks)


def _edges(trend: Trend, low: Decimal, high: Decimal) -> tuple[Mark, ...]:
    """Both ends of the axis and the edges of bands that keep apart from those before."""
    edges = {edge for stripe in trend.stripes for edge in (stripe.low, stripe.high) if edge is not None}
    marks: list[Mark] = []
    for value in (low, high, *sorted(edge for edge in edges if low < edge < high)):
        at = _top(value, low, high)
        if all(abs(at - mark.at) >= 12 for mark in marks):
            marks.append(Mark(at, figure(round(value, 2))))
    return tuple(marks)


def _changes(points: Sequence[Point], places: Sequence[float]) -> tuple[Mark, ...]:
    """Where the ruleset is another than at the run before. From the last one back, a label that would touch
    another is left out; on a narrow screen the last is the only one.
    """
    marks: list[Mark] = []
    free = 1.0
    for point, place in zip(reversed(points), reversed(places), strict=True):
        if not point.changed:
            continue
        at_end = place > 0.7
        right = place if at_end else place + NEAR
        label = f"rules {point.version}" if right <= free else ""
        free = right - NEAR if label else free
        marks.append(Mark(place, label, "end" if at_end else "start", minor=bool(marks)))
    return tuple(reversed(marks))


def _said(points: Sequence[Point]) -> str:
    """Every run, or of many the first, the lowest, the highest and the last; and changes of the ruleset."""
    told = list(points)
    if len(points) > TOLD:
        scored = [point for point in points if point.score is not None]
        extremes = []
        if scored:
            extremes = [
                min(scored, key=lambda each: each.score or 0),
                max(scored, key=lambda each: each.score or 0),
            ]
        named = {point.as_of: point for point in (points[0], *extremes, points[-1])}
        told = [named[day] for day in sorted(named)]
    changes = [f"another ruleset from {point.as_of} on" for point in points if point.changed]
    return "; ".join([*map(point_words, told), *changes]) + "."
