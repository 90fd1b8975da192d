"""Accounts of a scored book by name: the worst, the best, or all of them."""

from __future__ import annotations

from collections.abc import Mapping

from healthdsl.batch.summary_numbers import maybe_points
from healthdsl.batch.summary_scores import badge_of, bands_of, score_decimals
from healthdsl.batch.summary_sql import Row, Scored
from healthdsl.explain.amounts import exact
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.explanation import Badge
from healthdsl.explain.precision import band_edges, telling_decimals
from healthdsl.model.ruleset import Ruleset
from healthdsl.reports.book.model import Listed

MOST_LISTED = 20


def ends_of(
    scored: Scored, ruleset: Ruleset, with_score: int
) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """The worst and the best accounts; of few accounts each is in one of the lists only."""
    worst_most = min((with_score + 1) // 2, MOST_LISTED)
    best_most = min(with_score // 2, MOST_LISTED)
    return (
        worst_first(scored, ruleset, worst_most) if worst_most else (),
        _some(scored, ruleset, best_most, best_first=True) if best_most else (),
    )


def worst_first(scored: Scored, ruleset: Ruleset, most: int) -> tuple[Listed, ...]:
    """So many accounts from the worst on, equal scores by id; those without a score stand at the end."""
    return _some(scored, ruleset, most, best_first=False)


def without_score(scored: Scored, ruleset: Ruleset) -> tuple[Listed, ...]:
    """The first accounts without the main score, by id; none where the ruleset has no score."""
    score = scored.output(f"{ruleset.main_score}__points")
    if ruleset.main_score is None or score is None:
        return ()
    return _found(scored, ruleset, f"WHERE {score} IS NULL ORDER BY account_id\nLIMIT {MOST_LISTED}")


def _some(scored: Scored, ruleset: Ruleset, most: int, *, best_first: bool) -> tuple[Listed, ...]:
    main = ruleset.main_score
    score = scored.output(f"{main}__points") or "NULL"
    lower = main is not None and lower_is_better(ruleset, main)
    order = "DESC" if best_first != lower else "ASC"
    rest = f"ORDER BY {score} {order} NULLS LAST, account_id {'DESC' if best_first else 'ASC'}\nLIMIT {most}"
    return _found(scored, ruleset, rest)


def _found(scored: Scored, ruleset: Ruleset, rest: str) -> tuple[Listed, ...]:
    main = ruleset.main_score
    outputs = [scored.output(f"{main}__{role}") for role in ("points", "band", "coverage")]
    score, band, coverage = (output or "NULL" for output in outputs)
    name = "account_name" if "account_name" in scored.columns else "NULL"
    badges = {level.name: badge_of(level) for level in bands_of(ruleset, main)}
    rows = scored.rows(["account_id", name, score, band, coverage], rest)
    return tuple(_listed(row, badges, _decimals(ruleset, row[2])) for row in rows)


def _decimals(ruleset: Ruleset, score: object) -> int:
    """What the ruleset says; where it says nothing, enough to show on which side of a band's edge it is."""
    decimals = score_decimals(ruleset)
    node = next((node for node in ruleset.nodes if node.name == ruleset.main_score), None)
    said = node is not None and any(variant.shown_to is not None for variant in node.variants)
    if node is None or said or not isinstance(score, float | int):
        return decimals
    return telling_decimals(exact(score), decimals, band_edges(ruleset, node.name))


def _listed(row: Row, badges: Mapping[str, Badge], decimals: int) -> Listed:
    account, name, score, band, coverage = row
    return Listed(
        id=str(account),
        name=None if name is None else str(name),
        score=maybe_points(score, decimals),
        band=badges.get(band),
        coverage=None if coverage is None else maybe_points(coverage * 100, 1),
    )
