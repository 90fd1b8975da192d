"""A small ruleset with tests that notice all but three changes, for the tests of coverage and mutants."""

from __future__ import annotations

from functools import cache

from healthdsl import CompiledRuleset, loads
from healthdsl.testing.mutants.campaign import Campaign, mutate
from healthdsl.testing.runner import run

RULES = """\
ruleset small "Small"
  language 1

signal seats  count                    "Seats"
signal nps    number from -100 to 100  "NPS"
signal late   days                     "Days late"

measure nps ladder
  below 0   -> 0    "Unhappy"
  otherwise -> 100
  missing   -> 50

measure seats ladder
  below 10  -> 50
  otherwise -> 100

score health average
  60 nps
  40 seats
  cap at 40 when late above 30 days  "Late"
  within 0 to 100

bands health
  below 50  -> poor red
  otherwise -> good green

flag big when seats at least 100
play call when health is poor     "Call them"
"""
LATE = """
test "late"
  given nps 0
  given seats 10
  given late 31 days
  expect points of health is 40
  expect health is poor
  expect call and not big
"""
IN_TIME = """
test "in time"
  given nps 0
  given seats 9
  given late 30 days
  expect points of health is 80
  expect health is good
  expect not call
"""
UNHAPPY = """
test "unhappy"
  given nps -1
  given seats 100
  expect points of health is 40
  expect big
"""
NOT_ASKED = """
test "not asked"
  given seats 99
  expect points of health is 70
  expect not big
"""
TESTS = LATE + IN_TIME + UNHAPPY + NOT_ASKED
USELESS = """
test "anything"
  given nps 7
  expect health at least 0
"""


def small(tests: str = TESTS, rules: str = RULES) -> CompiledRuleset:
    return loads(rules + tests, "small.health")


@cache
def campaign_of(tests: str = TESTS) -> Campaign:
    """That of the small ruleset with these tests; it never changes."""
    return campaign(small(tests))


def campaign(compiled: CompiledRuleset) -> Campaign:
    return mutate(run(compiled.ruleset), compiled.source)
