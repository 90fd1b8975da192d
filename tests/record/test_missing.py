"""Missing values: policies, three-valued conditions, defaults, coverage. Each reading of the language
is a case.
"""

from __future__ import annotations

import pytest

from tests.record.made import scored, value

NPS = "signal nps number from -100 to 100\n"
LADDER = NPS + "measure nps ladder\n  below 0 -> 10\n  below 30 -> 50\n"


def test_a_missing_subject_never_reaches_otherwise() -> None:
    body = LADDER + "  otherwise -> 100\n"
    assert value(body, {}, "nps__points") is None
    assert value(body, {}, "nps__row") == -2
    assert value(body, {"nps": 50}, "nps__points") == 100


def test_otherwise_or_missing_catches_it_and_does_not_count_as_known() -> None:
    body = LADDER + "  otherwise or missing -> 100\n"
    assert value(body, {}, "nps__points") == 100
    assert value(body, {}, "nps__known") is False
    assert value(body, {"nps": 50}, "nps__known") is True


def test_a_subject_that_no_row_fits_gives_no_points() -> None:
    assert value(LADDER, {"nps": 50}, "nps__points") is None
    assert value(LADDER, {"nps": 50}, "nps__row") == -1
    assert value(LADDER, {"nps": 50}, "nps__unscored") is False


@pytest.mark.parametrize(
    ("policy", "points"),
    [("50", 50.0), ("skip", None), ("worst", 10.0), ("best", 100.0), ("unscored", None), ("40 + 2", 42.0)],
)
def test_the_missing_row(policy: str, points: float | None) -> None:
    result = scored(f"{LADDER}  otherwise -> 100\n  missing -> {policy}\n", {})
    assert result.values["nps__points"] == points
    assert result.values["nps__unscored"] is (policy == "unscored")
    assert result.values["nps__known"] is False


def test_a_number_for_missing_is_a_starting_value_and_steps_apply() -> None:
    body = LADDER + "  otherwise -> 100\n  missing -> 50\n  +7 when vip\nsignal vip yes/no\n"
    assert value(body, {"vip": True}, "nps__points") == 57
    assert value(body, {"vip": True}, "nps__base") == 50


def test_steps_do_nothing_on_a_node_without_points() -> None:
    body = LADDER + "  +7 when vip\n  set to 5 when vip\nsignal vip yes/no\n"
    assert value(body, {"vip": True}, "nps__points") is None
    assert value(body, {"vip": True}, "nps__fired_2") is False


def test_the_policy_of_the_header_is_the_default_of_all() -> None:
    from healthdsl import loads

    text = "ruleset made\n  language 1\n  missing -> 30\n" + LADDER + "  otherwise -> 100\n"
    assert loads(text).score({}).parts["nps"] == 30
    assert loads(text + "  missing -> 60\n").score({}).parts["nps"] == 60


def test_a_score_that_skips_is_unscored() -> None:
    body = LADDER + "  otherwise -> 100\nscore s average\n  nps\n"
    result = scored(body, {})
    assert (result.score, result.values["s__unscored"]) == (None, True)


FIRST = """\
signal a number
signal b number
measure m first match
  when a above 5 -> 100
  when b above 5 -> 60
"""


@pytest.mark.parametrize(
    ("record", "points", "row"),
    [
        ({"a": 6}, 100, 0),
        ({"b": 6}, 60, 1),
        ({"a": 1}, 20, 2),
        ({"b": 1}, 20, 2),
        ({}, None, -2),
    ],
)
def test_first_match_falls_through_what_is_unknown(record, points, row) -> None:
    """`otherwise` does not catch an account of which nothing is known."""
    body = FIRST + "  otherwise -> 20\n"
    assert value(body, record, "m__points") == points
    assert value(body, record, "m__row") == row


def test_first_match_otherwise_or_missing() -> None:
    assert value(FIRST + "  otherwise or missing -> 20\n", {}, "m__points") == 20


def test_asking_whether_something_is_missing_is_no_input() -> None:
    body = "signal a number\nmeasure m first match\n  when a is missing -> 1\n  otherwise -> 2\n"
    assert value(body, {}, "m__points") == 1
    assert value(body, {"a": 0}, "m__points") == 2


def test_a_blank_account_does_not_score_the_base_of_a_measure_of_steps() -> None:
    body = "signal a number\nsignal b number\nmeasure m = 50\n  +10 when a above 1\n  -5 per b\n"
    assert value(body, {}, "m__points") is None
    assert value(body, {"a": 0}, "m__points") == 50
    assert value(body, {"b": 2}, "m__points") == 40


def test_a_formula_without_inputs_is_a_constant() -> None:
    assert value("measure m = 50\n", {}, "m__points") == 50
    assert value("measure m = 50\n", {}, "m__known") is True
    assert value("measure m = 50\n  +1\n", {}, "m__points") == 51


def test_a_row_whose_result_is_missing_asks_the_policy() -> None:
    body = (
        "signal a number\nsignal b number\nmeasure m ladder of a\n  below 0 -> 0\n"
        "  otherwise -> b\n  missing -> 7\n"
    )
    assert value(body, {"a": 1, "b": 3}, "m__points") == 3
    assert value(body, {"a": 1}, "m__points") == 7


