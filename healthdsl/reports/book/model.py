"""The Book: what a whole book of accounts comes to, as values. The reports of a book see nothing else.

Invariants: the counts of `bands` add up to `accounts`, those of the histogram to `scored`; an account is
listed at most once. Amounts are exact decimals, shares are in percent. Text is as the ruleset and the
accounts have it: a report escapes it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from healthdsl.explain.explanation import Amount, Badge, Model, RulesetLine


class ScoreFigures(Model):
    """The scores of the accounts that have one; `scale` is the range that the ruleset writes, if it does,
    and `band_title` what its bands are about.
    """

    name: str
    title: str
    lower_is_better: bool
    decimals: int
    lowest: Amount | None
    median: Amount | None
    average: Amount | None
    highest: Amount | None
    scale: tuple[Amount, Amount] | None = None
    band_title: str | None = None


class Bin(Model):
    """Accounts from `low` up to but without `high`; the last bin has its `high` too.

    Where the histogram is `by_value` both are the one value that is counted. None: open, all beyond. `counts`
    stand in the order of the histogram's bands.
    """

    low: Amount | None
    high: Amount | None
    counts: tuple[int, ...]

    @property
    def accounts(self) -> int:
        return sum(self.counts)


class Threshold(Model):
    """Where one band ends and the next begins: `at` belongs to the band above when `included_above`."""

    at: Amount
    included_above: bool


class Histogram(Model):
    """Scores by size. `bands` None stands for accounts without a band."""

    bins: tuple[Bin, ...]
    bands: tuple[Badge | None, ...]
    thresholds: tuple[Threshold, ...]
    by_value: bool


class BandCount(Model):
    """Accounts in a band (or level, where the score has no bands); `badge` None: in none, as `label` says."""

    badge: Badge | None
    label: str
    accounts: int
    share: Amount


class CoverageBin(Model):
    """Accounts of which `low` up to but without `high` percent of the weight is known; 100 stands alone."""

    low: int
    high: int
    accounts: int


class CoverageFigures(Model):
    """How much of the weight is known, over the accounts for which that can be said."""

    average: Amount
    bins: tuple[CoverageBin, ...]

    @property
    def is_full(self) -> bool:
        """Whether everything is known of every account."""
        return not any(each.accounts for each in self.bins if each.low < each.high)


class ReasonKind(StrEnum):
    RULE = "rule"  # a row of a table
    CURVE = "curve"  # all of a curve or formula
    POLICY = "not known"  # points in place of missing data
    STEP = "adjustment"


class Reason(Model):
    """A rule that took or gave points: in how many accounts, and how many points of the score in all.

    `part` is None for a rule of the score itself; `reason` is what the ruleset says for people, `rule` when
    it counts, in words (empty for a curve or formula, which speaks as a whole). `share` is of the scored
    accounts. `points` are negative where they were taken.
    """

    part: str | None
    reason: str | None
    rule: str
    kind: ReasonKind
    accounts: int
    share: Amount
    points: Amount
    place: str | None = None


class PartLoss(Model):
    """How far a measure keeps the scores from their best: on `average` over all scored accounts.

    `accounts` lose points by it; of `unknown` accounts it has no points at all.
    """

    name: str
    title: str
    average: Amount
    total: Amount
    accounts: int
    unknown: int


class Listed(Model):
    """One account of the lists. `page` is the address of its explanation from where the book lies."""

    id: str
    name: str | None
    score: Amount | None
    band: Badge | None
    coverage: Amount | None
    reason: str | None = None
    lost: Amount | None = None
    page: str | None = None

    @property
    def title(self) -> str:
        return self.name or self.id


class SignalGaps(Model):
    """How often a signal has no value from the record, and how many `bad` cells stood there.

    `missing` counts every account without a value of its own: of those `expired` had one that is too old,
    and in `defaulted` the ruleset's default stands in for it.
    """

    name: str
    title: str
    derived: bool
    missing: int
    share: Amount
    expired: int
    defaulted: int
    bad: int


class RaisedCount(Model):
    """A flag or play (`word`), and how many accounts raise it."""

    word: str
    name: str
    title: str
    accounts: int
    share: Amount


class Book(Model):
    """One page about all accounts.

    `score` is None for a ruleset without scores. `worst` runs from the worst on, `best` from the best on;
    `unscored` are the first of the accounts without a score, by id.
    `index` is the address of the page that lists all accounts, where there is one.
    """

    ruleset: RulesetLine
    as_of: date | None
    accounts: int
    scored: int
    score: ScoreFigures | None
    histogram: Histogram | None
    banded_by: str | None
    bands: tuple[BandCount, ...]
    coverage: CoverageFigures | None
    reasons: tuple[Reason, ...]
    more_reasons: int
    losses: tuple[PartLoss, ...]
    worst: tuple[Listed, ...]
    best: tuple[Listed, ...]
    unscored: tuple[Listed, ...] = ()
    signals: tuple[SignalGaps, ...]
    bad_cells: int
    flags: tuple[RaisedCount, ...]
    plays: tuple[RaisedCount, ...]
    index: str | None = None

    @property
    def listed(self) -> tuple[Listed, ...]:
        """Every account of the lists, each once."""
        return (*self.worst, *self.best, *self.unscored)
