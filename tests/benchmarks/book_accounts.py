"""Books of random accounts as Parquet files: the same seed gives the same values, 5% of them missing.

Values come from a hash of the row's number, so threads may make them in any order, and the 20th million costs
no memory.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

MISSING = 0.05
AS_OF = "2026-03-31"
ROWS_EACH = 20
"""Child rows of an account on average; few have none."""

ACCOUNTS = {
    "utilisation": "round({u} * 1.2, CASE WHEN {v} < 0.5 THEN 2 ELSE 4 END)",
    "breadth": "round({u}, CASE WHEN {v} < 0.5 THEN 1 ELSE 3 END)",
    "logins": "round({u} * 30, CASE WHEN {v} < 0.5 THEN 0 ELSE 2 END)",
    "nps": "floor({u} * 201) - 100",
    "csat": "round(1 + {u} * 4, 1)",
    "tickets": "[0, 0, 1, 2, 4, 5, 6, 11, 20][1 + CAST(floor({u} * 9) AS INTEGER)]",
    "tenure": "CAST(floor({u} * 1500) AS INTEGER)",
    "seats": "[5, 20, 49, 50, 100, 250, 500, 2000][1 + CAST(floor({u} * 8) AS INTEGER)]",
    "plan": "['free', 'pro', 'enterprise'][1 + CAST(floor({u} * 3) AS INTEGER)]",
    "has_sponsor": "{u} < 0.5",
    "overdue": "[0, 0, 0, 10, 60, 61, 90][1 + CAST(floor({u} * 7) AS INTEGER)]",
    "renewal_in": "CAST(floor({u} * 430) AS INTEGER) - 30",
}
"""Columns of scorecard-12; `u` and `v` are random numbers from 0 to below 1."""

EVENTS = {
    "day": f"DATE '{AS_OF}' + 10 - CAST(floor({{u}} * {{v}} * 400) AS INTEGER)",
    "kind": "['login', 'login', 'login', 'export', 'payment'][1 + CAST(floor({u} * 5) AS INTEGER)]",
    "minutes": "round({u} * 90, 2)",
    "amount": "round({u} * {v} * 5000, 2)",
}
"""Columns of the child rows: recent ones are more, some lie in the future."""


def write_accounts(path: Path, count: int, seed: int = 1) -> None:
    """`count` accounts of scorecard-12, A00000000 and on."""
    columns = ", ".join(_column(name, text, k, seed) for k, (name, text) in enumerate(ACCOUNTS.items()))
    _copy(path, f"SELECT printf('A%08d', i) AS account_id, {columns} FROM range({count}) AS numbers(i)")


def write_events(path: Path, accounts: int, seed: int = 1) -> None:
    """`ROWS_EACH` rows for each account on average, in no order."""
    columns = ", ".join(_column(name, text, 20 + k, seed) for k, (name, text) in enumerate(EVENTS.items()))
    account = f"printf('A%08d', CAST(floor({_random(30, seed)} * {accounts}) AS BIGINT))"
    rows = accounts * ROWS_EACH
    _copy(path, f"SELECT {account} AS account_id, {columns} FROM range({rows}) AS numbers(i)")


def _column(name: str, text: str, number: int, seed: int) -> str:
    value = text.format(u=_random(3 * number + 40, seed), v=_random(3 * number + 41, seed))
    return f"CASE WHEN {_random(3 * number + 42, seed)} >= {MISSING} THEN {value} END AS {name}"


def _random(stream: int, seed: int) -> str:
    """A number from 0 to below 1, of 32 random bits."""
    return f"((hash(i, {stream}, {seed}) >> 32) / 4294967296e0)"


def _copy(path: Path, query: str) -> None:
    with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"COPY ({query}) TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
