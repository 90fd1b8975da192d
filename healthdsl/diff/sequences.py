"""Two sequences side by side: which items are the same, and what was added, removed or moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from healthdsl.diff.change import Effect, Kind
from healthdsl.diff.walk import Walk

T = TypeVar("T")
Pairs = dict[int, int]
"""Places of new items by those of the old ones that became them."""


@dataclass(frozen=True)  # Python 3.11 cannot name the type of a generic class with slots
class Words(Generic[T]):
    """How the items of a sequence are told. `merge` compares two versions of an item; `moved` None: the order
    says nothing; `moved` is given the item and the one it stands before now, None at the end.
    """

    merge: Callable[[Walk, T, T], T]
    added: Callable[[T], str]
    removed: Callable[[T], str]
    moved: Callable[[T, T | None], str] | None
    effect: Effect = Effect.SCORE
    move_effect: Effect = Effect.SCORE


def merge_sequence(
    walk: Walk, old: Sequence[T], new: Sequence[T], pairs: Pairs, words: Words[T]
) -> tuple[T, ...]:
    """Both sequences as one, in the order of the new one as far as changes are taken."""
    return _Merge(walk, old, new, pairs, words).run()


class _Merge(Generic[T]):
    def __init__(self, walk: Walk, old: Sequence[T], new: Sequence[T], pairs: Pairs, words: Words[T]) -> None:
        self.walk, self.old, self.new, self.words = walk, old, new, words
        self.pairs = pairs
        self.origin = {place: before for before, place in pairs.items()}
        free = words.moved is None
        self.still = set(pairs) if free else set(_rising(pairs))
        self.merged: dict[int, T] = {}
        self.arrived: dict[int, bool] = {}

    def run(self) -> tuple[T, ...]:
        found: list[T] = []
        at = 0
        for place, item in enumerate(self.new):
            before = self.origin.get(place)
            if before is None:
                with self.walk.on(None, item):
                    if self.walk.note(Kind.ADDED, self.words.effect, self.words.added(item)):
                        found.append(item)
            elif before not in self.still:
                if self._has_arrived(before):
                    found.append(self._item(before))
            else:
                if self.words.moved is not None:
                    found += self._leavers(at, before)
                    at = before + 1
                found.append(self._item(before))
        return (*found, *self._leavers(at, len(self.old)))

    def _leavers(self, start: int, end: int) -> list[T]:
        """Old items of a stretch that are not where they were, as far as they stay."""
        found = []
        for before in range(start, end):
            if before not in self.pairs:
                with self.walk.on(self.old[before], None):
                    if not self.walk.note(
                        Kind.REMOVED, self.words.effect, self.words.removed(self.old[before])
                    ):
                        found.append(self.old[before])
            elif before not in self.still and not self._has_arrived(before):
                found.append(self._item(before))
        return found

    def _item(self, before: int) -> T:
        """The item in both versions as one."""
        if before not in self.merged:
            one, other = self.old[before], self.new[self.pairs[before]]
            with self.walk.on(one, other):
                self.merged[before] = self.words.merge(self.walk, one, other)
        return self.merged[before]

    def _has_arrived(self, before: int) -> bool:
        """Whether an item that moved is taken over to its new place."""
        if before not in self.arrived:
            assert self.words.moved is not None
            place = self.pairs[before]
            behind = self.new[place + 1] if place + 1 < len(self.new) else None
            with self.walk.on(self.old[before], self.new[place]):
                said = self.words.moved(self.new[place], behind)
                self.arrived[before] = self.walk.note(Kind.MOVED, self.words.move_effect, said)
        return self.arrived[before]


def _rising(pairs: Pairs) -> list[int]:
    """The most old places whose new places rise: what did not move."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for old in sorted(pairs):
        new = pairs[old]
        at = bisect_left(tails, new)
        before[old] = ends[at - 1] if at else None
        if at == len(tails):
            tails.append(new)
            ends.append(old)
        else:
            tails[at], ends[at] = new, old
    found: list[int] = []
    here: int | None = ends[-1] if ends else None
    while here is not None:
        found.append(here)
        here = before[here]
    return found


# What became what ------------------------------------------------------------


def by_key(old: Sequence[T], new: Sequence[T], key: Callable[[T], object]) -> Pairs:
    """Items of one key, the first of them with the first and so on."""
    places: dict[object, list[int]] = {}
    for place, item in enumerate(new):
        places.setdefault(key(item), []).append(place)
    pairs: Pairs = {}
    for before, item in enumerate(old):
        waiting = places.get(key(item))
        if waiting:
            pairs[before] = waiting.pop(0)
    return pairs


def by_likeness(old: Sequence[T], new: Sequence[T], keys: Sequence[Callable[[T], object | None]]) -> Pairs:
    """Items alike by the first of `keys` that they share, most telling first; None is like nothing. Of
    several alike those nearest to each other are taken.
    """
    pairs: Pairs = {}
    for key in keys:
        taken = set(pairs.values())
        places: dict[object, list[int]] = {}
        for place, item in enumerate(new):
            found = key(item)
            if place not in taken and found is not None:
                places.setdefault(found, []).append(place)
        for before, item in enumerate(old):
            if before in pairs:
                continue
            waiting = places.get(key(item) or _NOTHING)
            if waiting:
                nearest = min(waiting, key=lambda place, here=before: abs(place - here))  # type: ignore[misc]
                waiting.remove(nearest)
                pairs[before] = nearest
    return pairs


_NOTHING = object()
