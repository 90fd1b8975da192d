"""What an explanation says, on accounts worked out by hand."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

import healthdsl
from healthdsl.explain.explanation import (
    AdjustmentKind,
    Explanation,
    LossKind,
    PartKind,
    PartLine,
    State,
)
from tests.explain.test_adds_up import check_score
from tests.reports.pages import NORTHWIND

TABLES = """\
signal a number
signal b number
signal c number

measure a ladder
  below 10  -> 40  "Few"
  otherwise -> 100
measure b ladder
  below 10  -> 20
  otherwise -> 80
measure c ladder
  below 10  -> 0
  otherwise -> 50

"""


def explained(rules: str, record: dict[str, object], as_of: str | None = None, **more) -> Explanation:
    compiled = healthdsl.loads(f"ruleset r\n  language 1\n\n{rules}", "r.health")
    return compiled.score(record, as_of=as_of, **more).explain()


def first(explanation: Explanation):
    score = explanation.scores[0]
    check_score(score)
    return score


def part(explanation: Explanation, name: str) -> PartLine:
    return next(line for line in explanation.scores[0].parts if line.name == name)


def rows(found: Iterable[tuple[object, ...]]) -> list[object]:
    return list(found)


def amounts(explanation: Explanation) -> list[tuple[str, object]]:
    waterfall = first(explanation).waterfall
    assert waterfall is not None
    return [(line.label, line.amount) for line in waterfall.lines]


# The page made by hand ---------------------------------------------------------


def test_a_reweighted_average_by_hand():
    """Usage 90 of weight 60, NPS (40) unknown: usage counts alone, 90; -10 late invoices: 80."""
    (score,) = NORTHWIND.scores
    assert score.summary == (
        "Northwind Traders scores 80 out of 100, which is “Healthy”. What costs most: Urgent tickets "
        "(10 points), then “Invoices over 60 days late” (10). 60% of what the score weighs is known; "
        "nothing is known about Latest NPS answer."
    )
    assert rows((p.id, p.contribution, p.lost) for p in score.parts) == [
        ("1", 90, 10),
        # Three quarters of 100 and one of 60, which lacks 40.
        ("1.1", 75, 0),
        ("1.2", 15, 10),
        ("2", 0, 0),
    ]
    assert rows((a.kind, a.before, a.after, a.contribution, a.place) for a in score.adjustments) == [
        (AdjustmentKind.STEP, 90, 80, -10, "saas.health:34"),
    ]
    assert amounts(NORTHWIND) == [
        ("Urgent tickets", -10),
        ("Invoices over 60 days late", -10),
    ]
    assert [(rule.owner, rule.why) for rule in score.unjudged] == [
        ("Latest NPS answer", "Missing: Latest NPS answer"),
        ("Health", "Missing: Executive sponsor named"),
    ]
    assert [play.title for play in NORTHWIND.plays] == ["Start the save plan today"]


# Combinations ------------------------------------------------------------------


def test_causes_are_ranked_by_points_lost_and_ties_as_written():
    page = explained(TABLES + "score s total\n  a\n  b\n  c\n", {"a": 1, "b": 1, "c": 1})
    # Lost: 100-40, 80-20, 50-0.
    assert [(cause.label, cause.lost) for cause in first(page).causes] == [("A", 60), ("B", 60), ("C", 50)]
    assert first(page).causes[0].reason == "Few"
    assert first(page).causes[0].place == "r.health:9"


def test_an_unknown_part_of_a_total_loses_what_it_could_have_given():
    page = explained(TABLES + "score s total\n  a\n  b\n", {"a": 20})
    assert amounts(page) == [("B", -80)]
    waterfall = first(page).waterfall
    assert waterfall is not None
    assert [line.kind for line in waterfall.lines] == [LossKind.UNKNOWN]
    assert part(page, "b").kind is PartKind.UNKNOWN
    assert part(page, "b").reason == "Missing: B"


def test_the_lowest_part_decides_alone():
    page = explained(TABLES + "score s lowest\n  a\n  b\n", {"a": 20, "b": 1})
    # The best lowest of a known account is 80, since b never gives more; b gives 20.
    assert first(page).best == 80
    assert amounts(page) == [("B", -60)]
    assert [(line.name, line.contribution) for line in first(page).parts] == [("a", 0), ("b", 20)]


def test_parts_that_do_not_apply_say_why_and_weigh_nothing():
    rules = "score s average\n  3 a\n  1 b only when a above 100\n"
    page = explained(TABLES + rules, {"a": 1, "b": 1})
    assert first(page).score == 40
    assert part(page, "b").kind is PartKind.NOT_APPLICABLE
    assert part(page, "b").reason == "Does not apply: only where A above 100"
    assert first(page).coverage == 100
    assert first(page).adjustments == ()


def test_groups_add_up_inside():
    rules = 'group g average\n  a\n  b\n  -10 when c below 5 "Low c"\n\nscore s average\n  3 g\n  1 c\n'
    page = explained(TABLES + rules, {"a": 20, "b": 20, "c": 1})
    # g = (100 + 80) / 2 - 10 = 80; s = (3 * 80 + 0) / 4 = 60; the step costs 3/4 of 10.
    assert first(page).score == 60
    (step,) = [change for change in first(page).adjustments if change.part == "1"]
    assert (step.before, step.after, step.contribution) == (90, 80, Decimal("-7.5"))
    assert part(page, "g").contribution == 60
    assert [(line.id, line.contribution) for line in first(page).parts if line.depth] == [
        ("1.1", Decimal("37.5")),
        ("1.2", 30),
    ]


def test_a_weight_grid_shows_the_weight_of_this_account():
    rules = """signal segment one of smb, large
