"""Simplifying keeps every result, missing ones included, and does what it is there for."""

from __future__ import annotations

from itertools import product

from hypothesis import given

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.primitives import Primitive as Is
from healthdsl.graph.verify import verify_graph
from healthdsl.model.types import COUNT, NUMBER, YES_NO
from tests.graph.expressions import Tree, build, builder, trees, value_of

ACCOUNTS = [
    dict(zip("xypq", values, strict=True))
    for values in product([None, 0.0, -1.5, 2.0], [None, 0.0, 2.5], [None, True, False], [None, True, False])
]


def assert_same(tree: Tree) -> None:
    graph = builder()
    graph.output("it", "value", build(graph, tree))
    done = graph.graph()
    assert verify_graph(done) == []
    for account in ACCOUNTS:
        assert evaluate(done, account, {})["it"] == value_of(tree, account), (tree, account)


@given(trees())
def test_conditions_keep_their_truth(tree: Tree) -> None:
    assert_same(tree)


@given(trees(NUMBER))
def test_numbers_keep_their_value(tree: Tree) -> None:
    assert_same(tree)


def read(graph: GraphBuilder, name: str) -> int:
    return graph.make(Is.INPUT, (), name, kind=NUMBER if name in "xy" else YES_NO)


def test_constants_are_folded() -> None:
    graph = builder()
    two = graph.make(Is.ADD, (graph.number(0.5), graph.number(1.5)))
    assert two == graph.number(2.0)
    assert graph.make(Is.DIVIDE, (two, graph.number(0.0))) == graph.missing()


def test_false_is_not_zero() -> None:
    graph = builder()
    assert len({graph.truth(False), graph.number(0.0), graph.constant(0, COUNT)}) == 2
    assert graph.ops[graph.truth(False)].value is False


def test_equal_operations_are_one() -> None:
    graph = builder()
    x, y = read(graph, "x"), read(graph, "y")
    assert graph.make(Is.ADD, (x, y)) == graph.make(Is.ADD, (x, y))
    assert graph.make(Is.ADD, (x, y)) != graph.make(Is.SUBTRACT, (x, y))


def test_inputs_are_on_the_grid_and_need_no_snap() -> None:
    graph = builder()
    x = read(graph, "x")
    assert graph.snap(x) == x
    total = graph.make(Is.ADD, (x, x))
    assert graph.snap(total) != total
    assert graph.snap(graph.snap(total)) == graph.snap(total)


def test_not_ends_at_the_leaves() -> None:
    graph = builder()
    x, y, p = read(graph, "x"), read(graph, "y"), read(graph, "p")
    less = graph.make(Is.LESS, (x, y))
    assert graph.negate(less) == graph.make(Is.AT_MOST, (y, x))
    both = graph.both(less, p)
    assert graph.negate(both) == graph.either(graph.negate(less), graph.negate(p))
    assert graph.negate(graph.negate(p)) == p


def test_what_cannot_be_missing_is_known() -> None:
    graph = builder()
    x, y = read(graph, "x"), read(graph, "y")
    total = graph.make(Is.ADD, (x, y))
    assert graph.known(total) == graph.both(graph.known(x), graph.known(y))
    assert graph.known(graph.known(x)) == graph.truth(True)
    divided = graph.make(Is.DIVIDE, (x, y))
    assert graph.ops[graph.known(divided)].primitive is Is.IS_KNOWN


def test_a_missing_value_behind_a_question_for_it_is_the_value() -> None:
    graph = builder()
    x = read(graph, "x")
    absent = graph.negate(graph.known(x))
    assert graph.select([(absent, graph.missing())], x) == x


def test_a_missing_value_behind_a_question_for_another_stays() -> None:
    graph = builder()
    x, y = read(graph, "x"), read(graph, "y")
    absent, present = graph.negate(graph.known(x)), graph.known(x)
    assert graph.select([(absent, graph.missing())], y) != y
    assert graph.select([(present, y)], graph.missing()) != y
