"""The scores of a book: their figures, and the histogram with the bands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from healthdsl.batch.summary_bins import NEAR_EDGE, Axis, Spread, axis_of
from healthdsl.batch.summary_numbers import maybe_points, points, whole
from healthdsl.batch.summary_sql import Scored, count, literal, total
from healthdsl.explain.amounts import rounded
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.explanation import Badge
from healthdsl.explain.precision import decimals_of
from healthdsl.explain.reach import Reaches
from healthdsl.explain.reading import Names
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import EdgeRung, Level, Ruleset
from healthdsl.reports.book.model import Bin, Histogram, ScoreFigures, Threshold

TAIL = 0.01


@dataclass(frozen=True, slots=True)
class Scores:
    """A scored book with its ruleset, which has a main score."""

    scored: Scored
    ruleset: Ruleset
    reaches: Reaches

    @property
    def main(self) -> str:
        assert self.ruleset.main_score is not None
        return self.ruleset.main_score

    @property
    def column(self) -> str:
        """The score as SQL."""
        return self.scored.output(f"{self.main}__points") or "NULL::DOUBLE"


@dataclass(frozen=True, slots=True)
class Found:
    """How many accounts have a score, and what the scores look like."""

    scored: int
    score: ScoreFigures
    histogram: Histogram | None


def score_figures(scores: Scores) -> Found:
    """The figures of the main score."""
    column, decimals = scores.column, score_decimals(scores.ruleset)
    tails = f"QUANTILE_DISC({column}, [{TAIL}, 0.5, {1 - TAIL}])"
    uneven = count(f"{column} <> FLOOR({column})")
    number, low, high, sum_, tail, odd = scores.scored.row(
        [f"COUNT({column})", f"MIN({column})", f"MAX({column})", total(column), tails, uneven]
    )
    known = whole(number)
    low_tail, median, high_tail = tail or (0.0, None, 0.0)
    node = next(node for node in scores.ruleset.nodes if node.name == scores.main)
    scale = _scale(scores.ruleset)
    figures = ScoreFigures(
        name=scores.main,
        title=Names.of(scores.ruleset).title(node),
        lower_is_better=lower_is_better(scores.ruleset, scores.main),
        decimals=decimals,
        lowest=maybe_points(low, decimals),
        median=maybe_points(median, decimals),
        average=points(sum_ / known, decimals) if known else None,
        highest=maybe_points(high, decimals),
        scale=None if scale is None else (rounded(scale[0]), rounded(scale[1])),
        band_title=_band_title(scores),
    )
    if not known:
        return Found(0, figures, None)
    axis = axis_of(Spread(low, high, low_tail, high_tail, not odd), scale or _reached(scores))
    return Found(known, figures, _histogram(scores, axis))


def _band_title(scores: Scores) -> str | None:
    return next((bands.title for bands in scores.ruleset.bands if bands.node == scores.main), None)


def score_decimals(ruleset: Ruleset) -> int:
    """The precision in which scores are shown."""
    return decimals_of(next((node for node in ruleset.nodes if node.name == ruleset.main_score), None))


def bands_of(ruleset: Ruleset, node: str | None) -> tuple[Level, ...]:
    """The bands of a node in written order."""
    return next((bands.bands for bands in ruleset.bands if bands.node == node), ())


def badge_of(level: Level) -> Badge:
    return Badge(name=level.name, label=level.label or level.name, colour=level.colour)


def _scale(ruleset: Ruleset) -> tuple[Fraction, Fraction] | None:
    """What the ruleset writes as `within A to B`, where every variant does."""
    node = next(node for node in ruleset.nodes if node.name == ruleset.main_score)
    limits = [variant.within for variant in node.variants]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _reached(scores: Scores) -> tuple[Fraction, Fraction] | None:
    """What the rules let the score be, where they bound it."""
    reach = scores.reaches.get(f"{scores.main}__points")
    if reach is None or not reach.least <= reach.most or reach.most - reach.least == float("inf"):
        return None
    return Fraction(reach.least), Fraction(reach.most)


# The histogram ---------------------------------------------------------------


def _histogram(scores: Scores, axis: Axis) -> Histogram:
    named = bands_of(scores.ruleset, scores.main)
    band = (scores.scored.output(f"{scores.main}__band") if named else None) or "NULL"
    place = _place(scores.column, axis)
    rows = scores.scored.rows(
        [f"{place} AS place", f"{band} AS named", count()],
        f"WHERE {scores.column} IS NOT NULL\nGROUP BY place, named",
    )
    counts = {(int(index), name): whole(number) for index, name, number in rows}
    shown: list[Badge | None] = [badge_of(level) for level in named]
    if any(name is None for _, name in counts):
        shown.append(None)
    first, last = -int(axis.open_below), axis.bins + int(axis.open_above)
    return Histogram(
        bins=tuple(_bin(axis, k, shown, counts) for k in range(first, last)),
        bands=tuple(shown),
        thresholds=_thresholds(scores.ruleset, scores.main),
        by_value=axis.by_value,
    )


def _place(column: str, axis: Axis) -> str:
    """Which bin of the axis a score is in, as SQL: -1 and `bins` are the open ones."""
    number = column if axis.by_value else f"FLOOR({column} / {literal(float(axis.step))} + {NEAR_EDGE})"
    low, high = -int(axis.open_below), axis.bins - 1 + int(axis.open_above)
    return f"GREATEST(LEAST({number} - {literal(float(axis.first))}, {high}), {low})"


def _bin(axis: Axis, k: int, shown: list[Badge | None], counts: Mapping[tuple[int, object], int]) -> Bin:
    numbers = tuple(counts.get((k, badge.name if badge else None), 0) for badge in shown)
    low: Decimal | None = axis.edge(k)
    high: Decimal | None = axis.edge(k if axis.by_value else k + 1)
    return Bin(low=None if k < 0 else low, high=None if k == axis.bins else high, counts=numbers)


def _thresholds(ruleset: Ruleset, main: str) -> tuple[Threshold, ...]:
    """Where the rungs of the bands meet, from low to high, each place once."""
    found: dict[Fraction, bool] = {}
    bands = next((bands for bands in ruleset.bands if bands.node == main), None)
    for row in bands.rows if bands is not None else ():
        key = row.key
        if isinstance(key, EdgeRung):
            for bound, above in ((key.low, key.low_included), (key.high, not key.high_included)):
                if isinstance(bound, Constant) and isinstance(bound.value, Fraction):
                    found.setdefault(bound.value, above)
    return tuple(Threshold(at=rounded(at, 4), included_above=found[at]) for at in sorted(found))
