"""What changed for single accounts between two runs."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.history.causes import Line, causes_of, signal_changes
from healthdsl.history.pair import Pair, maybe, split_of
from healthdsl.history.raised import raised_lines
from healthdsl.history.trend import trend_of
from healthdsl.records.errors import FileError
from healthdsl.reports.history.model import AccountChange, AccountChanges, CauseLine


def account_changes(pair: Pair, account: str) -> AccountChanges:
    """What changed for one account. FileError when one of the runs does not have it."""
    trend = trend_of(pair.history, account)
    found = changes_of(pair, [account])
    if not found:
        days = ", ".join(str(point.as_of) for point in trend.points)
        raise FileError(
            f"{pair.history.folder}: `{account}` is not in both runs, of {pair.before.as_of} and"
            f" {pair.after.as_of}. It is in those of {days}: choose two with --from and --to."
        )
    return AccountChanges(runs=pair.runs, account=found[0], trend=trend)


def changes_of(pair: Pair, accounts: Sequence[str]) -> list[AccountChange]:
    """What changed for each account that both runs have, in this order."""
    old, new = pair.lines(pair.before.sql, accounts), pair.lines(pair.after.sql, accounts)
    middle = old if pair.runs.same_rules else {}
    if pair.between is not None and not pair.runs.same_rules:
        middle = pair.lines(pair.between, accounts)
    return [
        _change(pair, old[each], middle.get(each), new[each])
        for each in accounts
        if each in old and each in new
    ]


def _change(pair: Pair, before: Line, between: Line | None, after: Line) -> AccountChange:
    (old, new), decimals = pair.told, pair.runs.decimals
    signals = signal_changes(before, after, pair.told)
    rules: tuple[CauseLine, ...] = ()
    if between is None:
        causes = causes_of(before, after, (old, new), signals)
    else:
        causes = causes_of(between, after, (new, new), signals)
        rules = () if pair.runs.same_rules else causes_of(before, between, (old, new), {})
    told = {each.name for cause in causes for each in cause.signals}
    split = None
    if before["score"] is not None and after["score"] is not None:
        middle = None if between is None else between["score"]
        split = split_of(before["score"], middle, after["score"], decimals)
    return AccountChange(
        id=str(after["account_id"]),
        name=after["account_name"] or before["account_name"],
        before=maybe(before["score"], decimals),
        after=maybe(after["score"], decimals),
        band_before=old.band(before["band"]),
        band_after=new.band(after["band"]),
        split=split,
        causes=causes,
        rule_causes=rules,
        signals=tuple(each for name, each in signals.items() if name not in told),
        raised=raised_lines(before, between, after, pair.told),
    )
