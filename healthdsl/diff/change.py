"""A change between two rulesets as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a change can do. A score is any number, level, band, flag or play of an account."""

    COSMETIC = "cosmetic"  # nothing: tests
    EXPLANATION = "explanation-only"  # what people read: titles, reasons, labels, what is listed
    SCORE = "score-changing"


class Kind(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `number` counts from 1 in the order of the new text; `subject` is the declaration, such as
    `score health`; `said` is the sentence without it, unless it is about the `whole` declaration. Places are
    `file:line`, None where there is none.
    """

    number: int
    subject: str
    kind: Kind
    effect: Effect
    said: str
    whole: bool = False
    old_place: str | None = None
    new_place: str | None = None

    @property
    def sentence(self) -> str:
        """The sentence in full: `In score health, the weight of usage goes from 40 to 35.`"""
        if self.whole:
            return f"{self.subject[:1].upper()}{self.subject[1:]} {self.said}."
        return f"In {self.subject}, {self.said}."


@dataclass(frozen=True, slots=True)
class Difference:
    """Every change between two rulesets, declaration after declaration."""

    changes: tuple[Change, ...]

    def of(self, effect: Effect) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def grouped(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The changes by declaration, in order."""
        groups: dict[str, list[Change]] = {}
        for change in self.changes:
            groups.setdefault(change.subject, []).append(change)
        return tuple((subject, tuple(found)) for subject, found in groups.items())

    @property
    def effect(self) -> Effect:
        """The gravest effect of all."""
        for effect in (Effect.SCORE, Effect.EXPLANATION):
            if self.of(effect):
                return effect
        return Effect.COSMETIC
