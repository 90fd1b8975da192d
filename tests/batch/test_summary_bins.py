"""The axis of a histogram, by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from healthdsl.batch.summary_bins import MOST_BINS, Spread, axis_of

HUNDRED = (Fraction(0), Fraction(100))


def spread(low, high, whole=False, low_tail=None, high_tail=None):
    return Spread(
        low, high, low if low_tail is None else low_tail, high if high_tail is None else high_tail, whole
    )


def edges(axis):
    return [axis.edge(k) for k in range(axis.bins + 1)]


@pytest.mark.parametrize(
    ("found", "scale", "first", "second", "last"),
    [
        (spread(20.3, 93.8), HUNDRED, "0", "5", "100"),
        (spread(0.0, 100.0, whole=True), HUNDRED, "0", "5", "100"),
        (spread(50.0, 50.0), HUNDRED, "0", "5", "100"),
        (spread(50.0, 60.0), HUNDRED, "50", "50.5", "60"),  # a tenth of the scale: the scale says nothing
        (spread(0.11, 0.93), (Fraction(0), Fraction(1)), "0", "0.05", "1"),
        (spread(-4674.5, 6021.2), None, "-5000", "-4000", "7000"),
        (spread(0.0, 1e12), None, "0", "50000000000", "1000000000000"),
    ],
)
def test_edges_are_round_and_hold_every_score(found, scale, first, second, last):
    axis = axis_of(found, scale)
    at = edges(axis)
    assert (at[0], at[1], at[-1]) == (Decimal(first), Decimal(second), Decimal(last))
    assert not axis.by_value
    assert axis.bins <= MOST_BINS + 2


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0, 10, range(11)),
        (3, 3, range(1, 6)),
        (0, 0, range(5)),
        (-1, 1, range(-2, 3)),
        (0, 30, range(31)),
    ],
)
def test_few_whole_numbers_are_counted_by_value(low, high, values):
    axis = axis_of(spread(float(low), float(high), whole=True), None)
    assert axis.by_value
    assert [axis.edge(k) for k in range(axis.bins)] == [Decimal(value) for value in values]
    assert not axis.open_below
    assert not axis.open_above


def test_one_account_far_away_does_not_flatten_the_rest():
    axis = axis_of(spread(-4000.0, 1.5e9, low_tail=-3000.0, high_tail=5000.0), None)
    assert (axis.open_below, axis.open_above) == (False, True)
    assert (axis.edge(0), axis.edge(axis.bins)) == (Decimal(-4000), Decimal(5000))


def test_equal_scores_with_one_far_away_keep_their_range():
    axis = axis_of(spread(5.0, 1e9, low_tail=5.0, high_tail=5.0), None)
    assert not axis.open_above
    assert axis.edge(axis.bins) >= Decimal(10**9)


@pytest.mark.parametrize("value", [0.0, -0.5, 1e-7, 123456.789, 1e15, -1e15])
def test_one_score_without_a_scale_has_a_bin(value):
    axis = axis_of(spread(value, value), None)
    assert float(axis.edge(0)) <= value <= float(axis.edge(axis.bins))
    assert axis.edge(0) < axis.edge(axis.bins)
