"""Rules in words: what stands where the ruleset has no reason, worked out by hand."""

import pytest

from healthdsl.explain.explanation import MoveKind
from tests.explain.test_explain import TABLES, explained, first, part

SCORE = "score s average\n  d\n"


def reason(measure: str, value: object, type_: str = "number") -> str | None:
    """The reason of a measure `d` of a signal `Seen`."""
    rules = f'signal x {type_} "Seen"\nmeasure d {measure}\n{SCORE}'
    page = explained(rules, {"x": value}, "2026-03-31")
    first(page)
    return part(page, "d").reason


LADDER = "ladder of x\n  below 10 -> 0\n  below 20 -> 50\n  otherwise -> 100\n"
FALLING = "ladder of x\n  above 20 -> 0\n  at least 10 -> 50\n  otherwise -> 100\n"
GAP = "ladder of x\n  from 0 to 5 -> 0\n  from 8 to 9 -> 50\n  otherwise -> 100\n"
CURVE = "curve of x\n  10 -> 0\n  30 -> 50\n"


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        (LADDER, 9, "Seen: 9, below 10"),
        (LADDER, 10, "Seen: 10, from 10 to under 20"),
        (LADDER, 20, "Seen: 20, at least 20"),
        (FALLING, 21, "Seen: 21, above 20"),
        (FALLING, 20, "Seen: 20, from 10 to 20"),
        (FALLING, 9, "Seen: 9, below 10"),
        (GAP, 5, "Seen: 5, from 0 to 5"),
        (GAP, 6, "Seen: 6, above 5, below 8"),
        (GAP, 10, "Seen: 10, above 9"),
        (GAP, -1, "Seen: -1, below 0"),
        (CURVE, 15, "Seen: 15, between 10 (0 points) and 30 (50 points)"),
        (CURVE, 30, "Seen: 30"),
        (CURVE, 31, "Seen: 31, above 30"),
        (CURVE, 9, "Seen: 9, below 10"),
    ],
)
def test_a_row_says_both_ends_of_its_range(measure, value, said):
    assert reason(measure, value) == said


GRID = "grid of x\n  by y  a, otherwise\n  below 10 -> 60, 80\n  from 20 to 30 -> 30, 20\n  missing -> 5\n"


@pytest.mark.parametrize(
    ("value", "other", "said"),
    [
        (9, "a", "Seen: 9, below 10; Plan: a"),
        (20, "b", "Seen: 20, from 20 to 30; Plan: b, none of a"),
        (12, "b", "No cell fits 12 and b"),
        (None, "b", "Not known, counted as 5"),
        (9, None, "Not known, counted as 5"),
    ],
)
def test_a_cell_of_a_grid_says_both_values(value, other, said):
    rules = f'signal x number "Seen"\nsignal y one of a, b "Plan"\nmeasure d {GRID}{SCORE}'
    page = explained(rules, {"x": value, "y": other}, "2026-03-31")
    assert part(page, "d").reason == said


def test_whole_numbers_and_days_are_told_as_people_count_them():
    assert reason(LADDER, 12, "count") == "Seen: 12, from 10 to 19"
    assert reason(LADDER, 12, "days") == "Seen: 12 days, from 10 to 19 days"
    assert reason("ladder of x\n  below 1 -> 0\n  otherwise -> 9\n", 0, "count") == "Seen: 0, none"


def test_dates_are_before_and_after():
    rules = "first match\n  when x before 2026-01-01 -> 0\n  otherwise -> 100\n"
    assert reason(rules, "2025-12-31", "date") == "Seen: 2025-12-31, before 2026-01-01"
    assert reason(rules, "2026-01-01", "date") == "None of the other cases"


def test_words_of_a_lookup():
    table = "lookup of x\n  a, b -> 0\n  otherwise -> 100\n"
    assert reason(table, "a", "text") == "Seen: a"
    assert reason(table, "c", "text") == "Seen: c, none of a or b"


STEPS = [
    ("-5 when a above 3", {"a": 4}, "A: 4, above 3"),
    ("-5 when a from 3 to 5", {"a": 4}, "A: 4, from 3 to 5"),
    ("-5 when a above 3 and b is missing", {"a": 4}, "A: 4, above 3; B is not known"),
    ("-5 when a above 30 or b below 2", {"a": 4, "b": 1}, "B: 1, below 2"),
    ("-5 when not (a above 3 or b below 2)", {"a": 3, "b": 2}, "A: 3, up to 3; B: 2, at least 2"),
    ("-5 when at least 2 of (a above 3, b below 2, c above 9)", {"a": 4, "b": 1, "c": 1}, None),
    ("-5 per a above 2, up to 20 points", {"a": 4}, None),
    ("cap at 30 when plan is gold", {"plan": "gold"}, "At most 30: Plan is gold"),
    ("cap at 30 when plan is not gold", {"plan": "iron"}, "At most 30: Plan is not gold"),
    ("-5 when late", {"late": True}, "Late: yes"),
    ("-5 when not late", {"late": False}, "Late: no"),
    ("-5 when plan is one of gold, iron", {"plan": "iron"}, "Plan is one of gold or iron"),
    ("-5 when m above 60", {"a": 20}, "Measured: 100, above 60"),
    (
        "-2 per idle above 7 days, up to 20 points",
        {"idle": 9},
        "Idle: 9 days, \N{MINUS SIGN}2 points for each day above 7 days, up to 20 points",
    ),
]
SAID = {
    5: "At least 2 of these: A: 4, above 3; B: 1, below 2",
    6: "A: 4, \N{MINUS SIGN}5 points for each one above 2, up to 20 points",
}


