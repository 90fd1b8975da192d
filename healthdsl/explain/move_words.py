"""A move as a sentence that can stand in a letter to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.explanation import Badge, Move, MoveKind
from healthdsl.explain.freedom import Free
from healthdsl.explain.precision import band_edges, decimals_of, telling_decimals
from healthdsl.explain.words import join_words, show_amount, show_value
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

    For a range of values `words` stand around it, and `bands` are all of those reached, worst first (none
    where that could not be told); `scores` are the least and greatest score then, if they are known.
    """

    exact: object
    shown: object
    decimals: int
    bands: tuple[str, ...]
    points: float | None
    words: str = "{}"
    scores: tuple[Decimal, Decimal] | None = None


def say_move(said: Said, kind: MoveKind, reached: Reached) -> Move:
    """A move that was found."""
    free = said.free
    needed = reached.words.format(show_value(reached.shown, free.type, reached.decimals))
    current = show_value(said.current, free.type, max(reached.decimals, 2))
    badges = [_badge(said, name) for name in reached.bands]
    known = None if reached.words != "{}" else reached.points
    points = None if known is None else _points(said, exact(known))
    scored = "" if points is None else f" (score {show_amount(points)})"
    instead = f"{' at' if free.type.is_numeric else ':'} {needed} instead of {current} would"
    bands = join_words([f"“{badge.label}”" for badge in badges], "or")
    match kind:
        case MoveKind.KNOWN if len(badges) != 1:
            text = f"{free.title} is not known: {needed} would {_many(said, reached, bands)}."
        case MoveKind.KNOWN:
            text = f"{free.title} is not known: {needed} would make it {bands}{scored}."
        case MoveKind.WORSE:
            text = f"{free.title}{instead} take it to {bands}{scored}."
        case _:
            text = f"{free.title}{instead} make it {bands}{scored}."
    return Move(
        signal=free.name,
        title=free.title,
        kind=kind,
        current=current,
        needed=needed,
        value=_as_data(free, reached.exact),
        band=badges[0] if badges else None,
        score=points,
        aim=said.aim,
        text=text,
    )


def _points(said: Said, score: Fraction) -> Decimal:
    """The score with as many decimals as its band needs to be believed."""
    edges = band_edges(said.ruleset, said.node.name)
    return rounded(score, telling_decimals(score, decimals_of(said.node), edges))


def _many(said: Said, reached: Reached, bands: str) -> str:
    """What a range of values leads to: scores from a least to a greatest, in more than one band."""
    if reached.scores is None:
        return f"make it {bands}" if bands else said.aim
    least, most = (show_amount(score) for score in reached.scores)
    scores = least if least == most else f"{least} to {most}"
    return f"give it a score of {scores}{f' ({bands})' if bands else ''}"


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
