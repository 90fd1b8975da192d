"""What changed in a book between two runs: counts and averages by the engine, causes for the few listed."""

from __future__ import annotations

from decimal import Decimal

from healthdsl.backends.duckdb.quoting import literal
from healthdsl.history.account import changes_of
from healthdsl.history.averages import part_averages
from healthdsl.history.pair import Pair, split_of
from healthdsl.history.raised import raised_changes
from healthdsl.reports.history.model import (
    AccountChange,
    BookChanges,
    Crossing,
    Named,
    Split,
)

LISTED = 20
NEAR = 1e-9
"""Scores are snapped to this."""
SIDES = "kept_sides"


def book_changes(pair: Pair, drop: Decimal) -> BookChanges:
    """What changed; `drop` is how many points (worse) make a sudden drop."""
    _put_side_by_side(pair)
    sign = -1 if pair.runs.lower_is_better else 1
    worse = f"({sign} * (old - new))"
    both = "was AND now AND old IS NOT NULL AND new IS NOT NULL"
    ((compared, better, worsened, lost, got, appeared, gone),) = pair.ask(
        f"SELECT count(*) FILTER ({both}), count(*) FILTER ({both} AND {worse} < -{NEAR}), "  # noqa: S608
        f"count(*) FILTER ({both} AND {worse} > {NEAR}), "
        "count(*) FILTER (was AND now AND old IS NOT NULL AND new IS NULL), "
        "count(*) FILTER (was AND now AND old IS NULL AND new IS NOT NULL), "
        f"count(*) FILTER (NOT was), count(*) FILTER (NOT now) FROM {SIDES}"
    )
    is_drop = f"{both} AND {worse} >= {float(drop)!r} - {NEAR}"
    drop_count, drops = _listed(pair, is_drop, f"{worse} DESC")
    is_crossed = f"was AND now AND NOT coalesce({is_drop}, FALSE) AND {_worse_band(pair)}"
    crossed_count, crossed = _listed(pair, is_crossed, f"{worse} DESC NULLS LAST")
    return BookChanges(
        runs=pair.runs,
        compared=compared,
        average=_average(pair, both),
        parts=part_averages(pair, SIDES, _counted(pair, both)) if compared else (),
        better=better,
        worse=worsened,
        same=compared - better - worsened,
        lost_score=lost,
        got_score=got,
        crossings=_crossings(pair),
        drop=drop,
        drop_count=drop_count,
        drops=drops,
        crossed_count=crossed_count,
        crossed=crossed,
        raised=raised_changes(pair, LISTED),
        new_count=appeared,
        new=_named(pair, "NOT was"),
        gone_count=gone,
        gone=_named(pair, "NOT now"),
    )


def _put_side_by_side(pair: Pair) -> None:
    """A table of every account: its scores and bands in both runs, and by the newer rules before."""
    between = pair.between or pair.before.sql
    middle = "m.score" if pair.between is not None else "CAST(NULL AS DOUBLE)"
    pair.history.engine.run(
        f"CREATE OR REPLACE TABLE {SIDES} AS SELECT "  # noqa: S608 -- names and paths of our own
        "coalesce(a.account_id, b.account_id) AS id, coalesce(a.account_name, b.account_name) AS name, "
        f"b.score AS old, {middle} AS middle, a.score AS new, b.band AS old_band, a.band AS new_band, "
        "b.account_id IS NOT NULL AS was, a.account_id IS NOT NULL AS now "
        f"FROM {pair.before.sql} b FULL JOIN {pair.after.sql} a ON a.account_id = b.account_id "
        f"LEFT JOIN (SELECT account_id, score FROM {between}) m ON m.account_id = b.account_id"
    )


def _counted(pair: Pair, both: str) -> str:
    """Which accounts an average is over: what was scored by neither rules alone has no share of its own."""
    return both if pair.between is None else f"{both} AND middle IS NOT NULL"


def _average(pair: Pair, both: str) -> Split | None:
    """The average difference."""
    ((old, middle, new),) = pair.ask(
        f"SELECT avg(old), avg(middle), avg(new) FROM {SIDES} WHERE {_counted(pair, both)}"  # noqa: S608
    )
    if old is None:
        return None
    return split_of(old, middle if pair.between is not None else None, new, pair.runs.decimals)


# Lists -----------------------------------------------------------------------


def _listed(pair: Pair, condition: str, order: str) -> tuple[int, tuple[AccountChange, ...]]:
    """How many accounts there are, and the changes of the first."""
    ((number,),) = pair.ask(f"SELECT count(*) FROM {SIDES} WHERE {condition}")  # noqa: S608
    rows = pair.ask(f"SELECT id FROM {SIDES} WHERE {condition} ORDER BY {order}, id LIMIT {LISTED}")  # noqa: S608
    return number, tuple(changes_of(pair, [str(each) for (each,) in rows]))


def _named(pair: Pair, condition: str) -> tuple[Named, ...]:
    rows = pair.ask(f"SELECT id, name FROM {SIDES} WHERE {condition} ORDER BY id LIMIT {LISTED}")  # noqa: S608
    return tuple(Named(id=str(account), name=name) for account, name in rows)


# Bands -----------------------------------------------------------------------


def _ranks(pair: Pair) -> dict[str, int]:
    """How good a band is, by name."""
    return {name: rank for rank, names in enumerate(pair.after.about.ranks) for name in names}


def _worse_band(pair: Pair) -> str:
    cases = " ".join(f"WHEN {literal(name)} THEN {rank}" for name, rank in _ranks(pair).items())
    if not cases:
        return "FALSE"
    old, new = (f"(CASE {column} {cases} END)" for column in ("old_band", "new_band"))
    return f"coalesce({new} < {old}, FALSE)"


def _crossings(pair: Pair) -> tuple[Crossing, ...]:
    """From which band to which, worse first, the most accounts first."""
    (old, new), ranks = pair.told, _ranks(pair)
    rows = pair.ask(
        f"SELECT old_band, new_band, count(*) FROM {SIDES} WHERE was AND now "  # noqa: S608
        "AND old_band IS DISTINCT FROM new_band GROUP BY ALL"
    )
    found = []
    for was, now, number in rows:
        known = was in ranks and now in ranks and ranks[was] != ranks[now]
        better = ranks[now] > ranks[was] if known else None
        found.append(Crossing(before=old.band(was), after=new.band(now), accounts=number, better=better))
    order = {False: 0, None: 1, True: 2}
    return tuple(sorted(found, key=lambda each: (order[each.better], -each.accounts, str(each.before))))
