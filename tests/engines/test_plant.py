"""The differential test sees planted faults: in the query on every engine, and in the record evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlglot import exp

from healthdsl.backends.record.program import compile_record
from tests.engines.accounts import Accounts, bad_cells, found, random_accounts
from tests.engines.agreement import Change, Expected, answers_of, as_it_is, differences, expected_of
from tests.engines.engine import Answer, Engine
from tests.engines.plant import FAULTS, Fault, everywhere
from tests.oracle import plant
from tests.oracle.seed import SEED

RULESETS, ACCOUNTS = 30, 20
FEW = 3
"""Faults to catch in a hurry, and on Spark, which takes seconds for each query."""

IN_GRAPH = ("`up to` read as `below`", "`and` read as `or`", "nothing is snapped")
Sound = tuple[Accounts, list[Expected]]


def sound(engine: Engine | None) -> Iterator[Sound]:
    """Random accounts with what they must give; without a fault the engine gives it."""
    for number in range(RULESETS):
        accounts = random_accounts(f"{SEED}.planted.{number}", ACCOUNTS)
        expected = [expected_of(accounts.compiled, record, accounts.as_of) for record in accounts.records]
        if engine is not None:
            assert not list(differences(expected, answers_of(engine, accounts)))
        yield accounts, expected


def is_caught(engine: Engine, change: Change, accounts: Accounts, expected: Sequence[Expected]) -> bool:
    """Whether the answers show it; a fault that the engine refuses says nothing about the comparison."""
    try:
        given = answers_of(engine, accounts, change)
    except engine.errors:
        return False
    return any(differences(expected, given))


def test_faults_in_a_query_are_caught(engine: Engine) -> None:
    assert uncaught(engine, FAULTS[:FEW]) == []


@pytest.mark.slow
@pytest.mark.parametrize("database", ["duckdb", "sqlite", "postgres"])
def test_more_faults_in_a_query_are_caught(database: str, request: pytest.FixtureRequest) -> None:
    assert uncaught(request.getfixturevalue(database), FAULTS[FEW:]) == []


def uncaught(engine: Engine, faults: Sequence[Fault]) -> list[str]:
    """The names of the faults that no account shows."""
    waiting = list(faults)
    for accounts, expected in sound(engine):
        waiting = [fault for fault in waiting if not is_caught(engine, fault.change, accounts, expected)]
        if not waiting:
            break
    return [fault.name for fault in waiting]


def test_faults_in_the_record_evaluator_are_caught() -> None:
    waiting = [fault for fault in plant.FAULTS if fault.name in IN_GRAPH]
    assert len(waiting) == 3
    for accounts, expected in sound(None):
        waiting = [fault for fault in waiting if not any(differences(expected, evaluated(fault, accounts)))]
        if not waiting:
            break
    assert waiting == []


def evaluated(fault: plant.Fault, accounts: Accounts) -> list[Answer]:
    """What the record evaluator gives with a fault in its graph."""
    program = compile_record(fault.planted(accounts.compiled.ruleset))
    today = accounts.as_of.toordinal()
    bad = [bad_cells(program.graph, record) for record in accounts.records]
    scored = [program.run(None, found(record), today, []) for record in accounts.records]
    return [
        {**program.full(one.snapshot, today), "bad_cells": cells}
        for one, cells in zip(scored, bad, strict=True)
    ]


def test_a_change_without_effect_is_not_caught(duckdb: Engine) -> None:
    accounts, expected = next(sound(duckdb))
    assert not is_caught(duckdb, as_it_is, accounts, expected)
    assert not is_caught(duckdb, everywhere(_in_brackets), accounts, expected)


def _in_brackets(node: exp.Expression) -> exp.Expression:
    """A number in one more pair of brackets."""
    is_number = isinstance(node, exp.Literal) and not node.is_string
    return exp.Paren(this=node.copy()) if is_number and not isinstance(node.parent, exp.Paren) else node
