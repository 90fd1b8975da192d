"""A book with the pages of its accounts: written together, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from urllib.parse import quote

from healthdsl.batch.summary_folder import page_folder
from healthdsl.explain.explanation import Explanation
from healthdsl.records.whole_file import write_whole
from healthdsl.reports import render_html
from healthdsl.reports.book import render_book_html, render_index_html
from healthdsl.reports.book.listing import with_accounts, with_reason
from healthdsl.reports.book.model import Book, Listed
from healthdsl.reports.book.pages import INDEX, page_names
from healthdsl.reports.history.model import Trend

MOST_PAGES = 2_000
"""Pages that are written at most: working out what would move an account takes a tenth of a second."""

Explain = Callable[[str], Explanation]
"""The explanation of the account of this id."""


OverTime = Callable[[Explanation], Trend | None]


def with_reasons(book: Book, explain: Explain) -> Book:
    """The book whose lists say the top reason of each account."""
    return with_accounts(book, {each.id: with_reason(each, explain(each.id)) for each in book.listed})


def folder_of(out: str) -> Path:
    """The folder of the pages of a book: `book` beside `book.html`."""
    path = Path(out)
    return path.with_suffix("") if path.suffix else path.with_name(f"{path.name}-accounts")


def write_with_pages(  # noqa: PLR0913 -- what stands on the pages
    out: str,
    book: Book,
    accounts: Sequence[Listed],
    explain: Explain,
    *,
    index: bool,
    trend: OverTime = lambda _: None,
) -> None:
    """Write the book to `out` and a page for each of `accounts`, with an index of them where it is asked for.
    `trend` gives the score over time behind an explanation, if that is known.

    FileError when that cannot be; then both are as they were before.
    """
    names = page_names(each.id for each in accounts)
    folder, back = folder_of(out), f"../{quote(PurePath(out).name)}"
    beside, listed = quote(folder.name), dict[str, Listed]()
    with page_folder(folder) as pages:
        for each in accounts:
            explanation = explain(each.id)
            pages.add(names[each.id], render_html(explanation, back=back, trend=trend(explanation)))
            listed[each.id] = with_reason(each, explanation)
        if index:
            told = [each.model_copy(update={"page": names[each.id]}) for each in listed.values()]
            pages.add(INDEX, render_index_html(book, told, back=back))
        pages.put()
        linked = {
            key: each.model_copy(update={"page": f"{beside}/{names[key]}"}) for key, each in listed.items()
        }
        book = with_accounts(book, linked)
        address = f"{beside}/{INDEX}" if index else None
        write_whole(out, render_book_html(book.model_copy(update={"index": address})))
