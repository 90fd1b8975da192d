"""The page of a book on a telephone, 390 pixels wide, laid out by a browser: Chromium, where there is one."""

import html
import json
import re
import shutil
import subprocess
from decimal import Decimal

import pytest

from healthdsl.reports.book import render_book_html, render_index_html
from tests.reports.books import BOOK

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
WIDTH = 390
TITLES = ("Hours to the answer", "Urgent tickets in 30 days", "Oldest unpaid invoice")
assert BOOK.score is not None
CROWDED = BOOK.model_copy(
    update={
        "score": BOOK.score.model_copy(update={"title": "Account health"}),
        "accounts": 50_000,
        "scored": 40_000,
        "reasons": tuple(
            BOOK.reasons[0].model_copy(
                update={"reason": title, "accounts": 34_567, "points": Decimal("-1234567.89")}
            )
            for title in TITLES
        ),
        "losses": tuple(
            BOOK.losses[0].model_copy(update={"title": title, "accounts": 34_567, "unknown": 12_345})
            for title in TITLES
        ),
        "signals": tuple(
            BOOK.signals[0].model_copy(
                update={"title": title, "missing": 12_345, "expired": 4_567, "bad": 1_234, "defaulted": 9_876}
            )
            for title in TITLES
        ),
    }
)
LISTED = [
    each.model_copy(
        update={"name": 'Müller "GmbH" 3859', "id": "A-03859", "page": "a.html", "coverage": Decimal("63.3")}
    )
    for each in (*CROWDED.worst, CROWDED.best[0])
]
PAGES = {
    "Missing data": render_book_html(CROWDED),
    "The first 5 accounts, worst first": render_index_html(CROWDED, LISTED, back="../book.html"),
}
MEASURE = """
const page = frames[0].document, told = {};
for (const card of page.querySelectorAll(".card")) {
  const inside = card.clientWidth - parseFloat(getComputedStyle(card).paddingRight);
  const left = card.getBoundingClientRect().left;
  const right = (each) => Math.round(each.getBoundingClientRect().right - left - card.clientLeft - inside);
  told[card.querySelector("h2").textContent] = [...card.querySelectorAll("caption, th, td")]
    .filter((each) => each.checkVisibility() && right(each) > 1).map((each) => each.textContent);
}
document.body.textContent = JSON.stringify({width: page.documentElement.scrollWidth, told});
"""


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off_on_a_telephone(tmp_path, page):
    source = html.escape(PAGES[page])
    frame = f'<iframe style="width:{WIDTH}px;height:9000px;border:0" srcdoc="{source}"></iframe>'
    (tmp_path / "frame.html").write_text(
        f'<!doctype html><body onload="measure()">{frame}<script>function measure() {{{MEASURE}}}</script>',
        "utf-8",
    )
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"]
    command = [CHROMIUM, *options, f"--user-data-dir={tmp_path}/browser", f"{tmp_path}/frame.html"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    body = re.search(r"<body[^>]*>(.*)</body>", ran.stdout, re.DOTALL)
    assert body is not None
    told = json.loads(html.unescape(body[1]))
    assert told["width"] == WIDTH
    assert page in told["told"]
    assert {title: cut for title, cut in told["told"].items() if cut} == {}
