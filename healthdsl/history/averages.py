"""What moved the scores of a book on average, by the engine: amounts that add up to the average difference.

A part that only became known, or unknown, has gained or lost nothing itself: what it brings, and what the
weights of the others shift by, stands in one line about what became known; so it is where another variant of
the rules applies. The parts directly below the score have a line each; all else (steps, limits, stand-ins,
rounding) is the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from healthdsl.backends.duckdb.quoting import literal
from healthdsl.explain.amounts import exact, rounded
from healthdsl.history.about import About
from healthdsl.history.causes import REST
from healthdsl.history.pair import Pair
from healthdsl.history.shifts import VARIANT
from healthdsl.reports.history.model import PartAverage
from healthdsl.reports.history.words import accounts as counted

KNOWN = "Became known or unknown"
SHIFT = "with the shift of weight to or from other parts"
KNOWN_BY_RULES = f"{KNOWN} by the ruleset"


@dataclass(slots=True)
class _Turned:
    """What became known or unknown between two relations: `points` over all accounts, and how many it did, by
    part; `variants`: the same where another variant applies.
    """

    head: str
    points: float = 0.0
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    variants: tuple[float, int] = (0.0, 0)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Points over all accounts: by part, and of what became known or unknown."""

    parts: dict[str, float] = field(default_factory=dict)
    turned: list[_Turned] = field(default_factory=list)


def part_averages(pair: Pair, sides: str, condition: str) -> tuple[PartAverage, ...]:
    """Largest first, the rest last; nothing where the score has no parts. `sides` has the accounts with both
    scores, `condition` says which of them count.
    """
    ((number, old, new),) = pair.ask(
        f"SELECT count(*), avg(old), avg(new) FROM {sides} WHERE {condition}"  # noqa: S608
    )
    if not number:
        return ()
    accounts = f"(SELECT id FROM {sides} WHERE {condition})"  # noqa: S608
    sums = _Sums()
    if pair.between is None:
        _add(pair, sums, (pair.before.sql, pair.after.sql, accounts), same_rules=False)
    else:
        if not pair.runs.same_rules:
            _add(pair, sums, (pair.before.sql, pair.between, accounts), same_rules=False)
        _add(pair, sums, (pair.between, pair.after.sql, accounts), same_rules=True)
    if not sums.parts:
        return ()
    decimals = pair.runs.decimals
    found = [
        PartAverage(title=pair.after.about.node_title(name), change=amount)
        for name, total in sums.parts.items()
        if (amount := rounded(exact(total / number), decimals))
    ]
    for each in sums.turned:
        if each.counts:
            amount = rounded(exact(each.points / number), decimals)
            found.append(PartAverage(title=_turned_title(pair, each), change=amount))
        points, accounts_of = each.variants
        amount = rounded(exact(points / number), decimals)
        if accounts_of and amount:
            title = f"{VARIANT}, {SHIFT} (in {counted(accounts_of)})"
            found.append(PartAverage(title=title, change=amount))
    found.sort(key=lambda each: (-abs(each.change), each.title))
    whole = rounded(exact(new), decimals) - rounded(exact(old), decimals)
    return (*found, *_rest(whole, found))


def _rest(whole: Decimal, found: Sequence[PartAverage]) -> tuple[PartAverage, ...]:
    left = whole - sum((each.change for each in found), Decimal(0))
    return (PartAverage(title=REST, change=left),) if left else ()


def _turned_title(pair: Pair, turned: _Turned) -> str:
    """`Became known or unknown, and the weight it takes or leaves: Trend (known now in 3 accounts)`."""
    listed = []
    for name, (known, unknown) in turned.counts.items():
        counts = [
            f"{word} in {counted(count)}"
            for count, word in _words(pair.after.about.may_not_apply(name), known, unknown)
            if count
        ]
        listed.append(f"{pair.after.about.node_title(name)} ({', '.join(counts)})")
    return f"{turned.head}: {', '.join(listed)}"


def _words(may_not_apply: bool, known: int, unknown: int) -> tuple[tuple[int, str], tuple[int, str]]:
    if may_not_apply:
        return (known, "counts now"), (unknown, "counts no more")
    return (known, "known now"), (unknown, "unknown now")


def _add(pair: Pair, sums: _Sums, relations: tuple[str, str, str], *, same_rules: bool) -> None:
    """Add what is between two relations, of the accounts that the third names.

    By other rules a shift of weight can be an edit: it is left with the parts.
    """
    head = f"{KNOWN}, {SHIFT}" if same_rules else KNOWN_BY_RULES if pair.between is not None else KNOWN
    sums.turned.append(_Turned(head))
    turned = "(o.id IS NOT NULL AND n.id IS NOT NULL AND (o.points IS NULL) <> (n.points IS NULL))"
    placed = f"({str(same_rules).upper()} AND (o.id IS NULL OR n.id IS NULL))"
    rows = pair.ask(
        f"WITH o AS ({_placed(pair.told, relations[0], relations[2])}), "  # noqa: S608 -- our own names
        f"n AS ({_placed(pair.told, relations[1], relations[2])}), "
        "sides AS (SELECT coalesce(n.id, o.id) AS id, coalesce(n.name, o.name) AS name, "
        "coalesce(n.points * n.share, 0) - coalesce(o.points * o.share, 0) AS change, "
        # Shares of 0 and 1 are also those of the lowest and highest, where another part decides.
        "(n.share - o.share) * o.points * "
        "CAST(NOT (o.share IN (0, 1) AND n.share IN (0, 1)) AS INTEGER) AS shift, "
        f"{turned} AS turned, {placed} AS placed, n.points IS NOT NULL AS known "
        "FROM o FULL JOIN n ON o.id = n.id AND o.name = n.name), "
        "told AS (SELECT *, bool_or(turned OR placed) OVER (PARTITION BY id) AS any_moved, "
        "bool_or(placed) OVER (PARTITION BY id) AS other FROM sides), "
        "pooled AS (SELECT *, CASE WHEN turned OR placed THEN change "
        f"WHEN any_moved AND {str(same_rules).upper()} THEN coalesce(shift, 0) ELSE 0 END AS pool FROM told) "
        "SELECT name, sum(change - pool), sum(pool) FILTER (NOT other), "
        "count(*) FILTER (turned AND known AND NOT other), "
        "count(*) FILTER (turned AND NOT known AND NOT other), "
        "sum(pool) FILTER (other), count(DISTINCT id) FILTER (other) "
        "FROM pooled GROUP BY GROUPING SETS ((name), ()) ORDER BY name NULLS LAST"
    )
    for name, own, pool, known, unknown, moved, others in rows:
        if name is None:
            sums.turned[-1].variants = (moved or 0.0, others)
            continue
        sums.parts[name] = sums.parts.get(name, 0.0) + (own or 0.0)
        sums.turned[-1].points += pool or 0.0
        if known or unknown:
            sums.turned[-1].counts[name] = (known, unknown)


def _placed(told: tuple[About, About], relation: str, accounts: str) -> str:
    """SQL of the parts directly below the score: id, name, points, share."""
    main = literal(told[1].main or "")
    return (
        "SELECT account_id AS id, part.name AS name, any_value(part.points) AS points, "  # noqa: S608
        f"sum(coalesce(part.share, 0)) AS share "
        f"FROM (SELECT account_id, unnest(parts) AS part FROM {relation} "
        f"WHERE account_id IN {accounts}) WHERE part.parent = {main} GROUP BY account_id, part.name"
    )
