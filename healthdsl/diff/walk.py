"""One pass over two versions side by side: every difference is told, and taken over or left as it was.

Invariants: changes are numbered in the order they are met, which does not depend on which are taken; with all
taken the result means what the new version means, with none what the old one means.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from healthdsl.diff.change import Change, Effect, Kind
from healthdsl.model.meaning import SAID_ELSEWHERE, same
from healthdsl.source import Span

T = TypeVar("T")
Take = Callable[[int], bool]
Place = Callable[[int], str]
Teller = Callable[["Walk", Any, Any], Any]
"""Tells how a field differs; gives what the result has there."""


def _all(_: int) -> bool:
    return True


class Walk:
    """The pass. `take` says by its number whether a change is taken over; `places` says where a line of the
    old and of the new text stands.
    """

    def __init__(self, take: Take = _all, places: tuple[Place, Place] = (str, str)) -> None:
        self._places = places
        self.changes: list[Change] = []
        self.takes = take
        self._subject = ""
        self._prefix = ""
        self._lines: tuple[int | None, int | None] = (None, None)

    # Where -------------------------------------------------------------------

    @contextmanager
    def about(self, subject: str, before: object, after: object) -> Iterator[None]:
        """What is told within belongs to a declaration."""
        kept = self._subject
        self._subject = subject
        with self.on(before, after):
            yield
        self._subject = kept

    @contextmanager
    def on(self, before: object, after: object) -> Iterator[None]:
        """What is told within stands on the lines of these two; either may be None."""
        kept = self._lines
        self._lines = (line_of(before) or kept[0], line_of(after) or kept[1])
        if before is None:
            self._lines = (None, self._lines[1])
        if after is None:
            self._lines = (self._lines[0], None)
        yield
        self._lines = kept

    @contextmanager
    def within(self, prefix: str) -> Iterator[None]:
        """What is told within begins so: `for the column priority, `."""
        kept = self._prefix
        self._prefix += prefix
        yield
        self._prefix = kept

    # Telling -----------------------------------------------------------------

    def note(self, kind: Kind, effect: Effect, said: str, *, whole: bool = False) -> bool:
        """Tell a change; whether it is taken."""
        number = len(self.changes) + 1
        said = said if whole else self._prefix + said
        old, new = (
            place(line) if line is not None else None
            for place, line in zip(self._places, self._lines, strict=True)
        )
        self.changes.append(Change(number, self._subject, kind, effect, said, whole, old, new))
        return self.takes(number)

    def pick(self, effect: Effect, said: str, old: T, new: T) -> T:
        """Tell that something is another one; the side that is taken."""
        return new if self.note(Kind.CHANGED, effect, said) else old

    def fields(self, before: T, after: T, tellers: Mapping[str, Teller]) -> T:
        """Two versions of a dataclass field by field; a field that nobody tells of is told by its name."""
        found: dict[str, object] = {}
        for field in dataclasses.fields(after):  # type: ignore[arg-type]
            if not field.compare or (type(after).__name__, field.name) in SAID_ELSEWHERE:
                continue
            old, new = getattr(before, field.name), getattr(after, field.name)
            if same(old, new):
                continue
            teller = tellers.get(field.name)
            if teller is not None:
                found[field.name] = teller(self, old, new)
            else:
                found[field.name] = self.pick(Effect.SCORE, f"`{field.name}` is another one", old, new)
        return dataclasses.replace(after, **found) if found else after  # type: ignore[type-var]


def line_of(holder: object) -> int | None:
    """The line that something stands on; None when it has none."""
    span = getattr(holder, "span", None)
    return span.line if isinstance(span, Span) and span.line else None


def goes(what: str, effect: Effect, words: Callable[[Any], str]) -> Teller:
    """`WHAT goes from OLD to NEW`."""

    def tell(walk: Walk, old: object, new: object) -> object:
        return walk.pick(effect, f"{what} goes from {words(old)} to {words(new)}", old, new)

    return tell


def now(effect: Effect, words: Callable[[Any, Any], str]) -> Teller:
    """A sentence of the old and the new value."""

    def tell(walk: Walk, old: object, new: object) -> object:
        return walk.pick(effect, words(old, new), old, new)

    return tell


def quoted(text: str | None) -> str:
    """A text for people, in quotes."""
    return "none" if text is None else f'"{text}"'


def code(text: object) -> str:
    """A piece of a ruleset."""
    return f"`{text}`"
