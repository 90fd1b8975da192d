"""`shown to` on the page of a book: every amount of the score's points keeps to it."""

import re
from decimal import Decimal

import healthdsl
from healthdsl.reports.book import render_book_html, render_book_markdown, render_index_html, words
from tests.batch.test_summary import DAY, summary_of
from tests.reports.books import BOOK
from tests.reports.test_book_html import Page

LISTED = [each.model_copy(update={"page": "a.html"}) for each in BOOK.worst]
THIRDS = (1 / 3, 1, 1)


def test_figures_of_a_score_shown_to_one_decimal_stand_alike():
    assert BOOK.score is not None
    score = BOOK.score.model_copy(
        update={"decimals": 1, "median": Decimal(40), "average": Decimal("55.5"), "lowest": Decimal(10)}
    )
    tiles = {head: value for head, value, _ in words.tiles(BOOK.model_copy(update={"score": score}))}
    assert (tiles["Median score"], tiles["Average score"]) == ("40.0", "55.5")


def test_points_in_each_account_keep_to_it():
    assert BOOK.score is not None
    book = BOOK.model_copy(update={"score": BOOK.score.model_copy(update={"decimals": 1})})
    reason = BOOK.reasons[0].model_copy(update={"points": Decimal(-100), "accounts": 3})
    assert words.per_account(book, reason) == "\N{MINUS SIGN}33.3"
    assert words.per_account(BOOK, reason) == "\N{MINUS SIGN}33.33"


RULES = """ruleset made
  language 1

signal a number from 0 to 1 "A"
measure m = 100 * a  "M"
score health average
  m
  shown to 1 decimal
"""


def test_losses_and_reasons_of_a_book_keep_to_it(tmp_path):
    compiled = healthdsl.loads(RULES)
    results = [
        compiled.score({"account_id": f"A{k}", "a": share}, as_of=DAY) for k, share in enumerate(THIRDS)
    ]
    book = summary_of(compiled, results, tmp_path)
    # 200/3, 0 and 0 are lost: 66.666.. in all, 22.222.. on average.
    assert [(loss.average, loss.total) for loss in book.losses] == [(Decimal("22.2"), Decimal("66.7"))]
    assert [reason.points for reason in book.reasons] == [Decimal("-66.7")]


def places_by_column(rows):
    """The numbers of decimals in each column of numbers; percents and signs do not matter."""
    found: dict[int, set[int]] = {}
    for row in rows:
        for k, cell in enumerate(row[1:]):
            number = re.match(r"[+\N{MINUS SIGN}]?\d[\d,]*(?:\.(\d+))?", cell.strip())
            if number:
                found.setdefault(k, set()).add(len(number[1] or ""))
    return found


def test_numbers_of_a_column_have_as_many_places():
    pages = [Page(render_book_html(BOOK)), Page(render_index_html(BOOK, LISTED, back="book.html"))]
    markdown = render_book_markdown(BOOK).split("\n\n")
    tables = [table[1:] for page in pages for table in page.tables]
    tables += [[line[2:-2].split(" | ") for line in block.splitlines()[2:]] for block in markdown[3:]]
    counted = [places for rows in tables for places in places_by_column(rows).values()]
    assert sum(places != {0} for places in counted) >= 10
    assert [places for places in counted if len(places) > 1] == []


def test_points_beside_accounts_have_as_many_places():
    for text in (
        render_book_html(BOOK),
        render_book_markdown(BOOK),
        render_index_html(BOOK, LISTED, back=""),
    ):
        assert "(\N{MINUS SIGN}60.25)" in text
        assert "(\N{MINUS SIGN}51.00)" in text
