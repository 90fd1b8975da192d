"""A file of accounts scored by one of the engines, and written in the form that was asked for.

Both engines give the same columns, the same file and the same messages; only the record engine knows on which
line a cell stands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TextIO, assert_never

from healthdsl.cli.common.accounts import Asked
from healthdsl.cli.common.keeping import keep_scored, kept_beside, kept_by_record, without_kept
from healthdsl.cli.common.messages import MisuseError, warn
from healthdsl.cli.common.output import output
from healthdsl.cli.common.scoring import Scoring, tell_bad
from healthdsl.records.input_file import STANDARD_INPUT

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.batch.columns import Explain
    from healthdsl.batch.record_rows import RecordRows
    from healthdsl.batch.scoring import ScoredBook
    from healthdsl.history.write import RecordKeeper

Row = Mapping[str, object]

LARGE = 500_000
"""Bytes of text from which DuckDB is quicker: some 5,000 accounts. It takes a second to begin."""


class Engine(StrEnum):
    """What does the scoring."""

    AUTO = "auto"
    RECORD = "record"
    DUCKDB = "duckdb"
    SPARK = "spark"


class Format(StrEnum):
    """The form of the scored accounts."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class BookRequest:
    """What is scored, as which columns, to which file; `out` None is the screen. `history` keeps the run."""

    asked: Asked
    explain: Explain
    form: Format
    out: str | None
    rejects: str | None = None
    memory: str | None = None
    threads: int | None = None
    history: str | None = None

    @property
    def file(self) -> str | None:
        """The output file, None for the screen."""
        return None if self.out == "-" else self.out

    @property
    def columns_asked(self) -> Explain:
        """A table for people shows the first columns only."""
        return "none" if self.form is Format.TABLE else self.explain


def engine_for(engine: Engine, request: BookRequest) -> Engine:
    """The engine to take; MisuseError when the one that is named cannot do it."""
    why = _duckdb_only(request)
    if engine is Engine.RECORD and why is not None:
        raise MisuseError(f"--engine record: {why}. Leave --engine out, or write --engine duckdb.")
    if engine is not Engine.AUTO:
        return engine
    return Engine.DUCKDB if why is not None or _is_large(request.asked.files) else Engine.RECORD


def _duckdb_only(request: BookRequest) -> str | None:
    """Why the record engine cannot do it, None when it can."""
    if request.form is Format.PARQUET or _is_parquet(request.rejects or ""):
        return "Parquet is written by DuckDB"
    if request.memory is not None or request.threads is not None:
        return "--memory and --threads are DuckDB's"
    return read_by_duckdb(request.asked.files)


def read_by_duckdb(paths: Iterable[str]) -> str | None:
    """Why only DuckDB reads these files, None when the record engine does too."""
    for path in paths:
        if _is_parquet(path):
            return f"{path} is Parquet"
        if set(path) & set("*?[") and not Path(path).exists():
            return f"{path} stands for several files"
    return None


def _is_parquet(path: str) -> bool:
    return PurePath(path).suffix.lower() in {".parquet", ".pq"}


def _is_large(paths: Iterable[str]) -> bool:
    """Whether the files together are large; compressed ones count tenfold."""
    size = 0
    for path in paths:
        if path != STANDARD_INPUT and Path(path).is_file():
            size += Path(path).stat().st_size * (10 if path.lower().endswith(".gz") else 1)
    return size > LARGE and STANDARD_INPUT not in paths


# By the record engine --------------------------------------------------------


def score_by_record(compiled: CompiledRuleset, request: BookRequest) -> None:
    """Score one account after the other."""
    from healthdsl.batch.record_rows import RecordRows
    from healthdsl.batch.rejects import rejects_file

    book = RecordRows(compiled.ruleset, compiled.graph, request.columns_asked)
    with rejects_file(request.rejects) as rejects, kept_by_record(compiled, request) as keeper:
        scoring = (
            Scoring(compiled, request.asked, rejects.keep) if rejects else Scoring(compiled, request.asked)
        )
        with output(request.out, ()) as stream:
            rows = _record_rows(scoring, book, keeper)
            if request.asked.strict:
                rows = iter(list(rows))  # nothing is shown before all is well
            first = next(rows)
            named = scoring.seen.form != "csv" or bool(_names(compiled) & scoring.seen.fields)
            _write(stream, compiled, request.form, book.columns(named=named), chain([first], rows), scoring)
        if rejects:
            rejects.put()
        if keeper:
            keeper.put()


