"""What is only called otherwise is told as that, where there is one way to read it."""

from __future__ import annotations

import pytest

from healthdsl.diff.change import Effect, Kind
from healthdsl.diff.compare import compare
from tests.diff.made import ruleset_of

TEXT = """\
ruleset a
  language 1

signal logins count
signal seats count
signal spare count

signal share = logins / seats

measure share curve
  0 -> 0
  1 -> 100

measure seats = seats

score health average
  2 share
  1 seats

bands health
  below 50 -> low
  otherwise -> high

flag empty when share is 0
play call when empty and health is low
"""


def renames(text: str) -> list[str]:
    changes = compare(ruleset_of(TEXT), ruleset_of(text)).changes
    return [change.sentence for change in changes if change.kind is Kind.RENAMED]


def test_a_signal_goes_on_reading_its_column() -> None:
    text = TEXT.replace("signal logins count", 'signal visits count "Logins"\n  column "logins"')
    difference = compare(ruleset_of(TEXT), ruleset_of(text.replace("logins / seats", "visits / seats")))
    assert [change.sentence for change in difference.changes] == ["Signal visits was called `logins` before."]
    assert difference.effect is Effect.EXPLANATION


def test_a_signal_that_reads_another_column_is_told_as_that() -> None:
    text = TEXT.replace("logins", "visits")
    sentences = [change.sentence for change in compare(ruleset_of(TEXT), ruleset_of(text)).changes]
    assert sentences == [
        "Signal visits was called `logins` before.",
        'In signal visits, the title goes from "Logins" to "Visits".',
        "In signal visits, it is read from the column `visits` instead of `logins`.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("health", "score_1", "Score score_1 was called `health` before."),
        ("empty", "unused", "Flag unused was called `empty` before."),
    ],
)
def test_nodes_and_flags(before: str, after: str, sentence: str) -> None:
    assert renames(TEXT.replace(before, after)) == [sentence]


def test_a_measure_is_renamed_with_its_signal() -> None:
    found = renames(TEXT.replace("share", "usage"))
    assert found == ["Signal usage was called `share` before.", "Measure usage was called `share` before."]


def test_two_ways_to_read_it_are_none() -> None:
    text = TEXT.replace("signal logins count\n", "signal a count\nsignal b count\n")
    text = text.replace("logins / seats", "(a + b) / seats")
    assert not renames(text)


def test_an_input_that_is_used_elsewhere_is_another_one() -> None:
    assert not renames(TEXT.replace("signal spare count", "signal other count"))