@pytest.mark.parametrize("index", range(len(STEPS)))
def test_a_line_of_points_says_what_it_found(index):
    step, record, said = STEPS[index]
    rules = (
        TABLES
        + "signal plan text\nsignal late yes/no\nsignal idle days\n"
        + 'measure m = a * 5 "Measured"\nmeasure e = 100\n'
        + f"score s total\n  e\n  {step}\n"
    )
    (change,) = first(explained(rules, record)).adjustments
    assert change.text == (said or SAID[index])


def test_a_division_by_zero_is_called_so():
    rules = """signal runs count "Runs"
signal pipelines count "Pipelines"
signal per number = runs / pipelines "Runs per pipeline"
measure d ladder of per
  below 1 -> 0
  otherwise -> 100
score s average
  d
"""
    page = explained(rules, {"runs": 3, "pipelines": 0})
    assert part(page, "d").reason == "Cannot be worked out: Pipelines is 0"
    (line,) = [line for line in page.signals if line.name == "per"]
    assert (line.note, line.lacks) == ("cannot be worked out: Pipelines is 0", ())
    page = explained(rules, {"runs": 3})
    assert (part(page, "d").reason, part(page, "d").lacks) == ("Missing: Pipelines", ("Pipelines",))


def test_no_row_that_counts_is_called_so():
    rules = """rows meetings dated on
signal last date = latest on of meetings "Last meeting"
signal ago days = days from last to today "Days since"
measure ago ladder
  up to 30 days -> 100
  otherwise -> 0
score s average
  ago
"""
    page = explained(rules, {"meetings": []}, "2026-03-31")
    assert part(page, "ago").reason == "Cannot be worked out: no row of Meetings counts"
    page = explained(rules, {}, "2026-03-31")
    assert part(page, "ago").reason == "Missing: the rows of Meetings"


def test_money_is_told_with_its_currency():
    rules = 'signal value money in EUR "Value"\nmeasure at_risk = value * 50% "At risk"\n'
    page = explained(f"{TABLES}{rules}score s average\n  a\n", {"a": 20, "value": 100_000})
    worth = {line.name: line.worth for line in page.others}
    assert worth["at_risk"] == "EUR 50,000"
    assert worth["b"] is None


def test_a_word_says_the_values_it_was_decided_on():
    rules = """signal r count "Recency"
signal f count "Frequency"
levels words
  good none
  poor none
measure seen first match as words
  when r above 3 and f above 3 -> good
  otherwise -> poor
"""
    page = explained(rules, {"r": 5, "f": 4})
    assert [(fact.title, fact.text) for fact in page.scores[0].facts] == [
        ("Recency", "5"),
        ("Frequency", "4"),
    ]
    assert page.summary == "This account is “Good” for Seen. Recency: 5, above 3; Frequency: 4, above 3."


@pytest.mark.parametrize(
    ("body", "scale"),
    [
        ("total within 0 to 120\n  a", 120),
        ("average\n  a\n  b\n  c", None),  # at most 76.67
        ("average\n  3 a\n  1 b", 95),
        ("total\n  a\n  -90", None),  # -50 at least: 10 is not out of anything
    ],
)
def test_a_score_is_out_of_what_bounds_it(body, scale):
    assert first(explained(f"{TABLES}score s {body}\n", {"a": 20, "b": 20, "c": 20})).scale == scale


def test_an_answer_is_never_told_to_grow_old():
    rules = """signal answer number from 0 to 10
  expires 90 days after asked
signal asked date
measure answer ladder
  below 5   -> 0
  otherwise -> 100
score s average
  70 a
  30 answer
bands s
  below 80  -> low red
  otherwise -> high green
"""
    page = explained(TABLES + rules, {"a": 20, "answer": 1, "asked": "2026-03-31"}, "2026-03-31")
    moved = {move.signal: move.kind for move in page.moves}
    assert moved == {"a": MoveKind.OUT_OF_REACH, "answer": MoveKind.BETTER}


LINES = """measure e starts at 50 "Engagement"
  +15 when a above 3 "Growing"
  +10 when b above 3 "Sponsor"
  -20 when c above 3 "Falling"
score s total
  e
"""


@pytest.mark.parametrize(
    ("record", "lost", "said"),
    [
        ({"a": 4, "b": 1, "c": 1}, 10, "Not earned: Sponsor"),
        ({"a": 4, "b": 4, "c": 4}, 20, "Falling"),
        ({"a": 1, "b": 1, "c": 1}, 25, "Not earned: Growing; Sponsor"),
    ],
)
def test_what_a_measure_lost_is_not_told_with_what_it_won(record, lost, said):
    page = explained(TABLES + LINES, record)
    (cause,) = first(page).causes
    assert (cause.label, cause.lost, cause.reason) == ("Engagement", lost, said)


def test_a_text_is_told_to_be_one_that_the_rules_speak_of():
    rules = """signal payroll text "Payroll"
measure payroll lookup
  current -> 100
  late    -> 0
score s average
  payroll
bands s
  below 50  -> low red
  otherwise -> high green
"""
    (move,) = explained(rules, {"payroll": "current"}).moves
    assert move.text == "Payroll: late instead of current would take it to “Low” (score 0)."


def test_a_rung_of_one_number_is_not_the_value_said_twice():
    assert reason("ladder of x\n  0 -> 100\n  otherwise -> 0\n", 0) == "Seen: 0, exactly 0"
    whole = "ladder of x\n  below 1 -> 100\n  below 2 -> 50\n  otherwise -> 0\n"
    assert reason(whole, 1, "count") == "Seen: 1, exactly 1"
