"""What changed as Markdown, for a ticket, a wiki or a chat. Text of strangers is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.reports.figures import signed
from healthdsl.reports.history import words
from healthdsl.reports.history.model import (
    AccountChange,
    AccountChanges,
    BookChanges,
    CauseLine,
    Compared,
)
from healthdsl.reports.markdown import escape, table_lines, trend_lines


def book_markdown(changes: BookChanges) -> str:
    """The whole page, ending in a line end."""
    runs = changes.runs
    lines = [f"# {escape(f'{runs.title}: what changed')}", "", escape(words.runs_line(runs)), ""]
    said = [words.counts_line(changes), words.averages_line(changes), *runs.notes]
    lines += [f"- {escape(each)}" for each in said if each] + [""]
    if changes.parts:
        rows = [[part.title, signed(part.change, runs.decimals)] for part in changes.parts]
        lines += [
            "## What moved the scores, on average",
            "",
            *table_lines(["Part", "Points"], "lr", rows),
            "",
        ]
    if changes.crossings:
        lines += ["## From one band to another", "", *_crossings(changes), ""]
    lines += [f"## {escape(words.drops_title(changes))}", ""]
    lines += _accounts(runs, changes.drops, changes.drop_count)
    if changes.crossed:
        lines += [f"## Also in a worse band: {changes.crossed_count:,}", ""]
        lines += _accounts(runs, changes.crossed, changes.crossed_count)
    if changes.raised:
        lines += ["## Flags and plays", ""]
        for raised in changes.raised:
            told = "; ".join(words.raised_words(runs, raised))
            lines += [f"- {escape(f'{words.raised_title(raised)}: {told}')}"]
        lines += [""]
    for title, count, named in (
        ("New", changes.new_count, changes.new),
        ("Gone", changes.gone_count, changes.gone),
    ):
        if named:
            lines += [f"## {title}: {count:,}", "", escape(words.named_words(count, named)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _crossings(changes: BookChanges) -> list[str]:
    marks = {True: "better", False: "worse", None: ""}
    rows = [
        [words.band_name(each.before), words.band_name(each.after), f"{each.accounts:,}", marks[each.better]]
        for each in changes.crossings
    ]
    return table_lines(["From", "To", "Accounts", ""], "llrl", rows)


def _accounts(runs: Compared, listed: Sequence[AccountChange], count: int) -> list[str]:
    if not listed:
        return []
    rows = [
        [
            words.account_title(each),
            words.score_line(each),
            "" if each.split is None else signed(each.split.total, runs.decimals),
            "; ".join(words.top_causes(runs, each)),
        ]
        for each in listed
    ]
    more = words.more_words(count, listed)
    return [
        *table_lines(["Account", "Score", "Change", "Why"], "llrl", rows),
        "",
        *([more, ""] if more else []),
    ]


def account_markdown(changes: AccountChanges) -> str:
    """The whole page, ending in a line end."""
    runs, change = changes.runs, changes.account
    lines = [f"# {escape(words.account_title(change))}", ""]
    lines += [escape(f"{runs.title}: {words.runs_line(runs)}"), ""]
    lines += [f"**{escape(words.score_line(change))}**", ""]
    if change.split is not None:
        lines += [escape(words.split_line(runs, change.split)), ""]
    lines += [f"- {escape(note)}" for note in runs.notes] + ([""] if runs.notes else [])
    together = runs.same_rules or runs.unsplit is not None
    lines += _causes(runs, "What moved it" if together else "What the account did", change.causes)
    lines += _causes(runs, "What the ruleset did", change.rule_causes)
    if change.signals:
        rows = [[each.title, each.before, each.after] for each in change.signals]
        lines += [
            "## Signals that changed besides",
            "",
            *table_lines(["Signal", "Before", "After"], "lll", rows),
            "",
        ]
    if change.raised:
        lines += ["## Flags and plays", ""]
        lines += [f"- {escape(words.raised_line(runs, each))}" for each in change.raised] + [""]
    return "\n".join([*lines, *trend_lines(changes.trend)]).rstrip() + "\n"


def _causes(runs: Compared, title: str, causes: Sequence[CauseLine]) -> list[str]:
    if not causes:
        return []
    rows = [[signed(each.change, runs.decimals), words.cause_words(each)] for each in causes]
    return [f"## {title}", "", *table_lines(["Points", "By"], "rl", rows), ""]
