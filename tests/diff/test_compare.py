"""Every kind of change is told in a plain sentence, and classed by what it can do. Sentences by hand."""

# ruff: noqa: E501 -- a sentence a line

from __future__ import annotations

import pytest

from healthdsl.diff.change import Effect
from healthdsl.diff.compare import compare
from healthdsl.graph.fingerprint import fingerprint
from tests.diff.made import ruleset_of

BASE = """\
ruleset saas "SaaS health"
  language 1
  version 1.0.0
  owner "CS"

signal logins count from 0 to 500 "Logins"
signal plan one of free, pro
signal nps number
  expires 90 days after nps_on
  default 5
signal nps_on date
signal used percent
  stored as 45 for 45%
signal arr money in USD

rows tickets dated opened_on
  weight number

signal recent = count of tickets in last 30 days where weight above 2
signal ratio = arr / logins
  divided by zero -> 0

levels rating
  good 100 green "Good"
  poor 0 red "Poor"

measure logins ladder
  below 5 -> 0 "Few logins"
  below 20 -> 50
  otherwise -> 100

measure plan lookup
  free -> 20
  pro -> 80

measure used curve
  20% -> 0
  90% -> 100

measure calm first match
  when recent is 0 -> good
  when recent above 3 -> poor
  otherwise -> good
  as rating

group activity average
  logins
  used

score health average "Health"
  40 activity
  30 plan
  30 calm only when arr at least 1000
  only when logins is known "No logins"
  needs 60% of weight "Too little"
  +10 when nps at least 9 "Promoter"
  cap at 60 when plan is free
  -2 per recent above 3, up to 20 points
  within 0 to 100
  round to 1 decimal

bands health
  below 40 -> at_risk red "At risk"
  below 70 -> watch
  otherwise -> healthy green

flag quiet when logins below 2 "Quiet"
play call when health is at_risk and plan is pro

test "one"
  as of 2026-03-31
  given logins 3
  expect logins is 3
"""
BASE = BASE.replace("measure calm first match\n", "measure calm first match as rating\n").replace(
    "  otherwise -> good\n  as rating\n", "  otherwise -> good\n"
)
SCORE, READ, NOTHING = Effect.SCORE, Effect.EXPLANATION, Effect.COSMETIC

