"""Every engine gives what the oracle and the record evaluator give, on random rulesets and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import LONG
from tests.engines.accounts import EXPECTED, accounts_of, random_accounts
from tests.engines.agreement import Tally, compare
from tests.engines.engine import Engine
from tests.oracle.rulesets import ruleset_texts
from tests.oracle.seed import SEED

RULESETS, ACCOUNTS = 12, 30
# Spark takes seconds to plan a query, whatever the number of accounts: few rulesets, many accounts.
SPARK_RULESETS, SPARK_ACCOUNTS = 16, 600
MANY_RULESETS, MANY_ACCOUNTS = 64, 200
SHARES = 4
ENOUGH = 8
"""So many random rulesets have every kind of oddity among their accounts; four of them need not."""


def checked(engines: Sequence[Engine], seeds: Sequence[str], accounts: int) -> Tally:
    """A tally without a difference."""
    tally = Tally()
    for seed in seeds:
        compare(tally, engines, seed, random_accounts(seed, accounts))
        if len(tally.failures) >= 3:
            break
    passed(tally)
    assert tally.scores == len(engines) * len(seeds) * accounts
    if len(seeds) >= ENOUGH:
        assert not set(EXPECTED) - tally.seen.keys()
    return tally


def passed(tally: Tally) -> None:
    print(f"HEALTHDSL_SEED={SEED}: {tally}")  # noqa: T201
    if tally.failures:
        pytest.fail("\n\n".join(["the engines differ", *tally.failures]), pytrace=False)


def test_engines_in_process_agree(duckdb: Engine, sqlite: Engine) -> None:
    checked([duckdb, sqlite], [f"{SEED}.engines.{number}" for number in range(RULESETS)], ACCOUNTS)


@settings(max_examples=40 if LONG else 3)
@given(text=ruleset_texts(), seed=st.integers(0, 2**32))
def test_engines_in_process_agree_on_what_hypothesis_finds(
    duckdb: Engine, sqlite: Engine, text: str, seed: int
) -> None:
    tally = Tally()
    compare(tally, [duckdb, sqlite], f"hypothesis, {seed}", accounts_of(text, Random(seed), 5))
    passed(tally)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_all_engines_agree(
    share: int, duckdb: Engine, sqlite: Engine, postgres: Engine, any_spark: Engine
) -> None:
    seeds = [f"{SEED}.{any_spark.name}.{number}" for number in range(share, SPARK_RULESETS, SHARES)]
    tally = checked([duckdb, sqlite, postgres, any_spark], seeds, SPARK_ACCOUNTS)
    assert tally.ties < tally.scores / 20


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_databases_agree(share: int, duckdb: Engine, sqlite: Engine, postgres: Engine) -> None:
    seeds = [f"{SEED}.databases.{number}" for number in range(share, MANY_RULESETS, SHARES)]
    checked([duckdb, sqlite, postgres], seeds, MANY_ACCOUNTS)


def test_the_long_run_compares_enough() -> None:
    on_spark, elsewhere = SPARK_RULESETS * SPARK_ACCOUNTS, MANY_RULESETS * MANY_ACCOUNTS
    assert SPARK_RULESETS % SHARES == MANY_RULESETS % SHARES == 0
    assert 2 * 4 * on_spark + 3 * elsewhere >= 100_000
