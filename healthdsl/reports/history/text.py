"""What changed, for a terminal: plain lines, with colours only on request."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.reports.clean import clean, wrap
from healthdsl.reports.figures import MINUS, NONE, signed
from healthdsl.reports.history import words
from healthdsl.reports.history.model import (
    AccountChange,
    AccountChanges,
    BookChanges,
    CauseLine,
    Compared,
    Trend,
)
from healthdsl.reports.history.spark import sparkline

_PLAIN = str.maketrans({MINUS: "-", NONE: "-"})


HANG = 2
"""Columns that a line stands in which goes on with the one above."""


class _Lines:
    """Lines of at most `width` columns; `unicode` allows signs that old terminals have not."""

    def __init__(self, width: int, unicode: bool) -> None:
        self.width = max(width, 60)
        self.unicode = unicode
        self.found: list[str] = []

    def say(self, text: str, indent: int = 0) -> None:
        shown = clean(text) if self.unicode else clean(text).translate(_PLAIN)
        first, *more = wrap(shown, self.width - indent - HANG) or [""]
        self.found += [" " * indent + first, *(" " * (indent + HANG) + line for line in more)]

    def title(self, text: str) -> None:
        self.found.append("")
        self.say(text)

    @property
    def text(self) -> str:
        return "\n".join(self.found) + "\n"


def book_text(changes: BookChanges, *, width: int = 88, unicode: bool = True) -> str:
    """The whole page, ending in a line end."""
    lines = _Lines(width, unicode)
    lines.say(f"{changes.runs.title}: {words.runs_line(changes.runs)}")
    lines.say(words.counts_line(changes), 2)
    average = words.averages_line(changes)
    if average is not None:
        lines.say(average, 2)
    _remarks(lines, changes.runs)
    if changes.parts:
        lines.title("What moved the scores, on average")
        for part in changes.parts:
            lines.say(f"{signed(part.change, changes.runs.decimals)} {part.title}", 2)
    if changes.crossings:
        lines.title("From one band to another")
        for crossing in changes.crossings:
            lines.say(words.crossing_words(crossing), 2)
    lines.title(words.drops_title(changes))
    _accounts(lines, changes.runs, changes.drops, changes.drop_count)
    if changes.crossed:
        lines.title(f"Also in a worse band: {changes.crossed_count:,}")
        _accounts(lines, changes.runs, changes.crossed, changes.crossed_count)
    if changes.raised:
        lines.title("Flags and plays")
        for raised in changes.raised:
            lines.say(words.raised_title(raised), 2)
            for said in words.raised_words(changes.runs, raised):
                lines.say(said, 6)
    for title, count, named in (
        ("New", changes.new_count, changes.new),
        ("Gone", changes.gone_count, changes.gone),
    ):
        if named:
            lines.title(f"{title}: {count:,}")
            lines.say(words.named_words(count, named), 2)
    return lines.text


def _remarks(lines: _Lines, runs: Compared) -> None:
    for note in runs.notes:
        lines.say(note, 2)


def _accounts(lines: _Lines, runs: Compared, listed: Sequence[AccountChange], count: int) -> None:
    for change in listed:
        total = "" if change.split is None else f" ({signed(change.split.total)})"
        lines.say(f"{words.account_title(change)}: {words.score_line(change)}{total}", 2)
        for cause in words.top_causes(runs, change):
            lines.say(cause, 6)
    more = words.more_words(count, listed)
    if more:
        lines.say(more, 2)


def account_text(changes: AccountChanges, *, width: int = 88, unicode: bool = True) -> str:
    """The whole page, ending in a line end."""
    lines, runs, change = _Lines(width, unicode), changes.runs, changes.account
    lines.say(words.account_title(change))
    lines.say(f"{runs.title}: {words.runs_line(runs)}")
    lines.title(words.score_line(change))
    if change.split is not None:
        lines.say(words.split_line(runs, change.split), 2)
    _remarks(lines, runs)
    if runs.same_rules or runs.unsplit is not None:
        _causes(lines, runs, "What moved it", change.causes)
    else:
        _causes(lines, runs, "What the account did", change.causes)
        _causes(lines, runs, "What the ruleset did", change.rule_causes)
    if change.signals:
        lines.title("Signals that changed besides" if change.causes else "Signals that changed")
        for signal in change.signals:
            lines.say(words.signal_words(signal), 2)
    if change.raised:
        lines.title("Flags and plays")
        for raised in change.raised:
            lines.say(words.raised_line(runs, raised), 2)
    lines.title("Over time")
    for line in trend_lines(changes.trend, unicode=unicode):
        lines.say(line, 2)
    return lines.text


def _causes(lines: _Lines, runs: Compared, title: str, causes: Sequence[CauseLine]) -> None:
    if not causes:
        return
    lines.title(title)
    for cause in causes:
        lines.say(f"{signed(cause.change, runs.decimals)} {words.cause_words(cause)}", 2)


def trend_lines(trend: Trend, *, unicode: bool = True) -> list[str]:
    """The sparkline with its days and scores, and where the ruleset changed."""
    first, last = trend.points[0], trend.points[-1]
    shown = f"{words.point_words(first)} {sparkline(trend, unicode=unicode)} "
    lines = [words.point_words(last)] if len(trend.points) == 1 else [shown + words.point_words(last)]
    return lines + [
        f"{point.as_of}: another ruleset (version {point.version})" for point in trend.points if point.changed
    ]
