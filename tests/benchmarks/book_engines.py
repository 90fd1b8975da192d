"""Ways to score a book from Parquet to Parquet, behind one seam, so that each can be timed and checked alike.

A `Run` is given the accounts, the child rows by table name, where the result goes, and how much of the
explanation it should hold (`points`, `parts`, `full`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from healthdsl import CompiledRuleset
from healthdsl.batch.columns import Explain

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Run = Callable[[Path, dict[str, str], Path, str], None]
Query = Callable[[str], str]
"""The hand-written text for a level of explanation; it reads `accounts` and the tables of rows by name."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What DuckDB may use; None: what it takes by itself."""

    memory: str | None = None
    threads: int | None = None

    def settings(self) -> dict[str, str | bool | int | float | list[str]]:
        wanted = {"memory_limit": self.memory, "threads": self.threads}
        return {name: value for name, value in wanted.items() if value is not None}


UNLIMITED = Limits()


def duckdb_by_hand(query: Query, limits: Limits = UNLIMITED) -> Run:
    """The hand-written text in a fresh DuckDB."""

    def run(accounts: Path, rows: dict[str, str], out: Path, explain: str) -> None:
        with duckdb.connect(config=limits.settings()) as connection:
            connection.execute("SET enable_progress_bar = false")
            for name, path in _tables(accounts, rows).items():
                connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({_text(path)})")
            connection.execute(f"COPY ({query(explain)}) TO {_text(str(out))} (FORMAT parquet)")

    return run


def spark_by_hand(query: Query, session: SparkSession) -> Run:
    """The hand-written text in a Spark session; the result is a folder of files."""

    def run(accounts: Path, rows: dict[str, str], out: Path, explain: str) -> None:
        for name, path in _tables(accounts, rows).items():
            session.read.parquet(path).createOrReplaceTempView(name)
        session.sql(query(explain)).write.mode("overwrite").parquet(str(out))

    return run


def healthdsl_in_duckdb(compiled: CompiledRuleset, as_of: str | None, limits: Limits = UNLIMITED) -> Run:
    """`score_many`; its `parts` holds what `points` and `parts` by hand do."""

    def run(accounts: Path, rows: dict[str, str], out: Path, explain: str) -> None:
        level: Explain = "full" if explain == "full" else "parts"
        compiled.score_many(
            str(accounts),
            rows,
            as_of=as_of,
            explain=level,
            out=out,
            memory=limits.memory,
            threads=limits.threads,
        )

    return run


def healthdsl_in_spark(compiled: CompiledRuleset, as_of: str | None, session: SparkSession) -> Run:
    """`on_spark`; its `parts` holds what `points` and `parts` by hand do."""

    def run(accounts: Path, rows: dict[str, str], out: Path, explain: str) -> None:
        level: Explain = "full" if explain == "full" else "parts"
        frames = {name: session.read.parquet(path) for name, path in rows.items()}
        book = session.read.parquet(str(accounts))
        scored = compiled.on_spark(book, frames, as_of=as_of, explain=level)
        scored.write.mode("overwrite").parquet(str(out))

    return run


def _tables(accounts: Path, rows: Mapping[str, str]) -> dict[str, str]:
    return {"accounts": str(accounts), **rows}


def _text(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
