"""The book as one HTML file.

No script, no network, light and dark, fit for a telephone, a wide screen, print and a screen reader. Every
drawing has its figures as a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from healthdsl.reports import figures
from healthdsl.reports.book import charts, words
from healthdsl.reports.book.model import Book, Listed, Reason
from healthdsl.reports.web import Layout, colour_of, render_page, share_of, short_place


def render_book_html(book: Book) -> str:
    """The whole page."""
    return render_page(_BOOK, {**_WORDS, "book": book})


def render_index_html(book: Book, accounts: Sequence[Listed], *, back: str) -> str:
    """The page that lists every account with its page; `back` is the address of the book."""
    return render_page(_INDEX, {**_WORDS, "book": book, "accounts": accounts, "back": back})


def _bar_of(amount: Decimal | int, most: Decimal | int) -> str:
    """How long a bar is of 100, so that the largest of the table fills its room."""
    share = abs(float(amount)) / float(most) if most else 0.0
    return f"{share * 100:.2f}"


def _most_points(reasons: tuple[Reason, ...]) -> Decimal:
    return max((abs(reason.points) for reason in reasons), default=Decimal(0))


def _is_loss(book: Book, points: Decimal) -> bool:
    """Whether these points make the score worse."""
    lower = book.score is not None and book.score.lower_is_better
    return points > 0 if lower else points < 0


_SHEETS = ("report.css", "book.css")
_FILLS = (".{word}-fill {{ fill: var(--{word}); }}",)
_BOOK = Layout("book.html.jinja", _SHEETS, _FILLS)
_INDEX = Layout("accounts.html.jinja", _SHEETS, _FILLS)
_WORDS = {
    "band_label": words.band_label,
    "bar_of": _bar_of,
    "bin_words": words.bin_words,
    "book_foot": words.book_foot,
    "colour": colour_of,
    "coverage_chart": charts.coverage_chart,
    "coverage_words": words.coverage_words,
    "decimals_of": words.decimals_of,
    "figure": figures.figure,
    "histogram_chart": charts.histogram_chart,
    "is_loss": _is_loss,
    "listed_as": words.listed_as,
    "most_points": _most_points,
    "number": words.number,
    "per_account": words.per_account,
    "percent": figures.percent,
    "reason_detail": words.reason_detail,
    "reason_head": words.reason_head,
    "share": share_of,
    "short": words.short,
    "short_place": short_place,
    "signed": figures.signed,
    "subject": words.subject,
    "tiles": words.tiles,
    "why": words.why,
}
