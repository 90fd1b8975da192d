"""Which points a frozen distribution keeps, and how far a rank may be off."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from healthdsl.batch.frozen_points import MOST_POINTS, Counted, FrozenPoints, freeze_points, rank_in, ranked


def counted(*counts: tuple[float, int]) -> Counted:
    return Counted(counts, sum(count for _, count in counts), len(counts))


def off(points: FrozenPoints, known: Counted) -> float:
    """The biggest error of a rank, told anew."""
    found, below = 0.0, 0
    for value, count in known.counts:
        rank = 100 * (below + count / 2) / known.known
        found = max(found, abs(rank - rank_in(points.points, value)))
        below += count
    return found


def test_a_rank_is_the_share_below_and_half_of_the_equal() -> None:
    # ten accounts: 1 below 5, then 4 that have it, then 5 above
    known = counted((1.0, 1), (5.0, 4), (9.0, 5))
    assert list(ranked(known).ranks) == [5.0, 30.0, 75.0]
    assert freeze_points(ranked(known)) == FrozenPoints(((1.0, 5.0), (5.0, 30.0), (9.0, 75.0)), 0.0)


def test_lines_between_points_and_flat_outside() -> None:
    points = ((0.0, 10.0), (10.0, 20.0), (20.0, 90.0))
    assert [rank_in(points, x) for x in (-5, 0, 5, 10, 15, 20, 25)] == [10, 10, 15, 20, 55, 90, 90]


def test_ranks_that_do_not_rise_as_written_are_one_point() -> None:
    known = counted((1.0, 1), (2.0, 1), (3.0, 99_999_998))
    points = freeze_points(ranked(known))
    assert [value for value, _ in points.points] == [1.0, 3.0]
    assert points.error == pytest.approx(off(points, known))


@pytest.mark.parametrize("shape", ["even", "steep", "steps", "two heaps"])
def test_no_more_points_than_allowed_and_the_error_is_true(shape: str) -> None:
    rng = Random(7)
    draw = {
        "even": lambda: rng.random() * 1_000,
        "steep": lambda: round(rng.lognormvariate(7, 2), 2),
        "steps": lambda: float(rng.choice([0, 0, 0, 1, 5, 10, 50, rng.randint(1, 5_000)])),
        "two heaps": lambda: rng.gauss(0, 1) + rng.choice([0, 1_000]),
    }[shape]
    known = counted(*sorted(Counter(draw() for _ in range(2_000)).items()))
    points = freeze_points(ranked(known))
    assert 50 < len(points.points) <= MOST_POINTS
    assert points.error == pytest.approx(off(points, known))
    assert points.error < 0.5
    fewer = freeze_points(ranked(known), 20)
    assert len(fewer.points) <= 20
    assert points.error < fewer.error < 6
    assert all(low < high and below < above for (low, below), (high, above) in pairwise(points.points))


def test_a_straight_line_needs_two_points() -> None:
    known = counted(*((float(value), 1) for value in range(1_000)))
    points = freeze_points(ranked(known), 5)
    assert points.points[0] == (0.0, 0.05)
    assert points.points[-1] == (999.0, 99.95)
    assert points.error < 1e-3
