"""The abstract interpreter is sound: whatever an account gives lies in what the interpreter said."""

import math
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.explain.abstract import Numbers, Truth, concrete, holds
from healthdsl.explain.bounds import find_reaches
from healthdsl.explain.changes import point
from healthdsl.explain.frame import Frame
from healthdsl.explain.intervals import TRANSFER, interpret, step
from healthdsl.explain.ranges import months_between
from healthdsl.graph.evaluate import apply, evaluate
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import DATE, NUMBER, YES_NO
from tests.explain.effort import FEW
from tests.explain.made import made, random_account

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
@FEW
@given(seed=st.integers(0, 10**9))
def test_every_value_lies_in_its_abstract_value(open_ended, seed):
    one, account = random_account(f"sound {seed}")
    said = interpret(one.graph, open_ended=open_ended)
    for index, (op, value) in enumerate(zip(one.graph.ops, account.all_values(), strict=True)):
        if op.table is None:
            assert holds(said[index], value), (index, op, said[index], value)


@FEW
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


@FEW
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


# One operation at a time ---------------------------------------------------------

TWO_NUMBERS = [
    *(Primitive.ADD, Primitive.SUBTRACT, Primitive.MULTIPLY, Primitive.DIVIDE, Primitive.MINIMUM),
    *(Primitive.MAXIMUM, Primitive.POWER, Primitive.LESS, Primitive.AT_MOST, Primitive.EQUAL),
]
ONE_NUMBER = [
    *(Primitive.FLOOR, Primitive.CEILING, Primitive.SNAP, Primitive.LN, Primitive.LOG2, Primitive.LOG10),
    *(Primitive.ROUND, Primitive.IS_KNOWN),
]
TWO_DAYS = [Primitive.DAYS_BETWEEN, Primitive.MONTHS_BETWEEN]

usual = st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-9, -1e-9, 3.0, 1e15, -1e15, 8388608.0, 82.5])
numbers = usual | st.floats(-1e15, 1e15) | st.integers(-50, 50).map(float)
days = st.integers(1, 3_652_059) | st.integers(730_000, 740_000)


@st.composite
def interval_and_point(draw, values):
    """An interval, maybe with missing, and a value in it."""
    ends = sorted(draw(st.lists(values, min_size=3, max_size=3)))
    may_be_missing = draw(st.booleans())
    point_ = None if may_be_missing and draw(st.booleans()) else ends[1]
    return Numbers(ends[0], ends[2], may_be_missing), point_


def check_operation(primitive, pairs, value, type_):
    """The result at the points lies in the result over the intervals."""
    ops = tuple(Op(Primitive.INPUT, (), str(k), type_) for k in range(len(pairs)))
    op = Op(primitive, tuple(range(len(pairs))), value, NUMBER)
    frame = Frame(Graph((*ops, op), (), (), ()), [interval for interval, _ in pairs], {}, False, 0)
    result = apply(op, [found for _, found in pairs])
    assert holds(step(frame, op), result), (primitive, pairs, step(frame, op), result)


@pytest.mark.parametrize("primitive", TWO_NUMBERS)
@given(pairs=st.tuples(interval_and_point(numbers), interval_and_point(numbers)))
def test_an_operation_on_two_numbers_is_sound(primitive, pairs):
    check_operation(primitive, pairs, None, NUMBER)


@pytest.mark.parametrize("primitive", ONE_NUMBER)
@given(pair=interval_and_point(numbers), decimals=st.integers(0, 9))
def test_an_operation_on_one_number_is_sound(primitive, pair, decimals):
    check_operation(primitive, [pair], decimals, NUMBER)


@pytest.mark.parametrize("primitive", TWO_DAYS)
@given(pairs=st.tuples(interval_and_point(days), interval_and_point(days)))
def test_an_operation_on_two_days_is_sound(primitive, pairs):
    check_operation(primitive, pairs, None, DATE)


