"""Tests of rulesets: what passes, what fails, and the values shown under a failure."""

from dataclasses import replace
from typing import Any

import pytest

import healthdsl
from healthdsl.testing import TestOutcome, run_tests

RULES = """\
ruleset r
  language 1

signal seats    count
  default 5
signal used     percent from 0% to 200%
  stored as 45 for 45%
signal plan     one of free, pro
signal since    date
signal sponsor  yes/no

rows tickets dated opened_on
  opened_on  date
  minutes    number

signal open  = count of tickets in last 30 days
signal spent = sum minutes of tickets
signal age   = days from since to today

levels mood
  low   0    red
  high  100  green

measure used ladder as mood
  below 50% -> low
  otherwise -> high

measure seats curve
  0  -> 0
  10 -> 100

score health average
  used
  seats
  only when plan is pro
  needs 50% of weight

bands health
  below 50  -> poor
  otherwise -> good

flag busy when open at least 2
"""


def outcomes(*tests: str) -> tuple[TestOutcome, ...]:
    """The outcomes of tests, each given by its lines; all are about 2026-03-31."""
    written = "".join(
        f'\ntest "t{number}"\n  as of 2026-03-31\n' + "".join(f"  {line}\n" for line in test.splitlines())
        for number, test in enumerate(tests)
    )
    return run_tests(healthdsl.loads(RULES + written, "r.health"))


PRO = "given plan pro\ngiven used 45%\ngiven seats 10\n"
TICKETS = """\
given rows tickets
  opened_on   minutes
  2026-03-31  10
  2026-03-02  2.5
  2026-03-01  4
  2026-04-01  100
"""


@pytest.mark.parametrize(
    "test",
    [
        f"{PRO}expect health is 50\nexpect health is good\nexpect points of used is 0\nexpect used is low",
        # the default, 5 seats
        "given plan pro\ngiven used 50%\nexpect points of seats is 50\nexpect health is 75",
        "given plan free\ngiven used 45%\nexpect health is missing",
        "given used missing\nexpect points of used is missing\nexpect health is missing",
        f"{TICKETS}expect open is 2\nexpect spent is 16.5\nexpect busy",  # tomorrow's row does not exist
        "given rows tickets\nexpect open is 0\nexpect not busy",
        "expect open is missing\nexpect not busy",
        "given since 2026-03-01\nexpect age is 30 days",
        "given sponsor yes\nexpect sponsor and not busy",
        "given used 199.5%\nexpect used above 199%",
    ],
)
def test_expectations_that_hold(test: str) -> None:
    (outcome,) = outcomes(test)
    assert outcome.failures == ()
    assert outcome.passed


@pytest.mark.parametrize(
    ("test", "unknown", "values"),
    [
        (f"{PRO}expect health is 51", False, ["points of health = 50"]),
        (f"{PRO}expect health is poor", False, ["band of health = good"]),
        (f"{PRO}expect used is high", False, ["level of used = low"]),
        (f"{PRO}expect used above 45%", False, ["used = 45%"]),
        ("given plan free\nexpect health above 0", True, ["points of health = missing (does not apply)"]),
        ("given plan pro\nexpect health above 0", True, ["points of health = missing (unscored)"]),
        ("expect spent above 0", True, ["spent = missing"]),
        ("expect busy", False, ["busy = no"]),
        ("given since 2026-03-30\nexpect since is 2026-03-31", False, ["since = 2026-03-30"]),
        (
            "given seats 8\nexpect seats + 1 is 10 and busy",
            False,
            ["(seats + 1) is 10 = no", "seats + 1 = 9", "seats = 8", "busy = no"],
        ),
        (
            f"{TICKETS}expect max(open, 3) at least 4",
            False,
            ["max(open, 3) = 3", "open = 2"],
        ),
        (
            "given seats 1\nexpect at least 2 of (seats above 0, busy)",
            False,
            ["count of (seats above 0, busy) = 1", "seats above 0 = yes", "seats = 1", "busy = no"],
        ),
        (
            "given plan pro\nexpect not (plan is one of pro, free)",
            False,
            ["plan is one of pro, free = yes", "plan = pro"],
        ),
    ],
)
def test_failures_show_what_they_read(test: str, unknown: bool, values: list[str]) -> None:
    (outcome,) = outcomes(test)
    (failure,) = outcome.failures
    assert not outcome.passed
    assert failure.unknown is unknown
    assert [f"{value.name} = {value.value}" for value in failure.values] == values
    assert failure.text == test.splitlines()[-1]


def test_outcomes_stand_in_written_order_with_their_lines() -> None:
    first = RULES.count("\n") + 2
    found = outcomes("expect busy\nexpect open is 0", "expect not busy")
    assert [(outcome.title, outcome.line, outcome.passed) for outcome in found] == [
        ("t0", first, False),
        ("t1", first + 5, True),
    ]
    assert [failure.line for failure in found[0].failures] == [first + 2, first + 3]


def test_no_tests() -> None:
    assert run_tests(healthdsl.loads(RULES)) == ()


class Given:
    """A ruleset whose facts no text could give: resolving refuses them."""

    def __init__(self, **changes: Any) -> None:
        (test,) = healthdsl.loads(f'{RULES}\ntest "t"\n  as of 2026-03-31\n  expect busy\n').ruleset.tests
        ruleset = healthdsl.loads(RULES).ruleset
        self.ruleset = replace(ruleset, tests=(replace(test, **changes),))


def test_a_fact_that_is_not_legal_is_a_problem_of_the_test() -> None:
    (outcome,) = run_tests(Given(facts=(("plan", "gold"),)))
    assert not outcome.passed
    assert outcome.problem is not None
    assert "`plan` is 'gold', expected one of free, pro" in outcome.problem


def test_a_test_without_a_day_is_a_problem_where_the_ruleset_looks_at_dates() -> None:
    (outcome,) = run_tests(Given(as_of=None))
    assert outcome.problem is not None
    assert "as of 2026-03-31" in outcome.problem


def test_the_program_is_not_asked_to_score_the_tests_signals() -> None:
    """The signals added for tests are not inputs: a record or schema never shows them."""
    compiled = healthdsl.loads(f'{RULES}\ntest "t"\n  as of 2026-03-31\n  expect busy\n')
    run_tests(compiled)
    assert not [output.name for output in compiled.graph.outputs if output.name.startswith("asked__")]
