"""Types of values and what they mean for comparison and storage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NUMBER = "number"
    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    MONEY = "money"
    DATE = "date"
    TIMESTAMP = "timestamp"
    YES_NO = "yes/no"
    CATEGORY = "one of"
    TEXT = "text"

    # Asked for every operation of a graph, and Enum's own hash is a Python function.
    __hash__ = str.__hash__


NUMERIC = frozenset({Kind.NUMBER, Kind.COUNT, Kind.PERCENT, Kind.DAYS, Kind.MONEY})
DATED = frozenset({Kind.DATE, Kind.TIMESTAMP})


@dataclass(frozen=True, slots=True)
class Type:
    """A kind with what belongs to it: `choices` of a category in written order, `currency` of money.

    Values at run time: numbers are float (a percent is its fraction, 45% is 0.45), dates and timestamps are
    the UTC date as `date.toordinal()`, yes/no is bool, categories, levels and text are str; None is missing
    everywhere.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    currency: str | None = None

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_date(self) -> bool:
        return self.kind in DATED

    @property
    def is_text(self) -> bool:
        return self.kind in (Kind.CATEGORY, Kind.TEXT)

    @property
    def is_whole(self) -> bool:
        """Whether every legal value is a whole number."""
        return self.kind in (Kind.COUNT, Kind.DAYS) or self.is_date


NUMBER = Type(Kind.NUMBER)
COUNT = Type(Kind.COUNT)
PERCENT = Type(Kind.PERCENT)
DAYS = Type(Kind.DAYS)
DATE = Type(Kind.DATE)
YES_NO = Type(Kind.YES_NO)
TEXT = Type(Kind.TEXT)
