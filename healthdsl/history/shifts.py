"""What a score is made of, and what of its change is only a shift of weight.

A measure that only became known, or unknown, has gained or lost nothing itself, and neither has one that is a
part in one variant of the rules alone. What it brings, and what the shares of the others shift by, is one
change of its own, by the same rules; between different rules a shift can be an edit and stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.words import join_words
from healthdsl.history.about import About
from healthdsl.reports.figures import figure
from healthdsl.reports.history.model import CauseKind

VARIANT = "Another variant of the rules applies"

Key = tuple[CauseKind, str, str]


@dataclass(slots=True)
class Brought:
    """What a measure or line brings to the score; `points` are a measure's own, `share` what one of them
    brings.
    """

    title: str
    amount: Fraction
    points: float | None = None
    share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Change:
    """What one key brings more; `nodes` are the measures it is about."""

    title: str
    key: Key
    was: Brought | None
    now: Brought | None
    amount: Fraction
    nodes: tuple[str, ...] = ()


def without_shift(changes: Sequence[Change], about: About) -> list[Change]:
    """The shift of weight as a change of its own, where a measure became known or unknown or another variant
    applies.
    """
    moved = [each for each in changes if _turned(each) or _placed(each)]
    if not moved:
        return list(changes)
    shift, found = Fraction(0), []
    for each in changes:
        part = each.amount if each in moved else _shift(each)
        shift += part
        if part != each.amount:
            found.append(replace(each, amount=each.amount - part))
        elif each not in moved:
            found.append(replace(each, amount=Fraction(0)))
    titles = [_title(each, (about, about)) for each in moved if _turned(each)]
    kind = CauseKind.PLACE if any(map(_placed, moved)) else CauseKind.KNOWN
    if kind is CauseKind.PLACE:
        titles = [*_places([each for each in moved if _placed(each)], about.decimals), *titles]
    title = join_words(titles)
    title = f"{VARIANT}: {title}" if kind is CauseKind.PLACE else title
    nodes = tuple(each.key[1] for each in moved)
    found.append(Change(title, (kind, "", ""), None, Brought(title, shift), shift, nodes))
    return found


def named(change: Change, told: tuple[About, About]) -> Change:
    """Between different rules: a measure that became known or unknown, or stands on one side alone, with a
    title that says so.
    """
    if not _turned(change) and not _placed(change):
        return change
    kind = CauseKind.KNOWN if _turned(change) else CauseKind.PLACE
    return replace(change, key=(kind, change.key[1], ""), title=_title(change, told))


def _turned(change: Change) -> bool:
    """Whether it is a measure that became known or unknown."""
    was, now = change.was, change.now
    return (
        change.key[0] is CauseKind.PART
        and was is not None
        and now is not None
        and (was.points is None) != (now.points is None)
    )


def _placed(change: Change) -> bool:
    """Whether it is a measure that is a part on one side alone."""
    return change.key[0] is CauseKind.PART and (change.was is None) != (change.now is None)


def _shift(change: Change) -> Fraction:
    """What a known measure brings more by another share of the weight alone.

    Shares of 0 and 1 are also those of the lowest and highest, where another part decides: no shift.
    """
    was, now = change.was, change.now
    if change.key[0] is not CauseKind.PART or was is None or now is None:
        return Fraction(0)
    if was.points is None or {was.share, now.share} <= {Fraction(0), Fraction(1)}:
        return Fraction(0)
    return (now.share - was.share) * exact(was.points)


def _title(change: Change, told: tuple[About, About]) -> str:
    """`Survey became known (0 points)`, `Trend counts now (50 points)`, `Activation is no part any more`."""
    points, name = points_of(change.now, told[1].decimals), change.key[1]
    if name in (told[0].main, told[1].main):
        said = "is worked out in another way"
    elif _placed(change):
        said = "is no part any more" if change.now is None else "is a part now"
    elif told[0].may_not_apply(name) or told[1].may_not_apply(name):
        said = "counts no more" if points is None else "counts now"
    else:
        said = "became unknown" if points is None else "became known"
    return f"{change.title} {said}" + ("" if points is None else f" ({figure(points)} points)")


def _places(placed: Sequence[Change], decimals: int) -> list[str]:
    """`Seats in use (50 points) and Use (0 points) are parts now`, `Activation is no part any more`; what has
    no points there is left out.
    """
    found = []
    for is_now, one, more in (
        (True, "is a part now", "are parts now"),
        (False, "is no part any more", "are none any more"),
    ):
        listed = []
        for each in placed:
            points = points_of(each.now if is_now else each.was, decimals)
            if points is not None:
                listed.append(f"{each.title} ({figure(points)} points)" if is_now else each.title)
        if listed:
            found.append(f"{join_words(listed)} {one if len(listed) == 1 else more}")
    return found


def points_of(brought: Brought | None, decimals: int) -> Decimal | None:
    """The points of a measure as shown; None for none."""
    return None if brought is None or brought.points is None else rounded(exact(brought.points), decimals)
