"""Sentences and figures about changes that text and Markdown share."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.explain.explanation import Badge
from healthdsl.reports.figures import figure, signed
from healthdsl.reports.history.model import (
    AccountChange,
    BookChanges,
    CauseKind,
    CauseLine,
    Compared,
    Crossing,
    Named,
    Point,
    RaisedAccounts,
    RaisedChange,
    RaisedLine,
    SignalChange,
    Split,
)

MOST_CAUSES = 3
"""In a list of accounts; a page about one account has all."""


def runs_line(runs: Compared) -> str:
    """`2026-03-01 to 2026-04-01, the same rules` or which rulesets."""
    days = f"{runs.before.as_of} to {runs.after.as_of}"
    if runs.same_rules:
        return f"{days}, both by version {runs.after.version}"
    old, new = runs.before, runs.after
    return f"{days}, by version {old.version} ({old.fingerprint}) and {new.version} ({new.fingerprint})"


def band_name(badge: Badge | None) -> str:
    return "no band" if badge is None else badge.label


def split_line(runs: Compared, split: Split, what: str = "account") -> str:
    """`-12.50 points: -10.00 the account, -2.50 the ruleset`, or why that cannot be said."""
    whole = f"{signed(split.total, runs.decimals)} points"
    if split.account is None or split.ruleset is None:
        return f"{whole}. The ruleset is another one, and what it did cannot be told apart: {runs.unsplit}."
    if runs.same_rules:
        return f"{whole}, all of it by what changed in the {what}: the ruleset is the same."
    return (
        f"{whole}: {signed(split.account, runs.decimals)} by what changed in the {what}, "
        f"{signed(split.ruleset, runs.decimals)} by the ruleset."
    )


def score_line(change: AccountChange) -> str:
    """`72 Healthy, then 54.5 At risk`."""
    pieces = []
    for score, badge in ((change.before, change.band_before), (change.after, change.band_after)):
        shown = "not scored" if score is None else figure(score)
        pieces.append(f"{shown} {badge.label}" if badge is not None else shown)
    return f"{pieces[0]}, then {pieces[1]}"


def cause_words(cause: CauseLine) -> str:
    """What moved the score: a part with its points and the signals it reads."""
    points = ""
    if cause.kind is CauseKind.PART and cause.before != cause.after:
        old, new = ("unknown" if each is None else figure(each) for each in (cause.before, cause.after))
        points = f" ({old} to {new} points)"
    signals = "; ".join(
        f"from {each.before} to {each.after}" if each.title == cause.title else signal_words(each)
        for each in cause.signals
    )
    said = "; ".join(each for each in (cause.remark, signals) if each)
    return f"{cause.title}{points}{f': {said}' if said else ''}"


def signal_words(signal: SignalChange) -> str:
    return f"{signal.title} {signal.before} to {signal.after}"


def top_causes(runs: Compared, change: AccountChange) -> list[str]:
    """The causes that count most, for a list of accounts."""
    every = [(each, "") for each in change.causes]
    every += [(each, ", by the ruleset") for each in change.rule_causes]
    every.sort(key=lambda pair: -abs(pair[0].change))
    return [
        f"{signed(each.change, runs.decimals)} {cause_words(each)}{by}" for each, by in every[:MOST_CAUSES]
    ]


def counts_line(changes: BookChanges) -> str:
    """How many accounts got better, worse, stayed; lost or got a score; came and went."""
    always = ((changes.better, "better"), (changes.worse, "worse"), (changes.same, "the same"))
    others = (
        (changes.lost_score, "without a score now"),
        (changes.got_score, "with a score now"),
        (changes.new_count, "new"),
        (changes.gone_count, "gone"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in (*always, *(each for each in others if each[0])))


def accounts(count: int) -> str:
    """`1 account`, `12,000 accounts`."""
    return f"{count:,} account{'' if count == 1 else 's'}"


def averages_line(changes: BookChanges) -> str | None:
    """The average change over the accounts compared, and what made it."""
    if changes.average is None:
        return None
    average = split_line(changes.runs, changes.average, "accounts")
    return f"{accounts(changes.compared)} with a score in both, on average {average}"


def crossing_words(crossing: Crossing) -> str:
    mark = {True: "better", False: "worse", None: ""}[crossing.better]
    said = f"{band_name(crossing.before)} to {band_name(crossing.after)}: {accounts(crossing.accounts)}"
    return f"{said} ({mark})" if mark else said


def drops_title(changes: BookChanges) -> str:
    points = figure(changes.drop)
    return f"Sudden drops ({points} points or more): {changes.drop_count:,}"


def raised_title(change: RaisedChange) -> str:
    """`Call the sponsor (play)`."""
    return f"{change.title} ({change.word})"


def raised_words(runs: Compared, change: RaisedChange) -> list[str]:
    """`newly raised for 3 accounts, 2 of them by the ruleset: ...`, and the same of those that lost it."""
    sides = (("newly raised for", change.raised), ("no longer raised for", change.ended))
    return [
        f"{said} {accounts(side.accounts)}{_by_rules(runs, side)}: {named_words(side.accounts, side.listed)}"
        for said, side in sides
        if side.accounts
    ]


def _by_rules(runs: Compared, side: RaisedAccounts) -> str:
    """Who did it, where that is to be told apart."""
    if runs.same_rules or side.by_ruleset is None:
        return ""
    if side.by_ruleset in (0, side.accounts):
        return ", by the ruleset" if side.by_ruleset else ", by what changed in the accounts"
    return f", {side.by_ruleset:,} of them by the ruleset"


def raised_line(runs: Compared, line: RaisedLine) -> str:
    """`Call the sponsor (play) is newly raised, by the ruleset`."""
    said = "newly raised" if line.is_raised else "no longer raised"
    by = ""
    if not runs.same_rules and line.by_ruleset is not None:
        by = ", by the ruleset" if line.by_ruleset else ", by what changed in the account"
    return f"{line.title} ({line.word}): {said}{by}"


def named_words(count: int, named: Sequence[Named]) -> str:
    """The ids of accounts, or of the first of many."""
    listed = ", ".join(each.id if not each.name else f"{each.name} ({each.id})" for each in named)
    more = count - len(named)
    return f"{listed} and {more:,} more" if more else listed


def account_title(change: AccountChange) -> str:
    return f"{change.name} ({change.id})" if change.name and change.name != change.id else change.id


def more_words(count: int, listed: Sequence[object]) -> str | None:
    more = count - len(listed)
    return f"and {more:,} more" if more > 0 else None


def point_words(point: Point) -> str:
    """`2026-03-01 54.50 At risk`."""
    score = "not scored" if point.score is None else figure(point.score, 0)
    band = f" {point.band.label}" if point.band is not None else ""
    return f"{point.as_of} {score}{band}"
