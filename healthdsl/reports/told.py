"""What is told of the parts and of what is not known, once each, alike in every report.

A group of which nothing is known, or which does not apply, is one line. What a line of the page says to be
missing is not told again below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.explain.explanation import (
    Explanation,
    PartKind,
    PartLine,
    ScoreLine,
    SignalLine,
    State,
    Unjudged,
)
from healthdsl.explain.facts import NOT_IN_RECORD
from healthdsl.explain.words import join_words, some

MOST_LACKING = 5
MOST_MISSING = 10


def visible_parts(score: ScoreLine) -> tuple[PartLine, ...]:
    """The parts that are shown: those below a closed group are not."""
    closed = _closed(score)
    hidden: set[str] = set()
    shown = []
    for part in score.parts:  # a group stands before its parts
        if part.parent is not None and (part.parent in closed or part.parent in hidden):
            hidden.add(part.id)
        else:
            shown.append(part)
    return tuple(shown)


def part_words(score: ScoreLine, part: PartLine) -> str:
    """Why a part has its points, or what it lacks; what its title and its value say already is left out."""
    if part.id in _closed(score) and part.kind is PartKind.UNKNOWN:
        return f"Not known: {some(_lacks(score, part), MOST_LACKING)}"
    if part.kind is PartKind.UNKNOWN and part.reason == f"Missing: {join_words(part.lacks)}":
        return "" if part.lacks == (part.title,) else f"Missing: {some(part.lacks, MOST_LACKING)}"
    reason = part.reason or ""
    said = f"{part.title}: {part.facts[0].text}" if len(part.facts) == 1 else ""
    if said and reason == said:
        return ""
    for mark in (", ", ": "):
        if said and reason.startswith(said + mark):
            rest = reason.removeprefix(said + mark)
            return rest[:1].upper() + rest[1:]
    return reason


def weight_note(score: ScoreLine) -> str | None:
    """What becomes of the weight of parts that are not known."""
    unknown = any(
        part.kind is PartKind.UNKNOWN and part.share is not None and part.weight for part in score.parts
    )
    if score.score is None or not unknown:
        return None
    return "What is not known counts neither for nor against: the other parts weigh so much more."


def unjudged_lines(score: ScoreLine) -> list[tuple[str, str | None]]:
    """The lines of points that could not be judged, each with its place. Parts are told where they stand."""
    return [(_unjudged(score, rule), rule.place) for rule in _rules(score)]


def missing_lines(explanation: Explanation) -> list[str]:
    """What else is not known, or counts in place of what is not: a sentence each."""
    told = {title for score in explanation.scores for title in _told(score)}
    told.update(title for part in explanation.others for title in part.lacks)
    plain: dict[str, None] = {}
    lines = []
    for line in explanation.signals:
        if line.state is State.KNOWN:
            continue
        if line.state is State.MISSING and (line.lacks or line.note == NOT_IN_RECORD):
            plain.update(dict.fromkeys(line.lacks or (line.title,)))
        elif line.state is not State.MISSING or line.title not in told:
            lines.append(f"{line.title}: {line.note or line.state.value}.")
    own = {line.title for line in explanation.signals if _has_own_line(line)}
    away = [title for title in plain if title not in told and title not in own]
    return ([f"Not in the record: {some(away, MOST_MISSING)}."] if away else []) + lines


def _has_own_line(line: SignalLine) -> bool:
    """Whether more is to be said of a signal than that it is not in the record."""
    return line.state in (State.INVALID, State.EXPIRED) or (
        line.state is State.MISSING and not line.derived and line.note != NOT_IN_RECORD
    )


def _first(titles: Sequence[str]) -> Sequence[str]:
    """Those that `some` names."""
    return titles if len(titles) <= MOST_LACKING + 1 else titles[:MOST_LACKING]


def _closed(score: ScoreLine) -> set[str]:
    """The groups that do not apply, and those of which nothing below is known."""
    open_, closed = set[str](), set[str]()
    for part in reversed(score.parts):
        if part.kind is PartKind.NOT_APPLICABLE:
            closed.add(part.id)
            continue
        empty = part.kind is PartKind.UNKNOWN and all(fact.state is State.MISSING for fact in part.facts)
        if part.id not in open_ and empty:
            closed.add(part.id)
        elif part.parent is not None:
            open_.add(part.parent)
    groups = {part.parent for part in score.parts}
    return {part for part in closed if part in groups}


def _lacks(score: ScoreLine, group: PartLine) -> tuple[str, ...]:
    below = [part.lacks for part in score.parts if part.id.startswith(f"{group.id}.")]
    return tuple(dict.fromkeys(title for lacks in below for title in lacks))


def _rules(score: ScoreLine) -> list[Unjudged]:
    return [rule for rule in score.unjudged if rule.text != rule.owner]


def _unjudged(score: ScoreLine, rule: Unjudged) -> str:
    said = rule.text if rule.owner == score.title else f"{rule.owner}: {rule.text}"
    if rule.lacks == (rule.text,):
        return f"{said} (not known)"
    if rule.lacks:
        return f"{said} (missing: {some(rule.lacks, MOST_LACKING)})"
    return f"{said} ({rule.why[:1].lower()}{rule.why[1:]})"


def _told(score: ScoreLine) -> Iterator[str]:
    """Titles that the lines above say to be missing."""
    closed = _closed(score)
    for part in visible_parts(score):
        lacks = _lacks(score, part) if part.id in closed else part.lacks
        # Nobody asks for what a part that does not apply lacks.
        yield from lacks if part.kind is PartKind.NOT_APPLICABLE else _first(lacks)
    for rule in _rules(score):
        yield from _first(rule.lacks)
