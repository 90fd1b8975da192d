"""What a compiled ruleset promises: the quick score is the full one, pickling and layout change nothing."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from healthdsl import CompiledRuleset, loads
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import ruleset_texts
from tests.properties.budget import COMPILING
from tests.properties.mutations import mess_up_layout

SEEDS = st.integers(0, 2**32)


def records(compiled: CompiledRuleset, seed: int) -> Iterator[tuple[dict[str, object], date]]:
    rng, constants = Random(seed), gather_constants(compiled.ruleset)
    for _ in range(4):
        yield random_record(compiled.ruleset, constants, rng)


@COMPILING
@given(ruleset_texts(), SEEDS)
def test_the_quick_score_is_the_full_one(text: str, seed: int) -> None:
    """`score` and `band` are worked out by a program of their own."""
    compiled = loads(text)
    main = compiled.ruleset.main_score
    for record, as_of in records(compiled, seed):
        result = compiled.score(record, as_of=as_of)
        quick = result.score, result.band
        assert quick == (result.values.get(f"{main}__points"), result.values.get(f"{main}__band"))


@COMPILING
@given(ruleset_texts(), SEEDS)
def test_scoring_again_gives_the_same_and_leaves_the_record_alone(text: str, seed: int) -> None:
    compiled = loads(text)
    for record, as_of in records(compiled, seed):
        before = repr(record)
        first = dict(compiled.score(record, as_of=as_of).values)
        assert dict(compiled.score(record, as_of=as_of).values) == first
        assert repr(record) == before


@COMPILING
@given(ruleset_texts(), SEEDS)
def test_a_pickled_ruleset_scores_the_same(text: str, seed: int) -> None:
    compiled = loads(text)
    copied = pickle.loads(pickle.dumps(compiled))
    assert copied.fingerprint == compiled.fingerprint
    for record, as_of in records(compiled, seed):
        assert dict(copied.score(record, as_of=as_of).values) == dict(
            compiled.score(record, as_of=as_of).values
        )


@COMPILING
@given(ruleset_texts(), SEEDS)
def test_layout_and_comments_change_neither_fingerprint_nor_values(text: str, seed: int) -> None:
    compiled, messy = loads(text), loads(mess_up_layout(text, Random(seed)))
    assert messy.fingerprint == compiled.fingerprint
    for record, as_of in records(compiled, seed):
        assert dict(messy.score(record, as_of=as_of).values) == dict(
            compiled.score(record, as_of=as_of).values
        )


@COMPILING
@given(ruleset_texts(), st.integers(1, 999))
def test_a_changed_constant_changes_the_fingerprint(text: str, thousandths: int) -> None:
    """A measure with one constant in it, set to two values."""
    added = "\nmeasure the_changed_one = {}\n"
    one = loads(text + added.format("0.5"))
    other = loads(text + added.format(f"0.5{thousandths:03}"))
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == loads(text + added.format("0.50")).fingerprint
