"""The explanation of one account of a book that the record engine does not read: Parquet, several files.

In: accounts and rows as for a whole book, or a book that was scored before. Out: the explanation of one
account, from its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from healthdsl.backends.duckdb.engine import Engine, EngineError
from healthdsl.backends.duckdb.quoting import literal
from healthdsl.batch.bad_cells import BadCell, BadCells
from healthdsl.batch.columns import score_columns
from healthdsl.batch.line import RowError
from healthdsl.batch.reading import Asked
from healthdsl.batch.rebuild import explain_row
from healthdsl.batch.scoring import Job, scored_book
from healthdsl.explain.bounds import find_reaches
from healthdsl.explain.explanation import Explanation
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.records.errors import FileError, hint

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which account is to be explained, for which day; `warn` takes what is odd, `tell_bad` its bad cells."""

    account: str
    as_of: date | None
    warn: Callable[[str], None]
    tell_bad: Callable[[BadCells], None]


def explain_one(asked: Asked, wish: Wish, folder: Path) -> Explanation:
    """The explanation of one account; `folder` takes all that is written on the way.

    A Parquet file that `score` wrote with `--explain parts` or `full` is taken as it is, any other is scored.
    FileError for files that cannot be used, an account that is not there, and a scored book of another
    ruleset.
    """
    line = _scored_line(asked, wish, folder)
    bad: Sequence[BadCell] = ()
    if line is None:
        line, bad = _line(asked, wish, folder)
    ruleset, graph = asked.ruleset, asked.graph
    try:
        return explain_row(
            ruleset,
            graph,
            line,
            as_of=wish.as_of,
            fingerprint=fingerprint(ruleset),
            reaches=find_reaches(graph),
            bad=bad,
        )
    except RowError as problem:
        raise FileError(f"{asked.accounts}: {problem}") from None


def _line(asked: Asked, wish: Wish, folder: Path) -> tuple[Line, Sequence[BadCell]]:
    """The account's line of the accounts, scored, with its bad cells."""
    job = Job(asked, score_columns(asked.ruleset, asked.graph, "parts"), wish.as_of, finds_bad=False)
    with scored_book(job, folder) as book:
        line = _found(book.engine, book.relation, str(asked.accounts), wish.account)
        cells, bad = book.bad_cells_of([wish.account]), BadCells()
        for cell in cells:
            bad.add(cell)
        if bad.total:
            wish.tell_bad(bad.in_order(asked.graph))
        return line, cells


def _found(engine: Engine, relation: str, name: str, account: str) -> Line:
    rows = engine.ask(f"SELECT * FROM {relation} WHERE account_id = {literal(account)}")  # noqa: S608 -- quoted
    if len(rows) > 1:
        raise FileError(f"{name}: the account `{account}` stands there {len(rows)} times.")
    if rows:
        return dict(zip(engine.describe(relation), rows[0], strict=True))
    ids = [str(each) for (each,) in engine.ask(f"SELECT account_id FROM {relation} LIMIT 100000")]  # noqa: S608
    advice = hint(account, ids) or f" (the file has {', '.join(f'`{each}`' for each in ids[:3])} ..)"
    raise FileError(f"{name}: no account `{account}`{advice}.")


# A book that was scored before -----------------------------------------------


def _scored_line(asked: Asked, wish: Wish, folder: Path) -> Line | None:
    """The account's line of a book that `score` wrote; None when the file is something else."""
    path = str(asked.accounts)
    if PurePath(path).suffix.lower() not in {".parquet", ".pq"} or not Path(path).is_file():
        return None
    engine = Engine(str(folder), [path])
    try:
        pairs = f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({literal(path)})"  # noqa: S608
        made = {str(key): str(value) for key, value in engine.ask(pairs)}
        if "healthdsl_fingerprint" not in made:
            return None
        _check_origin(asked, path, made)
        return _found(engine, f"read_parquet({literal(path)})", path, wish.account)
    except EngineError:
        return None  # no Parquet after all: who reads it for scoring says so
    finally:
        engine.close()


def _check_origin(asked: Asked, path: str, made: Mapping[str, str]) -> None:
    """FileError when another ruleset, or another version of it, has scored the book."""
    ruleset = asked.ruleset
    if made["healthdsl_fingerprint"] == fingerprint(ruleset):
        return
    by = f"{made.get('healthdsl_ruleset')} {made.get('healthdsl_version')}"
    mine = f"{ruleset.name} {ruleset.version} (fingerprint {fingerprint(ruleset)})"
    raise FileError(
        f"{path} was scored by {by} (fingerprint {made['healthdsl_fingerprint']}), and this is {mine}. "
        "Explain it with the ruleset that scored it, or explain the accounts themselves."
    )