score s average
  by segment  smb, otherwise
  a -> 3, 1
  b -> 1, 4
"""
    page = explained(TABLES + rules, {"a": 20, "b": 1, "segment": "smb"})
    assert [(line.weight, line.share) for line in first(page).parts] == [(3, 75), (1, 25)]
    assert first(page).score == 80


def test_the_variant_that_fits_is_explained():
    rules = """signal age days
score s average for young when age below 90 days
  a
score s average for old when age at least 90 days
  b
"""
    assert [line.name for line in first(explained(TABLES + rules, {"a": 1, "b": 1, "age": 3})).parts] == ["a"]
    assert [line.name for line in first(explained(TABLES + rules, {"a": 1, "b": 1, "age": 99})).parts] == [
        "b"
    ]
    page = explained(TABLES + rules, {"a": 1, "b": 1})
    assert first(page).score is None
    assert first(page).unscored == ("Not known which of its rules holds, without Age",)
    page = explained(TABLES + rules.replace("at least 90", "above 90"), {"a": 1, "b": 1, "age": 90})
    assert first(page).unscored == ("Does not apply: none of its rules is for this account",)


def test_a_group_in_two_groups_is_opened_once():
    """Ten layers of two groups, each holding both below.

    A tree of a thousand leaves is told in forty lines.
    """
    layers = ["group l0 average\n  a\ngroup r0 average\n  b\n"]
    layers += [
        f"group l{k} average\n  l{k - 1}\n  r{k - 1}\ngroup r{k} average\n  l{k - 1}\n  r{k - 1}\n"
        for k in range(1, 11)
    ]
    page = explained(TABLES + "".join(layers) + "score s average\n  l10\n  r10\n", {"a": 1, "b": 1})
    assert first(page).score == 30
    assert len(first(page).parts) == 44


def test_a_long_chain_of_groups_is_told_to_a_depth():
    chain = "group g0 average\n  a\n" + "".join(f"group g{k} average\n  g{k - 1}\n" for k in range(1, 90))
    page = explained(TABLES + chain + "score s average\n  g89\n", {"a": 1})
    assert first(page).score == 40
    assert max(line.depth for line in first(page).parts) == 29


# Steps, limits, rounding ---------------------------------------------------------


def test_steps_limits_and_rounding_are_lines_of_their_own():
    rules = """score s average within 0 to 50
  a
  b
  times 0.5 when c above 3  "Halved"
  +7 when c above 3
  cap at 30.4 when c above 3
  round to whole number
