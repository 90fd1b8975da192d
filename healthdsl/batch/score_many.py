"""A whole book of accounts scored, for Python: what `CompiledRuleset.score_many` does.

The result is a table of one row an account (`healthdsl.batch.columns` lists its columns), or a file and a
summary of it. A file is written whole or not at all.
"""

from __future__ import annotations

import importlib.util
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from healthdsl.backends.record.errors import shown
from healthdsl.backends.sql.wanted import Wanted
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.batch.bad_cells import BadCells, BadCellsError
from healthdsl.batch.columns import Explain, score_columns
from healthdsl.batch.frames import Form, frame_of, is_path
from healthdsl.batch.options import check_apart, check_explain, check_id_column, check_limits, checked_rows
from healthdsl.batch.reading import Asked
from healthdsl.batch.rejects import rejects_file
from healthdsl.batch.scoring import Compute, Job, Limits, ScoredBook, score_book
from healthdsl.batch.writing import ENDINGS, write_book
from healthdsl.graph.graph import Graph
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.errors import FileError
from healthdsl.records.whole_file import put_whole, whole_folder

PACKAGES: dict[Form, tuple[str, ...]] = {
    "arrow": ("pyarrow",),
    "pandas": ("pandas", "numpy"),
    "polars": ("polars", "pyarrow"),
    "duckdb": (),
}


@dataclass(frozen=True, slots=True)
class BookSummary:
    """What a file of scored accounts holds.

    `scored` accounts have a main score; `bands` counts the accounts of each of its bands; `bad_cells` counts
    the cells that could not be read, by signal.
    """

    path: str
    accounts: int
    scored: int
    bands: Mapping[str, int]
    bad_cells: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `score_many`. `beside`: columns that the book has behind those of `explain`; `keep` is
    given the book with them, and the result is without. `in_python`: remarks name the options of Python.
    """

    explain: Explain = "parts"
    out: str | None = None
    result: Form | None = None
    as_of: date | None = None
    id_column: str | None = None
    strict: bool = False
    rejects: str | None = None
    limits: Limits = field(default_factory=Limits)
    compute: Compute | None = None
    beside: Sequence[Wanted] = ()
    keep: Callable[[ScoredBook, Path], None] | None = None
    in_python: bool = False
    warn: Callable[[str], None] = lambda _: None
    tell_bad: Callable[[BadCells], None] = lambda _: None


def score_many(
    ruleset: Ruleset,
    graph: Graph,
    accounts: object,
    rows: Mapping[str, object] | None,
    request: Request,
) -> Any:
    """A `BookSummary` when the request names a file, else a table of the form it asks for.

    FileError for files that cannot be used, BadCellsError for bad cells in strict requests, TypeError and
    ValueError for options that make no sense, BackendUnavailable when a package is missing.
    """
    rows = checked_rows(ruleset, rows)
    _check(accounts, rows, request)
    with ExitStack() as stack:
        folder = stack.enter_context(whole_folder(request.out))
        book = stack.enter_context(scored_as_asked(ruleset, graph, accounts, rows, request, folder))
        if request.keep is not None:
            request.keep(book, folder)  # first, since a file of the book moves to its place
            asked = {each.name for each in score_columns(ruleset, graph, request.explain)}
            book = without(book, {each.name for each in request.beside} - asked)
        if request.out is not None:
            summary = summary_of(book, ruleset, request.out)
            put_whole(write_book(book, ruleset, _form(request.out), folder), request.out)
            return summary
        found, needs_engine = _result(book, request.result or _given_form(accounts))
        if needs_engine:
            weakref.finalize(found, stack.pop_all().close)
        return found


@contextmanager
def scored_as_asked(  # noqa: PLR0913, PLR0917 -- what is scored, how, and where
    ruleset: Ruleset,
    graph: Graph,
    accounts: object,
    rows: Mapping[str, object] | None,
    request: Request,
    folder: Path,
) -> Iterator[ScoredBook]:
    """The scored book, its bad cells told, refused or put into a file as the request says."""
    asked = Asked(ruleset, graph, accounts, rows or {}, request.id_column, request.warn, request.in_python)
    wanted = score_columns(ruleset, graph, request.explain)
    there = {each.name for each in wanted}
    wanted = (*wanted, *(each for each in request.beside if each.name not in there))
    with rejects_file(request.rejects) as rejects:
        keep = rejects.keep if rejects else None
        as_file = request.out is not None and not request.beside
        job = Job(asked, wanted, request.as_of, request.limits, as_file, keep, request.compute)
        engine, book = score_book(job, folder)
        try:
            if book.bad.total:
                if request.strict:
                    raise BadCellsError(book.bad)
                request.tell_bad(book.bad)
            if rejects:
                rejects.put()
            yield book
        finally:
            engine.close()


def without(book: ScoredBook, names: set[str]) -> ScoredBook:
    """The book without some columns."""
    columns = {name: found for name, found in book.columns.items() if name not in names}
    if len(columns) == len(book.columns):
        return book
    listed = ", ".join(found.sql for found in columns.values())
    relation = f"(SELECT {listed} FROM {book.relation})"  # noqa: S608 -- quoted
    return replace(book, relation=relation, path=None, columns=columns)


def _check(accounts: object, rows: Mapping[str, object], request: Request) -> None:
    """Refuse options before anything is read."""
    check_explain(request.explain)
    check_id_column(request.id_column)
    if request.result not in (None, *PACKAGES):
        raise ValueError(f"result is {shown(request.result)}, expected one of {', '.join(PACKAGES)}")
    check_limits(request.limits)
    check_apart(accounts, rows, request.out, request.rejects)
    if not is_path(accounts):
        frame_of(accounts, "accounts")
    if request.out is None:
        form = request.result or _given_form(accounts)
        for package in PACKAGES[form]:
            if importlib.util.find_spec(package) is None:
                raise BackendUnavailable(f'result="{form}"', package)
    else:
        _form(request.out)


def _form(out: str) -> str:
    """The form that the name of a file asks for."""
    form = ENDINGS.get(PurePath(out).suffix.lower())
    if form is None:
        raise FileError(f"{out}: scored accounts are written as {', '.join(ENDINGS)}. Choose one of these.")
    return form


def _given_form(accounts: object) -> Form:
    """Files are answered in Arrow, frames in their own form."""
    return "arrow" if is_path(accounts) else frame_of(accounts, "accounts").form


# Results ---------------------------------------------------------------------


def _result(book: ScoredBook, form: Form) -> tuple[Any, bool]:
    """The book in a form, and whether it still needs the engine."""
    relation = book.engine.relation(f"SELECT * FROM {book.relation}")  # noqa: S608 -- a name of our own
    match form:
        case "arrow":
            return relation.to_arrow_table(), False
        case "pandas":
            return relation.df(), False
        case "polars":
            return relation.pl(), False
        case "duckdb":
            return relation, True


def summary_of(book: ScoredBook, ruleset: Ruleset, path: str) -> BookSummary:
    """The counts of a book."""
    ((scored,),) = book.ask(f"SELECT count(score) FROM {book.relation}")  # noqa: S608
    bands: dict[str, int] = {}
    if any(bands.node == ruleset.main_score for bands in ruleset.bands):
        counted = book.ask(f"SELECT band, count(*) FROM {book.relation} WHERE band IS NOT NULL GROUP BY band")  # noqa: S608
        found = dict(counted)
        named = [
            band.name for each in ruleset.bands if each.node == ruleset.main_score for band in each.bands
        ]
        bands = {name: int(found[name]) for name in named if name in found}
    return BookSummary(path, book.accounts, int(scored), bands, dict(book.bad.counts))
