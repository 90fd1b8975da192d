"""The abstract interpreter is sound: whatever an account gives lies in what the interpreter said."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.explain.abstract import concrete, holds
from healthdsl.explain.changes import point
from healthdsl.explain.intervals import TRANSFER, interpret
from healthdsl.graph.primitives import Primitive
from tests.explain.made import random_account

SOURCES = {
    Primitive.INPUT,
    Primitive.COLUMN,
    Primitive.SUPPLIED,
    Primitive.TODAY,
    Primitive.AGGREGATE,
}


def test_every_primitive_has_a_meaning():
    assert set(TRANSFER) == set(Primitive)


@pytest.mark.parametrize("open_ended", [False, True])
@given(seed=st.integers(0, 10**9))
def test_every_value_lies_in_its_abstract_value(open_ended, seed):
    one, account = random_account(f"sound {seed}")
    said = interpret(one.graph, open_ended=open_ended)
    for index, (op, value) in enumerate(zip(one.graph.ops, account.all_values(), strict=True)):
        if op.table is None:
            assert holds(said[index], value), (index, op, said[index], value)


@given(seed=st.integers(0, 10**9))
def test_points_give_exactly_what_the_evaluator_gives(seed):
    one, account = random_account(f"points {seed}")
    values = account.all_values()
    known = {
        index: point(values[index], op)
        for index, op in enumerate(one.graph.ops)
        if op.table is None and op.primitive in SOURCES
    }
    said = interpret(one.graph, known)
    for index, op in enumerate(one.graph.ops):
        if op.table is None:
            found = concrete(said[index], op.type)
            assert (type(found), found) == (type(values[index]), values[index])


@given(seed=st.integers(0, 10**9))
def test_some_known_sources_stay_sound(seed):
    """Half of the sources at their value, the rest open: narrower, and still sound."""
    one, account = random_account(f"half {seed}")
    values, rng = account.all_values(), Random(seed)
    known = {
        index: point(values[index], op)
        for index, op in enumerate(one.graph.ops)
        if op.table is None and op.primitive in SOURCES and rng.random() < 0.5
    }
    said = interpret(one.graph, known)
    for index, (op, value) in enumerate(zip(one.graph.ops, values, strict=True)):
        assert op.table is not None or holds(said[index], value), (index, op, said[index], value)
