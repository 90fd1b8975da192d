"""Which places of a ruleset its tests reach. What none reaches may say anything, and no test would notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from healthdsl.explain.reading import Values
from healthdsl.model.expressions import Expression
from healthdsl.source import Source
from healthdsl.testing.places import Account, Place, Sort, conditions_asked, places_of
from healthdsl.testing.runner import Ran, RanTest

CONDITIONS = conditions_asked
"""What has to be asked of the tests, in addition, to tell their coverage."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A place, and the first test that reaches it; None: no test does."""

    place: Place
    test: RanTest | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every place of one ruleset, by line."""

    covered: tuple[Covered, ...]

    @property
    def missed(self) -> tuple[Place, ...]:
        return tuple(each.place for each in self.covered if each.test is None)

    @property
    def share(self) -> float | None:
        """The share of places reached, 0 to 1; None where there are none."""
        reached = len(self.covered) - len(self.missed)
        return reached / len(self.covered) if self.covered else None

    def by_sort(self) -> Mapping[Sort, tuple[int, int]]:
        """For each sort of place how many are reached, and how many there are."""
        found: dict[Sort, tuple[int, int]] = {}
        for sort in Sort:
            several = [each for each in self.covered if each.place.sort is sort]
            if several:
                found[sort] = sum(each.test is not None for each in several), len(several)
        return found


def measure_coverage(ran: Ran, source: Source) -> Coverage:
    """What the tests reach, whether they pass or not; `ran` was asked the `CONDITIONS` of its ruleset."""
    accounts = [(each, account_of(ran, each.values)) for each in ran.tests if each.values is not None]
    return Coverage(
        tuple(
            Covered(place, next((test for test, account in accounts if place.reached(account)), None))
            for place in places_of(ran.ruleset, source)
        )
    )


def account_of(ran: Ran, values: Mapping[str, object]) -> Account:
    """The account of a test, from its outputs."""

    def asked(condition: Expression) -> object:
        return values[ran.asked[condition]]

    return Account(Values(values), asked)
