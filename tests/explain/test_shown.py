"""`shown to 1 decimal`: what reports print is rounded, with all that adds up to it; the value is exact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from healthdsl import loads
from healthdsl.reports import render_text
from tests.explain.test_adds_up import check_score

RULES = """ruleset made
  language 1

signal a number "A"
signal b number "B"
signal c number "C"

measure c = c
  shown to whole number

score health average "Health"
  1 a
  1 b
  1 c
  shown to {}

bands health
  below 3.7 -> low
  otherwise -> high
"""


def test_the_value_is_exact_and_the_page_is_rounded() -> None:
    result = loads(RULES.format("1 decimal")).score({"a": 5, "b": 1, "c": 5})
    assert result.score == 3.666666667  # 11/3 as it is snapped
    assert result.band == "low"
    main = result.explain().main
    assert main is not None
    assert main.score == Decimal("3.7")
    # 5/3, 1/3 and 5/3, as the steps of 1.667, 2 and 3.667 rounded
    assert [part.contribution for part in main.parts] == [Decimal("1.7"), Decimal("0.3"), Decimal("1.7")]
    check_score(main)


@pytest.mark.parametrize(
    ("said", "shown"), [("whole number", "4"), ("1 decimal", "3.7"), ("2 decimals", "3.67")]
)
def test_as_many_decimals_as_it_says(said: str, shown: str) -> None:
    main = loads(RULES.format(said)).score({"a": 5, "b": 1, "c": 5}).explain().main
    assert main is not None
    assert str(main.score) == shown
    assert f"scores {shown}, which" in main.summary


def test_a_part_says_it_for_itself() -> None:
    explanation = loads(RULES.format("2 decimals")).score({"a": 5, "b": 1, "c": 4.6}).explain()
    assert explanation.main is not None
    assert [part.points for part in explanation.main.parts] == [
        Decimal("5.00"),
        Decimal("1.00"),
        Decimal("5"),
    ]
    assert "3.53" in render_text(explanation)


def test_a_half_is_rounded_up_as_everywhere() -> None:
    rules = "ruleset made\n  language 1\nsignal a number\nscore health = a\n  shown to whole number\n"
    main = loads(rules).score({"a": 2.5}).explain().main
    assert main is not None
    assert main.score == 3


def test_a_score_of_words_alone_says_nothing_of_how_much_is_known() -> None:
    rules = """ruleset made
  language 1

signal a number "A"

levels grades without points
  good green
  poor red

measure a ladder as grades
  below 3   -> poor
  otherwise -> good

score grade highest as grades
  a
"""
    main = loads(rules).score({"a": 2}).explain().main
    assert main is not None
    assert main.level is not None
    assert (main.level.name, main.score, main.coverage) == ("poor", None, None)
    blank = loads(rules).score({}).explain().main
    assert blank is not None
    assert blank.level is None
    assert blank.coverage == 0
