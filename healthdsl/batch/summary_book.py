"""A book of accounts scored and summed up: files in, a `Book` and the explanations of its accounts out.

Accounts are scored once, into a file of columns; the summary asks that file, and the explanation of an
account is made again from its line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from healthdsl.batch.bad_cells import BadCell, BadCells
from healthdsl.batch.columns import score_columns
from healthdsl.batch.reading import Asked
from healthdsl.batch.rebuild import explain_row
from healthdsl.batch.scoring import Job, Limits, ScoredBook, scored_book
from healthdsl.batch.summary import Subject, summarise
from healthdsl.batch.summary_lists import worst_first
from healthdsl.batch.summary_pages import Explain
from healthdsl.batch.summary_sql import Scored, text_literal
from healthdsl.explain.explanation import Explanation
from healthdsl.reports.book.model import Book, Listed


@dataclass(frozen=True, slots=True)
class SummedUp:
    """A book with its numbers, as long as its scored accounts are there."""

    asked: Asked
    subject: Subject
    source: ScoredBook
    scored: Scored
    book: Book

    def accounts(self, most: int) -> tuple[Listed, ...]:
        """So many accounts from the worst on."""
        return worst_first(self.scored, self.asked.ruleset, most)

    def explainer(self, accounts: Sequence[Listed], *, with_moves: bool) -> Explain:
        """The explanations of these accounts, whose lines are read at once."""
        ids = ", ".join(text_literal(each.id) for each in accounts) or "NULL"
        rows = self.scored.rows(["*"], f"WHERE account_id IN ({ids})")
        lines = [dict(zip(self.source.columns, row, strict=True)) for row in rows]
        by_id = {str(line["account_id"]): line for line in lines}
        bad: dict[str, list[BadCell]] = {}
        for cell in self.source.bad_cells_of(list(by_id)):
            bad.setdefault(cell.account, []).append(cell)
        asked, subject = self.asked, self.subject

        def explain(account: str) -> Explanation:
            return explain_row(
                asked.ruleset,
                asked.graph,
                by_id[account],
                as_of=subject.as_of,
                fingerprint=subject.fingerprint,
                reaches=subject.reaches,
                with_moves=with_moves,
                bad=bad.get(account, ()),
            )

        return explain


@contextmanager
def summed_up(
    asked: Asked, subject: Subject, limits: Limits, folder: Path, tell_bad: Callable[[BadCells], None]
) -> Iterator[SummedUp]:
    """Score a book and sum it up; `folder` takes all that is written on the way, `tell_bad` is told of cells
    that could not be used before anything is summed up. FileError for files that cannot be used.
    """
    wanted = score_columns(asked.ruleset, asked.graph, "full")
    job = Job(asked, wanted, subject.as_of, limits, as_file=True)
    with scored_book(job, folder) as source:
        if source.bad.total:
            tell_bad(source.bad)
        scored = Scored(source.ask, source.relation, frozenset(source.columns), asked.ruleset.main_score)
        yield SummedUp(asked, subject, source, scored, summarise(subject, scored, source.bad.counts))
