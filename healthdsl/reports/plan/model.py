"""The Plan: what a change of a ruleset does to a book of accounts, as values. Its reports see nothing else.

Invariants: the cells of the matrix add up to the accounts; the steps of a mover lead from its score before to
its score after. Amounts are exact decimals, shares are in percent. Text is as rulesets and accounts have it:
a report escapes it.
"""

from __future__ import annotations

from datetime import date

from healthdsl.explain.explanation import Amount, Badge, Model


class Side(Model):
    """One version of the ruleset."""

    source: str
    name: str
    title: str
    version: str
    fingerprint: str


class Told(Model):
    """A change of the ruleset, in a sentence."""

    effect: str
    sentence: str


class Place(Model):
    """A row or column of the matrix; `badge` None: in no band, as `label` says."""

    badge: Badge | None
    label: str


class Cell(Model):
    """Accounts that were in one place and are in another; `money` in the order of the plan's money. `worse`
    None: neither better nor worse.
    """

    accounts: int
    worse: bool | None
    money: tuple[Amount, ...]


class Matrix(Model):
    """Places before, places after, and the cells row by row."""

    word: str
    before: tuple[Place, ...]
    after: tuple[Place, ...]
    cells: tuple[tuple[Cell, ...], ...]


class Edit(Model):
    """Changes that are made in one step, and what the step does to the accounts that it moves.

    `points` is the sum of what it adds and takes where there is a score before and after it.
    """

    number: int
    sentences: tuple[str, ...]
    moved: int
    up: int
    down: int
    points: Amount
    scored: int
    unscored: int
    bands: int


class Step(Model):
    """What an edit did to an account; None: no score, no band."""

    edit: int
    before: Amount | None
    after: Amount | None
    band_before: Badge | None
    band_after: Badge | None


class Mover(Model):
    """An account whose score or band is another one."""

    id: str
    name: str | None
    before: Amount | None
    after: Amount | None
    band_before: Badge | None
    band_after: Badge | None
    steps: tuple[Step, ...]
    money: tuple[Amount | None, ...]

    @property
    def title(self) -> str:
        return self.name or self.id


class Movers(Model):
    """Accounts of one kind: the first of them, and how many there are."""

    title: str
    accounts: int
    listed: tuple[Mover, ...]


class Money(Model):
    """A signal that is money: how much of it is with accounts that move."""

    name: str
    title: str
    currency: str
    total: Amount
    worse: Amount
    better: Amount
    scored: Amount
    unscored: Amount


class RaisedStep(Model):
    """For how many accounts an edit raises a flag or play that was not raised before it, or ends it."""

    edit: int
    starts: int
    stops: int


class Raised(Model):
    """A flag or play (`word`) in both versions; `starts` and `stops` with a few of the accounts.

    Over all `edits` the starts less the stops are those between the versions; an edit can start what a later
    one stops.
    """

    word: str
    name: str
    title: str
    before: int
    after: int
    starts: int
    stops: int
    starting: tuple[str, ...]
    stopping: tuple[str, ...]
    edits: tuple[RaisedStep, ...] = ()


class OtherScore(Model):
    """A score that is not the main one; of those with a score in both versions the average moves so far."""

    name: str
    title: str
    moved: int
    scored: int
    unscored: int
    change: Amount | None


class Verdict(Model):
    """A limit that was given, what was found, and whether it is kept."""

    said: str
    kept: bool


class Totals(Model):
    """All accounts. `moved` ones have another score (as shown) or band; of those `worse` and `better` are in
    a worse or better band; `scored` got a score and `unscored` lost theirs.
    """

    accounts: int
    scored_before: int
    scored_after: int
    moved: int
    moved_share: Amount
    worse: int
    better: int
    scored: int
    unscored: int
    average_before: Amount | None
    average_after: Amount | None


class Plan(Model):
    """One page about a change. `by_declaration`: there are so many changes that edits are those of whole
    declarations.
    """

    old: Side
    new: Side
    as_of: date | None
    changes: tuple[Told, ...]
    totals: Totals
    lower_is_better: bool
    decimals: int
    matrix: Matrix | None
    edits: tuple[Edit, ...]
    by_declaration: bool
    movers: tuple[Movers, ...]
    money: tuple[Money, ...]
    raised: tuple[Raised, ...]
    others: tuple[OtherScore, ...]
    bad_cells: int
    verdicts: tuple[Verdict, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every limit is kept."""
        return all(verdict.kept for verdict in self.verdicts)
