"""The agreement check sees every planted fault: one pass over random rulesets catches them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

import pytest

from healthdsl import CompiledRuleset, loads
from healthdsl.backends.record.program import compile_record
from healthdsl.graph.primitives import Primitive
from tests.oracle.compare import differences
from tests.oracle.evaluate import Account
from tests.oracle.plant import FAULTS, Fault, at_once
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset
from tests.oracle.seed import SEED
from tests.oracle.splice import Patch
from tests.oracle.trial import LAST_PLACES, Values, evaluator

RULESETS, RECORDS = 150, 6
Pair = tuple[Mapping[str, object], date, Values]


@pytest.mark.slow
def test_every_planted_fault_is_caught() -> None:
    waiting = list(FAULTS)
    caught: dict[str, int] = {}
    for number in range(RULESETS):
        rng = Random(f"{SEED}.planted.{number}")
        compiled = loads(random_ruleset(rng))
        pairs = list(answered_pairs(compiled, rng))
        for fault in waiting.copy():
            if is_caught(fault, compiled, pairs):
                waiting.remove(fault)
                caught[fault.name] = number
        if not waiting:
            break
    print(f"HEALTHDSL_SEED={SEED}: caught after so many rulesets: {caught}")  # noqa: T201
    assert [fault.name for fault in waiting] == []


def test_a_change_without_effect_is_not_caught() -> None:
    """The check tells a fault from a graph that is merely written otherwise."""
    rewritten = Fault("sums written otherwise", at_once(as_they_are, Primitive.ADD, Primitive.SNAP))
    planted = 0
    for number in range(10):
        rng = Random(f"{SEED}.harmless.{number}")
        compiled = loads(random_ruleset(rng))
        planted += rewritten.planted(compiled.ruleset) != compiled.graph
        assert not is_caught(rewritten, compiled, list(answered_pairs(compiled, rng)))
    assert planted


def as_they_are(patch: Patch) -> None:
    """The operation itself, looked at once more."""
    patch.make(Primitive.COALESCE, patch.original())


def answered_pairs(compiled: CompiledRuleset, rng: Random) -> Iterator[Pair]:
    """Random records with the oracle's answers; the sound evaluator agrees on each."""
    constants = gather_constants(compiled.ruleset)
    for _ in range(RECORDS):
        record, as_of = random_record(compiled.ruleset, constants, rng)
        account = Account.of(compiled.ruleset, record, as_of)
        expected = dict(account.outputs())
        if account.nearest_tie >= LAST_PLACES:
            assert not list(differences(expected, evaluator(compiled, record, as_of)))
            yield record, as_of, expected


def is_caught(fault: Fault, compiled: CompiledRuleset, pairs: list[Pair]) -> bool:
    """Whether the outputs differ from the oracle's in some pair once the fault is in the graph."""
    graph = fault.planted(compiled.ruleset)
    if graph == compiled.graph:
        return False  # nothing there to spoil
    program = compile_record(graph)
    for record, as_of, expected in pairs:
        today = as_of.toordinal()
        snapshot = program.run(None, dict(record), today, None).snapshot
        if list(differences(expected, program.full(snapshot, today))):  # type: ignore[arg-type]
            return True
    return False
