"""What a customer sees: reasons in words, no half rules, and no places in a file on paper or in Markdown."""

import healthdsl
from healthdsl.reports import render_html, render_markdown
from tests.reports.pages import NORTHWIND

LONG = "-7.5 when days_since_the_last_login above 60 and the_oldest_open_ticket above 30"
RULES = f"""\
ruleset r
  language 1

signal days_since_the_last_login number
signal the_oldest_open_ticket number

measure m = 90

score s average within 0 to 100
  m
  {LONG}
  -3 when the_oldest_open_ticket above 20 "An old ticket"
"""


def page():
    record = {"days_since_the_last_login": 99, "the_oldest_open_ticket": 99}
    return healthdsl.loads(RULES, "r.health").score(record).explain()


def test_a_rule_without_a_reason_is_shown_whole():
    html = render_html(page())
    assert "…" not in html
    lines = ["Days since the last login: 99, above 60; The", "oldest open ticket: 99, above 30"]
    assert [f">{line}</text>" in html for line in lines] == [True, True]
    assert html.index(lines[0]) < html.index(lines[1])


def test_a_reason_stands_without_its_code():
    for text in (render_html(page()), render_markdown(page())):
        assert "An old ticket" in text
        assert "above 20" not in text


def test_places_are_for_the_screen_alone():
    html = render_html(page())
    style = html[html.index("<style>") : html.index("</style>")]
    assert ".place { display: none; }" in style[style.index("@media print") :]
    assert html.count("r.health:") == html.count('<span class="place">r.health:') > 0
    assert "r.health" not in render_markdown(page())
    assert "saas.health" not in render_markdown(NORTHWIND)


def test_the_ring_says_of_what_only_where_the_scale_is_written():
    assert 'text-anchor="middle">of 100</text>' in render_html(page())
    open_scale = RULES.replace(" within 0 to 100", "")
    explanation = healthdsl.loads(open_scale).score({}).explain()
    assert explanation.scores[0].scale is None
    assert 'text-anchor="middle">of ' not in render_html(explanation)
    assert "out of" not in explanation.summary
