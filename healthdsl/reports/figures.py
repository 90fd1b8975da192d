"""Figures of one score at its own precision, and the wording that every report shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.explanation import (
    Adjustment,
    Explanation,
    Fact,
    FlagLine,
    LossKind,
    Move,
    MoveKind,
    PartKind,
    PartLine,
    ScoreLine,
    WaterfallLine,
)
from healthdsl.explain.sentence import ended
from healthdsl.explain.words import show_amount, show_number, some

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
MOST_NAMES = 3
MOST_MOVES = 5


def figure(amount: Decimal | None, decimals: int = 0) -> str:
    """`54.30`, with a true minus sign; a dash for none."""
    if amount is None:
        return NONE
    return show_amount(amount, decimals).replace("-", MINUS)


def signed(amount: Decimal | None, decimals: int = 0) -> str:
    """With its sign, plus or minus."""
    if amount is None:
        return NONE
    return f"+{figure(amount, decimals)}" if amount > 0 else figure(amount, decimals)


def percent(amount: Decimal | None, decimals: int = 0) -> str:
    """`37.5%`."""
    return NONE if amount is None else f"{figure(amount, decimals)}%"


def weight(part: PartLine) -> str:
    """The weight as written, of a long one two decimals; `unknown` where what it depends on is missing."""
    return "unknown" if part.weight is None else show_number(Fraction(part.weight))


def brings(part: PartLine, decimals: int) -> str:
    """What a part brings to the score; a dash for one that does not count."""
    counts = part.kind is PartKind.JUDGED or part.contribution
    return figure(part.contribution, decimals) if counts else NONE


def lost(part: PartLine, decimals: int) -> str:
    """How far a part keeps the score from its best; a dash for one that does not count."""
    counts = part.kind is PartKind.JUDGED or part.lost
    return figure(part.lost, decimals) if counts else NONE


def lost_head(score: ScoreLine) -> str:
    """What to call the distance from the best: points lost, or points too many in a risk score."""
    return "Worse by" if score.lower_is_better else "Lost"


def weighted(score: ScoreLine) -> bool:
    """Whether weights say anything: not all of them are 1."""
    return any(part.weight != 1 for part in score.parts)


def points(part: PartLine, decimals: int) -> str:
    """The points of a part, or the word for having none."""
    match part.kind:
        case PartKind.JUDGED:
            return figure(part.points, decimals)
        case PartKind.UNKNOWN:
            return "unknown" if part.badge is None else NONE
        case PartKind.NOT_APPLICABLE:
            return "n/a"
        case PartKind.UNSCORED:
            return "unscored"


def values(part: PartLine) -> str:
    """The values a part reads: alone when there is one, else each with its name."""
    if len(part.facts) == 1:
        return part.facts[0].text
    return ", ".join(f"{fact.title}: {fact.text}" for fact in part.facts)


def change_words(change: Adjustment) -> str:
    """The reason of an adjustment with the rule behind it, or the rule alone."""
    if not change.reason or change.reason == change.text:
        return change.text
    return f"{change.reason} ({change.text})"


def bar_reason(line: WaterfallLine) -> str | None:
    """Why a bar is there, for readers of the page: beside a rule's own reason its code says nothing new."""
    if line.kind is LossKind.STEP or line.reason is None:
        return None
    return line.reason.removeprefix(f"{line.label}: ")


def fact_words(facts: Sequence[Fact]) -> str:
    """`Recency: 5, Frequency: 4`."""
    return ", ".join(f"{fact.title}: {fact.text}" for fact in facts)


def other_words(part: PartLine) -> str:
    """A measure in no score: what it is worth, and why."""
    said = part.worth or points(part, 0)
    if part.badge is not None:
        said = part.badge.label if part.points is None else f"{said} ({part.badge.label})"
    if part.kind is PartKind.UNKNOWN and part.badge is None:
        said = "not known"
    return f"{part.title}: {said}. {ended(part.reason)}" if part.reason else f"{part.title}: {said}"


def headline(explanation: Explanation) -> str:
    """The account's name, with its id where that says more."""
    account = explanation.account
    if account.name and account.id and account.name != account.id:
        return f"{account.name} ({account.id})"
    return account.title


def dated(explanation: Explanation) -> str:
    """`as of 2026-03-31`, empty when no date mattered."""
    return "" if explanation.as_of is None else f"as of {explanation.as_of.isoformat()}"


def source_line(explanation: Explanation) -> str:
    """Ruleset, version, owner and fingerprint, for the foot of the page."""
    ruleset = explanation.ruleset
    pieces = [f"{ruleset.title} ({ruleset.name})", f"version {ruleset.version}"]
    pieces += [f"owner {ruleset.owner}"] if ruleset.owner else []
    pieces += [f"fingerprint {ruleset.fingerprint}"] if ruleset.fingerprint else []
    return ", ".join(pieces)


def move_lines(explanation: Explanation) -> list[str]:
    """What would move it, a sentence each, the first of many; those that cannot alone share one."""
    by_kind = {kind: [each for each in explanation.moves if each.kind is kind] for kind in MoveKind}
    lines = _first_moves(by_kind[MoveKind.BETTER] + by_kind[MoveKind.WORSE], MOST_MOVES, "alone")
    lines += _first_moves(by_kind[MoveKind.KNOWN], MOST_NAMES, "if it became known")
    cut_short = [move.title for move in by_kind[MoveKind.NOT_FOUND]]
    far = by_kind[MoveKind.OUT_OF_REACH]
    if cut_short:
        lines.append(f"The search was cut short for {some(cut_short, MOST_NAMES)}.")
    if len(far) == 1:
        lines.append(far[0].text)
    if len(far) > 1:
        names = some([move.title for move in far], MOST_NAMES)
        lines.append(f"Not one of these alone would {far[0].aim}: {names}.")
    return lines


def _first_moves(moves: Sequence[Move], most: int, how: str) -> list[str]:
    """Their sentences, of many the first and one on the rest."""
    if len(moves) <= most + 1:
        return [move.text for move in moves]
    rest = some([move.title for move in moves[most:]], MOST_NAMES)
    return [*(move.text for move in moves[:most]), f"Each of these would do it {how}, too: {rest}."]


def badge_words(score: ScoreLine) -> str:
    """The band of a score, with what it is about where that is said, or the level; empty for neither."""
    badge = score.band or score.level
    if badge is None:
        return ""
    titled = score.band is not None and score.band_title is not None
    return f"{score.band_title}: {badge.label}" if titled else badge.label


def raised_words(flag: FlagLine) -> str:
    """`Needs attention: Health: 58, below 60; Tickets: 7, above 5`, with the causes that were true."""
    return f"{flag.title}: {'; '.join(flag.causes)}" if flag.causes else flag.title


def reason_codes(score: ScoreLine) -> str:
    """The codes of a score, the most costly first: `PAY1 Invoices are late (-12.5), NPS2 ..`."""
    said = []
    for one in score.reasons:
        lost = f" ({signed(-one.lost, score.decimals)})" if one.lost is not None else ""
        said.append(f"{one.code} {one.text}{lost}".strip())
    return "; ".join(said)
