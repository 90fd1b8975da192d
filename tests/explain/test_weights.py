"""Weights that come from signals: what the report says of them, worked out by hand."""

from tests.explain.test_explain import TABLES, explained, first

RULES = """signal weight_a number from 0 to 10 "Weight of A"
signal weight_b count "Weight of B"
score s average
  a weighted by weight_a
  b weighted by weight_b
"""


def test_a_weight_from_data_is_the_weight_of_this_account():
    page = explained(TABLES + RULES, {"a": 20, "b": 1, "weight_a": 3, "weight_b": 1})
    assert [(line.weight, line.share) for line in first(page).parts] == [(3, 75), (1, 25)]
    assert first(page).score == 80


def test_a_weight_that_is_missing_leaves_its_part_out_of_coverage_too():
    page = explained(TABLES + RULES, {"a": 20, "b": 1, "weight_b": 2})
    assert [(line.weight, line.share) for line in first(page).parts] == [(None, 0), (2, 100)]
    assert (first(page).score, first(page).coverage) == (20, 100)
    assert "Weight of A is not known: S leaves A out." in first(page).summary


def test_without_any_weight_nothing_is_scored():
    page = explained(TABLES + RULES, {"a": 20, "b": 1, "weight_a": 0})
    assert first(page).score is None


def test_what_would_move_a_score_may_be_a_weight():
    bands = "bands s\n  below 50 -> low\n  otherwise -> high\n"
    page = explained(
        TABLES + RULES + bands, {"a": 20, "b": 1, "weight_a": 1, "weight_b": 3}
    )  # (100 + 3 * 20) / 4
    assert "weight_a" in {move.signal for move in page.moves}
