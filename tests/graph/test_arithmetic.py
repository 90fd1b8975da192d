"""The shared arithmetic, against values worked out by hand."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.graph import arithmetic as a


@pytest.mark.parametrize(
    ("value", "snapped"),
    [
        (0.1 + 0.2, 0.3),
        (1 / 3, 0.333333333),
        (2 / 3, 0.666666667),
        (-2 / 3, -0.666666667),
        (5e-10, 1e-9),
        (-5e-10, -1e-9),
        (4.9e-10, 0.0),
        (1e-300, 0.0),
        (12345.67890123456, 12345.678901235),
        (4194304.123, 4194304.123),
        (1e15, 1e15),
        (-1e15, -1e15),
    ],
)
def test_snap(value: float, snapped: float) -> None:
    assert a.snap(value) == snapped


def test_snap_knows_no_negative_zero() -> None:
    assert math.copysign(1.0, a.snap(-0.0)) == 1.0
    assert math.copysign(1.0, a.snap(-1e-12)) == 1.0


@pytest.mark.parametrize("value", [0.1, 0.3, 1.005, 82.5, 99.999999999, -12.345678901, 4194303.999999999])
def test_a_snapped_number_stays(value: float) -> None:
    assert a.snap(a.snap(value)) == a.snap(value)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (82.5, 0, 83.0),
        (-82.5, 0, -83.0),
        (0.5, 0, 1.0),
        (0.499999999, 0, 0.0),
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (0.1 + 0.2, 1, 0.3),
        (1e300, 2, 1e300),
        (-0.2, 0, 0.0),
    ],
)
def test_round(value: float, decimals: int, rounded: float) -> None:
    assert a.round_to(value, decimals) == rounded


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-01-31", "2026-03-31", 2),
        ("2025-03-15", "2026-03-14", 11),
        ("2025-03-15", "2026-03-15", 12),
        ("2026-03-01", "2026-01-31", -1),
        ("2026-03-01", "2026-03-01", 0),
    ],
)
def test_months_between(start: str, end: str, months: int) -> None:
    assert a.months_between(ordinal(start), ordinal(end)) == months


def test_days_added_stay_in_the_calendar() -> None:
    assert a.add_days(ordinal("2026-02-28"), 1.0) == ordinal("2026-03-01")
    assert a.add_days(ordinal("2026-02-28"), 1.9) == ordinal("2026-03-01")
    assert a.add_days(ordinal("9999-12-31"), 1.0) is None
    assert a.add_days(1, -1.0) is None


def test_what_has_no_result_is_missing() -> None:
    assert a.divide(1.0, 0.0) is None
    assert a.divide(1e300, 1e-300) is None
    assert a.power(0.0, -1.0) is None
    assert a.power(-8.0, 1 / 3) is None
    assert a.power(10.0, 400.0) is None
    assert a.power(-2.0, 3.0) == -8.0
    assert a.natural_log(0.0) is None
    assert a.log_2(-1.0) is None
    assert a.log_10(1000.0) == 3.0


def test_sums_of_decimals_are_exact() -> None:
    assert a.total([0.1] * 10) == 1.0
    assert a.total([0.1, -0.3, 0.2]) == 0.0
    assert a.total([0.01] * 1_000_000) == 10_000.0
    assert a.total([1234.56, -1234.55]) == -1.0 + 1.01, "exact up to the addition at the end"
    assert a.total([1e308, 1e308]) is None
    assert a.total([math.inf, -math.inf]) is None
    assert a.total([math.inf]) is None
    assert a.total([]) == 0.0


@pytest.mark.parametrize(
    ("value", "counted"),
    [
        (5e-10, 1e-9),
        (4.98e-10, 0.0),
        (4.995e-10, 1e-9),  # within a thousandth of a step below the half
        (1.0000000004, 1.0),
        (0.9999999996, 1.0),
        (-4.9e-10, 0.0),
        (-5e-10, 0.0),  # halves go up, below 0 too
        (-5.1e-10, -1e-9),
        (-1e-300, 0.0),
        (-2.5, -2.5),
        (1e300, 1e300),
        (2.0**53 + 2.0, 2.0**53 + 2.0),
    ],
)
def test_a_value_counts_to_nine_decimals_in_a_sum(value: float, counted: float) -> None:
    found = a.total([value])
    assert found is not None
    assert a.snap(found) == counted


@given(st.lists(st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)))
def test_a_sum_is_that_of_two_sums_of_doubles_in_any_order(values: list[float]) -> None:
    """What SQL says: SUM(FLOOR(v)) + SUM(FLOOR((v - FLOOR(v)) * 1e9 + 0.5009765625)) / 1e9."""
    for order in (values, values[::-1], sorted(values)):
        whole = fractions = 0.0
        for value in order:
            floor = float(math.floor(value))
            whole += floor
            fractions += float(math.floor((value - floor) * 1e9 + 0.5009765625))
        assert a.total(order) == whole + fractions / 1e9


def test_averages() -> None:
    assert a.average([1.0, 2.0, 4.0]) == 7 / 3
    assert a.average([]) is None
    assert a.weighted_average([(10.0, 1.0), (20.0, 3.0)]) == 17.5
    assert a.weighted_average([(10.0, 1.0), (20.0, -1.0)]) is None
    assert a.weighted_average([(10.0, 4e-10)]) is None, "a weight of less than half a step is none"
    assert a.weighted_average([(10**15, 10**15), (-(10**15), 1.0)]) == pytest.approx(1e15)


def test_only_ascii_letters_are_folded() -> None:
    assert a.fold_case("PRO Größe İ") == "pro größe İ"
