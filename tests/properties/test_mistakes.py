"""No text makes the compiler raise: it answers with nodes and diagnostics whose places lie in the text."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from healthdsl.diagnostics.diagnostic import RulesetError
from healthdsl.pipeline import compile_source
from tests.oracle.rulesets import ruleset_texts
from tests.properties.mutations import mutate


def check_answer(text: str) -> None:
    """Either a graph or an error that can be shown."""
    compilation = compile_source(text, "mutant.health")
    errors = [found for found in compilation.diagnostics if found.is_error]
    assert (compilation.graph is None) == bool(errors)
    for found in compilation.diagnostics:
        # A caret may stand just behind the last character.
        assert 0 <= found.span.start <= found.span.end <= len(compilation.source.text) + 1
        assert found.message
    if errors:
        assert errors[0].code in str(RulesetError(compilation.source, compilation.diagnostics))


@given(ruleset_texts(), st.integers(0, 2**32))
def test_mutants_of_rulesets_are_answered(text: str, seed: int) -> None:
    check_answer(mutate(text, Random(seed)))


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    check_answer(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    compilation = compile_source(data, "noise.health")
    assert compilation.graph is None
    assert any(found.is_error for found in compilation.diagnostics)
