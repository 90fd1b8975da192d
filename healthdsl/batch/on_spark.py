"""A book of accounts in Spark: what `CompiledRuleset.on_spark` does.

The result is a DataFrame of one row an account (`healthdsl.batch.columns` lists its columns). Nothing is
computed before somebody asks for it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import Wanted
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.batch.columns import Explain, layer_of, score_columns
from healthdsl.batch.reading import NAMES
from healthdsl.graph.graph import Graph
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.errors import hint
from healthdsl.records.reading import USUAL_IDS, input_columns

REMEDY = 'pip install "healthdsl[spark]"'


@dataclass(frozen=True, slots=True)
class SparkRequest:
    """The options of `on_spark`."""

    explain: Explain = "parts"
    as_of: date | None = None
    id_column: str | None = None


@dataclass(frozen=True, slots=True)
class SparkBook:
    """DataFrames of accounts and of rows by table, and the accounts' column of the id."""

    accounts: Any
    rows: Mapping[str, Any]
    id_column: str


def check_spark(wanted: str) -> None:
    """BackendUnavailable when pyspark is not installed."""
    if importlib.util.find_spec("pyspark") is None:
        raise BackendUnavailable(wanted, "pyspark", REMEDY)


def on_spark(
    ruleset: Ruleset, graph: Graph, accounts: Any, rows: Mapping[str, Any] | None, request: SparkRequest
) -> Any:
    """The scored book as a DataFrame.

    TypeError for what is no DataFrame, ValueError for columns or tables that do not fit the ruleset,
    BackendUnavailable without pyspark.
    """
    check_spark("on_spark")
    if request.explain not in {"none", "parts", "full"}:
        raise ValueError(f'explain is {request.explain!r}, expected "none", "parts" or "full"')
    given = dict(rows or {})
    _check_frames({"accounts": accounts, **given})
    _check_tables(ruleset, given)
    _check_columns(ruleset, accounts.columns)
    book = SparkBook(accounts, given, _id_column(ruleset, accounts.columns, request.id_column))
    return scored_frame(ruleset, graph, book, score_columns(ruleset, graph, request.explain), request.as_of)


def scored_frame(
    ruleset: Ruleset, graph: Graph, book: SparkBook, wanted: Sequence[Wanted], as_of: date | None
) -> Any:
    """The columns `wanted` of a book, behind account_id and account_name."""
    from healthdsl.backends.spark.run import run_query
    from healthdsl.backends.spark.tables import Accounts, RowFrame, make_source

    names = (ruleset.account_name,) if ruleset.account_name else NAMES
    rows = {
        name: RowFrame(frame, _join_column(name, frame.columns, book.id_column))
        for name, frame in book.rows.items()
    }
    accounts = Accounts(book.accounts, book.id_column, names)
    source, frames = make_source(accounts, graph.inputs, graph.tables, rows)
    query = compile_sql(graph, source, wanted, dialect="spark", today=as_of, layer_of=layer_of(ruleset))
    return run_query(query, frames)


def _check_frames(frames: Mapping[str, object]) -> None:
    from healthdsl.backends.spark.run import is_frame

    for name, frame in frames.items():
        if not is_frame(frame):
            raise TypeError(f"{name}: found {type(frame).__name__}, expected a DataFrame of Spark")


def _check_tables(ruleset: Ruleset, rows: Mapping[str, object]) -> None:
    declared = [table.name for table in ruleset.tables]
    for name in rows:
        if name not in declared:
            known = f"It has: {', '.join(declared)}." if declared else "It has no rows at all."
            raise ValueError(f"rows {name}: the ruleset has no rows `{name}`{hint(name, declared)}. {known}")


def _id_column(ruleset: Ruleset, columns: list[str], asked: str | None) -> str:
    for name in [asked or ruleset.account_id] if asked or ruleset.account_id else USUAL_IDS:
        if name in columns:
            return str(name)
    wanted = asked or ruleset.account_id or "account_id or id"
    raise ValueError(f"accounts: no column {wanted}, which names the account. Say which one, id_column=..")


def _check_columns(ruleset: Ruleset, columns: list[str]) -> None:
    """ValueError when the frame has nothing that the ruleset reads, which is a mistake."""
    wanted = input_columns(ruleset)
    if wanted and not ruleset.tables and not set(wanted) & set(columns):
        shown = ", ".join(f"`{name}`" for name in wanted[:3])
        raise ValueError(f"accounts: the ruleset reads {shown} .., and none of its columns is there")


def _join_column(table: str, columns: list[str], id_column: str) -> str:
    """The column that names the account of a row. A plain `id` would be the row's own."""
    candidates = [name for name in dict.fromkeys((id_column, USUAL_IDS[0])) if name != "id"]
    for name in candidates:
        if name in columns:
            return name
    raise ValueError(f"rows {table}: no column {' or '.join(candidates)} to join the rows to their accounts")
