"""Every mutant against the tests of its ruleset: killed, survived, or equal to what it was made of.

A mutant is killed when a test that passes fails by it. One that lives is shown with an account that tells the
two apart in points, level, band, flag or play. Where the graphs are the same, or none of the accounts tried
tells them apart, the mutant counts as equivalent: no test could notice it, as far as is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from healthdsl.graph.graph import Output
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import collector_paused
from healthdsl.source import Source
from healthdsl.testing.mutants.columns import Case, Columns, Numbering
from healthdsl.testing.mutants.declarations import mutants_of
from healthdsl.testing.mutants.mutant import Mutant
from healthdsl.testing.mutants.pool import Pool, make_pool
from healthdsl.testing.runner import Asked, Ran, RanTest, asking

TODAY = date(2026, 3, 31).toordinal()
"""The day of made accounts where no test says one."""

_NOTICED = frozenset({"points", "level", "band", "flag"})


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True)
class Difference:
    """An output that the mutant changes for an account."""

    output: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Witness:
    """An account that tells a mutant from its ruleset; `test` is the one whose account it is, if any."""

    case: Case
    test: RanTest | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant: `killer` is a test that fails by it, `witness` that of a survivor.

    `proved`: it is equivalent since the graphs are the same.
    """

    mutant: Mutant
    fate: Fate
    killer: RanTest | None = None
    witness: Witness | None = None
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """All mutants of a ruleset. `left_out` are tests that fail as it is, and say nothing of mutants.

    `tried` is how many accounts were tried for those that no test killed.
    """

    ruleset: Ruleset
    judged: tuple[Judged, ...]
    left_out: tuple[RanTest, ...]
    tried: int

    def of(self, fate: Fate) -> tuple[Judged, ...]:
        return tuple(each for each in self.judged if each.fate is fate)

    @property
    def score(self) -> float | None:
        """The share of killed mutants, 0 to 1, equivalent ones not counted; None without any mutant."""
        killed, survived = len(self.of(Fate.KILLED)), len(self.of(Fate.SURVIVED))
        return killed / (killed + survived) if killed + survived else None


def mutate(ran: Ran, source: Source) -> Campaign:
    """Judge every mutant of a ruleset whose tests were run."""
    with collector_paused():
        return _Judge(ran).judge(mutants_of(ran.ruleset, source))


class _Judge:
    def __init__(self, ran: Ran) -> None:
        self.ruleset = ran.ruleset
        self._conditions = _conditions(ran)
        self._tests = [each for each in ran.tests if each.outcome.passed]
        self._left_out = tuple(each for each in ran.tests if not each.outcome.passed)
        self._numbering = Numbering()
        self._graph = lower_ruleset(asking(ran.ruleset, self._conditions))
        self._outputs = self._numbering.enter(self._graph)
        self._noticed = [output.name for output in self._graph.outputs if _is_noticed(output)]
        self._columns = Columns(self._numbering, [case_of(ran, each) for each in self._tests])
        self._expects = {
            name: [
                at
                for at, each in enumerate(self._tests)
                if any(expectation.condition == condition for expectation in each.test.expectations)
            ]
            for condition, name in self._conditions.items()
        }

    def judge(self, mutants: Sequence[Mutant]) -> Campaign:
        judged: list[Judged] = []
        alive: list[tuple[int, dict[str, int]]] = []
        seen: set[tuple[int, tuple[int, ...]]] = set()
        before = tuple(self._outputs[name] for name in self._noticed)
        for mutant in mutants:
            outputs = self._numbering.enter(lower_ruleset(asking(mutant.ruleset, self._conditions)))
            after = tuple(outputs[name] for name in self._noticed)
            if (mutant.line, after) in seen:
                continue  # the same change in other words
            seen.add((mutant.line, after))
            if after == before:
                judged.append(Judged(mutant, Fate.EQUIVALENT, proved=True))
                continue
            killer = self._killer(outputs)
            if killer is None:
                alive.append((len(judged), outputs))
            judged.append(Judged(mutant, Fate.KILLED if killer else Fate.EQUIVALENT, killer))
        tried = self._find_witnesses(judged, alive) if alive else 0
        return Campaign(self.ruleset, tuple(judged), self._left_out, tried)

    def _killer(self, outputs: dict[str, int]) -> RanTest | None:
        """A test that does not pass any more."""
        self._columns.begin_passing()
        for name, tests in self._expects.items():
            if outputs[name] != self._outputs[name]:
                column = self._columns.column(outputs[name])
                failed = next((at for at in tests if column[at] is not True), None)
                if failed is not None:
                    return self._tests[failed]
        return None

    # Accounts that tell -------------------------------------------------------

    def _find_witnesses(self, judged: list[Judged], alive: list[tuple[int, dict[str, int]]]) -> int:
        graph = lower_ruleset(self.ruleset)
        pool = make_pool(graph, self._numbering, self._columns.cases, TODAY)
        columns = Columns(self._numbering, pool.cases)
        for name in self._noticed:
            columns.column(self._outputs[name])
        for place, outputs in alive:
            columns.begin_passing()
            witness = self._witness(columns, pool, outputs)
            if witness is not None:
                judged[place] = Judged(judged[place].mutant, Fate.SURVIVED, witness=witness)
        return len(pool.cases)

    def _witness(self, columns: Columns, pool: Pool, outputs: dict[str, int]) -> Witness | None:
        changed = [name for name in self._noticed if outputs[name] != self._outputs[name]]
        pairs = {
            name: (columns.column(self._outputs[name]), columns.column(outputs[name])) for name in changed
        }
        best: tuple[int, int] | None = None
        for at in range(len(pool.cases)):
            differing = [name for name, (old, new) in pairs.items() if old[at] != new[at]]
            if differing:
                rank = (self._rank(differing, at < pool.tests), at)
                if best is None or rank < best:
                    best = rank
                if rank[0] == 0:
                    break
        if best is None:
            return None
        at = best[1]
        differences = tuple(
            Difference(name, old[at], new[at]) for name, (old, new) in pairs.items() if old[at] != new[at]
        )
        return Witness(pool.cases[at], self._tests[at] if at < pool.tests else None, differences)

    def _rank(self, differing: Sequence[str], of_a_test: bool) -> int:
        """Accounts of tests first, then those whose score or band is another, then any."""
        main = self.ruleset.main_score
        shows = any(name in (f"{main}__points", f"{main}__band") for name in differing)
        return (0 if of_a_test else 1) if shows else (2 if of_a_test else 3)


def _is_noticed(output: Output) -> bool:
    return output.role in _NOTICED


def _conditions(ran: Ran) -> Asked:
    """What the tests expect, each once, by the name that it has in the graph of a mutant."""
    found: Asked = {}
    for each in ran.tests:
        for expectation in each.test.expectations:
            found.setdefault(expectation.condition, f"asked__{len(found)}")
    return found


def case_of(ran: Ran, each: RanTest) -> Case:
    """The account of a test that was run, in the terms of the graph."""
    assert each.snapshot is not None
    inputs, tables = ran.program.inputs_of(each.snapshot)
    return Case(inputs, tables, each.test.as_of)
