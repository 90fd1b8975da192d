"""The Explanation: why one account has its scores, as values. Reports see nothing else.

Invariants, digit for digit as displayed: the top contributions and the adjustments' contributions of a
score add up to the score; the contributions of a group's parts and adjustments add up to the group's; the
waterfall's start and amounts add up to the score. Amounts are exact decimals. Text is as the ruleset and
the record have it: a report escapes it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

# A decimal of up to 15 digits survives the way through a JSON number unchanged.
Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Model(BaseModel):
    """Frozen, and no field but those written."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Badge(Model):
    """A band or level: `label` is what people read, `colour` a word of the language or None."""

    name: str
    label: str
    colour: str | None = None


class AccountLine(Model):
    id: str | None
    name: str | None

    @property
    def title(self) -> str:
        """What the account is called in a sentence."""
        return self.name or self.id or "This account"


class RulesetLine(Model):
    """Which ruleset said so; `fingerprint` changes with its meaning, not with its layout."""

    name: str
    title: str
    version: str
    owner: str | None
    fingerprint: str | None


class State(StrEnum):
    """How the value of a signal came to be."""

    KNOWN = "known"
    MISSING = "missing"
    EXPIRED = "expired"  # answered too long ago
    INVALID = "invalid"  # the record held something that is no legal value
    DEFAULT = "default"  # the ruleset's default stands in for it


class SignalLine(Model):
    """One signal: `text` is its value for people, `value` as data.

    `note` says why it is missing, or which days a window holds, `instead` what counts in its place. `lacks`
    are the titles of what a derived one needs and the record does not have.
    """

    name: str
    title: str
    text: str
    value: bool | int | float | str | None
    state: State
    derived: bool
    note: str | None = None
    instead: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    place: str | None = None


class Fact(Model):
    """The value of one signal beside the rule that reads it."""

    title: str
    text: str
    state: State


class PartKind(StrEnum):
    JUDGED = "judged"
    UNKNOWN = "unknown"  # nothing known: no points
    NOT_APPLICABLE = "not applicable"
    UNSCORED = "unscored"


class PartLine(Model):
    """One measure or group in its place below a score; `id` is `2.1` for the first part of the second part.

    `points` are its own; `weight` is as written (None where it depends on a signal that is missing), `share`
    in percent of the weight that counts (0 for what is not known, None for totals). `contribution` is what it
    brings to the score and `lost` how far it stays behind its best (both in the score's points; None where
    the score has no number). `known` is False for points that stand in for missing data, `lacks` has the
    titles of what the record does not have. `worth` is what the points are where they are no plain number:
    `EUR 50,000`.
    """

    id: str
    parent: str | None
    depth: int
    name: str
    title: str
    word: str
    kind: PartKind
    facts: tuple[Fact, ...] = ()
    points: Amount | None = None
    badge: Badge | None = None
    weight: Amount | None = None
    share: Amount | None = None
    contribution: Amount | None = None
    lost: Amount | None = None
    known: bool = True
    lacks: tuple[str, ...] = ()
    worth: str | None = None
    coverage: Amount | None = None
    reason: str | None = None
    place: str | None = None


class AdjustmentKind(StrEnum):
    BASE = "base"  # where the points of a table or formula start
    POLICY = "policy"  # points in place of missing data
    STEP = "step"
    WITHIN = "within"
    ROUNDING = "rounding"


class Adjustment(Model):
    """A change that is no part.

    `before` and `after` in the node's own points, `contribution` in the score's.

    `part` is the id of the part it belongs to, None for the score itself. `contribution` is None inside a
    measure below the score: there the measure's own contribution has it already.
    """

    part: str | None
    owner: str
    kind: AdjustmentKind
    text: str
    before: Amount | None
    after: Amount
    contribution: Amount | None
    reason: str | None = None
    place: str | None = None


class LossKind(StrEnum):
    PART = "part"
    UNKNOWN = "unknown"  # points of a total that could not be judged
    LIMIT = "limit"  # the best possible score is out of reach, or beyond what counts
    BASE = "base"
    POLICY = "policy"
    STEP = "step"
    UNEARNED = "not earned"  # what a line of points would have brought
    WITHIN = "within"
    ROUNDING = "rounding"