EDITS: list[tuple[str, str, Effect, str]] = [
    ("40 activity", "35 activity", SCORE, "In score health, the weight of activity goes from 40 to 35."),
    ("version 1.0.0", "version 1.1.0", READ, "In the ruleset, the version goes from 1.0.0 to 1.1.0."),
    ('"CS"', '"Ops"', READ, 'In the ruleset, the owner goes from "CS" to "Ops".'),
    ('"SaaS health"', '"B2B"', READ, 'In the ruleset, the title goes from "SaaS health" to "B2B".'),
    (
        "  owner",
        '  account id "customer"\n  owner',
        SCORE,
        "In the ruleset, accounts are known by the column `customer` instead of the usual column.",
    ),
    ("logins count", "logins number", SCORE, "In signal logins, the type goes from `count` to `number`."),
    ("to 500", "to 400", SCORE, "In signal logins, the highest legal value goes from 500 to 400."),
    ("free, pro\n", "free, pro, gold\n", SCORE, "In signal plan, `gold` can be its value now."),
    ("free, pro\n", "pro, free\n", READ, "In signal plan, its values are listed in another order."),
    ("in USD", "in EUR", READ, "In signal arr, the type goes from `money in USD` to `money in EUR`."),
    (
        "expires 90 days",
        "expires 60 days",
        SCORE,
        "In signal nps, it expires 60 days after nps_on (before: it expires 90 days after nps_on).",
    ),
    (
        "  default 5",
        '  missing when -1, "n/a"\n  default 5',
        SCORE,
        'In signal nps, what stands for a missing value goes from nothing to `-1` and `"n/a"`.',
    ),
    (
        "+10 when nps at least 9",
        "+10 when nps_on on or after 2026-01-01",
        SCORE,
        "In score health, the line `+10 when nps at least 9` becomes `+10 when nps_on on or after 2026-01-01`.",
    ),
    ("default 5", "default 6", SCORE, "In signal nps, a missing value counts as 6 (before: it counts as 5)."),
    (
        "stored as 45 for",
        "stored as 0.45 for",
        SCORE,
        "In signal used, 45 in the data counts as 4,500% instead of 45%.",
    ),
    (
        "signal arr money in USD",
        'signal arr money in USD\n  column "ARR"',
        SCORE,
        "In signal arr, it is read from the column `ARR` instead of `arr`.",
    ),
    (
        "-> 0\n\nlevels",
        "-> 1\n\nlevels",
        SCORE,
        "In signal ratio, what a division by zero gives goes from 0 to 1.",
    ),
    (
        "arr / logins",
        "arr / (logins + 1)",
        SCORE,
        "In signal ratio, the formula goes from `arr / logins` to `arr / (logins + 1)`.",
    ),
    (
        "in last 30 days",
        "in last 7 days",
        SCORE,
        "In signal recent, rows are gathered by `count of tickets in last 7 days where weight above 2` instead of `count of tickets in last 30 days where weight above 2`.",
    ),
    (
        "  weight number",
        "  weight number\n  subject text",
        READ,
        "In rows tickets, the column subject is added.",
    ),
    (
        "  weight number",
        "  weight count",
        SCORE,
        "In rows tickets, for the column weight, the type goes from `number` to `count`.",
    ),
    ("good 100", "good 90", SCORE, "In levels rating, what good is worth goes from 100 points to 90 points."),
    (
        'green "Good"',
        'green "Great"',
        READ,
        'In levels rating, the label of good goes from "Good" to "Great".',
    ),
    ('red "Poor"', 'orange "Poor"', READ, "In levels rating, the colour of poor goes from red to orange."),
    ("below 20 -> 50", "below 25 -> 50", SCORE, "In measure logins, the row `below 20` becomes `below 25`."),
    (
        "below 20 -> 50",
        "below 20 -> 60",
        SCORE,
        "In measure logins, the row `below 20` gives 60 instead of 50.",
    ),
    ("  below 20 -> 50\n", "", SCORE, "In measure logins, the row `below 20 -> 50` is removed."),
    (
        "  pro -> 80\n",
        "  pro -> 80\n  missing -> 10\n",
        SCORE,
        "In measure plan, the row `missing -> 10` is added.",
    ),
    (
        '"Few logins"',
        '"Hardly used"',
        READ,
        'In measure logins, the reason of the row `below 5` goes from "Few logins" to "Hardly used".',
    ),
    ("20% -> 0\n", "30% -> 0\n", SCORE, "In measure used, the row `20% -> 0` is removed."),
    (
        "  when recent is 0 -> good\n  when recent above 3 -> poor\n",
        "  when recent above 3 -> poor\n  when recent is 0 -> good\n",
        SCORE,
        "In measure calm, the row `when recent is 0` is tried last.",
    ),
    (
        "group activity average",
        "group activity lowest",
        SCORE,
        "In group activity, how the parts are combined goes from average to lowest.",
    ),
    ("  logins\n  used\n", "  used\n  logins\n", READ, "In group activity, logins is listed last."),
    ("  30 plan\n", "", SCORE, "In score health, plan is no longer a part (its weight was 30)."),
    (
        "at least 1000",
        "at least 2000",
        SCORE,
        "In score health, calm counts only when `arr at least 2,000` (before: only when `arr at least 1,000`).",
    ),
    (
        '  only when logins is known "No logins"\n',
        "",
        SCORE,
        "In score health, it no longer applies only when `logins is known`.",
    ),
    (
        "needs 60%",
        "needs 50%",
        SCORE,
        "In score health, how much weight has to be known for a score goes from 60% to 50%.",
    ),
    (
        "+10 when",
        "+15 when",
        SCORE,
        "In score health, the line `+10 when nps at least 9` becomes `+15 when nps at least 9`.",
    ),
    (
        '"Promoter"',
        '"Fan"',
        READ,
        'In score health, the reason of `+10 when nps at least 9` goes from "Promoter" to "Fan".',
    ),
    (
        "up to 20 points",
        "up to 10 points",
        SCORE,
        "In score health, the line `-2 per recent above 3, up to 20 points` becomes `-2 per recent above 3, up to 10 points`.",
    ),
    (
        '  +10 when nps at least 9 "Promoter"\n  cap at 60 when plan is free\n',
        '  cap at 60 when plan is free\n  +10 when nps at least 9 "Promoter"\n',
        SCORE,
        "In score health, the line `+10 when nps at least 9` is taken before `-2 per recent above 3, up to 20 points`.",
    ),
    (
        "  within 0 to 100\n",
        "",
        SCORE,
        "In score health, what the points are kept within goes from 0 to 100 to any range.",
    ),
    (
        "round to 1 decimal",
        "round to whole number",
        SCORE,
        "In score health, the points are rounded to a whole number (before: rounded to 1 decimal).",
    ),
    (
        "  used\n\nscore",
        "  used\n  shown to 1 decimal\n\nscore",
        READ,
        "In group activity, reports show the points rounded to 1 decimal (before: not rounded).",
    ),
    (
        "  needs 60%",
        "  missing -> 50\n  needs 60%",
        SCORE,
        "In score health, when nothing is known, it counts as 50 (before: it has no points).",
    ),
    ("below 40 ->", "below 45 ->", SCORE, "In bands of health, the row `below 40` becomes `below 45`."),
    (
        '"At risk"',
        '"Danger"',
        READ,
        'In bands of health, the label of at_risk goes from "At risk" to "Danger".',
    ),
    (
        "logins below 2",
        "logins below 3",
        SCORE,
        "In flag quiet, its condition goes from `logins below 2` to `logins below 3`.",
    ),
    ("flag quiet", "play quiet", SCORE, "In play quiet, it is a play instead of a flag."),
    ('"Quiet"', '"Silent"', READ, 'In flag quiet, the title goes from "Quiet" to "Silent".'),
    ("given logins 3", "given logins 4", NOTHING, 'Test "one" gives something else.'),
    ('test "one"', 'test "two"', NOTHING, 'Test "two" is added.'),
    (
        "flag quiet",
        "flag loud when logins above 9\nflag quiet",
        SCORE,
        "Flag loud is added: raised when `logins above 9`.",
    ),
    (
        "signal nps_on",
        "signal region text\nsignal nps_on",
        READ,
        "Signal region is added: text, read from the column `region`.",
    ),
    ("play call when health is at_risk and plan is pro\n", "", SCORE, "Play call is removed."),
]


