"""A history that tests make: runs of a small ruleset for two days, kept by the program itself."""

from collections.abc import Iterator
from typing import Any

import duckdb

from tests.cli.conftest import healthdsl
from tests.cli.program import ACCOUNTS, RULESET, Program

__all__ = ["ACCOUNTS", "RULESET", "Program", "healthdsl", "keep", "lines"]


def keep(program: Program, day: str, *options: str, accounts: str | None = None) -> None:
    """Score accounts for a day and keep the run in `runs`."""
    if accounts is not None:
        program.file("accounts.csv", accounts)
    ran = program("score", "tiny.health", "accounts.csv", "--as-of", day, "--history", "runs", *options)
    assert ran.code == 0, ran.err


def lines(program: Program, history: str = "runs") -> dict[tuple[str, str], dict[str, Any]]:
    """Every line of every run by day and account, as DuckDB reads them by itself."""
    pattern = str(program.folder / history / "*" / "*.parquet")
    found = duckdb.sql(f"SELECT * FROM read_parquet('{pattern}', hive_partitioning = true)")
    return {(str(row["as_of"]), row["account_id"]): row for row in _rows(found)}


def _rows(found: duckdb.DuckDBPyRelation | None) -> Iterator[dict[str, Any]]:
    assert found is not None
    for row in found.fetchall():
        yield dict(zip(found.columns, row, strict=True))
