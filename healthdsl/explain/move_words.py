"""A move as a sentence that can stand in a letter to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.explanation import Badge, Move, MoveKind
from healthdsl.explain.freedom import Free
from healthdsl.explain.words import show_amount, show_value
from healthdsl.model.ruleset import Level, RuleNode, Ruleset


@dataclass(frozen=True, slots=True)
class Said:
    """Whose move it is; `aim` says what the search was for, `a better band` or what else."""

    ruleset: Ruleset
    node: RuleNode
    free: Free
    current: object
    aim: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The exact value that does it, one to show for it at `decimals`, and what that one reaches.

    For a range of values `words` stand around it, and `band` is the least of those reached; `or_better` if
    there are more.
    """

    exact: object
    shown: object
    decimals: int
    band: str
    points: float | None
    words: str = "{}"
    or_better: bool = False


def say_move(said: Said, kind: MoveKind, reached: Reached) -> Move:
    """A move that was found."""
    free = said.free
    needed = reached.words.format(show_value(reached.shown, free.type, reached.decimals))
    current = show_value(said.current, free.type, max(reached.decimals, 2))
    badge = _badge(said, reached.band)
    known = None if reached.words != "{}" else reached.points
    points = None if known is None else rounded(exact(known))
    scored = "" if points is None else f" (score {show_amount(points)})"
    instead = f"{' at' if free.type.is_numeric else ':'} {needed} instead of {current} would"
    better = " or better" if reached.or_better else ""
    match kind:
        case MoveKind.KNOWN:
            text = f"{free.title} is not known: {needed} would make it “{badge.label}”{better}{scored}."
        case MoveKind.WORSE:
            text = f"{free.title}{instead} lower it to “{badge.label}”{scored}."
        case _:
            text = f"{free.title}{instead} make it “{badge.label}”{scored}."
    return Move(
        signal=free.name,
        title=free.title,
        kind=kind,
        current=current,
        needed=needed,
        value=_as_data(free, reached.exact),
        band=badge,
        score=points,
        aim=said.aim,
        text=text,
    )


def say_none(said: Said, kind: MoveKind) -> Move:
    """A search that found nothing, or was cut short."""
    title = said.free.title
    if kind is MoveKind.OUT_OF_REACH:
        text = f"No value of {title} alone would {said.aim}."
    else:
        text = f"{title}: no change was found within the search."
    return Move(
        signal=said.free.name,
        title=title,
        kind=kind,
        current=show_value(said.current, said.free.type),
        needed=None,
        value=None,
        band=None,
        score=None,
        aim=said.aim,
        text=text,
    )


def _badge(said: Said, name: str) -> Badge:
    bands = next((bands.bands for bands in said.ruleset.bands if bands.node == said.node.name), None)
    if bands is None:
        bands = next(known.levels for known in said.ruleset.levels if known.name == said.node.levels)
    level: Level = next(level for level in bands if level.name == name)
    return Badge(name=name, label=level.label or name, colour=level.colour)


def _as_data(free: Free, value: object) -> bool | int | float | str | None:
    if free.type.is_date and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    return value if isinstance(value, bool | int | float | str) else None
