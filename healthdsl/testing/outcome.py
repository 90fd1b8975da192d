"""What became of the tests of a ruleset, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SubValue:
    """A value that a failed expectation reads: `points of usage` and `83.5`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A value with what led to it: `health`, `40`, why (`cap at 40 when ..`), and where that stands.

    `inside` are the values it was made of; empty for what is shown in full further up.
    """

    name: str
    value: str
    why: str | None = None
    place: str | None = None
    inside: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: its text and line, whether it was unknown, and what it read.

    `expected` and `found` are the two sides of the test that did not hold; None where it has no two sides.
    `tree` says how the values that it reads came to be.
    """

    text: str
    line: int
    unknown: bool
    values: tuple[SubValue, ...]
    expected: str | None = None
    found: str | None = None
    tree: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """One test. `problem` says why it could not be run at all, such as a value that is not legal."""

    __test__: ClassVar[bool] = False  # not a class of tests, whatever its name

    title: str
    line: int
    failures: tuple[Failure, ...] = ()
    problem: str | None = None

    @property
    def passed(self) -> bool:
        return not self.failures and self.problem is None
