"""One DuckDB connection that may do only what it was opened for.

It reads the files it was given and writes the one it was given, and nothing else: no other path, no network,
no extension, no setting can be reached by what a query says. A query runs beside the calling thread, which
shows progress and stops the query when it is interrupted itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any

import duckdb

from healthdsl.backends.duckdb.quoting import literal, literals, quoted
from healthdsl.backends.duckdb.shapes import Found, shape_of

Progress = Callable[[float], None]
Rows = list[tuple[Any, ...]]

STEP = 0.1
"""Seconds between two looks at the progress."""

_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}

_REORDERING = "join_order,build_side_probe_side"
"""What changes the sides of a join. The left side of ours is what the result has the order of: the accounts,
or the rows that are looked at.
"""


class EngineError(Exception):
    """DuckDB could not do it; `str()` is the first line of its own message. `kind` is what failed."""

    def __init__(self, problem: duckdb.Error) -> None:
        self.kind = type(problem).__name__
        self.whole = str(problem)
        super().__init__(self.whole.splitlines()[0] if self.whole else self.kind)

    @property
    def is_memory(self) -> bool:
        return self.kind == "OutOfMemoryException"

    @property
    def is_input(self) -> bool:
        """Whether the content of a file is the matter."""
        return self.kind in {"InvalidInputException", "ConversionException", "IOException"}


class Engine:
    """An in-memory database. It may use `folder`, also to spill to, and the files at `paths` alone."""

    def __init__(
        self, folder: str, paths: Iterable[str], *, memory: str | None = None, threads: int | None = None
    ) -> None:
        self._connection = duckdb.connect(":memory:", config={**_CLOSED, "temp_directory": folder})
        settings = [
            "TimeZone = 'UTC'",
            "enable_progress_bar = false",
            "pandas_analyze_sample = 1000000000",
            f"disabled_optimizers = {literal(_REORDERING)}",
        ]
        if memory is not None:
            settings.append(f"memory_limit = {literal(memory)}")
        if threads is not None:
            settings.append(f"threads = {int(threads)}")
        settings += [
            f"allowed_paths = {literals(paths)}",
            f"allowed_directories = {literals([folder])}",
            "enable_external_access = false",
            "lock_configuration = true",
        ]
        try:
            for setting in settings:
                self._connection.execute(f"SET {setting}")
        except duckdb.Error as problem:
            raise EngineError(problem) from None

    def hold(self, name: str, frame: object) -> None:
        """Know a frame or Arrow table by a name; EngineError when it is none."""
        try:
            self._connection.register(name, frame)
        except duckdb.Error as problem:
            raise EngineError(problem) from None

    def describe(self, relation: str) -> dict[str, Found]:
        """The columns of a relation, given as SQL."""
        try:
            found = self._connection.sql(f"SELECT * FROM {relation} LIMIT 0")  # noqa: S608
        except duckdb.Error as problem:
            raise EngineError(problem) from None
        return {name: _found(name, type_) for name, type_ in zip(found.columns, found.types, strict=True)}

    def ask(self, query: str) -> Rows:
        """All rows of a query."""
        found: list[Rows] = []
        self._beside(lambda: found.append(self._connection.execute(query).fetchall()), None)
        return found[0]

    def run(self, statement: str, progress: Progress | None = None) -> None:
        """Run a statement to its end; `progress` is told how far it is, 0 to 1, several times a second."""
        self._beside(lambda: self._connection.execute(statement), progress)

    def batches(self, query: str, size: int = 10_000) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The rows of a query, some at a time."""
        self._beside(lambda: self._connection.execute(query), None)
        while rows := self._connection.fetchmany(size):
            yield rows

    def relation(self, query: str) -> Any:
        """A query as DuckDB's own relation, which keeps the connection."""
        return self._connection.sql(query)

    def close(self) -> None:
        self._connection.close()

    def _beside(self, work: Callable[[], object], progress: Progress | None) -> None:
        """Do `work` in a thread of its own; whatever interrupts this one stops it.

        No pool of threads: an interrupt while it starts a thread leaves one that it does not wait for.
        """
        done: Future[object] = Future()
        try:
            Thread(target=_settle, args=(done, work)).start()
            self._wait(done, progress)
        except BaseException:
            done.cancel()  # work that has not begun never will
            while not done.done():  # an interrupt that comes before the query has begun is not seen
                self._connection.interrupt()
                wait([done], STEP)
            raise
        try:
            done.result()
        except duckdb.Error as problem:
            raise EngineError(problem) from None

    def _wait(self, done: Future[object], progress: Progress | None) -> None:
        while not wait([done], STEP).done:
            if progress is not None:
                progress(max(self._connection.query_progress(), 0.0) / 100)


def _settle(done: Future[object], work: Callable[[], object]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(work())
    except BaseException as problem:  # noqa: BLE001 -- raised again by whoever waits for it
        done.set_exception(problem)


def _found(name: str, type_: Any) -> Found:
    rows = None
    if type_.id == "list":
        element = type_.children[0][1]
        if element.id == "struct":
            rows = tuple((field, str(kind)) for field, kind in element.children)
    return Found(quoted(name), shape_of(str(type_)), str(type_), rows)
