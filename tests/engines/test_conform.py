"""The script that checks a database: run on every engine at hand, and seen to find a planted fault."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from healthdsl import CompiledRuleset, load, loads
from healthdsl.batch.conform import Scored, Trial, conform_script
from healthdsl.batch.made_accounts import made_accounts
from healthdsl.batch.sql_text import TITLES, Order
from healthdsl.batch.table_names import parse_table
from healthdsl.batch.warehouse import Tables
from healthdsl.model.types import Kind
from tests.backends.sql.golden import RULESETS
from tests.shared import ROOT

DAY = date(2026, 3, 31)
PUBLISHED = sorted((ROOT / "rulesets" / "published").glob("*.health"))
EXAMPLE = load(ROOT / "examples" / "b2b_book" / "saas_health.health")


def script(compiled: CompiledRuleset, dialect: str, accounts: int = 300) -> list[str]:
    """The statements, each alone."""

    def score(record: Mapping[str, object]) -> Scored:
        result = compiled.score(record, as_of=DAY, on_invalid="missing")
        return result.values, [error.signal for error in result.errors or ()]

    tables = Tables(parse_table("accounts", dialect))
    order = Order(compiled.ruleset, compiled.graph, compiled.fingerprint, dialect, tables)
    comment, *rest = conform_script(Trial(order, DAY, accounts, score))
    assert all(line.startswith("--") for line in comment.splitlines())
    return [each for one in rest for each in one.rstrip().removesuffix(";").split(";\n")]


def on_duckdb(statements: list[str]) -> list[str]:
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'America/New_York'")
    for each in statements:
        engine.execute(each)
    return [row[0] for row in engine.fetchall()]


def on_sqlite(statements: list[str]) -> list[str]:
    engine = sqlite3.connect(":memory:")
    for each in statements:
        found = engine.execute(each)
    return [row[0] for row in found]


def on_postgres(statements: list[str]) -> list[str]:
    import psycopg

    with psycopg.connect(os.environ["HEALTHDSL_POSTGRES"], autocommit=True) as engine:
        engine.execute("SET TimeZone = 'America/New_York'")
        for each in statements:
            found = engine.execute(each.encode())
        return [row[0] for row in found]


Run = Callable[[list[str]], list[str]]


@pytest.fixture(params=["duckdb", "sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> tuple[str, Run]:
    """The dialect, and what runs statements on a database of its own and gives the last answer."""
    runs: dict[str, Run] = {"duckdb": on_duckdb, "sqlite": on_sqlite, "postgres": on_postgres}
    if request.param == "postgres":
        request.getfixturevalue("postgres")  # says what is missing
    return request.param, runs[request.param]


@pytest.mark.parametrize("compiled", [EXAMPLE, *RULESETS.values()], ids=lambda each: each.name)
def test_an_engine_at_hand_scores_alike(compiled: CompiledRuleset, database: tuple[str, Run]) -> None:
    dialect, run = database
    assert run(script(compiled, dialect)) == ["conform: 300 accounts, 0 differences"]


@pytest.mark.slow
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda each: each.stem)
def test_published_rulesets_score_alike(path: Path, database: tuple[str, Run]) -> None:
    dialect, run = database
    assert run(script(load(path), dialect, 1000)) == ["conform: 1000 accounts, 0 differences"]


@pytest.mark.slow
@pytest.mark.parametrize("name", RULESETS)
def test_spark_scores_alike(name: str, spark_session: Any) -> None:
    spark = spark_session.newSession()
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    for each in script(RULESETS[name], "spark"):
        found = spark.sql(each)
    assert [row[0] for row in found.collect()] == ["conform: 300 accounts, 0 differences"]


def test_a_planted_fault_is_found(database: tuple[str, Run]) -> None:
    """A changed constant in the compiled query, and only there."""
    dialect, run = database
    statements = script(RULESETS["scorecard"], dialect)
    query = statements[-2]
    assert "healthdsl_conform_found AS\n" in query
    low, high = ("30.0", "31.0") if dialect == "sqlite" else ("30", "31")
    assert f"nps < {low} " in query
    statements[-2] = query.replace(f"nps < {low} ", f"nps < {high} ")
    first, *others = run(statements)
    assert first.endswith(f", {len(others)} differences")
    assert others
    assert all("nps__points: expected 100" in each and "found 50" in each for each in others)


def test_an_account_that_is_lost_is_found() -> None:
    statements = script(RULESETS["scorecard"], "duckdb", 20)
    statements[-2] += "\nWHERE account_id <> 'A-00003'"
    found = on_duckdb(statements)
    assert found[0] == "conform: 20 accounts, 1 differences"
    assert found[1].startswith("A-00003: there is no such account; ")


# The accounts --------------------------------------------------------------------


def test_the_same_accounts_every_time() -> None:
    graph = EXAMPLE.graph
    first, again, other = (list(made_accounts(graph, DAY, 50, seed)) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_accounts_meet_the_thresholds_of_the_ruleset() -> None:
    accounts = list(made_accounts(EXAMPLE.graph, DAY, 3000, "x"))
    nps = {record["NPS Score"] for record in accounts}
    assert {0.0, 30.0, -1e-9, 29.99, None, 100.0} <= nps
    overdue = {record["overdue"] for record in accounts}
    assert {60.0, 61.0, 59.0, None} <= overdue
    days = {(DAY - record["renewal_on"]).days for record in accounts if record["renewal_on"]}  # type: ignore[operator]
    assert {0, -30, -31} <= days
    tickets = [record["tickets"] for record in accounts]
    assert {0, 1, 6} <= {len(rows) for rows in tickets}  # type: ignore[arg-type]
    ages = {(DAY - row["opened_on"]).days for rows in tickets for row in rows if row["opened_on"]}  # type: ignore[attr-defined]
    assert {-1, 0, 29, 30} <= ages
    seen = {EXAMPLE.score(each, as_of=DAY, on_invalid="missing").band for each in accounts[:500]}
    assert seen >= {None, "critical", "at_risk", "neutral", "healthy"}


def test_some_cells_are_wrong() -> None:
    accounts = list(made_accounts(EXAMPLE.graph, DAY, 500, "x"))
    notes = [EXAMPLE.score(each, as_of=DAY, on_invalid="missing").notes for each in accounts]
    assert 10 < sum(bool(each) for each in notes) < 250


# Every dialect -------------------------------------------------------------------


@pytest.mark.parametrize("dialect", TITLES)
def test_no_table_that_is_there_is_touched(dialect: str) -> None:
    for statement in script(EXAMPLE, dialect, 20):
        words = statement.split()
        if words[0] in {"CREATE", "DROP", "INSERT"}:
            names = [word for word in words[:8] if "healthdsl_conform_" in word]
            assert len(names) == 1
        else:
            assert words[0] == "WITH"


def test_ids_keep_clear_of_columns_of_the_ruleset() -> None:
    text = "ruleset r\n  language 1\nsignal account_id text\nplay p when account_id is known\n"
    compiled = loads(text)
    assert compiled.graph.inputs[0].type.kind is Kind.TEXT
    assert on_duckdb(script(compiled, "duckdb", 40)) == ["conform: 40 accounts, 0 differences"]
