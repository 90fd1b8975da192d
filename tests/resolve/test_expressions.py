"""Expressions after resolving: sugar gone, names bound, constants folded."""

from fractions import Fraction

import pytest

from healthdsl.model import expressions as e
from healthdsl.model.types import COUNT, DATE, DAYS, NUMBER, PERCENT, TEXT, YES_NO, Kind, Type
from tests.resolve.shared import SIGNALS, codes, condition, formula, node, ruleset

A = e.SignalValue("a", COUNT)
B = e.SignalValue("b", NUMBER)
VIP = e.SignalValue("vip", YES_NO)
PLAN = e.SignalValue("plan", Type(Kind.CATEGORY, ("free", "pro", "Pro plus")))
COUNTRY = e.SignalValue("country", TEXT)
RENEWAL = e.SignalValue("renewal", DATE)
PRIORITY = e.ColumnValue("tickets", "priority", Type(Kind.CATEGORY, ("low", "urgent")))
HOURS = e.ColumnValue("tickets", "hours", NUMBER)
URGENT = e.Member(PRIORITY, ("urgent",))


def number(value, type_=NUMBER):
    return e.Constant(Fraction(value), type_)


def count(window=None, where=None, table="tickets"):
    return e.Aggregate(e.Gather.COUNT, table, None, None, window, where, COUNT)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("below", e.Relation.BELOW),
        ("up to", e.Relation.UP_TO),
        ("above", e.Relation.ABOVE),
        ("at least", e.Relation.AT_LEAST),
    ],
)
def test_edges_are_comparisons(text, relation):
    assert condition(f"a {text} 3") == e.Compare(relation, A, number(3))


def test_a_range_holds_both_ends():
    low, high = e.Compare(e.Relation.AT_LEAST, A, number(3)), e.Compare(e.Relation.UP_TO, A, number(6))
    assert condition("a from 3 to 6") == e.And((low, high))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plan is pro", e.Member(PLAN, ("pro",))),
        ('plan is "Pro plus"', e.Member(PLAN, ("Pro plus",))),
        ("plan is not pro", e.Not(e.Member(PLAN, ("pro",)))),
        ("plan is one of free, pro", e.Member(PLAN, ("free", "pro"))),
        ("plan is not one of free, pro", e.Not(e.Member(PLAN, ("free", "pro")))),
        ('plan is "PRO" ignoring case', e.Member(PLAN, ("PRO",), True)),
        ("country is germany", e.Member(COUNTRY, ("germany",))),
        ('country contains "land"', e.Contains(COUNTRY, "land")),
        ('country does not contain "L" ignoring case', e.Not(e.Contains(COUNTRY, "L", True))),
        ("country is plan", e.Compare(e.Relation.IS, COUNTRY, PLAN)),
        ("a is 3", e.Compare(e.Relation.IS, A, number(3))),
        ("a is b", e.Compare(e.Relation.IS, A, B)),
        (
            "a is one of 1, 2",
            e.Or((e.Compare(e.Relation.IS, A, number(1)), e.Compare(e.Relation.IS, A, number(2)))),
        ),
        ("vip is yes", VIP),
        ("vip is no", e.Not(VIP)),
        ("vip is not no", e.Not(e.Not(VIP))),
        ("a is missing", e.IsMissing(A)),
        ("a is not missing", e.Not(e.IsMissing(A))),
        ("a is known", e.Not(e.IsMissing(A))),
        ("a is not known", e.IsMissing(A)),
        ("renewal after today", e.Compare(e.Relation.ABOVE, RENEWAL, e.Today())),
        ("renewal before today", e.Compare(e.Relation.BELOW, RENEWAL, e.Today())),
        ("renewal on or after today", e.Compare(e.Relation.AT_LEAST, RENEWAL, e.Today())),
        ("renewal on or before today", e.Compare(e.Relation.UP_TO, RENEWAL, e.Today())),
    ],
)
def test_is(text, expected):
    assert condition(text) == expected


COUNTED = e.CountTrue(
    (e.Compare(e.Relation.ABOVE, A, number(0)), e.Compare(e.Relation.ABOVE, B, number(0))),
)


@pytest.mark.parametrize(
    ("text", "relation", "number_"),
    [
        ("at least 2 of", e.Relation.AT_LEAST, 2),
        ("fewer than 2 of", e.Relation.BELOW, 2),
        ("more than 1 of", e.Relation.ABOVE, 1),
        ("up to 1 of", e.Relation.UP_TO, 1),
        ("exactly 1 of", e.Relation.IS, 1),
        ("any of", e.Relation.AT_LEAST, 1),
        ("all of", e.Relation.AT_LEAST, 2),
    ],
)
def test_counting_asks_each_member(text, relation, number_):
    assert condition(f"{text} (a, b) above 0") == e.Compare(relation, COUNTED, number(number_, COUNT))


def test_a_count_is_a_number():
    assert formula("count of (a, b) above 0") == COUNTED


