"""Changes of tables of two keys: told by the column, the row or the cell that they are about."""

from __future__ import annotations

from itertools import combinations

import pytest

from healthdsl.diff.change import Effect
from healthdsl.diff.compare import blend, compare
from healthdsl.diff.sound import is_sound
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.meaning import same
from tests.diff.made import ruleset_of

GRID = """ruleset a
  language 1

signal plan one of free, pro, team, enterprise
signal seats count
signal tickets count

measure fit grid of plan
  by seats       below 10,  below 100,  otherwise
  when tickets above 9 -> 0
  enterprise  -> 60,        80,         100  "Large plan"
  pro, team   -> 90,        70,         50
  otherwise   -> 30,        20,         10
  missing     -> 40
"""
TOLD = [
    ("70,", "75,", "the cell `plan pro or team, seats below 100` gives 75 instead of 70."),
    ("  10\n", "  skip\n", "the cell `any other plan, any other seats` gives skip instead of 10."),
    ("below 100", "below 150", "the column `below 100` becomes `below 150`."),
    ("pro, team ", "pro       ", "the row `pro, team` becomes `pro`."),
    ("  pro, team   -> 90,        70,         50\n", "", "the row `pro, team -> 90, 70, 50` is removed."),
    ("  otherwise   ->", "  free -> 1, 2, 3\n  otherwise   ->", "the row `free -> 1, 2, 3` is added."),
    (
        "by seats ",
        "by tickets ",
        "it is worked out by a grid of plan by tickets instead of a grid of plan by seats.",
    ),
    ("-> 40", "-> 50", "the row `missing` gives 50 instead of 40."),
]


@pytest.mark.parametrize(("before", "after", "said"), TOLD, ids=[told[2][:40] for told in TOLD])
def test_a_change_is_told_once(before: str, after: str, said: str) -> None:
    old, new = ruleset_of(GRID), ruleset_of(GRID.replace(before, after, 1))
    (change,) = compare(old, new).changes
    assert (change.sentence, change.effect) == (f"In measure fit, {said}", Effect.SCORE)
    assert fingerprint(old) != fingerprint(new)


def test_a_reason_is_told_once_for_its_row() -> None:
    (change,) = compare(ruleset_of(GRID), ruleset_of(GRID.replace("Large plan", "Large"))).changes
    assert change.effect is Effect.EXPLANATION
    assert (
        change.sentence
        == 'In measure fit, the reason of the row `enterprise` goes from "Large plan" to "Large".'
    )


def test_a_column_is_told_as_one() -> None:
    text = GRID.replace("below 10,  ", "").replace("60,        ", "")
    text = text.replace("90,        ", "").replace("30,        ", "")
    (change,) = compare(ruleset_of(GRID), ruleset_of(text)).changes
    assert change.sentence == "In measure fit, the column `below 10` is removed."


def test_rows_of_words_may_stand_in_any_order() -> None:
    one, other = (
        '  enterprise  -> 60,        80,         100  "Large plan"\n',
        "  pro, team   -> 90,        70,         50\n",
    )
    turned = GRID.replace(one + other, other + one)
    assert turned != GRID
    assert fingerprint(ruleset_of(GRID)) == fingerprint(ruleset_of(turned))
    assert not compare(ruleset_of(GRID), ruleset_of(turned)).changes


def test_any_choice_of_changes_makes_a_grid() -> None:
    """A column goes, another moves, a row comes, one changes its key, a cell its points."""
    text = """
  by seats       below 150,  otherwise
  when tickets above 9 -> 0
  enterprise  -> 80,         95   "Large plan"
  free        -> 1,          2
  pro         -> 70,         50
  otherwise   -> 20,         10
  missing     -> 40
"""
    old, new = ruleset_of(GRID), ruleset_of(GRID[: GRID.index("\n  by")] + text)
    numbers = [change.number for change in compare(old, new).changes]
    assert len(numbers) == 5
    for count in range(len(numbers) + 1):
        for taken in combinations(numbers, count):
            found = blend(old, new, set(taken))
            assert is_sound(found)
            lower_ruleset(found)
    assert same(blend(old, new, ()), old)
    assert same(blend(old, new, set(numbers)), new)
