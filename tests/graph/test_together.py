"""Versions lowered together keep the promises of a graph, and share what they have in common."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.verify import verify_graph
from healthdsl.graph.versions import Versions
from healthdsl.model.ruleset import Ruleset
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


def ruleset_of(text: str) -> Ruleset:
    ruleset = compile_source(text, "a").ruleset
    assert ruleset is not None
    return ruleset


def together(*rulesets: Ruleset) -> Graph:
    versions = Versions()
    lowered = [versions.lower(ruleset) for ruleset in rulesets]
    return versions.graph(
        [
            (each, {output.name: f"{output.name}__at_{k}" if k else output.name for output in each.outputs})
            for k, each in enumerate(lowered)
        ]
    )


def test_what_is_the_same_is_there_once() -> None:
    alone, twice = lower_ruleset(ruleset_of(TEXT)), together(ruleset_of(TEXT), ruleset_of(TEXT))
    assert len(twice.ops) == len(alone.ops)
    assert len(twice.outputs) == 2 * len(alone.outputs)
    other = together(ruleset_of(TEXT), ruleset_of(TEXT.replace("2 x", "3 x")))
    assert len(alone.ops) < len(other.ops) < 2 * len(alone.ops)


def test_a_field_that_is_read_in_two_ways_is_two() -> None:
    whole = together(ruleset_of(TEXT), ruleset_of(TEXT.replace("to 10", "to 20")))
    assert [field.name for field in whole.inputs] == ["x", "y", "x__read_2"]
    assert [field.column for field in whole.inputs] == ["x", "y", "x"]
    assert {op.value for op in whole.ops if op.primitive is Primitive.INPUT} == {"x", "x__read_2", "y"}


def test_another_title_is_no_other_way() -> None:
    whole = together(ruleset_of(TEXT), ruleset_of(TEXT.replace("to 10", 'to 10 "X"')))
    assert [field.name for field in whole.inputs] == ["x", "y"]


def test_one_changed_declaration_lowers_what_reads_it_alone() -> None:
    # The signal x is read otherwise: measure x and the score are lowered again, measure y is not.
    old, other = ruleset_of(TEXT), ruleset_of(TEXT.replace("to 10", "to 5"))
    new = replace(old, signals=(other.signals[0], old.signals[1]))
    versions = Versions()
    before, after = versions.lower(old), versions.lower(new)
    places = [{output.name: output.op for output in each.outputs} for each in (before, after)]
    moved = {name for name in places[0] if places[0][name] != places[1][name]}
    assert {"x", "x__points", "s__points"} <= moved
    assert {name for name in moved if name.startswith("y")} == set()
    alone = lower_ruleset(new)
    assert [output.name for output in after.outputs] == [output.name for output in alone.outputs]


def test_the_whole_keeps_the_promises_of_a_graph() -> None:
    rng = Random(11)
    for _ in range(8):
        found = [compile_source(random_ruleset(rng, 2), "a").ruleset for _ in range(2)]
        # Their names tell the version, too.
        broken = verify_graph(together(*[ruleset for ruleset in found if ruleset is not None]))
        assert not [each for each in broken if not each.endswith("does not spell its owner and role")]
