"""The record evaluator gives what the oracle gives, on random rulesets and records."""

from __future__ import annotations

import pytest

from tests.oracle.coverage import missing_from
from tests.oracle.seed import SEED
from tests.oracle.trial import Trial, run_trial

RULESETS, RECORDS = 60, 12
MANY_RULESETS, MANY_RECORDS = 1_000, 20


def checked(rulesets: int, records: int) -> Trial:
    """A trial without a difference."""
    trial = run_trial(SEED, rulesets, records)
    shares = f"{trial.ties} pairs came too near a cut to tell, {trial.ties_that_differ} of them differ"
    print(f"HEALTHDSL_SEED={SEED}: {trial.pairs} pairs, {trial.outputs} outputs; {shares}")  # noqa: T201
    assert not trial.failures, "\n\n".join(["the evaluator and the oracle differ", *trial.failures])
    assert trial.pairs == rulesets * records
    return trial


def test_the_evaluator_agrees_with_the_oracle() -> None:
    checked(RULESETS, RECORDS)


@pytest.mark.slow
def test_the_evaluator_agrees_with_the_oracle_on_many_pairs() -> None:
    trial = checked(MANY_RULESETS, MANY_RECORDS)
    assert trial.pairs >= 20_000
    assert missing_from(trial.reached) == []
    # What doubles cannot tell must stay rare, or agreement would say little.
    assert trial.ties_that_differ < trial.pairs / 1_000
