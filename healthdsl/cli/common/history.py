"""Scores over time beside explanations, for the commands that take `--history`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.explain.explanation import Explanation
    from healthdsl.reports.history.model import Trend


@contextmanager
def over_time(
    compiled: CompiledRuleset, history: str | None, accounts: Sequence[str]
) -> Iterator[Callable[[Explanation], Trend | None]]:
    """What gives the trend behind an explanation of one of these accounts; FileError for a history that has
    no run of the ruleset, or a damaged one.
    """
    if history is None:
        yield lambda _: None
        return
    from healthdsl.history.about import about
    from healthdsl.history.runs import open_history
    from healthdsl.history.trend import explained_trend, runs_of

    with open_history(history, compiled.name) as opened:
        told = runs_of(opened, accounts)
    said = about(compiled.ruleset)
    yield lambda explanation: explained_trend(said, told.get(explanation.account.id or "", {}), explanation)
