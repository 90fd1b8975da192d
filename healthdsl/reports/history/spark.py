"""A score over time as one line of text: a block for each run, higher for more points."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from healthdsl.reports.history.model import Point, Trend

BLOCKS = "▁▂▃▄▅▆▇█"
DIGITS = "12345678"
GAP = "·"
WIDEST = 40


def sparkline(trend: Trend, *, unicode: bool = True) -> str:
    """The last runs; a bar stands where the ruleset changed, a dot where there was no score. Without Unicode
    the heights are digits from 1 to 8.
    """
    points = trend.points[-WIDEST:]
    low, high = ends(trend)
    signs = []
    for number, point in enumerate(points):
        if point.changed and number:
            signs.append("│" if unicode else "|")
        signs.append(_sign(point, low, high, unicode))
    return "".join(signs)


def _sign(point: Point, low: Decimal, high: Decimal, unicode: bool) -> str:
    if point.score is None:
        return GAP if unicode else "."
    share = float((point.score - low) / (high - low))
    index = min(max(int(share * len(BLOCKS)), 0), len(BLOCKS) - 1)
    return (BLOCKS if unicode else DIGITS)[index]


def ends(trend: Trend) -> tuple[Decimal, Decimal]:
    """The least and the most of the axis: the scale that the ruleset writes where all scores are inside,
    else the scores and the edges of bands, with some room.
    """
    scores = [point.score for point in trend.points if point.score is not None]
    if trend.scale is not None and all(trend.scale[0] <= each <= trend.scale[1] for each in scores):
        low, high = trend.scale
    else:
        low, high = _around([*scores, *_edges(trend)])
    return (low, high) if high > low else (low, low + 1)


def _edges(trend: Trend) -> list[Decimal]:
    found = [edge for stripe in trend.stripes for edge in (stripe.low, stripe.high)]
    return [each for each in found if each is not None]


def _around(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    if not values:
        return Decimal(0), Decimal(1)
    room = (max(values) - min(values)) / 10 or Decimal(1)
    low, high = min(values) - room, max(values) + room
    return (Decimal(0) if min(values) >= 0 > low else low), high
