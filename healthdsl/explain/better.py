"""Which of two bands is better. The language does not say; colours do, else more points are better.

`lower_is_better` holds where the colours get worse as the points grow, as in a risk score.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import EdgeRung, Level, LevelSet, Rest, Row, RuleNode, Ruleset, ToLevel, When

COLOURS = ("red", "orange", "yellow", "lightgreen", "green")
"""Worst first; the other colours say nothing about better or worse."""


def lower_is_better(ruleset: Ruleset, node: str) -> bool:
    """Whether fewer points of a node are better, going by the colours of its bands."""
    ranks = [
        COLOURS.index(colour)
        for colour in (level.colour for level in _rungs_ascending(ruleset, node))
        if colour in COLOURS
    ]
    return len(set(ranks)) > 1 and ranks == sorted(ranks, reverse=True)


def ranking(ruleset: Ruleset, node: RuleNode) -> tuple[tuple[str, ...], ...]:
    """Names of bands (else of levels), worst first; those in one tuple are as good as each other.

    A band without a place on the ladder (`when`, `missing`) ranks by its colour, and is left out if that
    says nothing.
    """
    ladder = list(dict.fromkeys(level.name for level in _rungs_ascending(ruleset, node.name)))
    if lower_is_better(ruleset, node.name):
        ladder.reverse()
    bands = next((bands for bands in ruleset.bands if bands.node == node.name), None)
    if bands is None:
        levels = next((known for known in ruleset.levels if known.name == node.levels), None)
        return () if levels is None else _level_ranking(levels)
    return _with_others([[name] for name in ladder], bands.bands)


def unranked(ruleset: Ruleset, node: RuleNode) -> tuple[str, ...]:
    """The bands that a `when` row gives and that are neither better nor worse than others."""
    ranked = {name for rank in ranking(ruleset, node) for name in rank}
    rows = next((bands.rows for bands in ruleset.bands if bands.node == node.name), ())
    given = (row.result.name for row in rows if isinstance(row.key, When) and isinstance(row.result, ToLevel))
    return tuple(dict.fromkeys(name for name in given if name not in ranked))


def _with_others(ranks: list[list[str]], bands: Sequence[Level]) -> tuple[tuple[str, ...], ...]:
    """The bands off the ladder put beside those of their colour, or between those of worse and better
    colours.
    """
    colours = {level.name: COLOURS.index(level.colour) for level in bands if level.colour in COLOURS}
    placed = {name for rank in ranks for name in rank}
    for level in bands:
        colour = colours.get(level.name)
        if level.name in placed or colour is None or not all(rank[0] in colours for rank in ranks):
            continue
        place = next((k for k, rank in enumerate(ranks) if colours[rank[0]] >= colour), len(ranks))
        if place < len(ranks) and colours[ranks[place][0]] == colour:
            ranks[place].append(level.name)
        else:
            ranks.insert(place, [level.name])
    return tuple(tuple(rank) for rank in ranks)


def _level_ranking(levels: LevelSet) -> tuple[tuple[str, ...], ...]:
    """By points where all have them; else by colour; else as written, best first."""
    known = levels.levels
    if all(level.points is not None for level in known):
        return _grouped([(level.points or Fraction(0), level.name) for level in known])
    coloured = [level for level in known if level.colour in COLOURS]
    if len({level.colour for level in coloured}) > 1:
        return _grouped([(COLOURS.index(level.colour or ""), level.name) for level in coloured])
    return tuple((level.name,) for level in reversed(known))


def _grouped(ranked: Sequence[tuple[Fraction | int, str]]) -> tuple[tuple[str, ...], ...]:
    ranks = sorted({rank for rank, _ in ranked})
    return tuple(tuple(name for rank, name in ranked if rank == wanted) for wanted in ranks)


def _rungs_ascending(ruleset: Ruleset, node: str) -> list[Level]:
    """The bands on the ladder of a node, from few points to many.

    `otherwise` holds the end that the rungs leave open.
    """
    bands = next((bands for bands in ruleset.bands if bands.node == node), None)
    if bands is None:
        return []
    rungs = [row for row in bands.rows if isinstance(row.key, EdgeRung)]
    others = [row for row in bands.rows if not isinstance(row.key, EdgeRung) and _is_otherwise(row)]
    falling = bool(rungs) and _runs_down(rungs)
    ordered = [*rungs, *others]
    if falling:
        ordered.reverse()
    by_name = {level.name: level for level in bands.bands}
    return [by_name[row.result.name] for row in ordered if isinstance(row.result, ToLevel)]


def _is_otherwise(row: Row) -> bool:
    return isinstance(row.key, Rest) and row.key.otherwise


def _runs_down(rungs: Sequence[Row]) -> bool:
    """Whether the ladder starts with the most points."""
    lows = [_bound(row.key.low) for row in rungs if isinstance(row.key, EdgeRung)]
    highs = [_bound(row.key.high) for row in rungs if isinstance(row.key, EdgeRung)]
    first_open_above = highs[0] is None
    known = [low for low in lows if low is not None]
    if len(known) > 1:
        return known[0] > known[-1]
    return first_open_above and lows[0] is not None


def _bound(bound: object) -> Fraction | None:
    return bound.value if isinstance(bound, Constant) and isinstance(bound.value, Fraction) else None
