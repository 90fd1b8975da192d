"""Accounts and rows given as Python objects: Arrow, pandas, polars, or a DuckDB relation.

Nothing here imports those packages: an object says by its type where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from healthdsl.backends.duckdb.engine import Engine, EngineError
from healthdsl.backends.duckdb.inputs import Held, Input, ParquetFiles
from healthdsl.backends.duckdb.quoting import quoted
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.records.errors import FileError

Form = Literal["arrow", "pandas", "polars", "duckdb"]
_FORMS: dict[str, Form] = {
    "pyarrow": "arrow",
    "pandas": "pandas",
    "polars": "polars",
    "duckdb": "duckdb",
    "_duckdb": "duckdb",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A table of Python; `form` is the package it comes from, `name` what messages call it."""

    name: str
    frame: object
    form: Form


def is_path(given: object) -> bool:
    """Whether files are meant: a path, or several."""
    if isinstance(given, (list, tuple)):
        return bool(given) and all(isinstance(each, (str, Path)) for each in given)
    return isinstance(given, (str, Path))


def paths_of(given: object) -> list[str]:
    """The paths and patterns that were given; none of a frame."""
    if not is_path(given):
        return []
    return [str(each) for each in given] if isinstance(given, (list, tuple)) else [str(given)]


def form_of_frame(given: object) -> Form | None:
    """The package that an object comes from; None when it is of another."""
    return _FORMS.get(type(given).__module__.partition(".")[0])


def frame_of(given: object, name: str) -> Frame:
    """The object as a frame; TypeError when it is none."""
    form = form_of_frame(given)
    if form is None:
        kinds = "a path, a list of paths, an Arrow table, a pandas or polars frame, or a DuckDB relation"
        advice = ". pandas.DataFrame(records) makes a frame" if isinstance(given, (list, tuple)) else ""
        raise TypeError(f"{name}: found {type(given).__name__}, expected {kinds}{advice}")
    return Frame(name, given, form)


def check_columns_of(frame: Frame, wanted: Iterable[str]) -> None:
    """TypeError for what has no columns, FileError for a table without any, and for two columns of one name
    where one of them is wanted.
    """
    columns = _columns(frame)
    if columns is None:
        found = f"{type(frame.frame).__name__} of {frame.form}"
        raise TypeError(f"{frame.name}: found {found}, expected a table: a frame or an Arrow table")
    if not columns:
        raise FileError(f"{frame.name}: this table has no column. Is it the right one?")
    check_clash(frame.name, columns, wanted)


def check_clash(name: str, columns: Sequence[str], wanted: Iterable[str]) -> None:
    """FileError when one of two columns is wanted that have one name, but for its case: engines do not tell
    them apart.
    """
    asked = {each.lower() for each in wanted}
    seen: dict[str, str] = {}
    for column in columns:
        key = column.lower()
        if key in asked and key in seen:
            told = f"two columns are called `{column}`"
            if seen[key] != column:
                told = f"the columns `{seen[key]}` and `{column}` differ in their case only"
            raise FileError(f"{name}: {told}, and the ruleset reads one. Rename the other, or leave it out.")
        seen[key] = column


def _columns(frame: Frame) -> list[str] | None:
    """The names of the columns; None when it is no table."""
    given: Any = frame.frame
    match frame.form:
        case "arrow" if hasattr(given, "projected_schema"):  # a scanner
            return list(given.projected_schema.names)
        case "arrow":
            return list(given.schema.names) if hasattr(given, "schema") else None
        case "polars" if hasattr(given, "collect_schema"):  # looking at the columns of a lazy one is told off
            return list(given.collect_schema().names())
        case _:
            return [str(each) for each in given.columns] if hasattr(given, "columns") else None


def hold(engine: Engine, frame: Frame, name: str, folder: Path) -> Input:
    """The frame as something the engine can read more than once."""
    if frame.form == "duckdb":
        return ParquetFiles((_spooled(frame.frame, folder / f"{name}.parquet"),))
    known = f"{name}_given"
    try:
        engine.hold(known, frame.frame)
    except ImportError:
        raise BackendUnavailable(f"{frame.name} as {frame.form}", "pyarrow") from None
    except EngineError as problem:
        raise TypeError(f"{frame.name}: {problem}") from None
    if hasattr(frame.frame, "read_next_batch"):  # a reader gives its batches once only
        engine.run(f"CREATE TABLE {name}_kept AS SELECT * FROM {known}")  # noqa: S608 -- names of our own
        return Held(f"{name}_kept")
    return Held(known)


def _spooled(relation: Any, path: Path) -> str:
    """A relation belongs to a connection of its own: its rows as a file."""
    wide = {"HUGEINT", "UHUGEINT"}  # Parquet would have them as doubles
    columns = [
        f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" if str(kind) in wide else quoted(name)
        for name, kind in zip(relation.columns, relation.types, strict=True)
    ]
    relation.project(", ".join(columns)).write_parquet(str(path))
    return str(path)
