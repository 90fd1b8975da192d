"""Graphs put together give what each gives by itself, and share what they have in common."""

from __future__ import annotations

from random import Random

from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.together import put_together
from healthdsl.graph.verify import verify_graph
from healthdsl.pipeline import compile_source
from tests.oracle.rulesets import random_ruleset

TEXT = """\
ruleset a
  language 1

signal x number from 0 to 10
signal y number

measure x ladder
  below 5 -> 0
  otherwise -> 100

measure y = y * 2

score s average
  2 x
  1 y
"""


def graph_of(text: str) -> Graph:
    ruleset = compile_source(text, "a").ruleset
    assert ruleset is not None
    return lower_ruleset(ruleset)


def together(*texts: str) -> Graph:
    graphs = [graph_of(text) for text in texts]
    return put_together(
        [
            (graph, {each.name: f"{each.name}__at_{k}" if k else each.name for each in graph.outputs})
            for k, graph in enumerate(graphs)
        ]
    )


def test_what_is_the_same_is_there_once() -> None:
    alone, twice = graph_of(TEXT), together(TEXT, TEXT)
    assert len(twice.ops) == len(alone.ops)
    assert len(twice.outputs) == 2 * len(alone.outputs)
    other = together(TEXT, TEXT.replace("2 x", "3 x"))
    assert len(alone.ops) < len(other.ops) < 2 * len(alone.ops)


def test_a_field_that_is_read_in_two_ways_is_two() -> None:
    whole = together(TEXT, TEXT.replace("to 10", "to 20"))
    assert [field.name for field in whole.inputs] == ["x", "x__read_2", "y"]
    assert [field.column for field in whole.inputs] == ["x", "x", "y"]
    assert {op.value for op in whole.ops if op.primitive is Primitive.INPUT} == {"x", "x__read_2", "y"}


def test_another_title_is_no_other_way() -> None:
    whole = together(TEXT, TEXT.replace("to 10", 'to 10 "X"'))
    assert [field.name for field in whole.inputs] == ["x", "y"]


def test_the_whole_keeps_the_promises_of_a_graph() -> None:
    rng = Random(11)
    for _ in range(8):
        texts = [random_ruleset(rng, 2) for _ in range(2)]
        if any(compile_source(text, "a").ruleset is None for text in texts):
            continue
        # Their names tell the version, too.
        broken = verify_graph(together(*texts))
        assert not [each for each in broken if not each.endswith("does not spell its owner and role")]
