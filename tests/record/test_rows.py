"""Row tables: windows by age, aggregates, conditions, what was not supplied."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.record.made import scored, value

TODAY = date(2026, 3, 31)


def aged(*ages: int | None, **columns: object) -> list[dict[str, object]]:
    """Rows of these ages in days."""
    return [{"day": None if age is None else TODAY - timedelta(days=age), **columns} for age in ages]


TABLE = "rows t dated day\n  x number\n  w number\n  kind one of a, b\n  name text\n"


def gathered(what: str, rows: object) -> object:
    return value(f"{TABLE}signal s = {what}\nmeasure m = 1\n", {"t": rows}, "s")


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        ("in last 30 days", (0, 29), (-1, 30, None)),
        ("in the 30 days before", (30, 59), (29, 60, None)),
        ("in next 90 days", (-1, -90), (0, -91, None)),
        ("aged up to 7 days", (0, 7), (-1, 8, None)),
        ("aged below 7 days", (0, 6), (-1, 7, None)),
        ("aged at least 7 days", (7, 5000), (6, None)),
        ("aged above 7 days", (8,), (7, None)),
        ("aged from 7 to 9 days", (7, 9), (6, 10, None)),
        ("", (0, 5000), (-1, None)),
    ],
)
def test_windows(window: str, inside: tuple[int, ...], outside: tuple[int | None, ...]) -> None:
    counted = [(age, 1) for age in inside] + [(age, 0) for age in outside]
    for age, count in counted:
        assert gathered(f"count of t {window}", aged(age)) == count, age


ROWS = [
    {"day": "2026-03-01", "x": 1.0, "w": 1, "kind": "a", "name": "n"},
    {"day": "2026-03-05", "x": 4.0, "w": 3, "kind": "b", "name": "m"},
    {"day": "2026-03-05", "x": 2.0, "w": None, "kind": "b", "name": "n"},
    {"day": "2026-03-09", "x": None, "w": 5, "kind": None, "name": None},
]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("count of t", 4),
        ("sum x of t", 7),
        ("average x of t", 7 / 3),
        ("average x of t weighted by w", 13 / 4),
        ("lowest x of t", 1),
        ("highest x of t", 4),
        ("latest x of t", 4),
        ("earliest x of t", 1),
        ("distinct kind of t", 2),
        ("distinct name of t", 2),
        ("count of t where kind is b", 2),
        ("count of t where kind is not b", 1),
        ("count of t where x above 1 and kind is b", 2),
        ("sum x of t where kind is a", 1),
        ("sum x of t where x is missing", None),
        ("sum x of t where x above 100", 0),
    ],
)
def test_aggregates(what: str, expected: float | None) -> None:
    """A tie in the date is settled by the largest value; a row counts only where the condition is true."""
    found = gathered(what, ROWS)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize(
    ("what", "none", "not_supplied"),
    [
        ("count of t", 0, None),
        ("sum x of t", 0, None),
        ("average x of t", None, None),
        ("lowest x of t", None, None),
        ("latest x of t", None, None),
        ("distinct x of t", 0, None),
    ],
)
def test_no_rows_and_no_table(what: str, none: float | None, not_supplied: float | None) -> None:
    assert gathered(what, []) == none
    assert gathered(what, None) == not_supplied
    assert value(f"{TABLE}signal s = {what}\nmeasure m = 1\n", {}, "s") == not_supplied


@pytest.mark.parametrize(
    ("values", "added", "mean"),
    [
        ([0.1] * 10, 1.0, 0.1),
        ([1234.56, -1234.55], 0.01, 0.005),
        ([0.1, -0.3, 0.2], 0.0, 0.0),
        ([-0.000000001] * 3, -0.000000003, -0.000000001),
        ([None, 2, None, 0.5], 2.5, 1.25),
        ([None], None, None),
        ([1e15, 0.25, -1e15], 0.25, 0.083333333),
    ],
)
def test_sums_of_decimals_are_exact(values: list[float], added: float, mean: float) -> None:
    rows = [{"day": TODAY, "x": x} for x in values]
    assert gathered("sum x of t", rows) == gathered("sum x of t", rows[::-1]) == added
    assert gathered("average x of t", rows) == mean


def test_what_a_weighted_average_keeps_of_a_product() -> None:
    """0.4 times a weight of a thousand-millionth is nothing, 0.6 times it is one; 0.5 goes up."""
    for x, found in ((0.4, 0), (0.5, 1), (0.6, 1)):
        assert gathered("average x of t weighted by w", aged(1, x=x, w=1e-9)) == found


def test_sums_of_whole_numbers_are_doubles() -> None:
    body = (
        "rows t\n  n count\nsignal s = sum n of t\nsignal m = average n of t weighted by n\nmeasure a = 1\n"
    )
    rows = {"t": [{"n": 3}, {"n": 1}, {"n": None}, {"n": 2.0}]}
    assert value(body, rows, "s") == 6
    assert type(value(body, rows, "s")) is float
    assert value(body, rows, "m") == pytest.approx(14 / 6, abs=1e-9)


def test_a_sum_that_leaves_the_doubles_is_missing() -> None:
    body = """\
