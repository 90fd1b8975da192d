"""The page of a book: its figures add up, text of strangers stays text, and everybody can read it.

HEALTHDSL_RECORD=1 records the golden pages anew. Read the difference.
"""

import base64
import hashlib
import json
import os
import re
from html.parser import HTMLParser

import pytest

from healthdsl.reports.book import (
    render_book_html,
    render_book_json,
    render_book_markdown,
    render_index_html,
)
from tests.reports.books import BOOK, BOOKS, TRICKY
from tests.reports.pages import TRICKS
from tests.reports.test_harmless import steering
from tests.shared import ROOT

GOLDEN = ROOT / "tests" / "golden" / "reports"
RENDERERS = {"html": render_book_html, "md": render_book_markdown, "json": render_book_json}
VOID = {"meta", "br", "rect", "line", "circle"}
EVERY = pytest.mark.parametrize("name", BOOKS)


class Page(HTMLParser):
    """The tags, the text, and the tables of a page; tags that do not close what they open are an error."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text, self.tables = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"th", "td"}:
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if {"th", "td"} & set(self.open):
            self.tables[-1][-1][-1] += data.strip("\n")

    def table(self, head):
        """The rows of the first table with this first heading."""
        return next(table for table in self.tables if table[0][0] == head)[1:]

    def found(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def page_of(book):
    return Page(render_book_html(book))


@pytest.mark.parametrize("name", ["plain", "tricky"])
@pytest.mark.parametrize("ending", RENDERERS)
def test_the_book_is_as_recorded(name, ending):
    path = GOLDEN / f"book_{name}.{ending}"
    found = RENDERERS[ending](BOOKS[name]).encode("utf-8")
    if os.environ.get("HEALTHDSL_RECORD") == "1":
        path.write_bytes(found)
    assert found == path.read_bytes()


# Figures ---------------------------------------------------------------------


def number(cell):
    return int(cell.replace(",", ""))


def test_the_figures_on_the_page_add_up():
    page = page_of(BOOK)
    scores = page.table("Score")
    assert [row[0] for row in scores][::9] == ["0 to 10", "90 to 100"]
    assert sum(number(row[1]) for row in scores) == BOOK.scored
    assert all(number(row[1]) == number(row[2]) + number(row[3]) for row in scores)
    assert sum(number(row[2]) for row in page.table("Band")) == BOOK.accounts
    assert sum(number(row[1]) for row in page.table("Known of the weight")) == BOOK.accounts


def test_columns_are_as_high_as_their_counts():
    """Most are in 40 to 50: three accounts of a chart that is four high."""
    text = render_book_html(BOOK)
    heights = re.findall(r'<title>([^<]*)</title><rect class="(\w+)-fill"[^>]* height="([\d.]+)"', text)
    found = {title: (colour, height) for title, colour, height in heights}
    assert found["40 to 50: 3 accounts (3 Healthy)"] == ("green", "200.00")
    assert found["20 to 30: 1 account (1 At risk)"] == ("red", "66.67")


def test_the_threshold_stands_between_its_columns():
    lines = [attrs for attrs in page_of(BOOK).found("line") if attrs.get("class") == "threshold"]
    assert [line["x1"] for line in lines] == ["40.00%"]


def test_accounts_link_to_their_pages():
    assert [a["href"] for a in page_of(BOOK).found("a")] == ["book/a-1-00.html", "book/a-2-00.html"]
    index = Page(render_index_html(BOOK, BOOK.worst[:2], back="../book.html"))
    assert [a["href"] for a in index.found("a")] == ["../book.html", "book/a-1-00.html", "book/a-2-00.html"]


def test_points_lost_are_losses_in_a_risk_score_too():
    plain, risk = render_book_html(BOOK), render_book_html(BOOKS["risk"])
    assert plain.count('rect class="gain"') == 1
    assert risk.count('rect class="gain"') == 2  # where fewer points are better, points taken help
    assert "Use: 3% (−60.25)" in plain
    assert "Use: 3% (+60.25)" in risk


# Strangers -------------------------------------------------------------------


@EVERY
def test_no_book_runs_or_loads_anything(name):
    page = page_of(BOOKS[name])
    assert not {"script", "link", "img", "iframe", "object", "form", "input"} & {tag for tag, _ in page.tags}
    attributes = [(key, value or "") for _, attrs in page.tags for key, value in attrs.items()]
    assert not [key for key, _ in attributes if key.startswith("on") or key in {"style", "src"}]
    assert not [value for key, value in attributes if key == "href" and not value.startswith("book/")]
    assert page.open == []


def test_text_of_strangers_stays_text():
    page = page_of(TRICKY)
    assert sum("<script>alert(1)</script>" in text for text in page.text) >= 8
    for render in RENDERERS.values():
        assert steering(TRICKS) >= {"\x1b", "\u202e"}
        assert steering(render(TRICKY)) == set()
    assert "<script>" not in render_book_markdown(TRICKY)


@EVERY
def test_the_policy_allows_this_style_sheet_alone(name):
    text = render_book_html(BOOKS[name])
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text


# Everybody -------------------------------------------------------------------


@EVERY
def test_tables_and_drawings_are_accessible(name):
    page = page_of(BOOKS[name])
    assert [attrs.get("lang") for attrs in page.found("html")] == ["en"]
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.found("th"))
    assert all(a.get("role") == "img" or a.get("aria-hidden") == "true" for a in page.found("svg"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs]
    assert {each for names in named for each in names.split()} <= set(ids)
    assert len(page.found("h1")) == 1
    assert not [row for table in page.tables for row in table[1:] if len(row) != len(table[0])]


def test_every_drawing_has_its_figures_beside_it():
    page = page_of(BOOK)
    drawings = [attrs for attrs in page.found("svg") if attrs.get("role") == "img"]
    assert len(drawings) == len(page.found("details")) == 2


# Odd books -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said", "not_said"),
    [
        ("no_accounts", "There are no accounts in this book.", "Missing data"),
        ("no_scores", "No account has a score", "Worst accounts"),
        ("flags_only", "Room to grow", "Bands"),
        ("by_value", "less", "Bands of"),
    ],
)
def test_odd_books_say_what_there_is(name, said, not_said):
    text = " ".join(page_of(BOOKS[name]).text)
    assert said in text
    assert not_said not in text


def test_few_accounts_are_one_list():
    text = " ".join(page_of(BOOK).text)
    assert "All accounts with a score, worst first" in text
    rows = page_of(BOOK).table("Account")
    assert [row[1][:3].strip() for row in rows] == ["10A", "22A", "40H", "41H", "41H", "95H", "100"]


@EVERY
def test_json_is_the_whole_model(name):
    read = json.loads(render_book_json(BOOKS[name]))
    assert read == json.loads(BOOKS[name].model_dump_json())
    assert read["accounts"] == BOOKS[name].accounts


@EVERY
def test_markdown_tables_have_as_many_cells_as_heads(name):
    text = render_book_markdown(BOOKS[name])
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(counts) == 1
