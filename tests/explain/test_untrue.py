"""Sentences of a page that would be untrue: changes that are none, values called missing that are not."""

from decimal import Decimal

from healthdsl.reports import render_text, told
from tests.explain.test_explain import explained, first, part

LOAD = """\
signal load number "Load"
signal iso yes/no "Iso"
measure calm starts at 100 within 0 to 100 "Calm"
  -1 per load
  -30 when iso
score s average
  calm
"""


def test_what_snapping_alone_moves_is_no_change():
    """100 - 6.279217365 - 30 is 63.720782635, in doubles a little less: nothing was held."""
    page = explained(LOAD, {"load": 6.279217365, "iso": True})
    assert [(change.before, change.after) for change in first(page).adjustments] == [
        (Decimal("100.00"), Decimal("93.72")),
        (Decimal("93.72"), Decimal("63.72")),
    ]


def test_what_a_limit_moves_is_a_change():
    page = explained(LOAD, {"load": 80, "iso": True})
    assert first(page).adjustments[-1].text == "held within 0 to 100"


GRID = """\
signal tier one of gold, silver "Tier"
signal spend number "Spend of the year"
measure fit grid of tier
  by spend   below 10,  otherwise
  gold    -> 50,        100
  silver  -> 10,        60
score s average
  fit
"""


def test_a_grid_without_one_of_its_keys_says_which():
    page = explained(GRID, {"tier": "gold"})
    assert (part(page, "fit").reason, part(page, "fit").lacks) == (
        "Missing: Spend of the year",
        ("Spend of the year",),
    )
    page = explained(GRID, {})
    assert part(page, "fit").reason == "Missing: Tier and Spend of the year"


def test_a_grid_that_leaves_out_an_account_knows_its_keys():
    rules = GRID.replace("10,        60", "skip,      skip") + "  spend\n"
    page = explained(rules, {"tier": "silver", "spend": 5})
    assert "Fit could not be judged (left out: Tier: silver; Spend of the year: 5, below 10)" in page.summary
    assert "nothing is known" not in page.summary


FADING = """\
signal on date "Day of the rating"
signal v number from 0 to 100 "V"
signal u number from 0 to 100 "U"
signal left number = 100 fading from 90 to 365 days since on "Left"
score s average
  1 u
  v weighted by left
"""


def test_a_value_that_is_not_legal_is_told_once():
    record = {"on": "01.03.2026", "v": 7, "u": 50}
    page = explained(FADING, record, "2026-03-31", on_invalid="missing")
    assert told.missing_lines(page) == [
        "Day of the rating: the record has '01.03.2026', which is not a legal value."
    ]


def test_a_weight_that_is_not_known_is_not_0():
    page = explained(FADING, {"v": 7, "u": 50}, "2026-03-31")
    assert [line.weight for line in first(page).parts] == [1, None]
    (row,) = [line for line in render_text(page).splitlines() if line.startswith("  V ")]
    assert row.split() == ["V", "7", "7", "unknown", "0", "0"]


def test_a_long_weight_is_told_with_two_decimals():
    page = explained(FADING, {"on": "2025-10-15", "v": 7, "u": 50}, "2026-03-31")
    # 167 days: 100 * (365 - 167) / 275 is exactly 72.
    assert part(page, "v").weight == 72
    page = explained(FADING, {"on": "2025-10-02", "v": 7, "u": 50}, "2026-03-31")
    # 180 days: 100 * (365 - 180) / 275 = 67.2727..
    assert part(page, "v").weight == Decimal("67.272727273")
    *_, row = [line for line in render_text(page).splitlines() if line.startswith("  V ")]
    assert row.split()[3] == "67.27"


def test_what_stands_for_missing_is_not_said_to_be_away():
    rules = (
        'signal seats number "Seats"\nsignal spend number "Spend"\n  missing when -1\n'
        "signal v number\nflag f when spend above seats\nscore s average\n  v\n"
    )
    assert told.missing_lines(explained(rules, {"spend": -1, "v": 5})) == [
        "Not in the record: Seats.",
        "Spend: not in the record, or there as a value that stands for missing.",
    ]
