"""Sets the outputs of an engine beside those of the oracle, and makes a difference small."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.expressions import Value

# Not snapped by definition: the running value between steps, and a share.
UNSNAPPED = ("base", "after", "coverage", "weight")
ROUGH_FROM = (
    2**18
)  # here one unit of the last place is 6e-11: a few of them and a snap falls on the other side


@dataclass(frozen=True)
class Difference:
    """An output on which two engines do not agree."""

    name: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.name}: the oracle says {shown(self.expected)}, the evaluator says {self.found!r}"


ABSENT = "no such output"


def differences(expected: Mapping[str, Value], found: Mapping[str, object]) -> Iterator[Difference]:
    """Every output that is not the same; an output that only one side has is a difference too."""
    for name in sorted(expected.keys() | found.keys()):
        one, other = expected.get(name, ABSENT), found.get(name, ABSENT)
        if not agree(name, one, other):
            yield Difference(name, one, other)


def agree(name: str, expected: object, found: object) -> bool:
    """Equal and of one kind: True is not 1. A number is the double next to the fraction, if snapped."""
    if isinstance(expected, Fraction):
        if isinstance(found, bool) or not isinstance(found, int | float):
            return False
        rough = is_unsnapped(name) or abs(expected) >= ROUGH_FROM
        return float(expected) == found or (rough and abs(Fraction(found) - expected) <= _slack(expected))
    return type(expected) is type(found) and expected == found


def is_unsnapped(name: str) -> bool:
    return name.rpartition("__")[2].startswith(UNSNAPPED) and "__" in name


def _slack(expected: Fraction) -> Fraction:
    return abs(expected) / 10**11 + Fraction(1, 10**9)


def shown(value: object) -> str:
    return f"{float(value)!r} (exactly {value})" if isinstance(value, Fraction) else repr(value)


# Showing a difference --------------------------------------------------------

Pair = tuple[str, dict[str, object], date]
Fails = Callable[[str, dict[str, object]], bool]


def smallest(text: str, record: dict[str, object], fails: Fails) -> tuple[str, dict[str, object]]:
    """A ruleset and a record with lines, fields and rows left out while they still fail."""
    before = None
    while before != (text, record):
        before = (text, record)
        record = _fewer_fields(text, record, fails)
        text = _fewer_lines(text, record, fails)
    return text, record


def _fewer_lines(text: str, record: dict[str, object], fails: Fails) -> str:
    """Leaves out whole declarations first, then single lines."""
    for pattern in (r"\n(?=[a-z])", r"\n"):
        pieces = re.split(pattern, text)
        for index in range(len(pieces) - 1, -1, -1):
            fewer = pieces[:index] + pieces[index + 1 :]
            if fails("\n".join(fewer), record):
                pieces = fewer
        text = "\n".join(pieces)
    return text


def _fewer_fields(text: str, record: dict[str, object], fails: Fails) -> dict[str, object]:
    for key, value in list(record.items()):
        without = {k: v for k, v in record.items() if k != key}
        if fails(text, without):
            record = without
        elif isinstance(value, list):
            record = _fewer_rows(text, record, key, fails)
    return record


def _fewer_rows(text: str, record: dict[str, object], key: str, fails: Fails) -> dict[str, object]:
    rows = record[key]
    assert isinstance(rows, list)
    for index in range(len(rows) - 1, -1, -1):
        fewer = {**record, key: rows[:index] + rows[index + 1 :]}
        if fails(text, fewer):
            record, rows = fewer, fewer[key]
            assert isinstance(rows, list)
    return record
