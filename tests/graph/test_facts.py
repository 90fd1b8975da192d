"""What is said of operations before any account is seen holds for every account."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl import loads
from healthdsl.graph.arithmetic import snap
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.facts import Facts, graph_facts
from healthdsl.graph.graph import Graph, Output
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import NUMBER
from tests.explain.made import typed
from tests.graph.expressions import Tree, build, builder, trees
from tests.graph.test_simplify import ACCOUNTS
from tests.oracle.inputs import read_signals, read_tables
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import ruleset_texts


def all_values(graph: Graph, *account: object) -> list[object]:
    """The value of every operation of the account; rows are worked through inside aggregates."""
    names = [Output(str(k), k, "value", str(k)) for k, op in enumerate(graph.ops) if op.table is None]
    whole = Graph(graph.ops, graph.inputs, graph.tables, tuple(names))
    found = evaluate(whole, *account)  # type: ignore[arg-type]
    return [found.get(str(k)) for k in range(len(graph.ops))]


def broken(facts: Facts, values: list[object], index: int) -> str | None:
    """What `facts` say that is not so."""
    value = values[index]
    if (value is None) != any(values[root] is None for root in facts.roots):
        return "roots"
    told = facts.if_true if value is True else facts.if_not_true
    if isinstance(value, bool) or value is None:
        if any(values[other] is None for other in told):
            return "if_true or if_not_true"
        if facts.present is not None and (value is True) != all(values[k] is not None for k in facts.present):
            return "present"
        if facts.absent is not None and (value is True) != any(values[k] is None for k in facts.absent):
            return "absent"
        return None
    return broken_number(facts, float(value)) if isinstance(value, int | float) else None


def broken_number(facts: Facts, value: float) -> str | None:
    low, high = facts.bounds
    if not low <= value <= high:
        return "bounds"
    if facts.grid and snap(value) != value:
        return "grid"
    if facts.whole and value != int(value):
        return "whole"
    if value != 0.0 and abs(value) < facts.least * 0.999999:
        return "least"
    return "slack" if abs(snap(value) - value) > facts.slack else None


def assert_sound(graph: Graph, values: list[object]) -> None:
    for index, facts in enumerate(graph_facts(graph)):
        op = graph.ops[index]
        if op.table is None:
            assert broken(facts, values, index) is None, (index, op, facts, values[index])


@given(st.one_of(trees(), trees(NUMBER)))
def test_facts_of_random_operations(tree: Tree) -> None:
    graph = builder()
    graph.output("it", "value", build(graph, tree))
    done = graph.graph()
    for account in ACCOUNTS[::5]:
        assert_sound(done, all_values(done, account, {}))


@given(ruleset_texts(), st.integers(0, 2**32))
def test_facts_of_random_rulesets(text: str, seed: int) -> None:
    compiled = loads(text)
    rng, constants = Random(seed), gather_constants(compiled.ruleset)
    for _ in range(3):
        record, as_of = random_record(compiled.ruleset, constants, rng)
        inputs = {name: typed(value) for name, value in read_signals(compiled.ruleset, record).items()}
        tables = {
            name: None if rows is None else [{k: typed(v) for k, v in row.items()} for row in rows]
            for name, rows in read_tables(compiled.ruleset, record).items()
        }
        assert_sound(compiled.graph, all_values(compiled.graph, inputs, tables, as_of.toordinal()))


def test_a_wrong_fact_is_seen() -> None:
    values: list[object] = [None, 3.0, 0.5]
    assert broken(Facts(frozenset()), values, 0) == "roots"
    assert broken(Facts(frozenset(), (0.0, 2.0)), values, 1) == "bounds"
    assert broken(Facts(frozenset(), whole=True), values, 2) == "whole"
    assert broken(Facts(frozenset(), least=1.0), values, 2) == "least"
    assert broken(Facts(frozenset(), grid=True), [1 / 3], 0) == "grid"
    assert broken(Facts(frozenset(), slack=1e-12), [1 / 3], 0) == "slack"
    assert broken(Facts(frozenset(), if_true=frozenset({0})), [None, True], 1) == "if_true or if_not_true"
    assert broken(Facts(frozenset(), present=frozenset({0})), [None, True], 1) == "present"
    assert broken(Facts(frozenset(), absent=frozenset({0})), [None, False], 1) == "absent"


def test_a_sum_lies_within_the_rows_there_can_be() -> None:
    compiled = loads("ruleset r\n  language 1\nrows t\n  x number from -5 to 5\nscore s = sum x of t\n")
    rows = [{"x": -5.0}, {"x": -5.0}, {"x": -4.5}]
    assert_sound(compiled.graph, all_values(compiled.graph, {}, {"t": rows}, None))
    rows = [{"x": 5.0}, {"x": 5.0}]
    assert_sound(compiled.graph, all_values(compiled.graph, {}, {"t": rows}, None))


@pytest.mark.parametrize(("bounds", "x"), [("0.1 to 0.2", 0.1), ("-0.7 to -0.1", -0.1), ("-2 to 5", -2.0)])
def test_an_average_may_pass_the_end_of_its_range_by_a_last_bit(bounds: str, x: float) -> None:
    """0.3 / 3 is 0.09999999999999999."""
    graph = loads(
        f"ruleset r\n  language 1\nrows t\n  x number from {bounds}\nscore s = average x of t\n"
    ).graph
    for count in range(1, 50):
        assert_sound(graph, all_values(graph, {}, {"t": [{"x": x}] * count}, None))


def test_an_average_keeps_whole_ends() -> None:
    graph = loads("ruleset r\n  language 1\nrows t\n  x number from 0 to 5\nscore s = average x of t\n").graph
    facts = graph_facts(graph)
    (found,) = (facts[k] for k, op in enumerate(graph.ops) if op.primitive is Primitive.AGGREGATE)
    assert found.bounds == (0.0, 5.0)
