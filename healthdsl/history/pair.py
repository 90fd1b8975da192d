"""Two runs side by side: the older one, the same accounts scored by the newer ruleset, and the newer one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from healthdsl.backends.duckdb.engine import EngineError
from healthdsl.backends.duckdb.quoting import literal
from healthdsl.explain.amounts import exact, rounded
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.graph import Graph
from healthdsl.history.about import About
from healthdsl.history.rescore import UntriedError, rescore
from healthdsl.history.runs import History, Run
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.errors import FileError
from healthdsl.reports.history.model import Compared, RunLine, Split

Rules = tuple[Ruleset, Graph]
LINE = ("account_id", "account_name", "score", "band", "flags", "plays", "parts", "steps", "signals")
"""What is compared of an account."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`between` is the older run scored by the newer ruleset, as SQL names it: the older run itself where the
    rules are the same; None where that is not known.
    """

    history: History
    before: Run
    after: Run
    between: str | None
    runs: Compared

    @property
    def told(self) -> tuple[About, About]:
        return self.before.about, self.after.about

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query; FileError for a run that cannot be read after all."""
        return asked(self.history, f"{self.before.name} or {self.after.name}", query)

    def lines(self, relation: str, accounts: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The lines of some accounts by id."""
        listed = ", ".join(literal(each) for each in accounts if "\0" not in each) or "NULL"
        rows = self.ask(
            f"SELECT {', '.join(LINE)} FROM {relation} WHERE account_id IN ({listed})"  # noqa: S608
        )
        return {str(row[0]): dict(zip(LINE, row, strict=True)) for row in rows}


def make_pair(history: History, before: Run, after: Run, rules: Rules | None) -> Pair:
    """The two runs, the older one scored again where that is needed and possible.

    FileError when `rules` are not those of the newer run.
    """
    if rules is not None:
        _check_rules(rules[0], before, after)
    between: str | None = before.sql
    unsplit: str | None = None
    notes: list[str] = []
    if before.fingerprint != after.fingerprint:
        between, unsplit, notes = _tried(history, before, rules)
    about = after.about
    runs = Compared(
        ruleset=after.ruleset,
        title=about.title,
        lower_is_better=about.lower_is_better,
        decimals=about.decimals,
        before=_figures(history, before, about.decimals),
        after=_figures(history, after, about.decimals),
        same_rules=before.fingerprint == after.fingerprint,
        unsplit=unsplit,
        notes=tuple(notes),
    )
    return Pair(history, before, after, between, runs)


def _check_rules(ruleset: Ruleset, before: Run, after: Run) -> None:
    found = fingerprint(ruleset)
    if ruleset.name != after.ruleset:
        raise FileError(f"--ruleset-file: this is `{ruleset.name}`, and the runs are of `{after.ruleset}`.")
    if found != after.fingerprint:
        older = " It is that of the older run." if found == before.fingerprint else ""
        this = f"version {ruleset.version} with the fingerprint {found}"
        newer = f"version {after.version} with {after.fingerprint}"
        raise FileError(
            f"--ruleset-file: this is {this}, and the run of {after.as_of} was made by {newer}.{older}"
            " Give the file of the newer run."
        )


def _tried(history: History, before: Run, rules: Rules | None) -> tuple[str | None, str | None, list[str]]:
    """The older run scored again, or why not, and remarks."""
    if rules is None:
        return None, "give the ruleset of the newer run with --ruleset-file", []
    try:
        tried = rescore(history, before, *rules)
    except UntriedError as problem:
        return None, f"the newer ruleset cannot be tried on the older run: {problem}", []
    notes = []
    if tried.lacking:
        listed = ", ".join(tried.lacking)
        notes.append(f"The run of {before.as_of} has not kept {listed}: the newer ruleset was tried without.")
    return tried.relation, None, notes


def _figures(history: History, run: Run, decimals: int) -> RunLine:
    ((accounts, scored, average),) = asked(
        history,
        run.name,
        f"SELECT count(*), count(score), avg(score) FROM {run.sql}",  # noqa: S608
    )
    return RunLine(
        as_of=run.as_of,
        version=run.version,
        fingerprint=run.fingerprint,
        accounts=accounts,
        scored=scored,
        average=maybe(average, decimals),
    )


def asked(history: History, names: str, query: str) -> list[tuple[Any, ...]]:
    """All rows of a query over runs; FileError about `names` when one cannot be read after all."""
    try:
        return history.engine.ask(query)
    except EngineError as problem:
        if problem.is_memory:
            raise FileError("not enough memory to compare these runs.") from None
        raise FileError(f"{names}: this file is damaged ({problem}). Score that day again.") from None


def maybe(value: float | None, decimals: int) -> Decimal | None:
    """A number as shown; None for none."""
    return None if value is None else rounded(exact(value), decimals)


def split_of(before: float, between: float | None, after: float, decimals: int) -> Split:
    """The difference as shown, and its two shares, which add up to it."""
    low, high = rounded(exact(before), decimals), rounded(exact(after), decimals)
    if between is None:
        return Split(total=high - low, account=None, ruleset=None)
    middle = rounded(exact(between), decimals)
    return Split(total=high - low, account=high - middle, ruleset=middle - low)
