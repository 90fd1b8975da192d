"""Accounts and rows given as Python objects: Arrow, pandas, polars, or a DuckDB relation.

Nothing here imports those packages: an object says by its type where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from healthdsl.backends.duckdb.engine import Engine, EngineError
from healthdsl.backends.duckdb.inputs import Held, Input, ParquetFiles
from healthdsl.backends.duckdb.quoting import quoted
from healthdsl.backends.unavailable import BackendUnavailable

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


def frame_of(given: object, name: str) -> Frame:
    """The object as a frame; TypeError when it is none."""
    form = _FORMS.get(type(given).__module__.partition(".")[0])
    if form is None:
        kinds = "a path, a list of paths, an Arrow table, a pandas or polars frame, or a DuckDB relation"
        raise TypeError(f"{name}: found {type(given).__name__}, expected {kinds}")
    return Frame(name, given, form)


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
