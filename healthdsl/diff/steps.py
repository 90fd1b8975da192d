"""The way from the old ruleset to the new one, change after change, each step a ruleset that can be scored.

In: two Rulesets with their changes. Out: `Stage` values. Every score-changing change is in exactly one of
them; the last stage is the new ruleset. The order is that of the new text, with new declarations first and
what is gone last, so that nothing is used before it is there. Changes that do not hold together one by one
are one stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from healthdsl.diff.change import Change, Difference, Effect, Kind
from healthdsl.diff.compare import Blender
from healthdsl.diff.sound import Soundness
from healthdsl.model.ruleset import Ruleset

MOST_STAGES = 24
_FIRST = ("rows", "levels", "signal", "measure", "group", "score", "bands", "flag", "play", "condition")


@dataclass(frozen=True, slots=True)
class Stage:
    """The changes that are made in it, and the ruleset after them."""

    changes: tuple[Change, ...]
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class Stages:
    """`start` scores as the old ruleset does, under the names of the new one. `by_declaration`: there are so
    many changes that those of a declaration are one stage, or those of several.
    """

    start: Ruleset
    stages: tuple[Stage, ...]
    by_declaration: bool


class Way:
    """The way from `old` to `new` in few or many stages: what these share is worked out once."""

    def __init__(self, old: Ruleset, new: Ruleset, difference: Difference) -> None:
        self._new = new
        self._wanted = sorted(difference.of(Effect.SCORE), key=_turn)
        quiet = [change for change in difference.changes if change.effect is not Effect.SCORE]
        self._early = {change.number for change in quiet if change.kind is not Kind.REMOVED}
        self._blender = Blender(old, new)
        self._soundness = Soundness()

    def stages(self, most: int = MOST_STAGES) -> Stages:
        """The way in at most `most` stages."""
        groups: list[tuple[Change, ...]] = [(change,) for change in self._wanted]
        by_declaration = len(groups) > most
        if by_declaration:
            groups = _fewer(_by_subject(self._wanted), most)
        return Stages(self._blender.with_changes(()), tuple(self._sound(groups)), by_declaration)

    def _sound(self, groups: Sequence[tuple[Change, ...]]) -> Iterator[Stage]:
        """The groups as stages; a group after which the ruleset does not hold together waits for the next."""
        taken = set(self._early)
        waiting: list[Change] = []
        for group in groups[:-1]:
            taken |= {change.number for change in group}
            waiting += group
            ruleset = self._blender.with_changes(taken)
            if self._soundness.holds(ruleset):
                yield Stage(tuple(waiting), ruleset)
                waiting = []
        if groups:
            yield Stage((*waiting, *groups[-1]), self._new)


def stages_of(old: Ruleset, new: Ruleset, difference: Difference, most: int = MOST_STAGES) -> Stages:
    """The way from `old` to `new`, in at most `most` stages."""
    return Way(old, new, difference).stages(most)


def _turn(change: Change) -> tuple[int, int, int]:
    """New declarations first, what they read before them; what is gone last, what reads it before it."""
    if not change.whole or change.kind is Kind.RENAMED:
        return (1, 0, change.number)
    place = _FIRST.index(change.subject.partition(" ")[0])
    return (0, place, change.number) if change.kind is Kind.ADDED else (2, -place, change.number)


def _by_subject(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    groups: dict[tuple[int, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((_turn(change)[0], change.subject), []).append(change)
    return [tuple(group) for group in groups.values()]


def _fewer(groups: list[tuple[Change, ...]], most: int) -> list[tuple[Change, ...]]:
    """At most so many groups, neighbours together."""
    size = -(-len(groups) // most)
    return [
        tuple(change for group in groups[start : start + size] for change in group)
        for start in range(0, len(groups), size)
    ]
