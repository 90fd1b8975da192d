"""The main causes in a sentence or two of plain English, fit for a customer's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from healthdsl.explain.explanation import AccountLine, Badge, Cause, PartKind, PartLine, ScoreLine
from healthdsl.explain.words import join_words, show_amount

MOST_NAMED = 3


def summary(account: AccountLine, score: ScoreLine) -> str:
    """Where the account stands on a score, and why."""
    who = account.title
    if score.score is None:
        return _without_number(who, score)
    sentences = [_standing(who, score), *_causes(score), *_known_share(score)]
    return " ".join(sentences)


def _standing(who: str, score: ScoreLine) -> str:
    assert score.score is not None
    number = show_amount(score.score)
    of = f" out of {show_amount(score.scale)}" if score.scale is not None else ""
    named = "" if score.title.lower() in ("health", "score", "total") else f" for {score.title}"
    badge = score.band or score.level
    return f"{who} scores {number}{of}{named}{_in_band(badge)}."


def _in_band(badge: Badge | None) -> str:
    return f", which is “{badge.label}”" if badge is not None else ""


def _causes(score: ScoreLine) -> list[str]:
    if score.waterfall is None or not score.waterfall.from_best:
        return _contributions(score)
    if not score.causes:
        best = score.score == score.best
        return ["This is the best score possible."] if best else []
    named = _worth_naming(score.causes)
    verb = "adds" if score.lower_is_better else "costs"
    first = named[0]
    amount = f"{show_amount(first.lost)} point{'' if first.lost == 1 else 's'}"
    text = f"What {verb} most is {_labelled(first)} ({amount}"
    if len(named) == 1:
        return [f"{text})."]
    rest = [f"{_labelled(cause)} ({show_amount(cause.lost)})" for cause in named[1:]]
    return [f"{text}), followed by {join_words(rest)}."]


def _labelled(cause: Cause) -> str:
    return cause.label


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
    unknown = [part.title for part in score.parts if _is_unknown_leaf(part)]
    share = show_amount(score.coverage)
    if not unknown:
        return [f"Only {share}% of what the score weighs is known."]
    some = unknown[:MOST_NAMED]
    more = " and others" if len(unknown) > len(some) else ""
    names = f"{', '.join(some)}{more}" if more else join_words(some)
    return [f"{share}% of what the score weighs is known; nothing is known about {names}."]


def _is_unknown_leaf(part: PartLine) -> bool:
    return part.kind is PartKind.UNKNOWN or (part.kind is PartKind.JUDGED and not part.known)


def _without_number(who: str, score: ScoreLine) -> str:
    badge = score.band or score.level
    named = "" if score.title.lower() in ("health", "score", "total") else f" for {score.title}"
    if badge is not None:
        deciding = [part for part in score.parts if part.depth == 0 and part.badge == badge]
        because = (
            f", because of {join_words([part.title for part in deciding[:MOST_NAMED]])}" if deciding else ""
        )
        reason = f" ({score.unscored[0]})" if score.unscored and not deciding else ""
        return f"{who} is “{badge.label}”{named}{because}{reason}."
    if not score.unscored:
        return f"{who} has no score{named}."
    return f"{who} is not scored{named}: {'; '.join(score.unscored)}."


def without_scores(account: AccountLine, flags: Sequence[str]) -> str:
    """For a ruleset that only raises flags."""
    if not flags:
        return f"No flag is raised for {account.title}."
    return f"Raised for {account.title}: {join_words(flags)}."
