"""Coverage: which places tests reach."""

from __future__ import annotations

from random import Random

import pytest

from healthdsl import CompiledRuleset, loads
from healthdsl.model.ruleset import ToLevel
from healthdsl.testing.band_rows import BandRows
from healthdsl.testing.coverage import CONDITIONS, Coverage, account_of, measure_coverage
from healthdsl.testing.places import Sort
from healthdsl.testing.runner import run
from tests.oracle.rulesets import random_ruleset
from tests.testing.small import IN_TIME, LATE, NOT_ASKED, TESTS, UNHAPPY, small

MORE = """\
ruleset more
  language 1
signal a count
signal c one of x, y
measure a ladder
  when c is x and a above 100 -> 7
  below 5 -> 0
  otherwise -> 100
  only when c is known
measure e = a + 1
  missing -> 3
measure f like a of a
score s average for one when c is x
  a
  e
  needs 80% of weight
score s average for two when c is y
  f
  unscored when a above 50 "too many"
bands s, a
  when a is 3 -> odd
  below 50    -> odd
  otherwise   -> even
  missing     -> none_yet
"""


def coverage(compiled: CompiledRuleset) -> Coverage:
    return measure_coverage(run(compiled.ruleset, CONDITIONS(compiled.ruleset)), compiled.source)


def missed(tests: str) -> set[str]:
    return {f"{each.sort.value}: {each.text}" for each in coverage(loads(MORE + tests)).missed}


def test_what_four_tests_reach() -> None:
    found = coverage(small())
    assert [(each.line, each.text) for each in found.missed] == [(21, "within 0 to 100")]
    # 5 rows of measures, of them one for what is missing; 2 parts, a cap, a limit, 2 bands, a flag, a play
    assert {sort.value: pair for sort, pair in found.by_sort().items()} == {
        "row": (4, 4),
        "missing row": (1, 1),
        "part": (2, 2),
        "step": (1, 1),
        "limit": (0, 1),
        "band": (2, 2),
        "flag": (1, 1),
        "play": (1, 1),
    }
    assert found.share == 12 / 13


def test_fewer_tests_reach_less() -> None:
    lines = [each.line for each in coverage(small(LATE + IN_TIME)).missed]
    assert lines == [9, 11, 21, 27]
    assert coverage(small("")).share == 0
    assert coverage(small(TESTS + TESTS.replace('test "', 'test "again '))).share == 12 / 13
    assert coverage(small(UNHAPPY + NOT_ASKED)).covered[0].test is not None


def test_nothing_is_reached_by_nothing() -> None:
    assert len(missed("")) == len(coverage(loads(MORE)).covered) == 16


def test_one_account_at_a_time() -> None:
    everything = missed("")
    one = everything - missed('test "t"\n  given a 3\n  given c x\n  expect a is 3\n')
    assert one == {
        "row: below 5 -> 0",
        "variant: score s average for one when c is x",
        "part: a",
        "part: e",
        "band: when a is 3 -> odd",
    }
    two = everything - missed('test "t"\n  given a 60\n  given c y\n  expect a is 60\n')
    assert two == {
        "row: otherwise -> 100",
        "variant: score s average for two when c is y",
        'condition: unscored when a above 50 "too many"',
        "band: otherwise -> even",
        "band: missing -> none_yet",
    }


def test_policies_needs_and_conditions() -> None:
    blank = missed("") - missed('test "t"\n  expect a is missing\n')
    assert blank == {
        "missing policy: missing -> 3",
        "condition: only when c is known",
        "band: missing -> none_yet",
    }
    known = missed("") - missed('test "t"\n  given c x\n  expect a is missing\n')
    assert "needs: needs 80% of weight" in known
    assert "missing policy: missing -> 3" in known


@pytest.mark.parametrize(("points", "line"), [(10, 5), (40, 6), (60, 7), (95, 8)])
def test_bands_with_when_rows_between(points: int, line: int) -> None:
    """10 is below 20 before anything is asked; 40 is asked, and so is 95, but not below 90."""
    rules = (
        "ruleset r\n  language 1\nsignal a number\n"
        "bands s\n  below 20 -> low\n  when a is 40 -> odd\n  below 90 -> mid\n"
        "  when a above 90 -> odd\n  otherwise -> high\nscore s total\n  a\nmeasure a = a\n"
    )
    text = f'{rules}test "t"\n  given a {points}\n  expect a is {points}\n'
    found = [each for each in coverage(loads(text)).covered if each.place.sort is Sort.BAND]
    assert [each.place.line for each in found if each.test is not None] == [line]


def test_a_band_row_gives_the_band_of_the_account() -> None:
    """In random rulesets, the row told is one of the band that the outputs have."""
    told = 0
    for seed in (9, 18, 24, 29, 33):
        compiled = loads(random_ruleset(Random(seed)))
        ran = run(compiled.ruleset, CONDITIONS(compiled.ruleset))
        for test in ran.tests:
            for bands in compiled.ruleset.bands if test.values is not None else ():
                assert test.values is not None
                account = account_of(ran, test.values)
                hit = [row for row in bands.rows if BandRows(bands).reaches(row)(account)]
                names = [row.result.name for row in hit if isinstance(row.result, ToLevel)]
                band = test.values[f"{bands.node}__band"]
                assert names == ([] if band is None else [band])
                told += len(names)
    assert told > 9


def test_a_when_rule_and_a_line_used_twice() -> None:
    reached = missed("") - missed('test "t"\n  given c x\n  given a 101\n  expect a is 101\n')
    assert "when rule: when c is x and a above 100 -> 7" in reached
    rows = [each.place.text for each in coverage(loads(MORE)).covered if each.place.line == 7]
    assert rows == ["below 5 -> 0"]
