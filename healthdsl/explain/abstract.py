"""Abstract values: what an operation may give, over many accounts at once.

Numbers (and dates) are an interval, conditions and yes/no a set of {true, false, unknown}, texts a finite
set or any text. Each says whether the value may be missing. A value that is one point, or surely missing,
can be made concrete again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from healthdsl.model.types import Type


@dataclass(frozen=True, slots=True)
class Numbers:
    """Any number from `low` to `high`, both in (infinite: no bound); none at all when `low > high`."""

    low: float
    high: float
    missing: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high


@dataclass(frozen=True, slots=True)
class Truth:
    """Which of true, false and unknown are possible."""

    true: bool = False
    false: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """One of `choices`; None: any text."""

    choices: frozenset[str] | None
    missing: bool = False


Abstract = Numbers | Truth | Texts


class Many(Enum):
    MANY = "many"


MANY: Final = Many.MANY
NO_NUMBER: Final = Numbers(math.inf, -math.inf, missing=True)


def constant(value: object, type_: Type) -> Abstract:
    """The abstract value of one concrete value."""
    if isinstance(value, bool):
        return Truth(true=value, false=not value)
    if isinstance(value, str):
        return Texts(frozenset({value}))
    if isinstance(value, int | float):
        return Numbers(value, value)
    assert value is None
    return nothing(type_)


def nothing(type_: Type) -> Abstract:
    """Surely missing."""
    if type_.is_numeric or type_.is_date:
        return NO_NUMBER
    return Texts(frozenset(), missing=True) if type_.is_text else Truth(missing=True)


def concrete(value: Abstract, type_: Type) -> object:
    """The one value it can be, None when surely missing, else MANY."""
    match value:
        case Numbers(low=low, high=high, missing=missing):
            if low > high:
                return None
            if low < high or missing:
                return MANY
            return int(low) if type_.is_date else float(low)
        case Truth(true=true, false=false, missing=missing):
            if true + false + missing != 1:
                return MANY
            return None if missing else true
        case Texts(choices=choices, missing=missing):
            if choices is None or len(choices) + missing != 1:
                return MANY
            return next(iter(choices), None)


def join(one: Abstract, other: Abstract) -> Abstract:
    """Everything that either may be. A surely missing value of another family joins any."""
    match one, other:
        case Numbers(), Numbers():
            return Numbers(min(one.low, other.low), max(one.high, other.high), one.missing or other.missing)
        case Truth(), Truth():
            return Truth(one.true or other.true, one.false or other.false, one.missing or other.missing)
        case Texts(), Texts():
            both = None if one.choices is None or other.choices is None else one.choices | other.choices
            return Texts(both, one.missing or other.missing)
        case _:
            return with_missing(other) if impossible(known(one)) else with_missing(one)


def meet(one: Abstract, other: Abstract) -> Abstract:
    """What both may be; `one` where the families differ."""
    match one, other:
        case Numbers(), Numbers():
            low, high = max(one.low, other.low), min(one.high, other.high)
            missing = one.missing and other.missing
            return Numbers(low, high, missing) if low <= high else Numbers(math.inf, -math.inf, missing)
        case Truth(), Truth():
            return Truth(one.true and other.true, one.false and other.false, one.missing and other.missing)
        case Texts(), Texts():
            choices = one.choices if other.choices is None else other.choices
            if one.choices is not None and other.choices is not None:
                choices = one.choices & other.choices
            return Texts(choices, one.missing and other.missing)
        case _:
            return one


def with_missing(value: Abstract) -> Abstract:
    """The same, or missing."""
    match value:
        case Numbers(low=low, high=high):
            return Numbers(low, high, missing=True)
        case Truth(true=true, false=false):
            return Truth(true, false, missing=True)
        case Texts(choices=choices):
            return Texts(choices, missing=True)


def known(value: Abstract) -> Abstract:
    """The same, but not missing."""
    match value:
        case Numbers(low=low, high=high):
            return Numbers(low, high)
        case Truth(true=true, false=false):
            return Truth(true, false)
        case Texts(choices=choices):
            return Texts(choices)


def impossible(value: Abstract) -> bool:
    """Whether there is no value left that it could be."""
    match value:
        case Numbers(missing=missing):
            return value.empty and not missing
        case Truth():
            return not (value.true or value.false or value.missing)
        case Texts(choices=choices, missing=missing):
            return choices is not None and not choices and not missing


def holds(value: Abstract, found: object) -> bool:
    """Whether a concrete value lies in the abstract one."""
    if found is None:
        return value.missing
    match value:
        case Numbers(low=low, high=high):
            return isinstance(found, int | float) and low <= found <= high
        case Truth():
            return value.true if found is True else value.false
        case Texts(choices=choices):
            return choices is None or found in choices
