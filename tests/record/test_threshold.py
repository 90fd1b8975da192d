"""The doubles at which snapped values cross a bound, found exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.graph.arithmetic import SNAP_LIMIT, snap
from healthdsl.graph.threshold import first_above, first_at_least

BOUNDS = [
    0.0,
    1e-9,
    -1e-9,
    40.0,
    -40.0,
    0.3,
    99.999999999,
    SNAP_LIMIT,
    -SNAP_LIMIT,
    SNAP_LIMIT - 1e-9,
    1e15,
    -1e15,
]


def assert_first(bound: float) -> None:
    at_least, above = first_at_least(bound), first_above(bound)
    assert snap(at_least) >= bound > snap(math.nextafter(at_least, -math.inf))
    assert snap(above) > bound >= snap(math.nextafter(above, -math.inf))


@pytest.mark.parametrize("bound", BOUNDS)
def test_edges_of_known_bounds(bound: float) -> None:
    assert_first(bound)


@given(st.one_of(st.floats(-1e7, 1e7), st.floats(-1e-6, 1e-6), st.integers(-1000, 1000)))
def test_edges_of_any_bound(bound: float) -> None:
    assert_first(snap(bound))