"""
    page = explained(TABLES + rules, {"a": 20, "b": 20, "c": 4})
    # 90, halved 45, +7: 52, capped 30.4, within does nothing, rounded 30. Zero lines are left out.
    assert [(a.text, a.before, a.after) for a in first(page).adjustments] == [
        ("Times 0.5: C: 4, above 3", 90, 45),
        ("C: 4, above 3", 45, 52),
        ("At most 30.4: C: 4, above 3", 52, Decimal("30.4")),
        ("rounded to a whole number", Decimal("30.4"), 30),
    ]
    assert first(page).best == 50


def test_a_bonus_that_the_best_possible_needs_is_told_when_it_is_not_earned():
    rules = 'score s average\n  a\n  +10 when c above 3 "Sponsor named"\n'
    page = explained(TABLES + rules, {"a": 20, "c": 1})
    assert amounts(page) == [("“Sponsor named” would have brought 10", -10)]
    assert page.summary.endswith("What costs most: “Sponsor named” would have brought 10.")
    assert amounts(explained(TABLES + rules, {"a": 20, "c": 4})) == []


ROUNDED = """\
signal a number
signal b number

measure a = 50
  +25 when a above 1
measure b ladder
  below 10  -> 60
  otherwise -> 100

"""


def test_the_best_possible_is_not_rounded_as_the_score_is():
    """75% of 100 and 25% of at most 75: 93.75 at most, which the score would show as 93.8."""
    rules = ROUNDED + "score s average within 0 to 100\n  3 b\n  1 a\n  round to 1 decimal\n"
    page = explained(rules, {"a": 0, "b": 20})
    # 75 + 12.5 = 87.5
    waterfall = first(page).waterfall
    assert waterfall is not None
    assert waterfall.start == first(page).best == Decimal("93.75")
    assert amounts(page) == [("A", Decimal("-6.25"))]
    assert page.summary.startswith("This account scores 87.5 out of 100 for S.")


def test_the_best_possible_is_that_of_the_parts_known():
    """B is not known: of A alone there are 75 points to have."""
    page = explained(ROUNDED + "score s average\n  3 b\n  1 a\n", {"a": 0})
    assert first(page).best == 75
    # A lacks 25 of the 75 that it could give, and is all that counts.
    assert amounts(page) == [("A", -25)]
    assert page.summary.startswith("This account scores 50 for S.")


def test_a_part_that_does_not_apply_is_no_loss():
    rules = ROUNDED + "score s average\n  1 b only when a above 100\n  1 a\n"
    page = explained(rules, {"a": 2, "b": 20})
    assert (first(page).best, amounts(page)) == (75, [])
    assert "This is the best score possible." in page.summary


def test_parts_that_could_give_more_than_counts_say_so():
    page = explained(ROUNDED + "score s total within 0 to 120\n  b\n  a\n", {"a": 0, "b": 20})
    # At most 175 before the limit; B gives 100, A 50 of 75: 150, of which 120 count.
    assert amounts(page) == [
        ("The parts could come to 175, above the limit of 120", 55),
        ("A", -25),
        ("Held within 0 to 120", -30),
    ]


def test_more_decimals_are_shown_when_the_score_is_rounded_to_more():
    page = explained(
        TABLES + "score s average\n  a\n  a2\n  c\n  round to 4 decimals\nmeasure a2 = a / 7\n",
        {"a": 1, "c": 1},
    )
    # (40 + 1/7 + 0) / 3 = 13.380952.. -> 13.3810; 1/7 is snapped to 0.142857143 first.
    assert first(page).score == Decimal("13.3810")
    assert first(page).decimals == 4


def test_without_a_bound_the_waterfall_goes_by_contributions():
    page = explained(
        "signal a number\nsignal b number\nmeasure a = a\nmeasure b = b\nscore s total\n  a\n  b\n",
        {"a": 3, "b": -1},
    )
    waterfall = first(page).waterfall
    assert waterfall is not None
    assert (waterfall.from_best, waterfall.start) == (False, 0)
    assert amounts(page) == [("A", 3), ("B", -1)]
    assert first(page).best is None
    assert page.summary == "This account scores 2 for S. Most of it comes from A (3)."


def test_a_risk_score_starts_at_the_least():
    rules = TABLES + "score s total\n  a\n  b\nbands s\n  below 70 -> low green\n  otherwise -> high red\n"
    page = explained(rules, {"a": 20, "b": 1})
    # Best is 40 + 20; a adds 60.
    assert first(page).lower_is_better
    assert first(page).best == 60
    assert amounts(page) == [("A", 60)]
    assert "What adds most: A (60 points)." in page.summary


# Without a number ----------------------------------------------------------------

LEVELS = """\
signal a number
signal b number
levels light
  good none green "Good"
  poor none red   "Poor"