def _record_rows(scoring: Scoring, book: RecordRows, keeper: RecordKeeper | None) -> Iterator[Row]:
    for result in scoring.results():
        if keeper:
            keeper.keep(result, result.account_id, result.account_name)
        yield book.row(result, result.account_id, result.account_name)


def _names(compiled: CompiledRuleset) -> set[str]:
    """The columns that may hold the name of an account."""
    own = compiled.ruleset.account_name
    return {own} if own else {"account_name", "name"}


def _write(  # noqa: PLR0913, PLR0917 -- a table has a footer besides
    stream: TextIO,
    compiled: CompiledRuleset,
    form: Format,
    columns: tuple[str, ...],
    rows: Iterable[Row],
    scoring: Scoring,
) -> None:
    picked = ({column: row[column] for column in columns} for row in rows)
    match form:
        case Format.TABLE:
            from healthdsl.cli.common.table import write_table

            write_table(stream, compiled.ruleset, columns, picked, scoring.seen.absent)
        case Format.CSV:
            from healthdsl.records.writers import write_csv

            write_csv(stream, columns, picked)
        case Format.JSON:
            from healthdsl.records.writers import write_json

            write_json(stream, picked)
        case Format.JSONL:
            from healthdsl.records.writers import write_json_lines

            write_json_lines(stream, picked)
        case Format.PARQUET:
            raise AssertionError("engine_for gives Parquet to DuckDB")
        case _:
            assert_never(form)


# By DuckDB -------------------------------------------------------------------


def score_by_duckdb(compiled: CompiledRuleset, request: BookRequest, *, on_spark: bool = False) -> None:
    """Score all accounts in one query; `on_spark`: Spark runs it, and DuckDB looks at the result."""
    from healthdsl.batch.by_spark import score_by_spark
    from healthdsl.batch.score_many import Request, scored_as_asked
    from healthdsl.batch.scoring import Limits
    from healthdsl.cli.common.progress import progress_bar
    from healthdsl.records.accounts import check_rows
    from healthdsl.records.whole_file import whole_folder

    asked = request.asked
    check_rows(asked.accounts, compiled.ruleset, asked.rows)
    with whole_folder(request.file) as folder, progress_bar() as progress:
        options = Request(
            explain=request.columns_asked,
            out=request.file,
            as_of=asked.as_of,
            id_column=asked.id_column,
            rejects=request.rejects,
            limits=Limits(request.memory, request.threads, progress),
            compute=score_by_spark if on_spark else None,
            beside=kept_beside(compiled, request),
            warn=warn,
            tell_bad=lambda bad: tell_bad(bad, strict=asked.strict),
        )
        ruleset, graph = compiled.ruleset, compiled.graph
        with scored_as_asked(ruleset, graph, asked.accounts, asked.rows, options, folder) as book:
            keep_scored(compiled, request, book, folder)  # first, since a file of the book moves to its place
            _write_scored(compiled, request, without_kept(compiled, request, book), folder)


def _write_scored(compiled: CompiledRuleset, request: BookRequest, book: ScoredBook, folder: Path) -> None:
    from healthdsl.batch.writing import write_book
    from healthdsl.records.whole_file import put_whole

    if request.form is Format.TABLE:
        with output(request.out, ()) as stream:
            _write_table(stream, compiled, book)
        return
    written = write_book(book, compiled.ruleset, request.form.value, folder)
    if request.file is not None:
        put_whole(written, request.file)
    else:
        _show(written)


def _write_table(stream: TextIO, compiled: CompiledRuleset, book: ScoredBook) -> None:
    from healthdsl.batch.columns import text_columns
    from healthdsl.batch.writing import with_raised
    from healthdsl.cli.common.table import write_table

    columns = tuple(text_columns(list(book.columns), compiled.ruleset))
    picked = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
    found = book.ask(f"SELECT {picked} FROM {with_raised(book, compiled.ruleset)}")  # noqa: S608 -- quoted
    rows = (
        {
            column: tuple(value) if isinstance(value, list) else value
            for column, value in zip(columns, row, strict=True)
        }
        for row in found
    )
    write_table(stream, compiled.ruleset, columns, rows, book.absent)


def _show(path: Path) -> None:
    """A file on standard output."""
    with path.open(encoding="utf-8", newline="") as lines:
        sys.stdout.writelines(lines)