@pytest.mark.parametrize(
    ("before", "after", "effect", "sentence"), EDITS, ids=[edit[3][:60] for edit in EDITS]
)
def test_a_change_is_told(before: str, after: str, effect: Effect, sentence: str) -> None:
    assert before in BASE
    old, new = ruleset_of(BASE), ruleset_of(BASE.replace(before, after, 1))
    difference = compare(old, new)
    assert (sentence, effect) in {(change.sentence, change.effect) for change in difference.changes}
    assert difference.effect is effect
    assert (fingerprint(old) != fingerprint(new)) == (effect is not NOTHING)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("below 20 -> 50", "below   20.0 -> 50   # few"),
        ("plan is free\n", "plan is free # hm\n"),
        ("health is at_risk and plan is pro", "plan is pro and health is at_risk"),
        ("  free -> 20\n  pro -> 80\n", "  pro -> 80\n  free -> 20\n"),
        ("signal nps_on date\n", ""),
    ],
)
def test_what_is_no_change(before: str, after: str) -> None:
    text = BASE.replace(before, after, 1)
    if not after:
        text = text.replace("\nrows tickets", "\nsignal nps_on date\n\nrows tickets")
    assert text != BASE
    assert not compare(ruleset_of(BASE), ruleset_of(text)).changes


TWO_SPELLINGS = """ruleset spelt
  language 1

signal n count

measure n ladder
  0 -> 9
  up to 3 -> 5
  otherwise -> 0

measure m like n, on n + 1

score lead starts at 10
  -1 per n
  +1 when m is 9
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [("starts at 10", "= 10"), ("  0 -> 9", "  from 0 to 0 -> 9"), ("like n, on n", "like n of n")],
)
def test_two_spellings_are_one_ruleset(before: str, after: str) -> None:
    old, new = ruleset_of(TWO_SPELLINGS), ruleset_of(TWO_SPELLINGS.replace(before, after, 1))
    assert not compare(old, new).changes
    assert fingerprint(old) == fingerprint(new)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("starts at 10", "= 20", "In score lead, what it starts at goes from `10` to `20`."),
        ("starts at 10", "= n", "In score lead, the formula goes from `10` to `n`."),
        ("  0 -> 9", "  1 -> 9", "In measure n, the row `0` becomes `1`."),
    ],
)
def test_starts_and_single_values_are_told(before: str, after: str, sentence: str) -> None:
    old, new = ruleset_of(TWO_SPELLINGS), ruleset_of(TWO_SPELLINGS.replace(before, after, 1))
    assert sentence in {change.sentence for change in compare(old, new).changes}


def test_places_are_those_of_both_files() -> None:
    new = ruleset_of(BASE.replace("40 activity", "# new\n  35 activity"), "new.health")
    (change,) = compare(ruleset_of(BASE, "old.health"), new).changes
    line = BASE[: BASE.index("40 activity")].count("\n") + 1
    assert (change.old_place, change.new_place) == (f"old.health:{line}", f"new.health:{line + 1}")


def test_changes_are_grouped_by_declaration() -> None:
    text = BASE.replace("40 activity", "35 activity").replace("30 plan", "25 plan").replace("to 500", "to 9")
    groups = compare(ruleset_of(BASE), ruleset_of(text)).grouped
    assert [(subject, len(changes)) for subject, changes in groups] == [
        ("signal logins", 1),
        ("score health", 2),
    ]