measure a ladder as light
  below 10  -> poor "Few"
  otherwise -> good
"""


def test_levels_alone_explain():
    page = explained(LEVELS, {"a": 3})
    (score,) = page.scores
    check_score(score)
    assert score.level is not None
    assert score.level.label == "Poor"
    assert score.waterfall is None
    assert page.summary.startswith("This account is “Poor”")


@pytest.mark.parametrize(
    ("rules", "record", "reasons"),
    [
        ("score s average\n  a\n  b\n", {}, ("None of its parts is known",)),
        (
            'score s average\n  a\n  unscored when c above 1 "Not for these"\n',
            {"a": 1, "c": 2},
            ("Not for these",),
        ),
        (
            'score s average\n  1 a\n  3 b\n  needs 60% of weight "Too little is known"\n',
            {"a": 1},
            ("Too little is known (25% of the weight is known, 60% is needed)",),
        ),
        ("score s average\n  a\n  b\n  needs 2 parts\n", {"a": 1}, ("1 part is known, 2 are needed",)),
        (
            'group g average\n  a\n  unscored when c above 1 "Odd"\nscore s average\n  g\n  b\n',
            {"a": 1, "b": 1, "c": 2},
            ("G is not scored (Odd)",),
        ),
        (
            'score s average\n  a\n  only when c above 5 "Only large ones"\n',
            {"a": 1, "c": 2},
            ("Does not apply: Only large ones",),
        ),
    ],
)
def test_unscored_accounts_explain_why(rules, record, reasons):
    page = explained(TABLES + rules, record)
    assert first(page).score is None
    assert first(page).unscored == reasons
    assert page.summary == f"This account is not scored for S: {'; '.join(reasons)}."
    assert all(line.contribution is None for line in first(page).parts)


def test_flags_alone_explain():
    page = explained('signal a number\nflag low when a below 3 "Running low"\n', {"a": 1})
    assert page.scores == ()
    assert page.summary == "Raised for This account: Running low."


# What was known --------------------------------------------------------------------

KNOWN = """\
signal asked_on date     "Day asked"
signal nps number from -100 to 100  "NPS"
  expires 30 days after asked_on
signal seats count       "Seats"
  default 5
signal used count        "Used"
signal share percent = used / seats "Share used"
measure nps ladder
  below 0 -> 0
  otherwise -> 100
measure share curve
  0% -> 0
  100% -> 100
score s average
  nps
  share
"""


def state(page: Explanation, name: str):
    line = next(line for line in page.signals if line.name == name)
    return line.state, line.text, line.note


def test_missing_expired_and_defaulted_signals_are_told():
    page = explained(KNOWN, {"nps": 10, "asked_on": "2026-01-01", "used": 2}, "2026-03-31")
    assert state(page, "nps") == (
        State.EXPIRED,
        "missing",
        "counts for 30 days after Day asked (2026-01-01)",
    )
    assert state(page, "seats") == (
        State.DEFAULT,
        "5",
        "not in the record, taken as 5",
    )
    assert state(page, "share") == (State.KNOWN, "40%", None)
    assert part(page, "nps").reason == "Missing: NPS"
    assert state(explained(KNOWN, {}, "2026-03-31"), "share") == (State.MISSING, "missing", "needs Used")


def test_an_illegal_value_taken_as_missing_is_told():
    page = explained(KNOWN, {"nps": 500, "asked_on": "2026-03-30"}, "2026-03-31", on_invalid="missing")
    assert state(page, "nps")[0] is State.INVALID
    assert "500" in str(state(page, "nps")[2])
    assert len(page.notes) == 1


ROWS = """\
rows tickets dated opened_on
  urgent yes/no

