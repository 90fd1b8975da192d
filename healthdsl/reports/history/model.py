"""What changed between two runs of a history, as values. The reports of it see nothing else.

Invariants: `account` and `ruleset` of a Split add up to `total`, digit for digit; so do the changes of the
causes to their split. Amounts are exact decimals in the points of the main score. Text is as the ruleset and
the accounts have it: a report escapes it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from healthdsl.explain.explanation import Amount, Badge, Model


class RunLine(Model):
    """One run: how many accounts it has, how many of them have a score, and their average."""

    as_of: date
    version: str
    fingerprint: str
    accounts: int
    scored: int
    average: Amount | None


class Split(Model):
    """A difference of scores. `account` and `ruleset` None: what changed cannot be told apart."""

    total: Amount
    account: Amount | None
    ruleset: Amount | None


class CauseKind(StrEnum):
    PART = "part"
    STEP = "adjustment"
    KNOWN = "became known"  # or unknown: what parts bring that did; by the same rules the shift of weight too
    PLACE = "another place"  # a part in one of the two runs alone; by the same rules of another variant
    REST = "rest"  # steps of no part of it, limits, stand-ins for missing data, rounding


class SignalChange(Model):
    """One signal and its values for people."""

    name: str
    title: str
    before: str
    after: str


class CauseLine(Model):
    """What moved a score by `change`. `before` and `after` are a part's own points, None where it has none.

    `signals` changed and are read by the part; `remark` says what the figure alone would tell wrongly.
    """

    kind: CauseKind
    title: str
    before: Amount | None
    after: Amount | None
    change: Amount
    signals: tuple[SignalChange, ...] = ()
    remark: str | None = None


class RaisedLine(Model):
    """A flag or play (`word`) that is newly raised for an account, or no longer. `by_ruleset` None: whether
    the ruleset or the account did it is not known.
    """

    word: str
    name: str
    title: str
    is_raised: bool
    by_ruleset: bool | None


class AccountChange(Model):
    """One account in both runs. `split` None: one of the runs gives it no score.

    `causes` of what the account did, `rule_causes` of what the ruleset did, largest first; where the two
    cannot be told apart all are in `causes`. `signals` are those that no cause reads.
    """

    id: str
    name: str | None
    before: Amount | None
    after: Amount | None
    band_before: Badge | None
    band_after: Badge | None
    split: Split | None
    causes: tuple[CauseLine, ...]
    rule_causes: tuple[CauseLine, ...]
    signals: tuple[SignalChange, ...]
    raised: tuple[RaisedLine, ...] = ()

    @property
    def title(self) -> str:
        return self.name or self.id


class Crossing(Model):
    """Accounts that went from one band to another; `better` None where that cannot be said."""

    before: Badge | None
    after: Badge | None
    accounts: int
    better: bool | None


class PartAverage(Model):
    """A part, what became known or the rest, and what it moved the scores by on average.

    Together they are the total of the average, digit for digit.
    """

    title: str
    change: Amount


class Named(Model):
    """An account by its id and name."""

    id: str
    name: str | None


class Stripe(Model):
    """The scores of one band: from `low` to `high`, None is open."""

    band: Badge
    low: Amount | None
    high: Amount | None


class Point(Model):
    """One run of an account. `changed`: by another ruleset than the run before."""

    as_of: date
    score: Amount | None
    band: Badge | None
    version: str
    changed: bool


class Trend(Model):
    """An account's score over time, from the first day on; `scale` is what the ruleset writes, if it does."""

    title: str
    decimals: int
    scale: tuple[Amount, Amount] | None
    stripes: tuple[Stripe, ...]
    points: tuple[Point, ...]


class Compared(Model):
    """Which runs are compared. `unsplit` says why account and ruleset cannot be told apart; None: they are.

    `notes` are remarks about the comparison.
    """

    ruleset: str
    title: str
    lower_is_better: bool
    decimals: int
    before: RunLine
    after: RunLine
    same_rules: bool
    unsplit: str | None
    notes: tuple[str, ...]


class RaisedAccounts(Model):
    """How many accounts, for how many of them the ruleset did it (None: not known), and the first of them."""

    accounts: int
    by_ruleset: int | None
    listed: tuple[Named, ...]


class RaisedChange(Model):
    """A flag or play (`word`): accounts for which it is newly raised, and for which it no longer is."""

    word: str
    name: str
    title: str
    raised: RaisedAccounts
    ended: RaisedAccounts


class BookChanges(Model):
    """What changed in a book. `average` is over the `compared` accounts, which have a score in both runs.

    `drop` is how many points make a sudden drop; of `drops` and `crossed` (to a worse band, not among the
    drops) the first are listed, as of `new` and `gone`.
    """

    runs: Compared
    compared: int
    average: Split | None
    parts: tuple[PartAverage, ...]
    better: int
    worse: int
    same: int
    lost_score: int
    got_score: int
    crossings: tuple[Crossing, ...]
    drop: Amount
    drop_count: int
    drops: tuple[AccountChange, ...]
    crossed_count: int
    crossed: tuple[AccountChange, ...]
    raised: tuple[RaisedChange, ...]
    new_count: int
    new: tuple[Named, ...]
    gone_count: int
    gone: tuple[Named, ...]


class AccountChanges(Model):
    """What changed for one account, with its score over time."""

    runs: Compared
    account: AccountChange
    trend: Trend
