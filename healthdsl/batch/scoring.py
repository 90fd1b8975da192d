"""A book of accounts scored by DuckDB: opened, read, computed, and checked before anybody sees it.

In: accounts and rows, the columns wanted. Out: a `ScoredBook`, a relation of one row an account inside an
engine that lives as long as the block. Ids are there and stand once; bad cells are counted and have examples.
What is odd but usable goes to `warn`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from healthdsl.backends.duckdb.engine import Engine, EngineError, Progress
from healthdsl.backends.duckdb.outputs import Origin, write_parquet
from healthdsl.backends.duckdb.quoting import literal, literals
from healthdsl.backends.duckdb.shapes import Found, Shape
from healthdsl.backends.duckdb.tables import NoRowsError, id_sql, nested_columns
from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import Wanted
from healthdsl.backends.sql.text import text_of
from healthdsl.batch.bad_cells import BadCell, BadCells
from healthdsl.batch.columns import layer_of
from healthdsl.batch.files import Files, rewritten
from healthdsl.batch.find_bad import Looked, bad_cells_of, find_bad
from healthdsl.batch.reading import Asked, Opened, Views, make_views, open_given, tell_of_json
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.errors import FileError
from healthdsl.records.notices import REPEATED_SHOWN, tell_lost
from healthdsl.records.rows import counted, date_columns

SCORED = "scored"
MOST_READ_AGAIN = 200_000_000
"""Bytes of a file of accounts that is read once more to say where ids stand twice."""


def _quiet(_: str) -> None:
    """Tells nothing."""


def _drop(_: BadCell) -> None:
    """Keeps nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the engine may use: memory such as `1GB`, threads; how it tells how far it is."""

    memory: str | None = None
    threads: int | None = None
    progress: Progress | None = None


Compute = Callable[["Job", Opened, Views, Path], Sequence[Path]]
"""Another engine: it scores what was opened, and gives the Parquet files that hold the result."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scored, as which columns, for which day. `as_file`: the result is kept in a Parquet
    file, not in the engine; `keep` takes every bad cell; `compute` is what scores in place of DuckDB.
    `finds_bad`: all bad cells are counted and have examples.
    """

    asked: Asked
    wanted: Sequence[Wanted]
    as_of: date | None
    limits: Limits = field(default_factory=Limits)
    as_file: bool = False
    keep: Callable[[BadCell], None] | None = None
    compute: Compute | None = None
    finds_bad: bool = True


@dataclass(frozen=True, slots=True)
class ScoredBook:
    """A scored book. `relation` is how SQL names it, `path` its file, if there is one; `absent` are columns
    that no account has; `looked` is what it was scored from.
    """

    engine: Engine
    relation: str
    path: Path | None
    columns: dict[str, Found]
    accounts: int
    bad: BadCells
    absent: tuple[str, ...] = ()
    looked: Looked | None = None

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query over `relation`."""
        return self.engine.ask(query)

    def bad_cells_of(self, accounts: Sequence[str]) -> list[BadCell]:
        """The bad cells of these accounts, in the order in which the record engine has them."""
        return bad_cells_of(self.looked, self.relation, accounts) if self.looked else []


@contextmanager
def scored_book(job: Job, folder: Path) -> Iterator[ScoredBook]:
    """Score the book; `folder` takes all that is written on the way.

    FileError for files that cannot be used, ids that are missing or stand twice, or too little memory.
    """
    engine, book = score_book(job, folder)
    try:
        yield book
    finally:
        engine.close()


