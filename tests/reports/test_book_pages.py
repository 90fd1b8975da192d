"""Names of pages for account ids that may be anything."""

import re

import pytest

from healthdsl.reports.book import pages
from healthdsl.reports.book.pages import page_names

ODD = [
    "B-052", "b-052", "B 052", "../../etc/passwd", "..", ".", "", " ", "/", "\\", "a/b", "a\\b", "a\x00b",
    "CON", "con.html", "nul", "index.html", "x" * 300, "x" * 300 + "y", "größe", "GRÖSSE", "ß", "ss",
    "שלום", "\u202eevil", "😀", "\ud800", "<b>", "a?b#c%2f", "a:b", "~", "-rf", "İ", "i", "I", "ﬁ", "fi",
]  # fmt: skip


def test_every_id_has_a_safe_name_of_its_own():
    found = page_names(ODD)
    assert list(found) == ODD
    for name in found.values():
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,70}\.html", name), name
    assert len({name.casefold() for name in found.values()}) == len(ODD)


def test_a_name_begins_with_what_can_be_read_of_the_id():
    assert page_names(["B-052"])["B-052"].startswith("b-052-")
    assert page_names(["Größe & Söhne"])["Größe & Söhne"].startswith("groe-sohne-")


def test_a_name_does_not_depend_on_the_others():
    assert page_names(["a", "b"])["b"] == page_names(["b"])["b"]


def test_ids_of_one_digest_have_names_of_their_own(monkeypatch):
    monkeypatch.setattr(pages, "DIGITS", 0)
    found = page_names(["A", "a", "A!"])
    assert sorted(found.values()) == ["a--2.html", "a--3.html", "a-.html"]


@pytest.mark.parametrize("account", ODD)
def test_the_same_id_has_the_same_name(account):
    assert page_names([account]) == page_names([account])
