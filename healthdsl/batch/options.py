"""The options of `score_many` and `on_spark`, checked before anything is read.

A value of another type than its own is a TypeError, one that makes no sense a ValueError; both say what was
found and what is expected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from numbers import Integral

from healthdsl.backends.record.errors import shown
from healthdsl.batch.frames import paths_of
from healthdsl.batch.scoring import Limits
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.apart import is_read, is_written_twice
from healthdsl.records.errors import FileError

MOST_THREADS = 1024
"""DuckDB starts as many as it is told to, and a million would stop the computer."""

_MEMORY = re.compile(r"\s*\d+(\.\d+)?\s*([KMGT]i?)?B\s*", re.IGNORECASE)


def check_limits(limits: Limits) -> None:
    """An amount of memory, a number of threads, and something that can be told how far it is."""
    _check_memory(limits.memory)
    _check_threads(limits.threads)
    if limits.progress is not None and not callable(limits.progress):
        raise TypeError(
            f"progress is {shown(limits.progress)}, expected a function of the share that is done"
        )


def _check_memory(memory: object) -> None:
    if memory is None:
        return
    if not isinstance(memory, str):
        raise TypeError(f'memory is {shown(memory)}, expected an amount as text, such as "500MB" or "2GB"')
    if not _MEMORY.fullmatch(memory):
        raise ValueError(f"memory is {memory!r}, expected an amount such as 500MB or 2GB")


def _check_threads(threads: object) -> None:
    if threads is None:
        return
    if isinstance(threads, bool) or not isinstance(threads, Integral):
        raise TypeError(f"threads is {shown(threads)}, expected a whole number such as 2")
    if not 1 <= int(threads) <= MOST_THREADS:
        most = f"expected 1 to {MOST_THREADS}; more than the processors gains nothing"
        raise ValueError(f"threads is {threads}, {most}")


def check_explain(explain: object) -> None:
    """How much of the explanation stands beside the score."""
    if explain not in ("none", "parts", "full"):
        raise ValueError(f'explain is {shown(explain)}, expected "none", "parts" or "full"')


def check_id_column(id_column: object) -> None:
    """The name of a column, or None."""
    if id_column is not None and not isinstance(id_column, str):
        raise TypeError(f"id_column is {shown(id_column)}, expected the name of a column")


def path_text(name: str, path: object) -> str | None:
    """The path of an output as text."""
    if path is None or isinstance(path, str):
        return path
    text = os.fspath(path) if isinstance(path, os.PathLike) else None
    if not isinstance(text, str):
        raise TypeError(f"{name} is {shown(path)}, expected a path")
    return text


def checked_rows(ruleset: Ruleset, rows: object) -> Mapping[str, object]:
    """Rows by the name of their table; none for None."""
    if rows is None:
        return {}
    if not isinstance(rows, Mapping):
        table = ruleset.tables[0].name if ruleset.tables else "tickets"
        raise TypeError(
            f"rows: found {type(rows).__name__}, expected a mapping from the names of tables to their rows: "
            f'rows={{"{table}": ..}}'
        )
    for name in rows:
        if not isinstance(name, str):
            raise TypeError(f"rows: found {shown(name)} as the name of a table, expected a text")
    return rows


def check_apart(accounts: object, rows: Mapping[str, object], out: str | None, rejects: str | None) -> None:
    """FileError when a file would be lost: one that is read, or one of two results."""
    read = [path for given in (accounts, *rows.values()) for path in paths_of(given)]
    for name, path in (("out", out), ("rejects", rejects)):
        if path is not None and is_read(path, read):
            raise FileError(
                f"{path}: this file is read, so it is not written over as {name}. Choose another."
            )
    if is_written_twice(out, rejects):
        raise FileError(f"{rejects}: out and rejects are one file. Choose another for one of them.")