def test_members_may_be_conditions():
    expected = e.CountTrue((VIP, e.Compare(e.Relation.ABOVE, A, number(0))))
    assert formula("count of (vip, a above 0)") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count of tickets", count()),
        ("count of tickets in last 30 days", count(e.AgeWindow(0, 29))),
        ("count of tickets in last 1 day", count(e.AgeWindow(0, 0))),
        ("count of tickets in the 30 days before", count(e.AgeWindow(30, 59))),
        ("count of tickets in next 90 days", count(e.AgeWindow(-90, -1))),
        ("count of tickets aged up to 7 days", count(e.AgeWindow(0, 7))),
        ("count of tickets aged below 7 days", count(e.AgeWindow(0, 6))),
        ("count of tickets aged above 7 days", count(e.AgeWindow(8, None))),
        ("count of tickets aged at least 7", count(e.AgeWindow(7, None))),
        ("count of tickets aged from 3 to 7 days", count(e.AgeWindow(3, 7))),
        ("count of tickets where priority is urgent", count(where=URGENT)),
        ("count of urgent", count(where=URGENT)),
        (
            "count of late where solved",
            count(
                where=e.And(
                    (
                        URGENT,
                        e.Compare(e.Relation.ABOVE, HOURS, number(24)),
                        e.ColumnValue("tickets", "solved", YES_NO),
                    )
                )
            ),
        ),
        (
            "average hours of tickets",
            e.Aggregate(e.Gather.AVERAGE, "tickets", HOURS, None, None, None, NUMBER),
        ),
        (
            "average hours of tickets weighted by hours",
            e.Aggregate(e.Gather.AVERAGE, "tickets", HOURS, HOURS, None, None, NUMBER),
        ),
        (
            "latest opened_on of tickets",
            e.Aggregate(
                e.Gather.LATEST,
                "tickets",
                e.ColumnValue("tickets", "opened_on", DATE),
                None,
                None,
                None,
                DATE,
            ),
        ),
        (
            "distinct priority of tickets",
            e.Aggregate(e.Gather.DISTINCT, "tickets", PRIORITY, None, None, None, COUNT),
        ),
        (
            "highest age of tickets",
            e.Aggregate(
                e.Gather.HIGHEST, "tickets", e.ColumnValue("tickets", "age", DAYS), None, None, None, DAYS
            ),
        ),
    ],
)
def test_aggregates(text, expected):
    assert formula(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any of tickets", e.Compare(e.Relation.AT_LEAST, count(), number(1, COUNT))),
        ("no urgent", e.Compare(e.Relation.IS, count(where=URGENT), number(0, COUNT))),
        (
            "at least 3 of tickets aged up to 7 days",
            e.Compare(e.Relation.AT_LEAST, count(e.AgeWindow(0, 7)), number(3, COUNT)),
        ),
        ("exactly 1 of invoices", e.Compare(e.Relation.IS, count(table="invoices"), number(1, COUNT))),
    ],
)
def test_questions_about_rows(text, expected):
    assert condition(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10/3", Fraction(3_333_333_333, 10**9)),
        ("2/3", Fraction(666_666_667, 10**9)),
        ("-(2/3)", Fraction(-666_666_667, 10**9)),
        ("(1/3) * 3", Fraction(1)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("round(2.5)", Fraction(3)),
        ("round(-2.5)", Fraction(-3)),
        ("round(0.1249999999999, 2)", Fraction(12, 100) + Fraction(1, 100)),
        ("floor(-0.5)", Fraction(-1)),
        ("ceiling(1.0000000001)", Fraction(1)),
        ("0.0000000004995", Fraction(1, 10**9)),
        ("0.000000000499", Fraction(0)),
        ("4_194_303.5 / 3", Fraction(1_398_101_166_666_667, 10**9)),
        ("max(1, 2, 3) - min(4, 5)", Fraction(-1)),
        ("power(2, 10)", Fraction(1024)),
        ("power(2, -1)", Fraction(1, 2)),
        ("abs(-3)", Fraction(3)),
    ],
)
def test_constants_fold_exactly_and_are_snapped_once(text, value):
    found = formula(text)
    assert isinstance(found, e.Constant)
    assert found.value == value


def test_a_constant_inside_a_formula_is_snapped():
    assert formula("a * (2/3)") == e.Product((("*", A), ("*", number(Fraction(666_666_667, 10**9)))), NUMBER)


def test_only_whole_constants_fold():
    expected = e.Product((("*", number(2)), ("/", number(3)), ("*", A)), NUMBER)
    assert formula("2 / 3 * a") == expected


