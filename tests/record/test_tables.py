"""Ladders, lookups, curves, first match, levels, bands."""

from __future__ import annotations

from datetime import date

import pytest

from tests.record.made import scored, value

CURVE = (
    "signal use percent\n  stored as 0.45 for 45%\nmeasure use curve\n  20% -> 0\n  60% -> 70\n  90% -> 100\n"
)


@pytest.mark.parametrize(
    ("use", "points", "row"),
    [
        (0.0, 0, 0),
        (0.2, 0, 0),
        (0.4, 35, 0),
        (0.6, 70, 1),
        (0.75, 85, 1),
        (0.9, 100, 2),
        (2.0, 100, 2),
        (None, None, -2),
    ],
)
def test_a_curve_is_straight_between_its_points_and_flat_outside(use, points, row) -> None:
    assert value(CURVE, {"use": use}, "use__points") == points
    assert value(CURVE, {"use": use}, "use__row") == row


LADDER = (
    "signal x number\nmeasure x ladder\n  when x is 7 -> 77\n  below 5 -> 1\n"
    "  from 5 to 10 -> 2\n  otherwise -> 3\n"
)


@pytest.mark.parametrize(("x", "points", "row"), [(4, 1, 1), (5, 2, 2), (7, 77, 0), (10, 2, 2), (10.5, 3, 3)])
def test_a_ladder_tries_its_when_rows_first_and_its_rungs_in_order(x, points, row) -> None:
    assert value(LADDER, {"x": x}, "x__points") == points
    assert value(LADDER, {"x": x}, "x__row") == row


def test_a_when_row_is_tried_even_when_the_subject_is_missing() -> None:
    body = (
        "signal x number\nsignal y number\nmeasure x ladder\n  when y above 1 -> 5\n"
        "  below 0 -> 1\n  otherwise -> 2\n"
    )
    assert value(body, {"y": 2}, "x__points") == 5
    assert value(body, {"y": 0}, "x__points") is None


def test_a_ladder_of_dates() -> None:
    body = "signal d date\nmeasure d ladder\n  before 2026-01-01 -> 1\n  otherwise -> 2\n"
    assert value(body, {"d": "2025-12-31"}, "d__points") == 1
    assert value(body, {"d": date(2026, 1, 1)}, "d__points") == 2


LOOKUP = (
    'signal p one of free, pro, "Self-Managed"\nmeasure p lookup\n  free -> 1\n  pro, "Self-Managed" -> 2\n'
)


def test_a_lookup_compares_text_as_written() -> None:
    assert [value(LOOKUP, {"p": p}, "p__points") for p in ("free", "pro", "Self-Managed")] == [1, 2, 2]


def test_a_lookup_of_numbers_and_of_yes_no() -> None:
    numbers = "signal n number\nmeasure n lookup\n  1, 2.5 -> 10\n  otherwise -> 0\n"
    assert [value(numbers, {"n": n}, "n__points") for n in (1, 2.5, 2, None)] == [10, 10, 0, None]
    truth = "signal y yes/no\nmeasure y lookup\n  yes -> 10\n  no -> 5\n"
    assert [value(truth, {"y": y}, "y__points") for y in (True, False, None)] == [10, 5, None]


def test_ignoring_case_is_ascii() -> None:
    body = 'signal t text\nflag f when t is "Größe" ignoring case\n'
    assert value(body, {"t": "GRößE"}, "f") is True
    assert value(body, {"t": "GRÖSSE"}, "f") is False


LEVELS = """\
signal x number
signal y number
levels rating
  good    100 green
  fair     50 yellow
  no_data none
measure x ladder as rating
  below 0  -> fair
  above 90 -> no_data
  otherwise -> good
  missing  -> fair
measure y first match as rating
  when y above 0 -> good
  otherwise -> no_data
"""


@pytest.mark.parametrize(
    ("x", "level", "points", "known"),
    [(-1, "fair", 50, True), (5, "good", 100, True), (95, "no_data", None, False), (None, "fair", 50, False)],
)
def test_levels_give_points(x, level, points, known) -> None:
    result = scored(LEVELS, {"x": x})
    found = result.values["x__level"], result.values["x__points"], result.values["x__known"]
    assert found == (level, points, known)


def test_a_level_without_points_is_shown_and_skipped() -> None:
    body = LEVELS + "score s average\n  x\n  y\n"
    result = scored(body, {"x": 5, "y": 0})
    assert (result.score, result.levels) == (100, {"x": "good", "y": "no_data"})


def test_a_measure_is_read_as_its_level() -> None:
    body = LEVELS + "flag f when x is fair\nflag g when at least 2 of (x, y) are good\n"
    assert scored(body, {"x": -1}).flags == ("f",)
    assert scored(body, {"x": 1, "y": 1}).flags == ("g",)


def test_worst_and_best_are_levels_of_the_rows() -> None:
    for policy, level in (("worst", "fair"), ("best", "good")):
        body = LEVELS.replace("  missing  -> fair\n", f"  missing -> {policy}\n")
        assert scored(body, {}).levels["x"] == level


BANDS = (
    "signal x number\nsignal vip yes/no\nscore s = x\nbands s\n  when vip -> special\n"
    "  below 40 -> low\n  otherwise -> high\n"
)


@pytest.mark.parametrize(
    ("record", "band"),
    [
        ({"x": 39.999999999}, "low"),
        ({"x": 40}, "high"),
        ({"x": 1, "vip": True}, "special"),
        ({"vip": True}, "special"),
        ({}, None),
    ],
)
def test_bands(record, band) -> None:
    result = scored(BANDS, record)
    assert result.band == band
    assert result.bands == {"s": band}


def test_a_band_for_missing_points() -> None:
    assert scored(BANDS + "  missing -> unknown\n", {}).band == "unknown"
    assert scored(BANDS.replace("otherwise", "otherwise or missing"), {}).band == "high"


def test_bands_are_decided_on_the_value_that_is_shown() -> None:
    body = BANDS.replace("score s = x\n", "score s = x\n  round to whole number\n")
    assert scored(body, {"x": 39.5}).band == "high"
    assert scored(body, {"x": 39.4}).band == "low"


def test_like_uses_the_same_table_on_another_signal() -> None:
    body = (
        "signal a number\nsignal b number\nmeasure a ladder\n  below 5 -> 1\n"
        "  otherwise -> 2\n  +10 when a above 8\nmeasure b like a\n"
    )
    result = scored(body, {"a": 1, "b": 6})
    assert result.parts == {"a": 1, "b": 2}