rows t
  x number
  y = power(x, 20) * 10_000_000
signal s = sum y of t
signal m = average y of t
signal w = average y of t weighted by y
measure a = 1
"""
    rows = {"t": [{"x": 1e15}] * 20}
    assert [value(body, rows, name) for name in "smw"] == [None] * 3
    assert value(body, {"t": [{"x": 1e14}] * 2}, "s") == 2e287
    assert value(body, {"t": [{"x": None}]}, "s") is None
    assert value(body, {"t": []}, "s") == 0


def test_a_weight_of_nothing_is_missing() -> None:
    assert gathered("average x of t weighted by w", aged(1, 2, x=5, w=0)) is None


def test_an_aggregate_is_supplied_with_its_table() -> None:
    body = f"{TABLE}signal s = count of t\nmeasure m = s\n"
    assert value(body, {"t": []}, "s__supplied") is True
    assert value(body, {"t": []}, "m__known") is True
    assert value(body, {}, "s__supplied") is False


@pytest.mark.parametrize(
    ("condition", "rows", "raised"),
    [
        ("any of t where kind is a", ROWS, True),
        ("any of t where kind is a", [], False),
        ("any of t", None, False),
        ("no t in last 30 days", [], True),
        ("no t in last 30 days", ROWS, False),
        ("no t", None, False),
        ("at least 2 of t where kind is b", ROWS, True),
        ("exactly 1 of t where kind is a", ROWS, True),
        ("fewer than 2 of t where kind is b", ROWS, False),
        ("more than 3 of t", ROWS, True),
        ("up to 3 of t", ROWS, False),
        ("not (any of t)", None, False),
    ],
)
def test_row_conditions(condition: str, rows: object, raised: bool) -> None:
    """Of a table that was not supplied nothing is known."""
    assert value(f"{TABLE}flag f when {condition}\n", {"t": rows}, "f") is raised


def test_derived_columns_and_sub_tables() -> None:
    body = """\
signal limit number
rows t dated day
  minutes number
  hours = minutes / 60
  late = hours above limit
rows late_ones of t where late
signal s = sum hours of late_ones in last 10 days
measure m = 1
"""
    rows = [*aged(1, 20, minutes=120), *aged(2, 3, minutes=30), *aged(4, minutes=None)]
    assert value(body, {"t": rows, "limit": 1}, "s") == 2
    assert value(body, {"t": rows, "limit": 0}, "s") == 3
    assert value(body, {"t": rows}, "s") == 0, "no row is late for certain"


def test_age_is_a_column_of_a_dated_table() -> None:
    assert gathered("highest age of t", aged(3, 10, -5)) == 10


def test_an_aggregate_may_ask_for_another_of_the_same_table() -> None:
    body = f"{TABLE}signal mean = average x of t\nsignal s = count of t where x above mean\nmeasure m = 1\n"
    rows = [{"day": TODAY, "x": x} for x in (1, 2, 9)]
    assert value(body, {"t": rows}, "s") == 1


def test_dates_of_rows_may_be_times() -> None:
    """Half an hour before midnight in New York is the next day in UTC."""
    rows = [{"day": "2026-03-30T23:30:00-05:00"}]
    assert gathered("count of t aged up to 0 days", rows) == 1


def test_a_record_scored_for_another_day() -> None:
    body = f"{TABLE}score s = count of t in last 7 days\n"
    record = {"t": aged(0, 3, 9)}
    assert scored(body, record, "2026-03-31").score == 2
    assert scored(body, record, "2026-03-28").score == 2
    assert scored(body, record, "2026-03-22").score == 1