# Three-valued conditions ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "record", "raised"),
    [
        ("a above 1 or b above 1", {"a": 2}, True),
        ("a above 1 or b above 1", {"a": 0}, False),
        ("not (a above 1 and b above 1)", {"a": 0}, True),
        ("not (a above 1 and b above 1)", {"a": 2}, False),
        ("not (a above 1 or b above 1)", {"a": 2}, False),
        ("not (a above 1)", {}, False),
        ("a above 1", {}, False),
        ("a is missing", {}, True),
        ("a is not missing", {}, False),
        ("a is known", {"a": 0}, True),
        ("a is 0 or not (a is 0)", {}, False),
        ("c is one of x, y", {}, False),
        ("c is not one of x, y", {}, False),
        ("c is not one of x, y", {"c": "z"}, True),
        ("fewer than 2 of (a, b) are known", {"a": 1}, True),
        ("fewer than 2 of (a, b) are known", {"a": 1, "b": 1}, False),
        ("at least 1 of (a, b) above 0", {"a": 1}, True),
        ("(count of (a, b) above 0) is 0", {}, True),
        ("any of (a above 0, b above 0)", {"b": 1}, True),
        ("all of (a above 0, b above 0)", {"b": 1}, False),
        ("exactly 1 of (a, b) above 0", {"b": 1}, True),
    ],
)
def test_flags_are_raised_only_by_what_is_true(condition, record, raised) -> None:
    body = f"signal a number\nsignal b number\nsignal c one of x, y, z\nflag f when {condition}\n"
    assert value(body, record, "f") is raised


def test_an_unknown_condition_fires_no_step() -> None:
    body = "signal a number\nsignal b number\nmeasure m = a\n  +5 when not (b above 1)\n  -5 when b up to 1\n"
    assert value(body, {"a": 1}, "m__points") == 1
    assert value(body, {"a": 1, "b": 1}, "m__points") == 1
    assert value(body, {"a": 1, "b": 1}, "m__fired_1") is True


# Defaults, expiry, division -------------------------------------------------------------


def test_a_default_replaces_an_absent_value_and_is_not_supplied() -> None:
    body = "signal a number\n  default 5\nmeasure a ladder\n  below 3 -> 0\n  otherwise -> 100\n"
    assert value(body, {}, "a") == 5
    assert value(body, {}, "a__supplied") is False
    assert value(body, {}, "a__points") == 100
    assert value(body, {}, "a__known") is False
    assert value(body, {"a": 1}, "a__known") is True


EXPIRING = "signal pulse number\n  expires 30 days after asked\nsignal asked date\nmeasure pulse = pulse\n"


@pytest.mark.parametrize(
    ("record", "found", "expired"),
    [
        ({"pulse": 1, "asked": "2026-03-01"}, 1, False),
        ({"pulse": 1, "asked": "2026-02-28"}, None, True),
        ({"pulse": 1}, None, True),
        ({"pulse": 1, "asked": "2026-04-30"}, 1, False),
        ({"asked": "2020-01-01"}, None, False),
    ],
)
def test_expiry(record, found, expired) -> None:
    """30 days after 1 March is 31 March, the day scored for; 28 February is 31 days ago."""
    assert value(EXPIRING, record, "pulse") == found
    assert value(EXPIRING, record, "pulse__expired") is expired
    assert value(EXPIRING, record, "pulse__supplied") is (found is not None)


def test_a_default_stands_in_for_an_expired_value() -> None:
    body = EXPIRING.replace("  expires", "  default 9\n  expires")
    assert value(body, {"pulse": 1}, "pulse") == 9


RATIO = "signal a count\nsignal b count\nsignal r percent = a / b\nmeasure r = r * 100\n"


def test_division_by_zero_is_missing() -> None:
    assert value(RATIO, {"a": 0, "b": 0}, "r") is None
    assert value(RATIO, {"a": 1, "b": 2}, "r__points") == 50


def test_divided_by_zero_is_apart_from_missing() -> None:
    body = RATIO.replace("a / b\n", "a / b\n  divided by zero -> 25%\n")
    assert value(body, {"a": 0, "b": 0}, "r") == 0.25
    assert value(body, {"b": 0}, "r") is None
    assert value(body, {"a": 1}, "r") is None


def test_a_derived_signal_is_supplied_when_something_it_reads_is() -> None:
    assert value(RATIO, {"a": 1}, "r__supplied") is True
    assert value(RATIO, {}, "r__supplied") is False


def test_a_change_from_nothing_is_missing() -> None:
    body = "signal a number\nsignal b number\nmeasure m = 100 * change from a to b\n"
    assert value(body, {"a": 0, "b": 5}, "m__points") is None
    assert value(body, {"a": 4, "b": 5}, "m__points") == 25


ABSENT = """\
signal nps number from -100 to 100
  missing when -1, 999, "n/a"
signal visits count
  missing when -1
  default 3
signal seen date
  missing when 1900-01-01
rows tickets
  hours number missing when -1, "?"
signal hours = sum hours of tickets
measure m = nps
"""


@pytest.mark.parametrize("nps", [-1, -1.0, "-1", " -1.00 ", 999, "n/a", " n/a "])
def test_a_value_that_stands_for_missing(nps: object) -> None:
    assert value(ABSENT, {"nps": nps}, "nps") is None
    assert value(ABSENT, {"nps": nps}, "m__points") is None


def test_its_neighbours_count() -> None:
    assert value(ABSENT, {"nps": -2}, "nps") == -2
    assert value(ABSENT, {"nps": -1.000000001}, "nps") == -1.000000001


def test_the_default_stands_in_for_it() -> None:
    assert value(ABSENT, {"visits": -1}, "visits") == 3
    assert value(ABSENT, {"visits": 0}, "visits") == 0


def test_rows_pass_over_it() -> None:
    rows = [{"hours": -1}, {"hours": 2}, {"hours": "?"}, {"hours": 5}]
    assert value(ABSENT, {"tickets": rows}, "hours") == 7
    assert value(ABSENT, {"seen": "1900-01-01"}, "seen") is None
