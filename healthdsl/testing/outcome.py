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
class Failure:
    """An expectation that did not hold: its text and line, whether it was unknown, and what it read."""

    text: str
    line: int
    unknown: bool
    values: tuple[SubValue, ...]


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