def test_large_numbers_are_doubles():
    found = formula("100_000_000 / 3")
    assert isinstance(found, e.Constant)
    assert found.value == Fraction(100_000_000 / 3)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("a + 1", NUMBER),
        ("a + seats", COUNT),
        ("a / seats", NUMBER),
        ("usage * a", NUMBER),
        ("usage + 10%", PERCENT),
        ("100% - usage", PERCENT),
        ("usage * usage", PERCENT),
        ("mrr * 12", Type(Kind.MONEY, currency="USD")),
        ("mrr / seats", Type(Kind.MONEY, currency="USD")),
        ("mrr / cost", NUMBER),
        ("overdue + 3", DAYS),
        ("0.1 * mrr - 0.2 * overdue", NUMBER),
        ("renewal + 30 days", DATE),
        ("30 + renewal", DATE),
        ("days from renewal to today", DAYS),
        ("months from renewal to today", COUNT),
        ("earlier of (renewal, today)", DATE),
        ("change from a to seats", PERCENT),
        ("log2(a)", NUMBER),
        ("min(mrr, 500)", Type(Kind.MONEY, currency="USD")),
        ("a above 3", YES_NO),
        ("sum amount of invoices", Type(Kind.MONEY, currency="USD")),
        ("latest priority of tickets", Type(Kind.CATEGORY, ("low", "urgent"))),
    ],
)
def test_a_formula_says_its_type(text, type_):
    assert ruleset(SIGNALS + f"signal tested = {text}\n").signals[-1].type == type_


@pytest.mark.parametrize(
    "text",
    [
        "usage above 0",
        "a / seats above 70%",
        "overdue above 30",
        "overdue above 30 days",
        "mrr above 500",
        "a above b",
        "mrr above cost * 2",
        "renewal from 2026-01-01 to 2026-12-31",
        "country is country",
    ],
)
def test_values_that_go_together(text):
    assert isinstance(condition(text), e.Compare | e.And | e.Member)


def test_the_date_stands_first():
    assert formula("30 + renewal") == e.Sum((("+", RENEWAL), ("+", number(30))), DATE)


LEVELLED = """
levels rating
  good 100 green
  poor 0 red
measure a ladder as rating
  below 3 -> poor
  otherwise -> good
measure b ladder
  below 3 -> 0
  otherwise -> 1
group both average
  a
  b
bands both
  below 50 -> red
  otherwise -> green
"""
RATING = Type(Kind.CATEGORY, ("good", "poor"))
COLOUR = Type(Kind.CATEGORY, ("red", "green"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a is poor", e.Member(e.LevelOf("a", RATING), ("poor",))),
        ("both is red", e.Member(e.BandOf("both", COLOUR), ("red",))),
        ('both is not "red"', e.Not(e.Member(e.BandOf("both", COLOUR), ("red",)))),
        ("both above 3", e.Compare(e.Relation.ABOVE, e.PointsOf("both"), number(3))),
        ("a above 3", e.Compare(e.Relation.ABOVE, A, number(3))),
        ("a is 3", e.Compare(e.Relation.IS, A, number(3))),
        ("points of a above 3", e.Compare(e.Relation.ABOVE, e.PointsOf("a"), number(3))),
        ("both is known", e.Not(e.IsMissing(e.PointsOf("both")))),
        (
            "at least 1 of both above 3",
            e.Compare(
                e.Relation.AT_LEAST,
                e.CountTrue(
                    (
                        e.Compare(e.Relation.ABOVE, e.PointsOf("a"), number(3)),
                        e.Compare(e.Relation.ABOVE, e.PointsOf("b"), number(3)),
                    )
                ),
                number(1, COUNT),
            ),
        ),
        (
            "all of both are known",
            e.Compare(
                e.Relation.AT_LEAST,
                e.CountTrue((e.Not(e.IsMissing(e.PointsOf("a"))), e.Not(e.IsMissing(e.PointsOf("b"))))),
                number(2, COUNT),
            ),
        ),
    ],
)
def test_words_of_nodes(text, expected):
    assert ruleset(SIGNALS + LEVELLED + f"flag tested when {text}\n").flags[-1].condition == expected


def test_a_category_value_comes_before_a_level():
    text = LEVELLED.replace("measure a ladder", "measure plan ladder of a").replace("  a\n", "  plan\n")
    assert ruleset(SIGNALS + text + "flag tested when plan is pro\n").flags[-1].condition == e.Member(
        PLAN, ("pro",)
    )
    level = e.Member(e.LevelOf("plan", RATING), ("poor",))
    assert ruleset(SIGNALS + text + "flag tested when plan is poor\n").flags[-1].condition == level


def test_a_penalty_is_negative():
    steps = (
        node("score s = 50\n  -10 when vip\n  -(a * 2)\n  -5 per a above 2, up to 20 points\n", "s")
        .variants[0]
        .steps
    )
    assert steps[0].amount == number(-10)
    twice = e.Product((("*", A), ("*", number(2))), NUMBER)
    assert steps[1].amount == e.Product((("*", number(-1)), ("*", twice)), NUMBER)
    assert steps[2].per is not None
    assert (steps[2].amount, steps[2].per.above, steps[2].per.limit) == (number(-5), number(2), Fraction(20))


def test_two_mistakes_in_one_expression():
    assert codes(SIGNALS + "flag tested when seets above 3 and plan is prro\n") == ["E201", "E206"]
