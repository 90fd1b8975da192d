"""Which of several files lack a column that others have: there it is missing, and that may be a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.inputs import CsvFiles, Input, JsonFiles, ParquetFiles, Several
from healthdsl.backends.duckdb.quoting import literals
from healthdsl.batch.files import Files
from healthdsl.records.cells import printable
from healthdsl.records.reading import Warn

FILES_SHOWN = 5

Columns = Mapping[str, Iterable[str]]
"""The columns of each file, by its path."""


def tell_lacking(files: Files, columns: Columns, wanted: Iterable[str], warn: Warn) -> None:
    """Say which files lack which of the columns `wanted`; those that no file has are told elsewhere."""
    there = [frozenset(columns.get(path, ())) for path in files.paths]
    some = [name for name in dict.fromkeys(wanted) if any(name in each for each in there)]
    told = []
    for shown, each in zip(files.shown, there, strict=True):
        if lacks := [f"`{printable(name)}`" for name in some if name not in each]:
            told.append(f"  {shown}: {', '.join(lacks)}")
    if told:
        more = len(told) - FILES_SHOWN
        told[FILES_SHOWN:] = [f"  and {more} more"] if more > 0 else []
        heading = f"{files.name}: columns that other files have are not in these, so they are missing there:"
        warn("\n".join([heading, *told]))


def columns_by_file(engine: Engine, source: Input) -> Columns:
    """Of CSV and Parquet, without a look at the data; nothing where all files are known to have the same."""
    match source:
        case ParquetFiles(paths=paths) if len(paths) > 1:
            return _of_parquet(engine, paths)
        case Several(parts=parts):
            return {path: part.header for part in parts if isinstance(part, CsvFiles) for path in part.paths}
        case _:
            return {}


def _of_parquet(engine: Engine, paths: Sequence[str]) -> Columns:
    found: dict[str, list[tuple[str, int]]] = {}
    schema = f"SELECT file_name, name, coalesce(num_children, 0) FROM parquet_schema({literals(paths)})"  # noqa: S608
    for path, name, children in engine.ask(schema):
        found.setdefault(str(path), []).append((str(name), int(children)))
    # DuckDB puts columns together whose names differ in case only, and takes the first spelling.
    spelled: dict[str, str] = {}
    return {
        path: [spelled.setdefault(name.lower(), name) for name in _outermost(found[path])]
        for path in paths
        if path in found
    }


def _outermost(fields: Sequence[tuple[str, int]]) -> list[str]:
    """The names of the columns, of a list that has each field before those within it, the root first."""
    names: list[str] = []
    left = [fields[0][1]]  # how many fields are to come, on every level
    for name, children in fields[1:]:
        if len(left) == 1:
            names.append(name)
        left[-1] -= 1
        if children:
            left.append(children)
        while len(left) > 1 and not left[-1]:
            left.pop()
    return names


def keys_by_file(engine: Engine, parts: Iterable[JsonFiles]) -> dict[str, set[str]]:
    """The keys that any record has, by the path of its file. It reads all of the files."""
    keys: dict[str, set[str]] = {}
    for part in parts:
        for path, key in engine.ask(part.keys):
            keys.setdefault(str(path), set()).add(str(key))
    return keys
