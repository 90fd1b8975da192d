"""Everything that `healthdsl test` has to tell about one file."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import collector_paused
from healthdsl.source import Source
from healthdsl.testing.coverage import CONDITIONS, Coverage, measure_coverage
from healthdsl.testing.mutants.campaign import Campaign, mutate
from healthdsl.testing.outcome import TestOutcome
from healthdsl.testing.runner import run
from healthdsl.testing.suggest import Suggestion, suggest_tests


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find out besides whether the tests pass."""

    coverage: bool = False
    mutants: bool = False
    suggestions: bool = False


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file. `mistakes` are the compiler's messages where it is no ruleset; then there is nothing else."""

    name: str
    mistakes: str | None = None
    ruleset: Ruleset | None = None
    outcomes: tuple[TestOutcome, ...] = ()
    coverage: Coverage | None = None
    campaign: Campaign | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def failed(self) -> int:
        return sum(not outcome.passed for outcome in self.outcomes)

    def place(self, line: int) -> str:
        """`file:line`."""
        return f"{self.name}:{line}" if self.ruleset is None else self.ruleset.place(line)


def find_results(name: str, ruleset: Ruleset, source: Source, wanted: Wanted) -> FileResult:
    """Run the tests of a ruleset, and find out what is wanted about them."""
    with collector_paused():
        ran = run(ruleset, CONDITIONS(ruleset) if wanted.coverage else ())
        coverage = measure_coverage(ran, source) if wanted.coverage else None
        wants_mutants = wanted.mutants or wanted.suggestions
        campaign = mutate(ran, source) if wants_mutants else None
        suggestions: tuple[Suggestion, ...] = ()
        if campaign is not None and wanted.suggestions:
            suggestions = suggest_tests(ran, campaign)
    shown = campaign if wanted.mutants else None
    return FileResult(name, None, ruleset, ran.outcomes, coverage, shown, suggestions)