signal recent = count of tickets in last 30 days where urgent  "Urgent tickets"
measure recent ladder
  below 1   -> 100
  otherwise -> 0
score s average
  recent
"""


def test_windows_are_told_with_their_dates():
    page = explained(ROWS, {"tickets": [{"opened_on": "2026-03-30", "urgent": True}]}, "2026-03-31")
    assert state(page, "recent") == (State.KNOWN, "1", "2026-03-02 to 2026-03-31")
    page = explained(ROWS, {}, "2026-03-31")
    assert part(page, "recent").reason == "Missing: the rows of Tickets"


def test_points_in_place_of_missing_data_are_said_to_be():
    measure = 'measure d ladder of c\n  below 3 -> 0\n  otherwise -> 100\n  missing -> 50 "No answer yet"\n'
    rules = f"{TABLES}{measure}score s average\n  a\n  d\n"
    page = explained(rules, {"a": 20})
    line = part(page, "d")
    found = (line.points, line.known, line.reason, line.contribution)
    assert rows([found]) == [(50, False, "No answer yet (not known, counted as 50)", 25)]
    assert first(page).coverage == 50
    assert first(page).adjustments == ()
    assert "50% of what the score weighs is known; D is not known and counted as 50." in page.summary
    assert "nothing is known" not in page.summary
    assert state(page, "c")[2] == "not in the record"
    assert next(line.instead for line in page.signals if line.name == "c") == ("D is counted as 50",)


def test_a_known_value_in_a_gap_of_a_table_is_not_called_unknown():
    measure = "signal late days\nmeasure late ladder\n  up to 5 days -> 100\n  above 40 days -> 0\n"
    page = explained(f"{TABLES}{measure}score s average\n  a\n  late\n", {"a": 20, "late": 33})
    assert part(page, "late").reason == "No row fits 33 days"
    assert "known; Late could not be judged (no row fits 33 days)." in page.summary
    assert [(rule.owner, rule.text) for rule in first(page).unjudged] == [("Late", "Late")]


def test_weights_chosen_without_their_signal_are_told():
    rules = """signal segment one of smb, large "Plan segment"
score s average "Health"
  by segment  smb, otherwise
  a -> 3, 1
  b -> 1, 4
"""
    page = explained(TABLES + rules, {"a": 20, "b": 1})
    said = "Health weighs its parts as for all other accounts"
    assert page.summary.endswith(f"Plan segment is not known: {said}.")
    assert next(line.instead for line in page.signals if line.name == "segment") == (said,)
    page = explained(TABLES + rules, {"a": 20, "b": 1, "segment": "large"})
    assert "other accounts" not in page.summary


def test_the_parts_of_an_account_that_a_rule_leaves_unscored_keep_their_points():
    rules = 'score s average\n  a\n  b only when c above 5\n  unscored when c above 1 "Not for these"\n'
    page = explained(TABLES + rules, {"a": 20, "b": 20, "c": 2})
    found = [(line.kind, line.points, line.contribution) for line in first(page).parts]
    assert found == [(PartKind.JUDGED, 100, None), (PartKind.NOT_APPLICABLE, 80, None)]


def test_a_step_that_is_false_is_not_called_unknown():
    rules = (
        TABLES + "score s average\n  a\n  -5 when c below 3 and b above 2\n  -5 when c below 3 or b above 2\n"
    )
    # c is missing; b is 1: the first step is surely false, the second is unknown.
    page = explained(rules, {"a": 20, "b": 1})
    assert [(rule.text, rule.why) for rule in first(page).unjudged] == [
        ("C below 3 or B above 2", "Missing: C")
    ]


def test_a_level_without_points_is_told_with_the_reason_of_its_row():
    levels = "levels words\n  often none\n  rarely none\n"
    table = 'measure w ladder of a as words\n  below 10 -> rarely "Comes rarely"\n  otherwise -> often\n'
    rules = f"signal a number\n{levels}{table}"
    assert explained(rules, {"a": 3}).summary == "This account is “Rarely” for W. Comes rarely."
    assert explained(rules, {"a": 30}).summary == "This account is “Often” for W. A: 30, at least 10."
