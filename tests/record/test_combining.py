"""Averages, totals, lowest and highest; weights, grids, variants, coverage, needs, not applicable,
unscored.
"""

from __future__ import annotations

import pytest

from tests.record.made import scored, value

PARTS = "signal a number\nsignal b number\nmeasure a = a\nmeasure b = b\n"
AVERAGE = PARTS + "score s average\n  3 a\n  1 b\n"


@pytest.mark.parametrize(
    ("record", "score", "coverage"),
    [
        ({"a": 100, "b": 20}, 80, 1.0),
        ({"a": 100}, 100, 0.75),
        ({"b": 20}, 20, 0.25),
        ({}, None, 0.0),
    ],
)
def test_an_average_divides_by_the_weight_that_is_there(record, score, coverage) -> None:
    result = scored(AVERAGE, record)
    assert (result.score, result.coverage) == (score, coverage)


def test_a_total_multiplies_and_never_divides() -> None:
    body = AVERAGE.replace("average", "total")
    assert scored(body, {"a": 10, "b": 2}).score == 32
    assert scored(body, {"a": 10}).score == 30
    assert scored(body, {}).score is None


def test_lowest_and_highest_leave_out_what_is_missing() -> None:
    low, high = AVERAGE.replace("average", "lowest"), AVERAGE.replace("average", "highest")
    assert (scored(low, {"a": 3, "b": 5}).score, scored(high, {"a": 3, "b": 5}).score) == (3, 5)
    assert (scored(low, {"b": 5}).score, scored(high, {"a": 3}).score) == (5, 3)
    assert scored(low, {}).score is None


def test_weight_zero_is_shown_and_never_counted() -> None:
    body = AVERAGE.replace("1 b", "0 b")
    result = scored(body, {"b": 20})
    assert (result.score, result.coverage) == (None, 0.0)
    assert result.parts["b"] == 20
    assert result.values["s__weight_2"] == 0
    lowest = body.replace("average", "lowest")
    assert scored(lowest, {"a": 30, "b": 20}).score == 30


def test_the_weights_that_counted() -> None:
    result = scored(AVERAGE, {"a": 100})
    assert (result.values["s__weight_1"], result.values["s__weight_2"]) == (3, 0)


def test_parts_kept_by_policy_count_but_are_not_known() -> None:
    body = AVERAGE.replace("measure b = b\n", "measure b = b\n  missing -> 50\n")
    result = scored(body, {"a": 90})
    assert (result.score, result.coverage) == (80, 0.75)


NESTED = (
    PARTS + "signal c number\nmeasure c = c\ngroup g average\n  1 a\n  3 b\nscore s average\n  1 g\n  1 c\n"
)


def test_coverage_of_a_group_is_a_share() -> None:
    assert scored(NESTED, {"a": 10, "c": 20}).coverage == 0.625
    assert scored(NESTED, {"a": 10, "c": 20}).score == 15


@pytest.mark.parametrize(("record", "score"), [({"a": 10, "b": 10}, 10), ({"a": 10}, 10), ({"b": 10}, None)])
def test_needs_a_share_of_the_weight(record, score) -> None:
    assert scored(AVERAGE + "  needs 75% of weight\n", record).score == score


def test_needs_a_number_of_parts() -> None:
    body = AVERAGE + "  needs 2 parts\n"
    assert scored(body, {"a": 10}).score is None
    assert scored(body, {"a": 10}).values["s__unscored"] is True
    assert scored(body, {"a": 10, "b": 10}).score == 10


def test_not_applicable_leaves_average_and_coverage() -> None:
    body = "signal new yes/no\n" + AVERAGE.replace("3 a\n", "3 a only when new\n")
    assert scored(body, {"a": 100, "b": 20, "new": False}).score == 20
    assert scored(body, {"a": 100, "b": 20, "new": False}).coverage == 1.0
    assert scored(body, {"a": 100, "b": 20}).score == 20, "unknown is not applicable, too"
    assert scored(body, {"b": 20, "new": True}).coverage == 0.25
    assert scored(body, {"b": 20}).values["s__part_applies_1"] is False


def test_a_measure_that_does_not_apply_leaves_every_group() -> None:
    body = "signal new yes/no\n" + AVERAGE.replace("measure a = a\n", "measure a = a\n  only when new\n")
    result = scored(body, {"a": 100, "b": 20, "new": False})
    assert (result.score, result.coverage, result.values["a__applies"]) == (20, 1.0, False)


def test_unscored_poisons_what_it_is_part_of() -> None:
    body = "signal free yes/no\n" + NESTED.replace("measure a = a\n", "measure a = a\n  unscored when free\n")
    result = scored(body, {"a": 1, "b": 2, "c": 3, "free": True})
    assert [result.values[f"{node}__unscored"] for node in "agsc"] == [True, True, True, False]
    assert (result.score, result.parts["g"]) == (None, None)
    assert scored(body, {"a": 1, "b": 2, "c": 3, "free": False}).score == 2.375


def test_unscored_does_not_poison_through_a_part_that_does_not_apply() -> None:
    body = "signal free yes/no\nsignal new yes/no\n" + AVERAGE.replace(
        "measure a = a\n", "measure a = a\n  unscored when free\n"
    ).replace("3 a\n", "3 a only when new\n")
    assert scored(body, {"a": 1, "b": 20, "free": True, "new": False}).score == 20
    assert scored(body, {"a": 1, "b": 20, "free": True, "new": True}).score is None


def test_points_of_a_node_without_points_are_missing() -> None:
    body = PARTS + "measure m first match\n  when points of a is missing -> 1\n  otherwise -> 2\n"
    assert value(body, {}, "m__points") == 1
    assert value(body, {"a": 0}, "m__points") == 2


GRID = "signal seg one of smb, mid, big\n" + PARTS + "score s average\n  by seg  smb, big, otherwise\n"


@pytest.mark.parametrize(
    ("seg", "score"),
    [("smb", 80), ("big", 40), ("mid", 60), (None, 60)],
)
def test_a_weight_grid_by_segment(seg, score) -> None:
    body = GRID + "  a -> 3, 1, 2\n  b -> 1, 3, 2\n"
    assert scored(body, {"a": 100, "b": 20, "seg": seg}).score == score


def test_a_grid_without_a_case_that_fits_weighs_nothing() -> None:
    body = GRID.replace(", otherwise", "") + "  a -> 3, 1\n  b -> 1, 3\n"
    assert scored(body, {"a": 100, "b": 20, "seg": "mid"}).score is None
    assert scored(body, {"a": 100, "b": 20}).score is None
    assert scored(body, {"a": 100, "b": 20, "seg": "smb"}).score == 80


VARIANTS = (
    "signal age number\n" + PARTS + "score s average for young when age below 90\n  1 a\n"
    "score s total for old when age at least 90\n  1 a\n  2 b\n"
)


@pytest.mark.parametrize(
    ("age", "score", "variant", "applies"),
    [(10, 5, 0, True), (90, 25, 1, True), (None, None, -1, False)],
)
def test_the_first_variant_that_fits(age, score, variant, applies) -> None:
    result = scored(VARIANTS, {"age": age, "a": 5, "b": 10})
    assert (result.score, result.values["s__variant"]) == (score, variant)
    assert result.values["s__applies"] is applies
    assert result.values["s__weight_2"] == (2 if variant == 1 else 0)


def test_a_variant_that_does_not_fit_is_not_unscored() -> None:
    assert scored(VARIANTS, {"a": 5}).values["s__unscored"] is False
