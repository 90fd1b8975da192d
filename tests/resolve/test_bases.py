"""Tests that are like other tests: what they take over, and what of their own replaces it."""

from __future__ import annotations

from datetime import date

import pytest

from healthdsl.diff.compare import compare
from healthdsl.model import ruleset as r
from healthdsl.pipeline import compile_source
from healthdsl.testing.runner import run
from tests.diff.made import ruleset_of

RULES = """\
ruleset r
  language 1

signal seats  count
signal plan   one of free, pro
signal since  date

rows tickets dated opened_on
  minutes  number

rows calls
  minutes  number

signal age      = days from since to today
signal waiting  = sum minutes of tickets
signal talked   = sum minutes of calls

measure seats curve
  0   -> 0
  100 -> 100

"""
BASE = """\
test "base"
  as of 2026-03-31
  given seats 100
  given plan pro
  given since 2026-03-21
  given rows tickets
    opened_on   minutes
    2026-03-30  5
    2026-03-29  6
  given rows calls
    minutes
    3
  expect age is 10
"""


DAY = date(2026, 3, 31).toordinal()
FACTS = {"seats": 100, "plan": "pro", "since": date(2026, 3, 21).toordinal()}
TICKETS = (
    (("opened_on", date(2026, 3, 30).toordinal()), ("minutes", 5)),
    (("opened_on", date(2026, 3, 29).toordinal()), ("minutes", 6)),
)
CALLS = ((("minutes", 3),),)


def _tests(*blocks: str) -> dict[str, r.Test]:
    return {test.title: test for test in ruleset_of(RULES + "\n".join(blocks)).tests}


@pytest.mark.parametrize("at", [0, 1], ids=["declared later", "declared earlier"])
def test_the_account_is_taken_over(at: int) -> None:
    blocks = [BASE]
    blocks.insert(at, 'test "it" like "base"\n  expect waiting is 11\n')
    test = _tests(*blocks)["it"]
    assert test.as_of == DAY
    assert dict(test.facts) == FACTS
    assert dict(test.tables) == {"tickets": TICKETS, "calls": CALLS}
    assert len(test.expectations) == 1  # its own: those of the other are not taken over


def test_what_it_gives_itself_replaces_what_it_took_over() -> None:
    own = """\
test "it" like "base"
  as of 2026-04-01
  given plan missing
  given seats 0
  given rows tickets
  given rows calls
    minutes
    1
    2
  expect age is 11
"""
    test = _tests(BASE, own)["it"]
    assert test.as_of == DAY + 1
    assert dict(test.facts) == {**FACTS, "plan": None, "seats": 0}
    assert dict(test.tables) == {"tickets": (), "calls": ((("minutes", 1),), (("minutes", 2),))}


def test_chains() -> None:
    last = 'test "c" like "b"\n  given seats 3\n  expect age is 10\n'
    middle = 'test "b" like "base"\n  given seats 2\n  given plan free\n  expect age is 10\n'
    tests = _tests(last, middle, BASE)
    assert dict(tests["b"].facts) == {**FACTS, "seats": 2, "plan": "free"}
    assert dict(tests["c"].facts) == {**FACTS, "seats": 3, "plan": "free"}


def test_it_means_what_it_means_written_out() -> None:
    like = 'test "it" like "base"\n  given plan free\n  expect plan is free\n'
    written_out = BASE.replace('"base"', '"it"').replace("plan pro", "plan free")
    written_out = written_out.replace("expect age is 10", "expect plan is free")
    assert not compare(ruleset_of(RULES + BASE + like), ruleset_of(RULES + BASE + written_out)).changes
    other = like.replace("plan free", "seats 9", 1)
    assert compare(ruleset_of(RULES + BASE + like), ruleset_of(RULES + BASE + other)).changes


def test_tests_are_run_with_what_they_took_over() -> None:
    right = 'test "right" like "base"\n  given rows calls\n  expect talked is 0 and waiting is 11\n'
    wrong = 'test "wrong" like "base"\n  given seats 99\n  expect points of seats is 100\n'
    outcomes = run(ruleset_of(RULES + BASE + right + wrong)).outcomes
    assert [outcome.passed for outcome in outcomes] == [True, True, False]


def test_two_tests_with_one_title() -> None:
    again = 'test "base"\n  as of 2026-03-31\n  given seats 7\n  expect points of seats is 7\n'
    like = 'test "it" like "base"\n  expect age is 10\n'
    assert dict(_tests(BASE, again, like)["it"].facts) == FACTS


def test_what_is_taken_over_is_bounded() -> None:
    """1,002 tests on top of each other, each with a further fact: 1 + 2 + .. + 1,001 facts are taken over."""
    names = [f"s{index}" for index in range(1002)]
    head = "ruleset r\n  language 1\n" + "".join(f"signal {name} count\n" for name in names)
    head += "flag low when s0 below 1\n"

    form = 'test "{}" like "{}"\n  given s{} 1\n  expect not low\n'
    tests = "".join(form.format(at, at - 1, at) for at in range(1, 1002))
    found = compile_source(f'{head}test "0"\n  given s0 1\n  expect not low\n{tests}', "r")
    assert [problem.code for problem in found.diagnostics] == ["E449"]
