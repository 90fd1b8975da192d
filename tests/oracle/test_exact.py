"""The oracle's own arithmetic, against values worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.oracle import exact

HALF_UNIT = Fraction(5, 10**10)


@pytest.mark.parametrize(
    ("value", "snapped"),
    [
        (Fraction(1, 3), Fraction(333_333_333, 10**9)),
        (Fraction(-2, 3), Fraction(-666_666_667, 10**9)),
        (HALF_UNIT, Fraction(1, 10**9)),
        (-HALF_UNIT, Fraction(-1, 10**9)),
        (Fraction(3, 10) - Fraction(1, 10**11), Fraction(3, 10)),
        (HALF_UNIT - Fraction(5, 10**13), Fraction(1, 10**9)),
        (HALF_UNIT - Fraction(2, 10**12), Fraction(0)),
        (Fraction(4_194_304) + Fraction(1, 3), Fraction(4_194_304) + Fraction(1, 3)),
    ],
)
def test_snap(value: Fraction, snapped: Fraction) -> None:
    assert exact.snap(value) == snapped


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ("0.1", "0.1"),
        ("-0.1", "-0.1"),
        ("4e-10", "0"),
        ("5e-10", "1e-9"),
        ("-5e-10", "0"),
        ("-6e-10", "-1e-9"),
    ],
)
def test_what_a_value_adds_to_a_sum(value: str, counts: str) -> None:
    assert exact.counted(Fraction(value)) == Fraction(counts)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("82.5", 0, "83"),
        ("-82.5", 0, "-83"),
        ("1.005", 2, "1.01"),
        ("2.4999999999", 0, "3"),
        ("2.499", 0, "2"),
    ],
)
def test_round(value: str, decimals: int, rounded: str) -> None:
    assert exact.round_to(Fraction(value), decimals) == Fraction(rounded)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-02-15", "2026-01-15", -1),
        ("2024-02-29", "2025-02-28", 11),
    ],
)
def test_months(start: str, end: str, months: int) -> None:
    first, last = date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()
    assert exact.months_between(first, last) == months


def test_logarithms_and_powers() -> None:
    assert exact.logarithm(Fraction(8), 2) == 3
    assert exact.logarithm(Fraction(1, 1000), 10) == -3
    assert exact.logarithm(Fraction(0), None) is None
    # ln 2 = 0.693147180559945309417..
    assert exact.snap(exact.logarithm(Fraction(2), None) or Fraction(0)) == Fraction("0.693147181")
    assert exact.power(Fraction(1, 4), Fraction(1, 2)) == Fraction(1, 2)
    assert exact.power(Fraction(-2), Fraction(3)) == -8
    assert exact.power(Fraction(-2), Fraction(1, 2)) is None
    assert exact.power(Fraction(0), Fraction(-1)) is None
    assert exact.power(Fraction(0), Fraction(0)) == 1
    assert exact.power(Fraction(10), Fraction(400)) is None
