"""The book as Markdown, for a ticket, a wiki or a pull request. Text of strangers is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.reports import figures
from healthdsl.reports.book import words
from healthdsl.reports.book.model import Book, Listed
from healthdsl.reports.markdown import escape, table_lines

BAR = 20
"""The longest bar in characters."""


def render_book_markdown(book: Book) -> str:
    """The whole page, ending in a line end."""
    lines = [f"# {escape(book.ruleset.title)}", "", escape(" · ".join(words.subject(book))), ""]
    tiles = [[head, value, below] for head, value, below in words.tiles(book)]
    lines += [*table_lines(["", "", ""], "lrl", tiles), ""]
    for title, heads, align, rows in _sections(book):
        if rows:
            lines += [f"## {title}", "", *table_lines(heads, align, rows), ""]
    return "\n".join([*lines, "---", "", escape(words.book_foot(book))]) + "\n"


Section = tuple[str, list[str], str, list[list[str]]]


def _sections(book: Book) -> list[Section]:
    """Titles with their tables; those without rows are left out when written."""
    return [
        _scores(book),
        _bands(book),
        _coverage(book),
        _reasons(book),
        _losses(book),
        *_lists(book),
        _signals(book),
        _raised(book),
    ]


def _bar(count: int, most: int) -> str:
    return "█" * max(round(count * BAR / most), int(count > 0)) if most else ""


def _scores(book: Book) -> Section:
    bins = book.histogram.bins if book.histogram is not None else ()
    most = max((each.accounts for each in bins), default=0)
    rows = []
    for each in bins:
        assert book.histogram is not None
        label = words.bin_words(book.histogram, each)
        rows.append([label, f"{each.accounts:,}", _bar(each.accounts, most)])
    return "Scores", ["Score", "Accounts", ""], "lrl", rows


def _bands(book: Book) -> Section:
    word = "Level" if book.banded_by == "level" else "Band"
    places = words.decimals_of([band.share for band in book.bands])
    rows = [[band.label, f"{band.accounts:,}", figures.percent(band.share, places)] for band in book.bands]
    titled = book.score.band_title if book.score is not None and word == "Band" else None
    return escape(titled) if titled else f"{word}s", [word, "Accounts", "Share"], "lrr", rows


def _coverage(book: Book) -> Section:
    bins = book.coverage.bins if book.coverage is not None else ()
    rows = [[words.coverage_words(each), f"{each.accounts:,}"] for each in bins]
    return "How much is known", ["Known of the weight", "Accounts"], "lr", rows


def _reasons(book: Book) -> Section:
    places = words.decimals_of([reason.points for reason in book.reasons])
    share_places = words.decimals_of([reason.share for reason in book.reasons])
    rows = [
        [
            words.reason_head(reason),
            words.reason_detail(reason),
            f"{reason.accounts:,}",
            figures.percent(reason.share, share_places),
            figures.signed(reason.points, places),
        ]
        for reason in book.reasons
    ]
    return "The commonest reasons", ["Rule", "Where", "Accounts", "Share", "Points in all"], "llrrr", rows


def _losses(book: Book) -> Section:
    places = words.decimals_of([loss.average for loss in book.losses])
    rows = [
        [loss.title, figures.figure(loss.average, places), f"{loss.accounts:,}", f"{loss.unknown:,}"]
        for loss in book.losses
    ]
    lower = book.score is not None and book.score.lower_is_better
    heads = ["Measure", "Worse by" if lower else "Lost on average", "Accounts", "Without points"]
    return "What adds points" if lower else "Where points are lost", heads, "lrrr", rows


def _lists(book: Book) -> list[Section]:
    heads = ["Account", "Id", "Score", "Band", "Top reason"]
    return [(title, heads, "llrll", _rows(book, found)) for title, found in words.listed_as(book)]


def _rows(book: Book, listed: Sequence[Listed]) -> list[list[str]]:
    places = words.decimals_of([account.score for account in listed])
    lost_places = words.decimals_of([account.lost for account in listed])
    return [
        [
            account.title,
            account.id,
            figures.figure(account.score, places),
            account.band.label if account.band is not None else "",
            words.why(book, account, lost_places),
        ]
        for account in listed
    ]


def _signals(book: Book) -> Section:
    places = words.decimals_of([gap.share for gap in book.signals])
    rows = [
        [gap.title, f"{gap.missing:,}", figures.percent(gap.share, places), f"{gap.bad:,}"]
        for gap in book.signals
    ]
    return "Missing data", ["Signal", "Missing", "Share", "Bad cells"], "lrrr", rows


def _raised(book: Book) -> Section:
    found = (*book.flags, *book.plays)
    places = words.decimals_of([each.share for each in found])
    rows = [
        [each.title, each.word, f"{each.accounts:,}", figures.percent(each.share, places)] for each in found
    ]
    return "Flags and plays", ["Raised", "", "Accounts", "Share"], "llrr", rows
