"""Files of accounts scored by Spark: it reads them and writes the scored book as Parquet files.

What is asked of the files and of the result besides (ids, remarks, bad cells, the form of the output) is the
business of `healthdsl.batch.scoring`, as for DuckDB.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthdsl.backends.duckdb.inputs import CsvFiles, Input, JsonFiles, ParquetFiles, Several
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.batch.files import Files, input_of, rewritten
from healthdsl.batch.frames import Frame
from healthdsl.batch.on_spark import SparkBook, check_spark, scored_frame
from healthdsl.batch.reading import Opened, Views
from healthdsl.records.errors import FileError
from healthdsl.records.notices import id_column_of

if TYPE_CHECKING:
    from healthdsl.batch.scoring import Job


def score_by_spark(job: Job, opened: Opened, views: Views, folder: Path) -> list[Path]:
    """The Parquet files of the scored book, in `folder`; FileError for what Spark cannot read, and without
    pyspark or Java.
    """
    try:
        check_spark("--engine spark")
        return _score(job, opened, views, folder)
    except BackendUnavailable as problem:
        raise FileError(f"{problem}.") from None


def _score(job: Job, opened: Opened, views: Views, folder: Path) -> list[Path]:
    from healthdsl.backends.spark.files import SparkError, said_plainly, write_parts
    from healthdsl.backends.spark.run import SessionError
    from healthdsl.backends.spark.session import local_session
    from healthdsl.backends.spark.tables import NoRowsError

    reading = replace(views.reading, warn=lambda _: None)
    id_column = id_column_of(list(views.relation.columns), reading)
    if id_column is None:
        raise FileError(f"{reading.name}: Spark needs a column of account ids. Name it with --id COLUMN.")
    parts = folder / f"parts-{secrets.token_hex(4)}"
    try:
        with local_session(job.limits.memory, job.limits.threads) as session, said_plainly():
            accounts = _frame(session, opened.accounts, folder)
            rows = {name: _frame(session, given, folder) for name, given in opened.rows.items()}
            book = SparkBook(accounts, rows, id_column)
            frame = scored_frame(job.asked.ruleset, job.asked.graph, book, job.wanted, job.as_of)
            write_parts(frame, str(parts))
    except (SparkError, SessionError, NoRowsError) as problem:
        raise FileError(f"Spark cannot do it: {problem}") from None
    return sorted(parts.glob("*.parquet"))


def _frame(session: Any, given: Files | Frame, folder: Path) -> Any:
    assert isinstance(given, Files)
    source = input_of(given)
    if given.form == "csv" and _has_lines_before(source):
        source = input_of(rewritten(given, str(folder)))
    return _read(session, source)


def _has_lines_before(source: Input) -> bool:
    parts = source.parts if isinstance(source, Several) else (source,)
    return any(isinstance(part, CsvFiles) and part.skipped for part in parts)


def _read(session: Any, source: Input) -> Any:
    from healthdsl.backends.spark import files

    match source:
        case CsvFiles(paths=paths, header=header, separator=separator):
            return files.read_csv(session, paths, header, separator)
        case JsonFiles(paths=paths, layout=layout, wanted=wanted):
            return files.read_json(session, paths, wanted, lines=layout == "newline_delimited")
        case ParquetFiles(paths=paths):
            return files.read_parquet(session, paths)
        case Several(parts=parts):
            return files.union([_read(session, part) for part in parts])
        case _:
            raise AssertionError("the command reads files only")
