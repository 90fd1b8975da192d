"""Every mutant against the tests of its ruleset: killed, survived, or equal to what it was made of.

A mutant is killed when a test that passes fails by it. One that lives is shown with an account that tells the
two apart in points, level, band, flag or play. Where the graphs are the same, or none of the accounts tried
tells them apart, the mutant counts as equivalent: no test could notice it, as far as is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from healthdsl.graph.lower import lower_ruleset
from healthdsl.pipeline import collector_paused
from healthdsl.source import Source
from healthdsl.testing.mutants.columns import Case
from healthdsl.testing.mutants.declarations import mutants_of
from healthdsl.testing.mutants.lab import Difference, Lab, Outputs
from healthdsl.testing.mutants.mutant import Mutant
from healthdsl.testing.mutants.pool import Pool, make_pool
from healthdsl.testing.runner import Asked, Ran, RanTest

TODAY = date(2026, 3, 31).toordinal()
"""The day of made accounts where no test says one."""


_FIRST = 400


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True)
class Witness:
    """An account that tells a mutant from its ruleset; `test` is the one whose account it is, if any."""

    case: Case
    test: RanTest | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant: `killer` is a test that fails by it, `witness` tells a survivor.

    `proved`: it is equivalent since the graphs are the same. `changed` are its outputs that differ, and
    `tells` the accounts of the pool that tell, by place.
    """

    mutant: Mutant
    fate: Fate
    killer: RanTest | None = None
    witness: Witness | None = None
    proved: bool = False
    changed: Outputs = field(default_factory=dict, repr=False)
    tells: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Campaign:
    """All mutants of a ruleset. `left_out` are tests that fail as it is, and say nothing of mutants.

    `pool` are the accounts tried for mutants that no test killed; None when there was none.
    """

    judged: tuple[Judged, ...]
    left_out: tuple[RanTest, ...]
    lab: Lab
    pool: Pool | None

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
        self._tests = [each for each in ran.tests if each.outcome.passed]
        self._left_out = tuple(each for each in ran.tests if not each.outcome.passed)
        conditions = _conditions(self._tests)
        self._lab = Lab(ran.ruleset, conditions)
        self._columns = self._lab.columns([case_of(ran, each) for each in self._tests])
        self._expects = {
            name: [at for at, each in enumerate(self._tests) if _expects(each, condition)]
            for condition, name in conditions.items()
        }

    def judge(self, mutants: Sequence[Mutant]) -> Campaign:
        judged: list[Judged] = []
        seen: set[tuple[object, ...]] = set()
        for mutant in mutants:
            outputs = self._lab.enter(mutant.ruleset)
            changed = self._lab.what_changes(outputs)
            key = (mutant.line, tuple(changed.items()))
            if key not in seen:  # else it is the same change in other words
                seen.add(key)
                judged.append(self._judge(mutant, outputs, changed))
        pool = None
        if any(each.fate is Fate.SURVIVED for each in judged):
            pool = make_pool(
                lower_ruleset(self._lab.ruleset), self._lab.numbering, self._columns.cases, TODAY
            )
            judged = self._told_apart(judged, pool)
        return Campaign(tuple(judged), self._left_out, self._lab, pool)

    def _judge(self, mutant: Mutant, outputs: Outputs, changed: Outputs) -> Judged:
        if not changed:
            return Judged(mutant, Fate.EQUIVALENT, proved=True)
        killer = self._killer(outputs)
        return Judged(mutant, Fate.SURVIVED if killer is None else Fate.KILLED, killer, changed=changed)

    def _killer(self, outputs: Outputs) -> RanTest | None:
        """A test that does not pass any more."""
        self._columns.begin_passing()
        for name, tests in self._expects.items():
            if outputs[name] != self._lab.outputs[name]:
                column = self._columns.column(outputs[name])
                failed = next((at for at in tests if column[at] is not True), None)
                if failed is not None:
                    return self._tests[failed]
        return None

    # Accounts that tell -------------------------------------------------------

    def _told_apart(self, judged: Sequence[Judged], pool: Pool) -> list[Judged]:
        """Survivors with an account that tells, or as equivalent.

        A part of the pool is enough for most of them; it is all tried before one counts as equivalent.
        """
        part, whole = pool.cases[: pool.tests + _FIRST], pool.cases
        stages = [self._lab.columns(part), self._lab.columns(whole)]
        found: list[Judged] = []
        for each in judged:
            tells: Mapping[int, tuple[Difference, ...]] = {}
            for columns in stages if each.fate is Fate.SURVIVED else ():
                columns.begin_passing()
                tells = tells or self._lab.tells(columns, each.changed)
            found.append(self._told(each, tells, pool) if each.fate is Fate.SURVIVED else each)
        return found

    def _told(self, each: Judged, tells: Mapping[int, tuple[Difference, ...]], pool: Pool) -> Judged:
        if not tells:
            return Judged(each.mutant, Fate.EQUIVALENT)
        best = min(tells, key=lambda at: (self._rank(tells[at], at < pool.tests), at))
        test = self._tests[best] if best < pool.tests else None
        witness = Witness(pool.cases[best], test, tells[best])
        return Judged(each.mutant, Fate.SURVIVED, witness=witness, changed=each.changed, tells=tuple(tells))

    def _rank(self, differences: Sequence[Difference], of_a_test: bool) -> int:
        """Accounts of tests first where the score or band is another, then others, then any."""
        main = self._lab.ruleset.main_score
        shows = any(each.output in (f"{main}__points", f"{main}__band") for each in differences)
        return (0 if of_a_test else 1) if shows else (2 if of_a_test else 3)


def _conditions(tests: Sequence[RanTest]) -> Asked:
    """What the tests expect, each once, by the name that it has in the graph of a mutant."""
    found: Asked = {}
    for each in tests:
        for expectation in each.test.expectations:
            found.setdefault(expectation.condition, f"asked__{len(found)}")
    return found


def _expects(each: RanTest, condition: object) -> bool:
    return any(expectation.condition == condition for expectation in each.test.expectations)


def case_of(ran: Ran, each: RanTest) -> Case:
    """The account of a test that was run, in the terms of the graph."""
    assert each.snapshot is not None
    inputs, tables = ran.program.inputs_of(each.snapshot)
    return Case(inputs, tables, each.test.as_of)
