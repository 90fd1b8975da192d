"""`score --history DIR`: the run kept beside what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from healthdsl.cli.common.messages import MisuseError

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.backends.sql.wanted import Wanted
    from healthdsl.batch.scoring import ScoredBook
    from healthdsl.cli.common.book import BookRequest
    from healthdsl.history.write import Keeping, RecordKeeper


def check_keeping(request: BookRequest) -> None:
    """Before anything is read: MisuseError without a day, FileError for a folder that cannot be one."""
    if request.history is None:
        return
    if request.asked.as_of is None:
        raise MisuseError("--history keeps a run by its day, so it needs one: --as-of 2026-03-31, or today.")
    from healthdsl.history.store import check_history

    check_history(request.history)


def _keeping(compiled: CompiledRuleset, request: BookRequest) -> Keeping:
    from healthdsl.history.store import Place
    from healthdsl.history.write import Keeping

    assert request.history is not None
    assert request.asked.as_of is not None
    place = Place(request.history, compiled.name, request.asked.as_of)
    return Keeping(compiled.ruleset, compiled.graph, place)


@contextmanager
def kept_by_record(compiled: CompiledRuleset, request: BookRequest) -> Iterator[RecordKeeper | None]:
    """Where results of the record engine go; None when no run is kept."""
    if request.history is None:
        yield None
        return
    from healthdsl.history.write import record_keeper
    from healthdsl.records.whole_file import whole_folder

    with whole_folder(None) as folder, record_keeper(_keeping(compiled, request), folder) as keeper:
        yield keeper


def kept_beside(compiled: CompiledRuleset, request: BookRequest) -> Sequence[Wanted]:
    """The columns that a run needs besides those that are asked for."""
    if request.history is None:
        return ()
    from healthdsl.batch.columns import score_columns
    from healthdsl.history.columns import kept_columns

    asked = {each.name for each in score_columns(compiled.ruleset, compiled.graph, request.columns_asked)}
    return [each for each in kept_columns(compiled.ruleset, compiled.graph) if each.name not in asked]


def without_kept(compiled: CompiledRuleset, request: BookRequest, book: ScoredBook) -> ScoredBook:
    """The book with the columns that are asked for alone."""
    from healthdsl.batch.score_many import without

    return without(book, {each.name for each in kept_beside(compiled, request)})


def keep_scored(compiled: CompiledRuleset, request: BookRequest, book: ScoredBook, folder: Path) -> None:
    """Keep a book that DuckDB or Spark scored, where a history is asked for."""
    if request.history is not None:
        from healthdsl.history.write import keep_book

        keep_book(_keeping(compiled, request), book, folder)
