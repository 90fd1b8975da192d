"""A scored book kept as a run, from either engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.outputs import write_tagged
from healthdsl.backends.duckdb.quoting import literal
from healthdsl.backends.record.program import Scored
from healthdsl.batch.record_rows import RecordRows
from healthdsl.batch.score_many import Request
from healthdsl.batch.scoring import ScoredBook, origin_of
from healthdsl.graph.graph import Graph
from healthdsl.history.about import about
from healthdsl.history.columns import kept_columns, run_query, type_of
from healthdsl.history.store import LAYOUT, Place, check_history, put_run
from healthdsl.model.ruleset import Ruleset

_LINES = "run.lines"


@dataclass(frozen=True, slots=True)
class Keeping:
    """A run that is to be kept, and where."""

    ruleset: Ruleset
    graph: Graph
    place: Place


def keep_book(keeping: Keeping, book: ScoredBook, folder: Path) -> None:
    """Keep a book that DuckDB or Spark scored with `kept_columns` among its columns."""
    columns = {name: found.sql for name, found in book.columns.items()}
    _write(keeping, book.engine, book.relation, columns, folder)


def keeping_request(ruleset: Ruleset, graph: Graph, history: str, request: Request) -> Request:
    """The request with a run kept in `history`. ValueError without a day, FileError for a folder that cannot
    be one.
    """
    if request.as_of is None:
        raise ValueError("history keeps a run by its day, so it needs one: as_of, such as 2026-03-31")
    check_history(history)
    keeping = Keeping(ruleset, graph, Place(history, ruleset.name, request.as_of))

    def keep(book: ScoredBook, folder: Path) -> None:
        keep_book(keeping, book, folder)

    return replace(request, beside=kept_columns(ruleset, graph), keep=keep)


def _write(keeping: Keeping, engine: Engine, relation: str, columns: Mapping[str, str], folder: Path) -> None:
    written = folder / "run.kept"
    query = run_query(keeping.ruleset, keeping.graph, relation, columns)
    write_tagged(engine, query, str(written), tags_of(keeping))
    put_run(written, keeping.place)


def tags_of(keeping: Keeping) -> dict[str, str]:
    """What the file says about itself, by key."""
    origin = origin_of(keeping.ruleset)
    return {
        "healthdsl_history": LAYOUT,
        "healthdsl_ruleset": origin.ruleset,
        "healthdsl_version": origin.version,
        "healthdsl_fingerprint": origin.fingerprint,
        "healthdsl_as_of": keeping.place.as_of.isoformat(),
        "healthdsl_about": about(keeping.ruleset).model_dump_json(),
    }


# From the record engine ------------------------------------------------------


class RecordKeeper:
    """Results of the record engine on their way to a run, one line each."""

    def __init__(self, keeping: Keeping, folder: Path, stream: TextIO) -> None:
        self._keeping = keeping
        self._folder = folder
        self._stream = stream
        self._wanted = kept_columns(keeping.ruleset, keeping.graph)
        self._rows = RecordRows(keeping.ruleset, keeping.graph, "parts", self._wanted)

    def keep(self, result: Scored, account_id: str | None, account_name: str | None) -> None:
        """Write one account."""
        row = self._rows.row(result, account_id, account_name)
        values = [account_id, account_name, *(row[each.name] for each in self._wanted)]
        # A half of a letter, which JSON may hold, is no text for DuckDB.
        line = {f"c{k}": _whole(value) for k, value in enumerate(values)}
        self._stream.write(f"{json.dumps(line)}\n")

    def put(self) -> None:
        """Put the run in its place."""
        self._stream.close()
        kinds = ["VARCHAR", "VARCHAR", *(self._kind(number) for number in range(len(self._wanted)))]
        names = ["account_id", "account_name", *(each.name for each in self._wanted)]
        listed = ", ".join(f"c{k}: {literal(kind)}" for k, kind in enumerate(kinds))
        path = literal(str(self._folder / _LINES))
        relation = f"read_json({path}, format = 'newline_delimited', columns = {{{listed}}})"
        engine = Engine(str(self._folder), [])
        try:
            columns = {name: f"c{k}" for k, name in enumerate(names)}
            _write(self._keeping, engine, relation, columns, self._folder)
        finally:
            engine.close()

    def _kind(self, number: int) -> str:
        kind = type_of(self._wanted[number], self._keeping.graph)
        if kind is None or kind.is_numeric:
            return "DOUBLE"
        if kind.is_date:
            return "DATE"
        return "VARCHAR" if kind.is_text else "BOOLEAN"


def _whole(value: object) -> object:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


@contextmanager
def record_keeper(keeping: Keeping, folder: Path) -> Iterator[RecordKeeper]:
    """Where results go; `put` must be called when all is well."""
    with (folder / _LINES).open("w", encoding="utf-8", newline="") as stream:
        yield RecordKeeper(keeping, folder, stream)
