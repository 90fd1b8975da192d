"""One account's score over time, from all runs of a ruleset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from healthdsl.backends.duckdb.engine import EngineError
from healthdsl.backends.duckdb.quoting import literal, literals
from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.explanation import Badge, Explanation
from healthdsl.history.about import About
from healthdsl.history.runs import History
from healthdsl.records.errors import FileError
from healthdsl.reports.history.model import Point, Trend


@dataclass(frozen=True, slots=True)
class Now:
    """What a report says about an account today, for a day that need not be among the runs."""

    as_of: date
    score: Decimal | None
    band: Badge | None
    version: str
    fingerprint: str


Told = dict[date, Now]
"""What the runs say about one account, by day."""


def runs_of(history: History, accounts: Sequence[str]) -> dict[str, Told]:
    """What the runs say about each account; one that no run has is left out. FileError for a damaged run."""
    runs = {run.path: run for run in history.runs}
    query = (
        f"SELECT account_id, filename, score, band FROM read_parquet({literals(runs)}, "  # noqa: S608
        f"hive_partitioning = false, filename = true) WHERE account_id IN ({_listed(accounts)})"
    )
    try:
        rows = history.engine.ask(query)
    except EngineError as problem:
        raise FileError(f"{history.folder}: a run in this folder is damaged ({problem}).") from None
    found: dict[str, Told] = {}
    for account, path, score, band in rows:
        run = runs[path]
        shown = None if score is None else rounded(exact(score), history.runs[-1].about.decimals)
        now = Now(run.as_of, shown, run.about.band(band), run.version, run.fingerprint)
        found.setdefault(account, {})[run.as_of] = now
    return found


def trend_of(history: History, account: str) -> Trend:
    """The trend of one account; FileError when no run has it."""
    found = runs_of(history, [account]).get(account)
    if found is None:
        raise FileError(
            f"{history.folder}: no run of `{history.ruleset}` has an account `{account}`. Its ids are"
            " those of the accounts that were scored."
        )
    return make_trend(history.runs[-1].about, found)


def explained_trend(about: About, told: Told, explanation: Explanation) -> Trend | None:
    """The trend up to the day of an explanation, which says itself what the score is on that day; None where
    there is nothing to show.
    """
    day, main = explanation.as_of, explanation.main
    kept = {each: now for each, now in told.items() if day is None or each <= day}
    if day is not None and main is not None and kept:
        ruleset = explanation.ruleset
        kept[day] = Now(day, main.score, main.band, ruleset.version, ruleset.fingerprint or "")
    return make_trend(about, kept) if kept else None


def make_trend(about: About, told: Told) -> Trend:
    """A point for each day; a change of ruleset is told at the first point after it."""
    points: list[Point] = []
    before: str | None = None
    for day in sorted(told):
        now = told[day]
        changed = before is not None and before != now.fingerprint
        points.append(Point(as_of=day, score=now.score, band=now.band, version=now.version, changed=changed))
        before = now.fingerprint
    return Trend(
        title=about.node_title(about.main or ""),
        decimals=about.decimals,
        scale=about.scale,
        stripes=about.stripes,
        points=tuple(points),
    )


def _listed(accounts: Sequence[str]) -> str:
    return ", ".join(literal(each) for each in accounts if "\0" not in each) or "NULL"
