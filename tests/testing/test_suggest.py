"""Suggested tests: they compile, hold, are laid out, and notice what no test noticed before."""

from __future__ import annotations

from fractions import Fraction

import pytest

from healthdsl import CompiledRuleset, loads
from healthdsl.model.types import COUNT, DATE, DAYS, NUMBER, PERCENT, TEXT, Kind, Type
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from healthdsl.testing.mutants.campaign import Fate, mutate
from healthdsl.testing.runner import run
from healthdsl.testing.suggest import CONFIRM, Suggestion, suggest_tests
from healthdsl.testing.written import write_value
from tests.testing.small import campaign, small

ROWS = """\
ruleset rows
  language 1
signal since date
signal plan one of free, "Pro plus"
signal share percent from 0% to 100%
  stored as 45 for 45%
rows tickets dated opened_on
  priority one of low, urgent
signal open = count of tickets in last 30 days where priority is urgent
signal age = days from since to today
score s total
  open
  plan
  share
measure open ladder
  below 2 -> 0
  otherwise -> 10
measure plan lookup
  free -> 1
  "Pro plus" -> 5
measure share ladder
  up to 40% -> 0
  otherwise -> 100
flag old when age above 365 days
"""


def suggested(compiled: CompiledRuleset) -> tuple[Suggestion, ...]:
    ran = run(compiled.ruleset)
    return suggest_tests(ran, mutate(ran, compiled.source))


@pytest.mark.parametrize("compiled", [small(""), loads(ROWS, "rows.health")], ids=str)
def test_they_hold_are_laid_out_and_notice_everything(compiled: CompiledRuleset) -> None:
    found = suggested(compiled)
    for each in found:
        assert each.text.startswith(f"# {CONFIRM}\n# notices if ")
        assert format_text(Source(each.text)) == each.text
        assert "\n  expect " in each.text
    more = loads(compiled.source.text + "\n" + "\n".join(each.text for each in found), "more.health")
    assert more.warnings == compiled.warnings
    assert all(outcome.passed for outcome in run_tests(more))
    assert campaign(more).of(Fate.SURVIVED) == ()


def test_few_notice_many() -> None:
    found = suggested(small(""))
    assert sum(len(each.kills) for each in found) == 41
    assert len(found) < 12


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, NUMBER, "missing"),
        (Fraction(-7, 2), NUMBER, "-3.5"),
        (Fraction(2, 3), NUMBER, "0.666666667"),
        (Fraction(100_000), COUNT, "100000"),
        (Fraction(1), DAYS, "1 day"),
        (Fraction(9, 20), PERCENT, "45%"),
        (739706, DATE, "2026-03-31"),
        (True, Type(Kind.YES_NO), "yes"),
        ("pro", Type(Kind.CATEGORY), "pro"),
        ("missing", Type(Kind.CATEGORY), '"missing"'),
        ("Pro plus", Type(Kind.CATEGORY), '"Pro plus"'),
        ('the "big" plan', TEXT, '"the ""big"" plan"'),
    ],
)
def test_values_as_they_are_written(
    value: Fraction | int | str | bool | None, type_: Type, text: str
) -> None:
    assert write_value(value, type_) == text
