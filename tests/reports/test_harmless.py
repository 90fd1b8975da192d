"""Text of strangers stays text: in a terminal, in Markdown, in a browser, in JSON.

And the page is fit to read.
"""

import base64
import hashlib
import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest

from healthdsl.reports import render_html, render_json, render_markdown, render_text
from healthdsl.reports.clean import clean, columns, cut, fit, wrap
from healthdsl.reports.markdown import escape
from tests.reports.pages import NORTHWIND, TRICKS, TRICKY
from tests.shared import ROOT

CSS = (ROOT / "healthdsl" / "reports" / "templates" / "report.css").read_text("utf-8")


def steering(text: str) -> set[str]:
    """Characters that a terminal obeys or that turn the writing direction, line ends aside."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n"}


@pytest.mark.parametrize("render", [render_text, render_markdown, render_html, render_json])
def test_nothing_steers_a_terminal(render):
    assert steering(TRICKS) >= {"\x1b", "\x07", "\u202e", "\x9b"}
    assert steering(render(TRICKY)) == set()


def test_colour_codes_come_only_when_asked_for_and_only_ours():
    text = render_text(TRICKY, colour=True)
    assert set(re.findall(r"\x1b\[([\d;]+)m", text)) <= {"0", "1", "2", "31", "32"}
    assert steering(re.sub(r"\x1b\[[\d;]+m", "", text)) == set()


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("page", [NORTHWIND, TRICKY])
def test_text_fits(page, width):
    assert all(columns(line) <= width for line in render_text(page, width=width).splitlines())


def test_ascii_bars_need_no_unicode():
    assert render_text(NORTHWIND, unicode=False).isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 54.3", "plain text, 54.3"),
        ("<b>", "&lt;b&gt;"),
        ("&lt;", "&amp;lt;"),
        ("a | b", "a \\| b"),
        ("[x](http://x.y)", "\\[x\\](http&#58;//x.y)"),
        ("www.x.y @me", "www&#46;x.y &#64;me"),
        ("# head", "\\# head"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("`code` *a* _b_ ~c~ $d$", "\\`code\\` \\*a\\* \\_b\\_ \\~c\\~ \\$d\\$"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_is_escaped(text, expected):
    assert escape(text) == expected


def test_json_is_json_with_every_character():
    read = json.loads(render_json(TRICKY))
    assert read["account"]["name"] == TRICKS
    assert read["scores"][0]["score"] == 80


# The page --------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_has_no_script_no_link_and_escapes_the_account():
    page = Page(render_html(TRICKY))
    assert not {"script", "link", "img", "iframe", "object", "a", "form"}.intersection(
        t for t, _ in page.tags
    )
    attributes = [(name, value) for _, found in page.tags for name, value in found.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("style", "src", "href")]
    assert "http" not in " ".join(value or "" for name, value in attributes if name not in ("http-equiv",))
    assert any("<script>alert(1)</script>" in text for text in page.text)
    assert any("{{ 7 * 7 }}" in text for text in page.text)


def test_the_policy_allows_this_style_sheet_alone():
    text = render_html(NORTHWIND)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policies = [a["content"] for t, a in Page(text).tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


def test_tables_and_drawings_are_accessible():
    page = Page(render_html(NORTHWIND))
    assert [attrs.get("lang") for tag, attrs in page.tags if tag == "html"] == ["en"]
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    drawings = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert all(attrs.get("role") == "img" or attrs.get("aria-hidden") == "true" for attrs in drawings)
    ids = {attrs.get("id"): tag for tag, attrs in page.tags}
    (waterfall,) = [attrs for attrs in drawings if attrs.get("class") == "waterfall"]
    named = str(waterfall["aria-labelledby"]).split()
    assert [ids[name] for name in named] == ["title", "desc"]
    assert "Urgent tickets −10" in " ".join(page.text)


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colours(css: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", css))
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in found.items()
    }


LIGHT, DARK, PRINT = (colours(part) for part in re.split(r"@media (?:screen and \(prefers|print)", CSS))
CHIPS = [name.removesuffix("-chip") for name in LIGHT if name.endswith("-chip")]


def test_contrast_is_measured_right():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48  # WebAIM's example of a near miss


@pytest.mark.parametrize("theme", [LIGHT, DARK, {**LIGHT, **PRINT}], ids=["light", "dark", "print"])
def test_text_has_contrast(theme):
    assert len(CHIPS) == 10
    pairs = [(ink, ground) for ink in ("ink", "muted") for ground in ("page", "card")] + [("loss", "card")]
    pairs += [(f"{name}-text", f"{name}-chip") for name in CHIPS]
    low = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_stand_out(theme):
    """Three to one, as for anything drawn that carries meaning."""
    bars = [
        "loss",
        "gain",
        "still",
        "ink",
        *(name for name in CHIPS if name not in ("yellow", "white", "lightgreen")),
    ]
    assert {name for name in bars if contrast(theme[name], theme["card"]) < 3} == set()


def test_every_colour_word_has_its_rules():
    style = render_html(NORTHWIND)
    assert all(f".chip.{name} " in style and f".{name}-fill " in style for name in CHIPS)


# Fitting text ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", "abc"), ("a\tb\nc", "a b c"), ("a\x00b", "a\ufffdb"), ("\u200bx", "\ufffdx"), ("é", "é")],
)
def test_clean(text, expected):
    assert clean(text) == expected


def test_wide_letters_take_two_columns():
    assert columns("健康") == 4
    assert cut("健康", 3) == "健…"
    assert fit("健", 4) == "健  "
    assert wrap("aa bb cccccc", 5) == ["aa bb", "ccccc", "c"]
    assert wrap("", 5) == []
