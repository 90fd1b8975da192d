"""`test "b" like "a"`: the account of another test of the file, under what the test gives itself.

Tests are known by their place among the tests of the file, since two may have one title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.resolve.scope import Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.syntax import nodes as n

TAKEN_LIMIT = 500_000
_SHOWN = 8


class Bases:
    """What each test is like. Of tests with one title the first is meant: that there are two is told where
    they stand.
    """

    def __init__(self, scope: Scope, tests: Sequence[n.TestDeclaration]) -> None:
        self._scope = scope
        self._tests = tests
        places: dict[str, int] = {}
        for place, test in enumerate(tests):
            places.setdefault(test.title.value, place)
        self._base = [places.get(test.base.value) if test.base is not None else None for test in tests]
        self._report_unknown(list(places))
        self._report_circles()

    def of(self, place: int) -> int | None:
        """The test that this one is like; None without one, or where `like` was told to be wrong."""
        return self._base[place]

    def has_lost(self, place: int) -> bool:
        """Whether the test is like one that is not known, so that what it gives is not known either."""
        return self._base[place] is None and self._tests[place].base is not None

    def from_the_ground(self) -> list[int]:
        """Every test, each behind what it is like."""
        order: dict[int, None] = {}
        for first in range(len(self._tests)):
            path: list[int] = []
            place: int | None = first
            while place is not None and place not in order:
                path.append(place)
                place = self._base[place]
            order.update(dict.fromkeys(reversed(path)))
        return list(order)

    def _report_unknown(self, titles: Sequence[str]) -> None:
        for place, test in enumerate(self._tests):
            if test.base is None or self._base[place] is not None or self._is_broken(test.base.value):
                continue
            others = [_quoted(title) for title in titles if title != test.title.value]
            wanted = _quoted(test.base.value)
            near = did_you_mean(wanted, self._scope.problems.near(others))
            advice = near or (f"the tests are {listed(others)}" if others else "there is no other test")
            message = f"`test {_quoted(test.title.value)}` is like {wanted}, and no test has this title"
            self._scope.problems.error("E511", test.base.span, message, advice)

    def _is_broken(self, title: str) -> bool:
        """Whether the header of the test may be one that could not be read."""
        return "_".join(re.findall("[a-z0-9]+", title.lower())) in self._scope.broken

    def _report_circles(self) -> None:
        """Reports each circle once; what stands in it is like nothing then."""
        done: set[int] = set()
        for first in range(len(self._tests)):
            path: dict[int, None] = {}
            place: int | None = first
            while place is not None and place not in done and place not in path:
                path[place] = None
                place = self._base[place]
            if place is not None and place in path:
                every = list(path)
                self._report_circle(every[every.index(place) :])
            done.update(path)

    def _report_circle(self, places: list[int]) -> None:
        for place in places:
            self._base[place] = None
        spans = [base.span for place in places if (base := self._tests[place].base) is not None]
        titles = [_quoted(self._tests[place].title.value) for place in places]
        path = [*titles[:_SHOWN], "..", titles[-1]] if len(titles) > _SHOWN else titles
        message = f"`test {titles[0]}` is like itself"
        if len(titles) > 1:
            message += f": {' -> '.join((*path, titles[0]))}"
        labels = tuple(Label(span, "is like the next one") for span in spans[1:_SHOWN])
        advice = "leave one `like` out, and write there what the account is"
        self._scope.problems.error("E512", spans[0], message, advice, labels)


def _quoted(title: str) -> str:
    return f'"{title}"'


def with_bases(scope: Scope, bases: Bases, own: Sequence[r.Test]) -> tuple[r.Test, ...]:
    """Every test with the day, the facts and the rows of what it is like; a fact or a table of its own
    replaces theirs.
    """
    found = list(own)
    taken = 0
    for place in bases.from_the_ground():
        base = bases.of(place)
        if base is None:
            continue
        taken += len(found[base].facts) + len(found[base].tables)
        if taken > TAKEN_LIMIT:
            message = f"tests that are like others take over more than {TAKEN_LIMIT:,} facts"
            advice = "split the tests, or give fewer facts where others take them over"
            scope.problems.error("E449", own[place].span, message, advice)
            break
        found[place] = _under(own[place], found[base])
    return tuple(found)


def _under(own: r.Test, base: r.Test) -> r.Test:
    return replace(
        own,
        as_of=base.as_of if own.as_of is None else own.as_of,
        facts=tuple({**dict(base.facts), **dict(own.facts)}.items()),
        tables=tuple({**dict(base.tables), **dict(own.tables)}.items()),
    )