def score_book(job: Job, folder: Path) -> tuple[Engine, ScoredBook]:
    """The same, with an engine for the caller to close."""
    with _said_plainly():
        opened = open_given(job.asked, folder)
        try:
            return _scored(job, opened, folder)
        except EngineError as problem:
            if not problem.is_input or not any(files.is_text for files in opened.files):
                raise
        # What DuckDB cannot read, the readers of records name, or else lay out so that it can.
        return _scored(job, opened.mapped(lambda files: rewritten(files, str(folder))), folder)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What the engine cannot do, as a FileError."""
    try:
        yield
    except NoRowsError as problem:
        raise FileError(
            f"the column `{problem.table}` holds {problem.found}, expected lists of rows. Rename the column."
        ) from None
    except EngineError as problem:
        if problem.is_memory:
            raise FileError("not enough memory. Allow more (memory), or use fewer threads.") from None
        text = str(problem).partition("Error: ")[2] or str(problem)
        raise FileError(f"DuckDB cannot do it: {text}") from None


def _scored(job: Job, opened: Opened, folder: Path) -> tuple[Engine, ScoredBook]:
    limits = job.limits
    spill = folder / "spill"
    spill.mkdir(exist_ok=True)
    engine = Engine(str(folder), opened.paths, memory=limits.memory, threads=limits.threads)
    try:
        return engine, _in_engine(engine, job, opened, folder)
    except BaseException:
        engine.close()
        raise


def _in_engine(engine: Engine, job: Job, opened: Opened, folder: Path) -> ScoredBook:
    views = make_views(engine, job.asked, opened, folder)
    book = _staged(engine, job, opened, views, folder)
    if job.compute is None and not _has_ids(book):
        # Rows without any cell are no accounts; asking each row for that takes time, so it is done late.
        views = make_views(engine, replace(job.asked, warn=_quiet), opened, folder, skips_blank=True)
        book = _stage(engine, job, views, folder)
        views = replace(views, reading=replace(views.reading, warn=job.asked.warn))
    if not _has_ids(book):
        _refuse_without_id(opened, views)
    _check_repeated(book, views, opened)
    _tell_rows(book, job.asked, views)
    tell_of_json(engine, views)
    bad = BadCells(keep=job.keep or _drop)
    columns = {None: views.relation.columns, **_row_columns(job.asked, views)}
    looked = Looked(engine, job.asked.graph, columns) if "bad_cells" in book.columns else None
    if looked and job.finds_bad:
        find_bad(looked, book.relation, bad)
    bad, absent = bad.in_order(job.asked.graph), tuple(views.reading.seen.absent)
    return replace(book, bad=bad, absent=absent, looked=looked)


def _staged(engine: Engine, job: Job, opened: Opened, views: Views, folder: Path) -> ScoredBook:
    """The scored book before anything is asked of it."""
    if job.compute is None:
        return _stage(engine, job, views, folder)
    parts = job.compute(job, opened, views, folder)
    return _stored(engine, f"read_parquet({literals(map(str, parts))})", None, views)


def _stage(engine: Engine, job: Job, views: Views, folder: Path) -> ScoredBook:
    """Run the query, and keep what it gives."""
    compiled = compile_sql(
        job.asked.graph,
        views.source,
        job.wanted,
        dialect="duckdb",
        today=job.as_of,
        layer_of=layer_of(job.asked.ruleset),
    )
    query = text_of(compiled, "duckdb")
    path = folder / "scored.parquet" if job.as_file else None
    if path is not None:
        write_parquet(engine, query, str(path), origin_of(job.asked.ruleset), job.limits.progress)
        relation = f"read_parquet({literal(str(path))})"
    else:
        engine.run(f"CREATE OR REPLACE TABLE {SCORED} AS {query}", job.limits.progress)
        relation = SCORED
    return _stored(engine, relation, path, views)


def _stored(engine: Engine, relation: str, path: Path | None, views: Views) -> ScoredBook:
    ((accounts,),) = engine.ask(f"SELECT count(*) FROM {relation}")  # noqa: S608 -- names of our own
    if not accounts:
        raise FileError(f"{views.reading.name}: there is no account in this file.")
    return ScoredBook(engine, relation, path, engine.describe(relation), accounts, BadCells())


def origin_of(ruleset: Ruleset) -> Origin:
    """What a file says it was made by."""
    return Origin(ruleset.name, ruleset.version, fingerprint(ruleset))


def _row_columns(asked: Asked, views: Views) -> dict[str | None, Mapping[str, Found]]:
    """The columns of each table that has rows, in files or in the accounts."""
    found: dict[str | None, Mapping[str, Found]] = {}
    for table in asked.graph.tables:
        if table.name in views.rows:
            found[table.name] = views.rows[table.name].relation.columns
        elif table.name in views.source.rows:
            found[table.name] = nested_columns(table, views.relation.columns[table.name])
    return found


# Ids -------------------------------------------------------------------------


def _has_ids(book: ScoredBook) -> bool:
    return not book.ask(f"SELECT 1 FROM {book.relation} WHERE account_id IS NULL LIMIT 1")  # noqa: S608


def _check_repeated(book: ScoredBook, views: Views, opened: Opened) -> None:
    """FileError when an id stands twice."""
    if _goes_up(book):
        return
    # By their hashes: half the time, and when none is repeated nor is an id.
    different = f"SELECT count(DISTINCT hash(account_id)) FROM {book.relation}"  # noqa: S608
    if book.ask(different) == [(book.accounts,)]:
        return
    _ask_records(opened, views)
    repeated = book.ask(
        f"SELECT account_id, count(*) FROM {book.relation} GROUP BY 1 HAVING count(*) > 1 "  # noqa: S608
        f"ORDER BY 1 LIMIT {REPEATED_SHOWN + 1}"
    )
    if repeated:
        told = [f"  `{account}`: {number} times" for account, number in repeated[:REPEATED_SHOWN]]
        more = ["  and more"] if len(repeated) > REPEATED_SHOWN else []
        advice = "Give every account an id of its own, or remove what is there twice."
        heading = f"{views.reading.name}: an account id stands there more than once:"
        raise FileError("\n".join([heading, *told, *more, advice]))


def _goes_up(book: ScoredBook) -> bool:
    """Whether every id is above the one before it, in whatever order they come: then none stands twice. Asked
    of a book in no order, this ends at once.
    """
    ids = f"SELECT account_id > lag(account_id) OVER () AS above FROM {book.relation}"  # noqa: S608
    return not book.ask(f"SELECT 1 FROM ({ids}) WHERE NOT above LIMIT 1")  # noqa: S608


def _refuse_without_id(opened: Opened, views: Views) -> None:
    """FileError about accounts that have no id."""
    _ask_records(opened, views)
    raise FileError(f"{views.reading.name}: there are accounts without an id. Every account needs one.")


def _ask_records(opened: Opened, views: Views) -> None:
    """FileError with the lines, where the records of one text file can be read again in a moment."""
    files = opened.accounts
    if not isinstance(files, Files) or not files.is_text or len(files.paths) > 1:
        return
    (path,) = files.paths
    if os.stat(path).st_size > MOST_READ_AGAIN:  # noqa: PTH116
        return
    from healthdsl.records.accounts import read_accounts

    try:
        for _ in read_accounts(path, views.reading.ruleset, id_column=views.reading.id_column):
            pass
    except FileError as problem:
        raise FileError(str(problem).replace(path, files.name)) from None


# Remarks about rows ----------------------------------------------------------


def _tell_rows(book: ScoredBook, asked: Asked, views: Views) -> None:
    """Say which rows have no part in any score."""
    tables = {table.name: table for table in asked.ruleset.tables}
    for name, file in views.rows.items():
        columns, warn = file.relation.columns, views.reading.warn
        account = id_sql(columns[file.id])
        dated = next((each for each in date_columns(tables[name]) if each in columns), None)
        blank = _is_nothing(columns[dated]) if dated else "FALSE"
        owners = f"(SELECT account_id FROM {book.relation})"  # noqa: S608 -- names of our own
        lost = f"account IS NOT NULL AND account NOT IN {owners}"
        ((unowned, undated, strangers, example),) = book.ask(
            "SELECT count(*) FILTER (account IS NULL), "  # noqa: S608
            "count(*) FILTER (account IS NOT NULL AND blank), count(*) FILTER (lost), "
            "min(account) FILTER (lost) FROM "
            f"(SELECT account, blank, {lost} AS lost FROM "
            f"(SELECT {account} AS account, {blank} AS blank FROM {file.relation.input.sql}))"
        )
        shown = views.reading.rows[name]
        if unowned:
            warn(f"{shown}: {counted(unowned)} no `{file.id}` and no account to belong to")
        if undated:
            warn(f"{shown}: {counted(undated)} no date in `{dated}` and no part in the score")
        if strangers:
            tell_lost(name, strangers, example, views.reading)


def _is_nothing(found: Found) -> str:
    if found.shape in {Shape.TEXT, Shape.JSON}:
        return f"coalesce(CAST({found.sql} AS VARCHAR), '') IN ('', 'null')"
    return f"({found.sql}) IS NULL"
