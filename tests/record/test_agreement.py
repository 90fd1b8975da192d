"""The generated code and the plain evaluator of graphs give the same for random rulesets and records."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from healthdsl import loads
from healthdsl.graph.evaluate import evaluate
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import ruleset_texts


@given(ruleset_texts(), st.integers(0, 2**32))
def test_every_output_is_the_evaluators(text: str, seed: int) -> None:
    compiled = loads(text)
    rng, constants = Random(seed), gather_constants(compiled.ruleset)
    for _ in range(4):
        record, as_of = random_record(compiled.ruleset, constants, rng)
        result = compiled.score(record, as_of=as_of)
        inputs, tables = compiled._program.inputs_of(result.snapshot)
        expected = evaluate(compiled.graph, inputs, tables, as_of.toordinal())
        assert dict(result.values) == expected
        assert {name: type(value) for name, value in result.values.items()} == {
            name: type(value) for name, value in expected.items()
        }
