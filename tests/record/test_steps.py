"""Steps in written order, then `within`, then `round`; edges, snapping, rounding."""

from __future__ import annotations

import pytest

from tests.record.made import scored, value

X = "signal x number\nsignal y number\nsignal on yes/no\n"


def points(clauses: str, record: dict[str, object], formula: str = "x") -> object:
    return value(f"{X}measure m = {formula}\n{clauses}", record, "m__points")


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("  +10 when on\n  times 0.5 when on\n", 45),
        ("  times 0.5 when on\n  +10 when on\n", 50),
        ("  cap at 40 when on\n  -10 when on\n", 30),
        ("  -10 when on\n  cap at 40 when on\n", 40),
        ("  raise to 95 when on\n", 95),
        ("  raise to 75 when on\n", 80),
        ("  set to 5 when on\n  +1\n", 6),
        ("  cap at y when on\n", 60),
        ("  +50\n  within 0 to 100\n", 100),
        ("  within 0 to 100\n  +50\n", 100),
        ("  -90\n  within 0 to 100\n", 0),
        ("  +0.25\n  round to 1 decimal\n  +0.25\n", 80.5),
    ],
)
def test_steps_run_in_written_order(clauses: str, expected: float) -> None:
    assert points(clauses, {"x": 80, "y": 60, "on": True}) == expected


def test_running_values_and_what_fired() -> None:
    result = scored(
        f"{X}measure m = x\n  +10 when on\n  cap at 85 when y above 1\n", {"x": 80, "y": 2, "on": True}
    )
    found = [
        result.values[f"m__{role}"]
        for role in ("base", "fired_1", "after_1", "fired_2", "after_2", "snapped")
    ]
    assert found == [80, True, 90, True, 85, 85]


@pytest.mark.parametrize(
    ("clause", "y", "expected"),
    [
        ("-5 per y", 3, 85),
        ("-5 per y above 2", 3, 95),
        ("-5 per y above 2", 1, 100),
        ("-5 per y above 2, up to 20 points", 10, 80),
        ("-5 per y above 2, up to 20 points", 6, 80),
        ("-5 per y above 2, up to 20 points", 5, 85),
        ("+2 per y", -4, 100),
        ("+1 per 10 y", 25, 102.5),
        ("+1 per full 10 y", 25, 102),
        ("+1 per full 10 y", 30, 103),
        ("-5 per y", None, 100),
    ],
)
def test_points_per_unit(clause: str, y: float | None, expected: float) -> None:
    """In proportion, only the part above the threshold, never negative, held to the limit."""
    assert points(f"  {clause}\n", {"x": 100, "y": y}) == expected


def test_a_missing_amount_does_not_fire() -> None:
    assert points("  cap at y\n", {"x": 100}) == 100


@pytest.mark.parametrize(
    ("x", "places", "rounded"),
    [
        (82.5, "whole number", 83),
        (-82.5, "whole number", -83),
        (0.5, "whole number", 1),
        (1.005, "2 decimals", 1.01),
        (2.675, "2 decimals", 2.68),
        (82.449999999, "1 decimal", 82.4),
        (82.45, "1 decimal", 82.5),
    ],
)
def test_rounding_is_as_on_paper(x: float, places: str, rounded: float) -> None:
    assert points(f"  round to {places}\n", {"x": x}) == rounded
    assert scored(f"{X}score s = x\n  round to {places}\n", {"x": x}).score == rounded


def test_a_tenth_and_two_tenths_are_at_least_three_tenths() -> None:
    body = (
        f"{X}signal sum = x + y\nflag f when sum at least 0.3\nflag g when x + y is 0.3\n"
        "flag h when x + y above 0.3\n"
    )
    result = scored(body, {"x": 0.1, "y": 0.2})
    assert (result.flags, result.values["sum"]) == (("f", "g"), 0.3)


def test_nothing_is_snapped_inside_arithmetic() -> None:
    """A third of a thousand-millionth three times is one; snapped in between it would be none."""
    assert points("", {"x": 1e-9}, "(x / 3) * 3") == 1e-9


def test_a_table_row_is_snapped_and_a_base_of_a_group() -> None:
    body = f"{X}measure m ladder of x\n  below 0 -> 0\n  otherwise -> x / 3\ngroup g average\n  m\n"
    assert value(body, {"x": 1}, "m__points") == 0.333333333
    assert value(body, {"x": 1}, "g__base") == 0.333333333


@pytest.mark.parametrize(
    ("test", "inside", "outside"),
    [
        ("below 40", 39.999999999, 40),
        ("up to 40", 40, 40.000000001),
        ("above 40", 40.000000001, 40),
        ("at least 40", 40, 39.999999999),
        ("from 3 to 6", 3, 2.999999999),
        ("from 3 to 6", 6, 6.000000001),
        ("is 40", 40, 40.000000001),
    ],
)
def test_edges(test: str, inside: float, outside: float) -> None:
    for x, raised in ((inside, True), (outside, False), (None, False)):
        assert value(f"{X}flag f when x {test}\n", {"x": x}, "f") is raised
        assert value(f"{X}flag f when x * 1 {test}\n", {"x": x}, "f") is raised


@pytest.mark.parametrize(
    ("x", "found"), [(39.9999999994, True), (39.9999999996, False), (40.0000000004, False)]
)
def test_inputs_are_snapped_before_they_are_compared(x: float, found: bool) -> None:
    body = f"{X}score s first match\n  when x below 40 -> 1\n  otherwise -> 0\n"
    result = scored(body, {"x": x})
    assert result.score == found
    assert result.values["s__points"] == found


def test_overflow_is_missing() -> None:
    big = "x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x * x"
    assert points("", {"x": 1e15}, big) is None
    assert points("", {"x": 1e15}, "x * x") == 1e30


@pytest.mark.parametrize("formula", ["ln(x)", "log2(x)", "log10(x)", "power(x, 0.5)", "1 / x"])
def test_what_is_undefined_is_missing(formula: str) -> None:
    assert points("", {"x": -4 if "power" in formula else 0}, formula) is None


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("min(x, 3)", 3),
        ("max(x, 3, y)", 7.5),
        ("abs(0 - x)", 7.5),
        ("floor(x)", 7),
        ("ceiling(x)", 8),
        ("round(x)", 8),
        ("round(x / 7, 2)", 1.07),
        ("log2(8)", 3),
        ("power(x - 5.5, 3)", 8),
        ("floor(x * 0.4 + 0.0000000001)", 3),
        ("-x + 10", 2.5),
        ("x - 1 - 2", 4.5),
        ("x / 3 / 5", 0.5),
    ],
)
def test_functions(formula: str, expected: float) -> None:
    assert points("", {"x": 7.5, "y": 0}, formula) == expected


def test_a_snap_before_a_rounding_is_left_out_only_near_the_grid() -> None:
    """0.149999999 / 3 is 0.05 at 9 decimals, which is a tie; so is 0.3 - 0.25, whatever the doubles say."""
    body = "signal x number from 0 to 1\nscore s = x / 3\n  round to 1 decimal\n"
    assert scored(body, {"x": 0.149999999}).score == 0.1
    assert scored(body, {"x": 0.149999998}).score == 0.0
    near = "signal x number from 0 to 1\nscore s = x\n  -0.25\n  round to 1 decimal\n"
    assert scored(near, {"x": 0.3}).score == 0.1
    assert scored(near, {"x": 0.299999999}).score == 0.0
