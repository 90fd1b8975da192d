"""The figures of a plan: a book scored by both versions and every stage in, a `Plan` out.

Only aggregates and the accounts that are listed leave the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from healthdsl.batch.plan_bands import Ranks
from healthdsl.batch.plan_columns import Question
from healthdsl.batch.summary_numbers import percent, points, whole
from healthdsl.batch.summary_sql import count, total
from healthdsl.explain.amounts import exact, rounded
from healthdsl.reports.plan.model import Edit, Money, Mover, Movers, OtherScore, Step, Totals

Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A book scored for a plan. `decimals`: what scores are shown with; `listed`: how many accounts of a kind
    are shown.
    """

    ask: Ask
    relation: str
    has_names: bool
    question: Question
    ranks: Ranks
    decimals: int
    listed: int

    @property
    def last(self) -> int:
        return self.question.last

    def score(self, stage: int) -> str:
        """The score of a stage as it is shown."""
        return f"ROUND(score_{stage}, {self.decimals})"

    def changes(self, one: int, other: int) -> str:
        """Whether score or band of two stages differ."""
        return f"({self.score_changes(one, other)} OR {self.band_changes(one, other)})"

    def score_changes(self, one: int, other: int) -> str:
        return f"{self.score(one)} IS DISTINCT FROM {self.score(other)}"

    @staticmethod
    def band_changes(one: int, other: int) -> str:
        return f"band_{one} IS DISTINCT FROM band_{other}"

    @property
    def moved(self) -> str:
        return self.changes(0, self.last)

    @property
    def unscored(self) -> str:
        """Whether there was a score and there is none."""
        return f"(score_0 IS NOT NULL AND score_{self.last} IS NULL)"

    @property
    def newly_scored(self) -> str:
        return f"(score_0 IS NULL AND score_{self.last} IS NOT NULL)"

    @property
    def worse(self) -> str:
        """Whether the band is a worse one."""
        return f"COALESCE({self.rank_after} < {self.rank_before}, FALSE)"

    @property
    def better(self) -> str:
        return f"COALESCE({self.rank_after} > {self.rank_before}, FALSE)"

    @property
    def rank_before(self) -> str:
        return self.ranks.sql("band_0", before=True)

    @property
    def rank_after(self) -> str:
        return self.ranks.sql(f"band_{self.last}", before=False)

    def row(self, selected: Sequence[str]) -> tuple[Any, ...]:
        (found,) = self.ask(f"SELECT {', '.join(selected)} FROM {self.relation}")  # noqa: S608 -- own names
        return found


def find_totals(scored: Scored) -> Totals:
    """How many accounts move, and where the average goes."""
    last = scored.last
    asked = [count(), "COUNT(score_0)", f"COUNT(score_{last})"]
    asked += [count(each) for each in (scored.moved, scored.worse, scored.better)]
    asked += [count(scored.newly_scored), count(scored.unscored)]
    *counts, before, after = scored.row([*asked, total("score_0"), total(f"score_{last}")])
    accounts, scored_before, scored_after, moved, worse, better, came, went = map(whole, counts)
    return Totals(
        accounts=accounts,
        scored_before=scored_before,
        scored_after=scored_after,
        moved=moved,
        moved_share=percent(moved, accounts),
        worse=worse,
        better=better,
        scored=came,
        unscored=went,
        average_before=points(before / scored_before, scored.decimals) if scored_before else None,
        average_after=points(after / scored_after, scored.decimals) if scored_after else None,
    )


# Edits -----------------------------------------------------------------------


def find_edits(scored: Scored, sentences: Sequence[tuple[str, ...]]) -> tuple[Edit, ...]:
    """What each stage does to the accounts that it moves."""
    if not sentences:
        return ()
    asked: list[str] = []
    for stage in range(1, len(sentences) + 1):
        before, after = scored.score(stage - 1), scored.score(stage)
        asked += [
            count(scored.changes(stage - 1, stage)),
            count(f"{after} > {before}"),
            count(f"{after} < {before}"),
            total(f"({after} - {before})", f"{after} <> {before}"),
            count(f"{before} IS NULL AND {after} IS NOT NULL"),
            count(f"{before} IS NOT NULL AND {after} IS NULL"),
            count(scored.band_changes(stage - 1, stage)),
        ]
    found = scored.row(asked)
    edits = []
    for number, said in enumerate(sentences, 1):
        moved, up, down, gained, came, went, bands = found[7 * number - 7 : 7 * number]
        edits.append(
            Edit(
                number=number,
                sentences=said,
                moved=whole(moved),
                up=whole(up),
                down=whole(down),
                points=points(gained, scored.decimals),
                scored=whole(came),
                unscored=whole(went),
                bands=whole(bands),
            )
        )
    return tuple(edits)


