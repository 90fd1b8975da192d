"""A book of accounts in Spark: what `CompiledRuleset.on_spark` does.

The result is a DataFrame of one row an account (`healthdsl.batch.columns` lists its columns). Nothing is
computed before somebody asks for it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import Wanted
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.batch.columns import Explain, layer_of, score_columns
from healthdsl.batch.frames import form_of_frame
from healthdsl.batch.options import check_explain, check_id_column, checked_rows
from healthdsl.batch.reading import NAMES
from healthdsl.batch.remarks import warn_caller
from healthdsl.graph.graph import Graph
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.errors import hint
from healthdsl.records.notices import tell_absent, tell_not_given
from healthdsl.records.reading import USUAL_IDS, Reading, input_columns, row_columns
from healthdsl.records.rows import check_columns
from healthdsl.records.seen import Seen

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
    """The scored book as a DataFrame. What is missing altogether is a `BookWarning`.

    TypeError for what is no DataFrame, ValueError for columns or tables that do not fit the ruleset,
    BackendUnavailable without pyspark.
    """
    check_spark("on_spark")
    check_explain(request.explain)
    check_id_column(request.id_column)
    given = checked_rows(ruleset, rows)
    _check_frames([("accounts", accounts), *given.items()])
    _check_tables(ruleset, given)
    id_column = _id_column(ruleset, accounts.columns, request.id_column)
    for name, frame in (("accounts", accounts), *given.items()):
        _check_twice(name, frame.columns, {id_column, *_read_by(ruleset, name)})
    book = SparkBook(accounts, given, id_column)
    _tell(ruleset, book)
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


def _check_frames(frames: Iterable[tuple[str, object]]) -> None:
    from healthdsl.backends.spark.run import is_frame

    for name, frame in frames:
        if not is_frame(frame):
            form = form_of_frame(frame)
            found = f"{type(frame).__name__} of {form}" if form else type(frame).__name__
            advice = ". spark.createDataFrame(frame) makes one; score_many takes it as it is" if form else ""
            raise TypeError(f"{name}: found {found}, expected a DataFrame of Spark{advice}")


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


def _read_by(ruleset: Ruleset, name: str) -> list[str]:
    """The columns that are read of a table of rows, or of the accounts."""
    for table in ruleset.tables:
        if table.name == name:
            return row_columns(table)
    return input_columns(ruleset)


def _check_twice(name: str, columns: list[str], wanted: set[str]) -> None:
    """ValueError when two columns have the name of one that is read."""
    for column in dict.fromkeys(columns):
        if column in wanted and columns.count(column) > 1:
            raise ValueError(
                f"{name}: two columns are called `{column}`, and the ruleset reads one. "
                "Rename the other, or leave it out."
            )


def _tell(ruleset: Ruleset, book: SparkBook) -> None:
    """Warn of columns and rows that are missing altogether; ValueError when nothing is there that the
    ruleset reads, rows without a date, and rows that cannot be joined.
    """
    columns = book.accounts.columns
    reading = Reading("accounts", "frame", ruleset, {}, None, warn_caller, Seen(), in_python=True)
    tell_absent(columns, reading)
    tell_not_given({*book.rows, *columns}, reading)
    for table in ruleset.tables:
        if table.name in book.rows:
            fields = book.rows[table.name].columns
            _join_column(table.name, fields, book.id_column)
            check_columns(table, _read_by(ruleset, table.name), fields, table.name, warn_caller)


def _join_column(table: str, columns: list[str], id_column: str) -> str:
    """The column that names the account of a row. A plain `id` would be the row's own."""
    candidates = [name for name in dict.fromkeys((id_column, USUAL_IDS[0])) if name != "id"]
    for name in candidates:
        if name in columns:
            return name
    raise ValueError(f"rows {table}: no column {' or '.join(candidates)} to join the rows to their accounts")
