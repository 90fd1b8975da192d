"""One account's score over time, from all runs of a ruleset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from healthdsl.backends.duckdb.engine import EngineError
from healthdsl.backends.duckdb.quoting import literal, literals
from healthdsl.explain.amounts import exact, rounded
from healthdsl.history.runs import History, Run
from healthdsl.records.errors import FileError
from healthdsl.reports.history.model import Point, Trend


def trends_of(history: History, accounts: Sequence[str]) -> dict[str, Trend]:
    """The trend of each account; one that no run has is left out. FileError for a damaged run."""
    paths = {run.path: run for run in history.runs}
    rows_by_id: dict[str, dict[str, tuple[float | None, str | None]]] = {}
    query = (
        f"SELECT account_id, filename, score, band FROM read_parquet({literals(paths)}, "  # noqa: S608
        f"hive_partitioning = false, filename = true) WHERE account_id IN ({_listed(accounts)})"
    )
    try:
        rows = history.engine.ask(query)
    except EngineError as problem:
        raise FileError(f"{history.folder}: a run in this folder is damaged ({problem}).") from None
    for account, path, score, band in rows:
        rows_by_id.setdefault(account, {})[path] = (score, band)
    return {account: _trend(history.runs, found) for account, found in rows_by_id.items()}


def trend_of(history: History, account: str) -> Trend:
    """The trend of one account; FileError when no run has it."""
    found = trends_of(history, [account]).get(account)
    if found is None:
        raise FileError(
            f"{history.folder}: no run of `{history.ruleset}` has an account `{account}`. Its ids are"
            " those of the accounts that were scored."
        )
    return found


def _listed(accounts: Sequence[str]) -> str:
    return ", ".join(literal(each) for each in accounts if "\0" not in each) or "NULL"


def _trend(runs: Sequence[Run], found: Mapping[str, tuple[float | None, str | None]]) -> Trend:
    """A point for each run that has the account; a change of ruleset is told at the first point after it."""
    last = runs[-1].about
    points: list[Point] = []
    before: str | None = None
    for run in runs:
        if run.path not in found:
            continue
        score, band = found[run.path]
        points.append(
            Point(
                as_of=run.as_of,
                score=None if score is None else rounded(exact(score), last.decimals),
                band=run.about.band(band),
                version=run.version,
                changed=before is not None and before != run.fingerprint,
            )
        )
        before = run.fingerprint
    return Trend(
        title=last.node_title(last.main or ""),
        decimals=last.decimals,
        scale=last.scale,
        stripes=last.stripes,
        points=tuple(points),
    )
