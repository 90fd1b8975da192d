"""A scored book as the file that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from healthdsl.backends.duckdb.json_lines import write_json_lines
from healthdsl.backends.duckdb.outputs import write_csv, write_parquet
from healthdsl.backends.duckdb.quoting import literal, quoted
from healthdsl.batch.columns import RAISED, column_name, text_columns
from healthdsl.batch.scoring import ScoredBook, origin_of
from healthdsl.model.ruleset import Ruleset

ENDINGS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def write_book(book: ScoredBook, ruleset: Ruleset, form: str, folder: Path) -> Path:
    """The book as a file in `folder`; `form` is parquet, csv, json or jsonl."""
    path = folder / f"book.{form}"
    if form == "parquet":
        if book.path is not None:
            return book.path
        write_parquet(book.engine, f"SELECT * FROM {book.relation}", str(path), origin_of(ruleset))  # noqa: S608
        return path
    relation = with_raised(book, ruleset)
    columns = text_columns(list(book.columns), ruleset)
    if form == "csv":
        write_csv(book.engine, relation, columns, str(path))
    else:
        lines = folder / "book.lines"
        write_json_lines(book.engine, relation, columns, str(lines))
        if form == "jsonl":
            return lines
        _as_list(lines, path)
    return path


def with_raised(book: ScoredBook, ruleset: Ruleset) -> str:
    """The book with the columns `flags` and `plays`, as SQL."""
    lists = {word: [flag.name for flag in ruleset.flags if f"{flag.word}s" == word] for word in RAISED}
    columns = ", ".join(f"{_raised(names)} AS {quoted(word)}" for word, names in lists.items())
    return f"(SELECT *, {columns} FROM {book.relation})"  # noqa: S608 -- all quoted


def _raised(names: Sequence[str]) -> str:
    cases = ", ".join(f"CASE WHEN {quoted(column_name(name))} THEN {literal(name)} END" for name in names)
    return f"list_filter(CAST([{cases}] AS VARCHAR[]), lambda name: name IS NOT NULL)"


def _as_list(lines: Path, path: Path) -> None:
    """One list of the objects that stand a line each."""
    separator = b"[\n"
    with lines.open("rb") as source, path.open("wb") as target:
        for line in source:
            target.write(separator + line.rstrip(b"\n"))
            separator = b",\n"
        target.write(b"\n]\n" if separator == b",\n" else b"[]\n")
