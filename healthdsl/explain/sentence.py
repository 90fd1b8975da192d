"""The main causes in a sentence or two of plain English, fit for a customer's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from healthdsl.explain.explanation import (
    AccountLine,
    Cause,
    LossKind,
    PartKind,
    PartLine,
    ScoreLine,
    State,
)
from healthdsl.explain.say import quoted
from healthdsl.explain.tree import lineage
from healthdsl.explain.words import join_words, show_amount, some

MOST_NAMED = 3


def summary(account: AccountLine, score: ScoreLine, weights: Sequence[str] = ()) -> str:
    """Where the account stands on a score, and why; `weights` are sentences on weights that stand in."""
    who = account.title
    if score.score is None:
        return _without_number(who, score)
    sentences = [_standing(who, score), *_causes(score), *_known_share(score), *weights]
    return " ".join(sentences)


def _standing(who: str, score: ScoreLine) -> str:
    assert score.score is not None
    number = show_amount(score.score)
    of = f" out of {show_amount(score.scale)}" if score.scale is not None else ""
    named = "" if score.title.lower() in ("health", "score", "total") else f" for {score.title}"
    return f"{who} scores {number}{of}{named}{_in_band(score)}."


def _in_band(score: ScoreLine) -> str:
    badge = score.band or score.level
    if badge is None:
        return ""
    if score.band is not None and score.band_title is not None:
        return f". {score.band_title}: “{badge.label}”"
    return f", which is “{badge.label}”"


def _causes(score: ScoreLine) -> list[str]:
    if score.waterfall is None or not score.waterfall.from_best:
        return _contributions(score)
    if not score.causes:
        best = score.score == score.best
        return ["This is the best score possible."] if best else []
    first, *rest = _worth_naming(score.causes)
    verb = "adds" if score.lower_is_better else "costs"
    unit = "point" if first.lost == 1 else "points"
    text = f"What {verb} most: {_labelled(first, f' {unit}')}"
    return [f"{text}, then {join_words([_labelled(cause) for cause in rest])}." if rest else f"{text}."]


def _labelled(cause: Cause, unit: str = "") -> str:
    """`Seats in use (10)`; a reason in quotation marks, and what was not earned says its points itself."""
    if cause.kind is LossKind.UNEARNED:
        return cause.label
    label = quoted(cause.label) if cause.kind is LossKind.STEP else cause.label
    return f"{label} ({show_amount(cause.lost)}{unit})"


def _worth_naming(causes: Sequence[Cause]) -> list[Cause]:
    """The largest causes, but none below a tenth of the first."""
    return [cause for cause in causes[:MOST_NAMED] if cause.lost * 10 >= causes[0].lost]


def _contributions(score: ScoreLine) -> list[str]:
    """Where there is no best possible score: what brings most."""
    ranked = sorted(
        (part for part in score.parts if part.depth == 0 and part.contribution and part.contribution > 0),
        key=lambda part: -(part.contribution or Decimal(0)),
    )
    named = [f"{part.title} ({show_amount(part.contribution or Decimal(0))})" for part in ranked[:MOST_NAMED]]
    return [f"Most of it comes from {join_words(named)}."] if named else []


def _known_share(score: ScoreLine) -> list[str]:
    if score.coverage is None or score.coverage >= 100:
        return []
    share = show_amount(score.coverage)
    said = _not_known(score.parts)
    if not said:
        return [f"Only {share}% of what the score weighs is known."]
    return [f"{share}% of what the score weighs is known; {'; '.join(said)}."]


def _not_known(parts: Sequence[PartLine]) -> list[str]:
    """The parts that are not known: those without points, and those something stands in for. A group of which
    nothing is known stands for all below it, and what does not apply says nothing.
    """
    groups = {part.parent for part in parts}
    with_values = {each for part in parts if _has_values(part) for each in lineage(part.id)}
    empty = {part.id for part in parts if part.kind is PartKind.UNKNOWN and part.id not in with_values}
    closed = empty | {part.id for part in parts if part.kind in (PartKind.NOT_APPLICABLE, PartKind.UNSCORED)}
    seen = [part for part in parts if closed.isdisjoint(lineage(part.id)[:-1])]
    nothing = sorted((part for part in seen if part.id in empty), key=_heaviest_first)
    leaves = [part for part in seen if part.id not in groups]
    unjudged = [part for part in leaves if part.kind is PartKind.UNKNOWN and part.id not in empty]
    counted = [part for part in leaves if part.kind is PartKind.JUDGED and not part.known]
    said = [f"nothing is known about {some([part.title for part in nothing], MOST_NAMED)}"] if nothing else []
    said += [f"{part.title} could not be judged{_because(part)}" for part in unjudged[:MOST_NAMED]]
    for part in counted[:MOST_NAMED]:
        points = None if part.points is None else show_amount(part.points)
        instead = points or (f"“{part.badge.label}”" if part.badge is not None else "known")
        said.append(f"{part.title} is not known and counted as {instead}")
    return said


def _heaviest_first(part: PartLine) -> tuple[int, Decimal]:
    """What weighs most before the rest, the whole before its parts."""
    return part.depth, -(part.weight or Decimal(0))


def _has_values(part: PartLine) -> bool:
    """Whether some value that the part reads is there."""
    return any(fact.state in (State.KNOWN, State.DEFAULT) for fact in part.facts)


def _because(part: PartLine) -> str:
    return f" ({part.reason[:1].lower()}{part.reason[1:]})" if part.reason else ""


def _without_number(who: str, score: ScoreLine) -> str:
    badge = score.band or score.level
    named = "" if score.title.lower() in ("health", "score", "total") else f" for {score.title}"
    if badge is not None:
        deciding = [part for part in score.parts if part.depth == 0 and part.badge == badge]
        because = (
            f", because of {join_words([part.title for part in deciding[:MOST_NAMED]])}" if deciding else ""
        )
        reason = f" {ended(score.unscored[0])}" if score.unscored and not deciding else ""
        about = f" ({score.band_title})" if score.band is not None and score.band_title else ""
        return f"{who} is “{badge.label}”{about}{named}{because}.{reason}"
    if not score.unscored:
        return f"{who} has no score{named}."
    return f"{who} is not scored{named}: {'; '.join(score.unscored)}."


def ended(text: str) -> str:
    """A sentence with a mark at its end."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def without_scores(account: AccountLine, flags: Sequence[str]) -> str:
    """For a ruleset that only raises flags."""
    if not flags:
        return f"No flag is raised for {account.title}."
    return f"Raised for {account.title}: {join_words(flags)}."
