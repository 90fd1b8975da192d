"""`shown to` on the page of a book: every amount of the score's points keeps to it."""

from decimal import Decimal

import healthdsl
from healthdsl.reports.book import words
from tests.batch.test_summary import DAY, summary_of
from tests.reports.books import BOOK

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
