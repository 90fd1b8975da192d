"""Which flags and plays are newly raised, or no longer, between two runs.

Only accounts that both runs have are looked at. By whom: where the newer ruleset finds on the older account
what it finds on the newer one, the ruleset did it, else the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from healthdsl.history.about import About, FlagAbout
from healthdsl.history.pair import Pair
from healthdsl.reports.history.model import Named, RaisedAccounts, RaisedChange, RaisedLine

Line = Mapping[str, Any]
Told = tuple[About, About]


def raised_lines(before: Line, between: Line | None, after: Line, told: Told) -> tuple[RaisedLine, ...]:
    """What is newly raised for an account, then what no longer is; `between` None: by whom is not known."""
    was, now = _names(before), _names(after)
    middle = None if between is None else _names(between)
    found = []
    for name in (*(each for each in now if each not in was), *(each for each in was if each not in now)):
        flag = _flag(told, name, is_play=name in (*before["plays"], *after["plays"]))
        by_ruleset = None if middle is None else (name in middle) == (name in now)
        found.append(
            RaisedLine(
                word=flag.word, name=name, title=flag.title, is_raised=name in now, by_ruleset=by_ruleset
            )
        )
    return tuple(found)


def _names(line: Line) -> dict[str, None]:
    return dict.fromkeys((*line["flags"], *line["plays"]))


def _flag(told: Told, name: str, *, is_play: bool) -> FlagAbout:
    """What the newer run says of a flag, else the older; runs of before it was said have the name alone."""
    for about in reversed(told):
        for flag in about.flags:
            if flag.name == name:
                return flag
    return FlagAbout(name=name, title=name, word="play" if is_play else "flag")


# A book ----------------------------------------------------------------------


def raised_changes(pair: Pair, listed: int) -> tuple[RaisedChange, ...]:
    """Every flag and play that some account gets or loses, in the order of the newer ruleset; of each the
    first accounts.
    """
    found: dict[str, dict[bool, RaisedAccounts]] = {}
    plays: set[str] = set()
    for name, is_play, is_raised, number, by_rules, ids, names in pair.ask(_query(pair, listed)):
        accounts = tuple(Named(id=str(one), name=other) for one, other in zip(ids, names, strict=True))
        by_ruleset = None if pair.between is None else int(by_rules)
        sides = found.setdefault(name, {})
        sides[is_raised] = RaisedAccounts(accounts=number, by_ruleset=by_ruleset, listed=accounts)
        plays |= {name} if is_play else set()
    nobody = RaisedAccounts(accounts=0, by_ruleset=None if pair.between is None else 0, listed=())
    flags = {name: _flag(pair.told, name, is_play=name in plays) for name in sorted(found)}
    order = [flag.name for about in reversed(pair.told) for flag in about.flags]
    return tuple(
        RaisedChange(
            word=flags[name].word,
            name=name,
            title=flags[name].title,
            raised=found[name].get(True, nobody),
            ended=found[name].get(False, nobody),
        )
        for name in dict.fromkeys((*order, *flags))
        if name in found
    )


def _query(pair: Pair, listed: int) -> str:
    """SQL of a line for each flag and way: newly raised or ended, in how many accounts, and the first."""
    between = pair.between or pair.before.sql
    sides = (("o", pair.before.sql), ("m", between), ("n", pair.after.sql))
    return (
        f"WITH {', '.join(f'{name} AS ({_raised(relation)})' for name, relation in sides)}, "  # noqa: S608 -- our own names and paths
        "named AS (SELECT n.id, n.account, n.names AS now, o.names AS was, coalesce(m.names, []) AS middle, "
        "list_concat(o.plays, n.plays) AS plays, "
        "unnest(list_distinct(list_concat(o.names, n.names))) AS name "
        "FROM n JOIN o ON o.id = n.id LEFT JOIN m ON m.id = n.id WHERE o.names <> n.names), "
        "sides AS (SELECT id, account, name, list_contains(plays, name) AS is_play, "
        "list_contains(now, name) AS is_now, list_contains(was, name) AS is_was, "
        "list_contains(middle, name) AS is_middle FROM named) "
        "SELECT name, bool_or(is_play), is_now, count(*), count(*) FILTER (is_middle = is_now), "
        f"(list(id ORDER BY id))[:{listed}], (list(account ORDER BY id))[:{listed}] "
        "FROM sides WHERE is_now <> is_was GROUP BY name, is_now ORDER BY name, is_now"
    )


def _raised(relation: str) -> str:
    names = "list_concat(coalesce(flags, []), coalesce(plays, []))"
    return (
        f"SELECT account_id AS id, account_name AS account, coalesce(plays, []) AS plays, {names} AS names "  # noqa: S608
        f"FROM {relation}"
    )