class WaterfallLine(Model):
    """One bar: from `before` to `after`, `amount` apart."""

    label: str
    kind: LossKind
    before: Amount
    amount: Amount
    after: Amount
    reason: str | None = None
    place: str | None = None


class Waterfall(Model):
    """Bars from `start` to the score. `from_best`.

    The start is the best possible score, else 0 and the bars are contributions.
    """

    from_best: bool
    start: Amount
    lines: tuple[WaterfallLine, ...]
    end: Amount


class Code(Model):
    """The code of a reason, with its text; `lost`: the points that it cost, None where that is no number."""

    code: str
    text: str
    lost: Amount | None = None


class Cause(Model):
    """Something that costs points, `lost` of them (more than 0); `codes` of the reasons that say so.

    The label is the title of a part, else a reason.
    """

    label: str
    lost: Amount
    kind: LossKind = LossKind.PART
    reason: str | None = None
    place: str | None = None
    codes: tuple[Code, ...] = ()


class Unjudged(Model):
    """A rule that could not be judged, and what it lacks: in a sentence, and by title."""

    owner: str
    text: str
    why: str
    lacks: tuple[str, ...] = ()
    place: str | None = None


class ScoreLine(Model):
    """Everything about one score. `score` None.

    It has no number, then `band`, `level` or `unscored` says what there is. `band_title` is what the bands
    are about, where they say it.

    `decimals` is the precision of every amount shown; `best` is what the parts of this account that are known
    and apply could give, `worst` what any account could reach (None: no bound). `scale` is what a score is
    out of: 100 for `within 0 to 100`, else a whole number that no account can be above (else None).
    `lower_is_better` when the worse bands stand above. Causes are ranked by points lost, ties as written. So
    are `reasons`: each code once, with all the points that it cost. `facts` are the values that a score
    without parts was decided on.
    """

    name: str
    title: str
    summary: str
    score: Amount | None
    decimals: int
    band: Badge | None
    band_title: str | None = None
    level: Badge | None
    best: Amount | None
    worst: Amount | None
    scale: Amount | None = None
    lower_is_better: bool
    coverage: Amount | None
    unscored: tuple[str, ...]
    waterfall: Waterfall | None
    causes: tuple[Cause, ...]
    reasons: tuple[Code, ...] = ()
    facts: tuple[Fact, ...] = ()
    parts: tuple[PartLine, ...]
    adjustments: tuple[Adjustment, ...]
    unjudged: tuple[Unjudged, ...]
    place: str | None = None


class FlagLine(Model):
    """A flag or play that is raised; `causes` are those of its `or` that were true, in words."""

    name: str
    title: str
    causes: tuple[str, ...] = ()
    place: str | None = None


class MoveKind(StrEnum):
    BETTER = "better"  # the smallest change that reaches a better band
    KNOWN = "known"  # a value that would, if it became known
    WORSE = "worse"  # the smallest change that leaves the best band
    OUT_OF_REACH = "out of reach"  # no value of this one alone does
    NOT_FOUND = "not found"  # the search was cut short


class Move(Model):
    """What one signal alone would have to be.

    `current` and `needed` are for people: `needed` has few decimals and always holds, it was scored. `value`
    is the exact smallest change as data. `band` and `score` are what `needed` reaches; for a range of values
    `band` is the least of it and `score` None. `aim` is what was searched for, `text` the whole sentence.
    """

    signal: str
    title: str
    kind: MoveKind
    current: str
    needed: str | None
    value: bool | int | float | str | None
    band: Badge | None
    score: Amount | None
    aim: str
    text: str


class Explanation(Model):
    """One page about one account.

    `scores` with the main one first, then what was known, raised, and would move it.
    """

    account: AccountLine
    ruleset: RulesetLine
    as_of: date | None
    summary: str
    scores: tuple[ScoreLine, ...]
    others: tuple[PartLine, ...]
    signals: tuple[SignalLine, ...]
    flags: tuple[FlagLine, ...]
    plays: tuple[FlagLine, ...]
    moves: tuple[Move, ...]
    notes: tuple[str, ...]

    @property
    def main(self) -> ScoreLine | None:
        """The score the headline speaks of."""
        return self.scores[0] if self.scores else None
