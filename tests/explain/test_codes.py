"""Codes of reasons: ranked by the points they cost, ties as written; worked out by hand."""

import healthdsl
from healthdsl.reports.html import render_html
from healthdsl.reports.json_report import render_json
from healthdsl.reports.markdown import render_markdown
from healthdsl.reports.text import render_text

RULES = """ruleset r
  language 1

signal a number
signal b number
signal c number
signal late yes/no

measure a ladder
  below 10  -> 40  "Few" code USE1
  otherwise -> 100
measure b ladder
  below 10  -> 40  "Few, too" code USE2
  otherwise -> 100
measure c ladder
  below 10  -> 0   "None at all"  code USE3
  otherwise -> 100 "Many" code USE4

score s average
  1 a
  1 b
  2 c
  unscored when c is 99  "Not for these" code OUT1
  -20 when late          "Invoices are late" code PAY1
"""


def codes(record):
    return [(one.code, one.lost) for one in healthdsl.loads(RULES).score(record).reasons]


def test_codes_are_ranked_by_points_lost_and_ties_as_written():
    # of 100: 15 for each of a and b, 50 for c, 20 for the invoices
    found = codes({"a": 1, "b": 1, "c": 1, "late": True})
    assert found == [("USE3", 50), ("PAY1", 20), ("USE1", 15), ("USE2", 15)]


def test_what_costs_nothing_is_no_reason():
    assert codes({"a": 50, "b": 1, "c": 50, "late": False}) == [("USE2", 15)]


def test_an_account_that_is_not_scored_says_why():
    assert codes({"a": 50, "b": 50, "c": 99})[0] == ("OUT1", None)


def test_reports_show_the_codes():
    page = healthdsl.loads(RULES).score({"a": 50, "b": 1, "c": 50, "late": True}).explain()
    for shown in (render_text(page), render_markdown(page), render_html(page)):
        assert "PAY1 Invoices are late (" in shown
    assert '"code":"PAY1"' in render_json(page).replace(" ", "")
    assert [change.text for change in page.scores[0].adjustments] == ["Late: yes"]
