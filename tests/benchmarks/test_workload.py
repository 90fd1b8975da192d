"""The benchmarks measure what they say: all candidates give the same numbers, the rulesets are real."""

from __future__ import annotations

import pytest

import healthdsl
from tests.benchmarks import scorecard, zen_model
from tests.benchmarks.generated import ruleset_of
from tests.benchmarks.report import Line, table

COMPILED = healthdsl.loads(scorecard.RULESET)


def test_the_hand_tuned_function_gives_the_same() -> None:
    for record in [*scorecard.random_records(400, seed=1), *scorecard.odd_records(400, seed=2)]:
        result = COMPILED.score(record)
        assert (result.score, result.band) == scorecard.hand_tuned(record), record


def test_zen_gives_the_same() -> None:
    pytest.importorskip("zen", reason="zen-engine comes with make bench")
    engine = zen_model.engine()
    for record in scorecard.random_records(100, seed=3):
        found = engine.evaluate(zen_model.KEY, record)["result"]
        assert (found["score"], found["band"]) == scorecard.hand_tuned(record), record


@pytest.mark.parametrize("lines", [200, 2_000])
def test_generated_rulesets_have_their_length(lines: int) -> None:
    assert ruleset_of(lines).count("\n") == lines
    assert healthdsl.loads(ruleset_of(200)).score({}, as_of="2026-03-31").score is None


def test_a_missed_target_is_told() -> None:
    shown = table([Line("a", "1 ms", "under 2 ms"), Line("b", "3 ms", "under 2 ms", False), Line("c", "x")])
    assert [line.split()[-1] for line in shown.splitlines()[1:]] == ["met", "MISSED", "x"]