@given(day=interval_and_point(days), moved=interval_and_point(st.floats(-1000, 1000)))
def test_moving_a_day_is_sound(day, moved):
    ops = (Op(Primitive.INPUT, (), "day", DATE), Op(Primitive.INPUT, (), "moved", NUMBER))
    op = Op(Primitive.ADD_DAYS, (0, 1), None, DATE)
    frame = Frame(Graph((*ops, op), (), (), ()), [day[0], moved[0]], {}, False, 0)
    assert holds(step(frame, op), apply(op, [day[1], moved[1]]))


@given(truths=st.lists(st.sets(st.sampled_from([True, False, None]), min_size=1), min_size=2, max_size=3))
@pytest.mark.parametrize("primitive", [Primitive.AND, Primitive.OR])
def test_logic_is_sound_and_says_no_more_than_needed(primitive, truths):
    pairs = [(Truth(True in t, False in t, None in t), t) for t in truths]
    ops = tuple(Op(Primitive.INPUT, (), str(k), YES_NO) for k in range(len(truths)))
    op = Op(primitive, tuple(range(len(truths))), None, YES_NO)
    frame = Frame(Graph((*ops, op), (), (), ()), [truth for truth, _ in pairs], {}, False, 0)
    possible = {apply(op, list(each)) for each in product(*truths)}
    assert step(frame, op) == Truth(True in possible, False in possible, None in possible)


@pytest.mark.parametrize(
    ("kind", "weights"),
    [("number from 0 to 9", (1e-9, 3e-9, 0.5)), ("number from 0.5 to 9", (0.5, 0.7)), ("count", (1.0, 3.0))],
)
def test_a_mean_by_small_weights_is_sound(kind, weights):
    """Each product counts to nine decimals, so the mean can lie beside its values."""
    columns = f"  x number from 0.4 to 0.600000001\n  w {kind}\n"
    rules = f"ruleset r\n  language 1\nrows t\n{columns}signal s = average x of t weighted by w\n"
    graph = made(f"{rules}measure s = s\n").graph
    (mean,) = (k for k, op in enumerate(graph.ops) if op.primitive is Primitive.AGGREGATE)
    for x, w in product((0.4, 0.45, 0.600000001), weights):
        found = evaluate(graph, {}, {"t": [{"x": x, "w": w}] * 2})["s"]
        assert holds(interpret(graph)[mean], found), (x, w, found)


def test_months_to_days_beyond_the_calendar_are_bounded():
    beyond = Numbers(-1e15, 1e15, missing=True)
    assert holds(months_between(beyond, Numbers(1.0, 10.0, missing=False)), 0.0)
    assert months_between(beyond, beyond).high == 9_998 * 12 + 11


# What it can say -------------------------------------------------------------------

CURVES = """\
ruleset curves
  language 1

signal a number
signal b number
signal plan one of free, pro

measure a curve
  20 -> 10
  90 -> 100
measure b curve
  0  -> 80
  10 -> 20
group g average
  3 a
  1 b
score s average
  60 g
  40 a
  -10 when b above 3
  +5 when plan is pro
"""


@pytest.mark.parametrize(
    ("node", "low", "high"),
    [("a", 10, 100), ("b", 20, 80), ("g", 10, 100), ("s", 0, 105)],
)
def test_curves_and_averages_are_bounded(node, low, high):
    """Neither the open straight lines of a curve nor the weights that may drop out make the bounds open.

    With everything known g is from (3*10 + 20) / 4 on, but one of its parts may be unknown.
    """
    reach = find_reaches(made(CURVES).graph)[f"{node}__points"]
    assert (reach.least, reach.most) == (low, high)


def test_bounds_of_known_accounts_are_narrower():
    reach = find_reaches(made(CURVES).graph)["g__points"]
    # (3*10 + 20) / 4 and (3*100 + 80) / 4.
    assert (reach.low, reach.high) == (12.5, 95)


def test_what_nothing_bounds_is_open():
    text = (
        "ruleset r\n  language 1\nsignal a number\nsignal c count\nmeasure a = a\nmeasure c = log2(c + 1)\n"
    )
    reaches = find_reaches(made(text).graph)
    assert (reaches["a__points"].low, reaches["a__points"].high) == (-math.inf, math.inf)
    assert reaches["c__points"].high == math.inf
    assert reaches["c__points"].low == 0
