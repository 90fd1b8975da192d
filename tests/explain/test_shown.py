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


EDGE = """ruleset made
  language 1

signal a number from 0 to 100 "A"

score health starts at 0
  +1 per a
  {}

bands health
  below 75  -> low    red
  otherwise -> high   green
"""


def _edge(shown: str) -> str:
    return EDGE.format(shown) if shown else EDGE.replace("  {}\n", "")


def test_a_score_beside_an_edge_is_shown_on_its_own_side() -> None:
    """74.996 with two decimals would be 75, and that is high."""
    main = loads(_edge("")).score({"a": 74.996}).explain().main
    assert main is not None
    assert "scores 74.996 out of 100, which is “Low”" in main.summary
    check_score(main)
    main = loads(_edge("")).score({"a": 74.126}).explain().main
    assert main is not None
    assert main.score == Decimal("74.13")


@pytest.mark.parametrize(("shown", "score"), [("", "74.99"), ("shown to whole number", "74.9")])
def test_a_move_says_a_score_in_its_band(shown: str, score: str) -> None:
    """The smallest change is to 74.999999999; what is told is some number below 75 that is shown so."""
    (move,) = loads(_edge(shown)).score({"a": 90}).explain().moves
    assert move.score is not None
    assert move.score < 75
    assert f"(score {score}" in move.text


THIRDS = """ruleset made
  language 1

signal a number from 0 to 1 "A"
signal b number from 0 to 1 "B"
signal c number from 0 to 1 "C"

measure x = 100 * a
measure y = 100 * b
measure z = 100 * c

score health average "Health"
  x
  y
  z
  {}

bands health
  below 10  -> low
  below 50  -> mid
  otherwise -> high
  missing   -> none
"""


@pytest.mark.parametrize(
    ("shown", "least", "most"), [("1 decimal", "33.3", "66.7"), ("whole number", "33", "67")]
)
def test_a_range_of_scores_is_shown_so_too(shown: str, least: str, most: str) -> None:
    """Of b 1 and c 0 the score is 100/3 to 200/3 for any a."""
    rules = THIRDS.format(f"shown to {shown}\n  unscored when a is missing")
    (move,) = [move for move in loads(rules).score({"b": 1, "c": 0}).explain().moves if move.signal == "a"]
    assert f"a score of {least} to {most} " in move.text
