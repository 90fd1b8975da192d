"""Bands before and after: which is worse than which, and how many accounts go from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthdsl.batch.summary_numbers import points, whole
from healthdsl.batch.summary_scores import badge_of, bands_of
from healthdsl.batch.summary_sql import text_literal, total
from healthdsl.explain.better import ranking
from healthdsl.explain.explanation import Badge
from healthdsl.model.ruleset import Level, Ruleset
from healthdsl.reports.plan.model import Cell, Matrix, Place

Ask = Callable[[str], list[tuple[Any, ...]]]
NONE = "none"
UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Ranks:
    """The bands of both versions with their ranks, 0 the worst. Bands that the new version no longer has are
    ranked by where they stood in the old one.
    """

    word: str
    before: tuple[Level, ...]
    after: tuple[Level, ...]
    ranks: Mapping[str, float]

    def sql(self, column: str, *, before: bool) -> str:
        """The rank of the band in a column; NULL where it has none."""
        named = [level.name for level in (self.before if before else self.after) if level.name in self.ranks]
        cases = [f"WHEN {text_literal(name)} THEN {self.ranks[name]!r}::DOUBLE" for name in named]
        return f"CASE {column} {' '.join(cases)} END" if cases else "NULL::DOUBLE"

    def badge(self, name: object) -> Badge | None:
        """The band as reports show it."""
        return next((badge_of(level) for level in (*self.after, *self.before) if level.name == name), None)


def find_ranks(old: Ruleset, new: Ruleset) -> Ranks:
    """The bands of the main score, or its levels where it has no bands."""
    after, word = _levels(new)
    before, other = _levels(old)
    ranked = _ranking(new)
    ranks = {name: float(place) for place, names in enumerate(ranked) for name in names}
    was = _ranking(old)
    stretch = (len(ranked) - 1) / (len(was) - 1) if len(was) > 1 and ranked else 1.0
    for place, names in enumerate(was):
        for name in names:
            ranks.setdefault(name, place * stretch)
    return Ranks(word if after else other, before, after, ranks)


def _levels(ruleset: Ruleset) -> tuple[tuple[Level, ...], str]:
    bands = bands_of(ruleset, ruleset.main_score)
    if bands:
        return bands, "band"
    node = next((node for node in ruleset.nodes if node.name == ruleset.main_score), None)
    named = node.levels if node is not None else None
    return next((each.levels for each in ruleset.levels if each.name == named), ()), "level"


def _ranking(ruleset: Ruleset) -> tuple[tuple[str, ...], ...]:
    node = next((node for node in ruleset.nodes if node.name == ruleset.main_score), None)
    return ranking(ruleset, node) if node is not None else ()


# The matrix ------------------------------------------------------------------


def find_matrix(ask: Ask, relation: str, ranks: Ranks, last: int, money: int) -> Matrix | None:
    """How many accounts go from which band to which; None without bands."""
    if not ranks.before and not ranks.after:
        return None
    places = [_place_sql("band_0", "score_0"), _place_sql(f"band_{last}", f"score_{last}")]
    sums = [total(f"money_{k}") for k in range(money)]
    rows = ask(
        f"SELECT {', '.join([*places, 'count(*)', *sums])} FROM {relation} GROUP BY 1, 2"  # noqa: S608
    )
    found = {(before, after): (number, sums) for before, after, number, *sums in rows}
    before = _places(ranks.before, ranks.word, {row[0] for row in rows})
    after = _places(ranks.after, ranks.word, {row[1] for row in rows})
    cells = [
        tuple(_cell(ranks, one, other, found.get((one, other)), money) for other, _ in after)
        for one, _ in before
    ]
    return Matrix(
        word=ranks.word,
        before=tuple(place for _, place in before),
        after=tuple(place for _, place in after),
        cells=tuple(cells),
    )


def _place_sql(band: str, score: str) -> str:
    """The band with a mark before it, so that none is called as what stands for having none."""
    none = f"CASE WHEN {score} IS NULL THEN '{UNSCORED}' ELSE '{NONE}' END"
    return f"COALESCE('=' || {band}, {none})"


def _places(levels: Sequence[Level], word: str, found: set[str]) -> list[tuple[str, Place]]:
    places = [
        (f"={level.name}", Place(badge=badge_of(level), label=badge_of(level).label)) for level in levels
    ]
    if NONE in found:
        places.append((NONE, Place(badge=None, label=f"No {word}")))
    if UNSCORED in found:
        places.append((UNSCORED, Place(badge=None, label="Not scored")))
    return places


def _cell(
    ranks: Ranks, before: str, after: str, found: tuple[int, Sequence[float]] | None, money: int
) -> Cell:
    one, other = (ranks.ranks.get(name.removeprefix("=")) for name in (before, after))
    worse = None if one is None or other is None or one == other else other < one
    if found is None:
        return Cell(accounts=0, worse=worse, money=(points(0.0),) * money)
    number, sums = found
    return Cell(accounts=whole(number), worse=worse, money=tuple(points(each) for each in sums))