# Accounts --------------------------------------------------------------------


def find_movers(scored: Scored, totals: Totals) -> tuple[Movers, ...]:
    """The accounts that lose or get a score, and those that move most; a worse band first."""
    last = scored.last
    distance = f"ABS(score_{last} - score_0)"
    both = f"score_0 IS NOT NULL AND score_{last} IS NOT NULL"
    neither = f"score_0 IS NULL AND score_{last} IS NULL"
    kinds = [
        ("No longer scored", totals.unscored, scored.unscored, "score_0"),
        ("Newly scored", totals.scored, scored.newly_scored, f"score_{last}"),
        (
            "Moved",
            totals.moved - totals.unscored - totals.scored,
            f"{scored.moved} AND (({both}) OR ({neither}))",
            f"{scored.worse} DESC, {distance} DESC NULLS LAST",
        ),
    ]
    return tuple(
        Movers(title=title, accounts=number, listed=_listed(scored, where, order))
        for title, number, where, order in kinds
        if number
    )


def _listed(scored: Scored, where: str, order: str) -> tuple[Mover, ...]:
    stages = range(scored.last + 1)
    money = range(len(scored.question.money))
    name = "account_name" if scored.has_names else "NULL"
    columns = ["account_id", name, *(f"score_{k}" for k in stages), *(f"band_{k}" for k in stages)]
    columns += [f"money_{k}" for k in money]
    rows = scored.ask(
        f"SELECT {', '.join(columns)} FROM {scored.relation} WHERE {where} "  # noqa: S608 -- own names
        f"ORDER BY {order}, account_id LIMIT {scored.listed}"
    )
    return tuple(_mover(scored, row) for row in rows)


def _mover(scored: Scored, row: tuple[Any, ...]) -> Mover:
    stages = scored.last + 1
    account, name, *rest = row
    shown = [None if found is None else rounded(exact(found), scored.decimals) for found in rest[:stages]]
    bands = [scored.ranks.badge(found) for found in rest[stages : 2 * stages]]
    path = list(zip(shown, bands, strict=True))
    steps = [
        Step(
            edit=k,
            before=path[k - 1][0],
            after=path[k][0],
            band_before=path[k - 1][1],
            band_after=path[k][1],
        )
        for k in range(1, stages)
        if path[k] != path[k - 1]
    ]
    return Mover(
        id=str(account),
        name=None if name is None else str(name),
        before=shown[0],
        after=shown[-1],
        band_before=bands[0],
        band_after=bands[-1],
        steps=tuple(steps),
        money=tuple(None if found is None else points(found) for found in rest[2 * stages :]),
    )


# Money, other scores ---------------------------------------------------------


def find_money(scored: Scored) -> tuple[Money, ...]:
    """How much of each money is with accounts that move."""
    found = []
    for number, signal in enumerate(scored.question.money):
        column = f"money_{number}"
        kinds = (scored.worse, scored.better, scored.newly_scored, scored.unscored)
        every, worse, better, came, went = scored.row(
            [total(column), *(total(column, f"{kind}") for kind in kinds)]
        )
        found.append(
            Money(
                name=signal.name,
                title=signal.title,
                currency=signal.type.currency or "",
                total=points(every),
                worse=points(worse),
                better=points(better),
                scored=points(came),
                unscored=points(went),
            )
        )
    return tuple(found)


def find_others(scored: Scored) -> tuple[OtherScore, ...]:
    """The further scores that move."""
    found = []
    for number, pair in enumerate(scored.question.others):
        old = f"ROUND(other_{number}_old, {scored.decimals})"
        new = f"ROUND(other_{number}_new, {scored.decimals})"
        moved, came, went, both, change = scored.row(
            [
                count(f"{old} IS DISTINCT FROM {new}"),
                count(f"{old} IS NULL AND {new} IS NOT NULL"),
                count(f"{old} IS NOT NULL AND {new} IS NULL"),
                count(f"{old} IS NOT NULL AND {new} IS NOT NULL"),
                total(f"({new} - {old})", f"{old} <> {new}"),
            ]
        )
        node = pair.new or pair.old
        assert node is not None
        if moved:
            found.append(
                OtherScore(
                    name=pair.name,
                    title=node.title,
                    moved=whole(moved),
                    scored=whole(came),
                    unscored=whole(went),
                    change=points(change / both, scored.decimals) if both else None,
                )
            )
    return tuple(found)
