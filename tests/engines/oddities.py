"""Values at the edge of what can be stored, legal ones and illegal ones, to be put into random records.

A text with the character NUL is left out: PostgreSQL stores none, and most files of tables cannot hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from healthdsl.graph.arithmetic import snap
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

NUMBERS = (
    *(float("nan"), float("inf"), float("-inf"), 0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308),
    *(
        1e-10,
        4.9e-10,
        -4.9e-10,
        0.1 + 0.2,
        4194303.9999999995,
        4194304.0,
        -4194304.000000001,
        9007199254740993.0,
    ),
    *(1e15, -1e15, 1.7976931348623157e308, -1e300, 1e-300),
)
DAYS = (
    date.min,
    date.max,
    date.min + timedelta(1),
    date.max - timedelta(1),
    date(1582, 10, 10),
    date(1970, 1, 1),
)
TEXTS = (
    *(
        "O'Brien",
        'say "x"',
        "a\nb",
        "a\r\nb\tc",
        "back\\slash\\n",
        "100%_",
        " lead",
        "trail ",
        "; --",
        "/* x */",
    ),
    *(
        "größe",
        "GRÖẞE",
        "İı",
        "ſK",
        "Ünïcödé 🙂",
        "日本",
        "e\u0301",
        "\u00a0x",
        "null",
        "NaN",
        "1",
        "{x}",
        "$$",
        "?",
    ),
    *(":a", "%s", "x" * 3_000),
)
BLANKS = ("", " ", "\t\n ", "\u00a0", "\u3000\u2003", "\x1c\x1f", "\x85")


@dataclass(frozen=True, slots=True)
class Planted:
    """An illegal value in a record. No type takes a tuple: it stands for what is not of the type at all."""

    value: object


UNREADABLE = ("?",)


def edge(field: InputField, rng: Random) -> object:
    """A legal or missing value at an edge."""
    kind = field.type
    if kind.is_numeric:
        return rng.choice([number for number in NUMBERS if _is_legal(field, number)])
    if kind.is_date:
        return rng.choice(DAYS)
    if kind.kind is Kind.TEXT:
        return rng.choice(TEXTS + BLANKS)
    if kind.kind is Kind.CATEGORY:
        return rng.choice(kind.choices + BLANKS)
    return rng.random() < 0.5


def illegal(field: InputField, rng: Random) -> Planted:
    """A value that the contract does not take."""
    kind = field.type.kind
    wrong: list[object] = [UNREADABLE]
    if field.type.is_numeric:
        scale = float(field.scale)
        wrong += [1.5e15 / scale, -2e15 / scale, 1e300, -1.7976931348623157e308]
        wrong += [] if field.high is None else [(field.high + 1) / scale, (field.high + 1e-6) / scale]
        wrong += [] if field.low is None else [(field.low - 1) / scale, (field.low - 1e-6) / scale]
    if kind in (Kind.COUNT, Kind.DAYS):
        wrong += [1.5, 0.000001, 1000000.25]
    if kind is Kind.COUNT:
        wrong += [-1.0, -7.0]
    if kind is Kind.CATEGORY:
        wrong += ["no such choice", field.type.choices[0].swapcase() + "?", f" {field.type.choices[0]}"]
    return Planted(rng.choice([value for value in wrong if not _is_absent(field, value)]))


def _is_absent(field: InputField, value: object) -> bool:
    """Whether a number is one that stands for a missing one, which is no illegal value."""
    return isinstance(value, float) and snap(value * float(field.scale)) in field.absent


def _is_legal(field: InputField, number: float) -> bool:
    """Also for a number without a value: that is missing, not illegal."""
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124
        return True
    value = snap(number * float(field.scale))  # what is a whole number to nine decimals is one
    low, high = (-1e15 if field.low is None else field.low), (1e15 if field.high is None else field.high)
    low = max(low, 0.0) if field.type.kind is Kind.COUNT else low
    whole = value == int(value) or not field.type.is_whole
    return whole and low <= value <= high
