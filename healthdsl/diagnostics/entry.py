"""The form of a row in the catalogue of diagnostics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of mistake: its docs page is made from this row, and the tests run both examples.

    `bad` is a small ruleset (or part of one) that gives exactly this code; `good` is the same, mended.
    """

    code: str
    title: str
    meaning: str
    bad: str
    good: str
