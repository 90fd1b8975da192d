"""A flag of several causes tells those that were true; a named condition speaks with its own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from healthdsl import loads
from healthdsl.batch.columns import score_columns
from healthdsl.explain.explanation import Explanation
from healthdsl.reports import render_html, render_markdown, render_text

RULES = """ruleset made
  language 1

signal seats count "Seats"
signal late days "Days late"
signal mood one of good, bad "Mood"
signal plan text "Plan"

rows tickets
  open yes/no

condition grumpy when mood is bad "In a bad mood"
condition in_trouble when grumpy or late above 60 days
condition small when seats below 3

score health = seats
bands churn_risk of health "Risk of churn"
  below 10 -> high red
  otherwise -> low green

flag any_cause when late above 30 days or grumpy or churn_risk is high or any of tickets where open
  "Look here"
flag one_cause when late above 30 days "Late"
flag within when seats at least 1 and (grumpy or plan is "free") "Both"
flag counted when at least 2 of (grumpy, late above 30 days, plan is "free") "Two of three"
flag behind when in_trouble "In trouble"
flag unsaid when small or plan is "none" "Unsaid"
play act when late above 30 days or grumpy "Act"
"""


def told(**record: object) -> dict[str, tuple[str, ...]]:
    explanation = loads(RULES).score(record).explain()
    return {flag.name: flag.causes for flag in (*explanation.flags, *explanation.plays)}


def test_only_what_was_true_is_told() -> None:
    found = told(seats=2, late=45, mood="good", plan="free")
    assert found == {
        "any_cause": ("Days late: 45 days, above 30 days", "Risk of churn is “High”"),
        "one_cause": (),
        "within": ("Plan is free",),
        "counted": ("Days late: 45 days, above 30 days", "Plan is free"),
        "unsaid": ("Small",),
        "act": ("Days late: 45 days, above 30 days",),
    }


def test_a_condition_is_told_by_its_text_and_opened_where_it_stands_alone() -> None:
    found = told(seats=20, late=61, mood="bad")
    assert found["behind"] == ("In a bad mood", "Days late: 61 days, above 60 days")
    assert found["any_cause"] == ("Days late: 61 days, above 30 days", "In a bad mood")


def test_what_is_unknown_is_no_cause() -> None:
    assert told(mood="bad")["any_cause"] == ("In a bad mood",)


def test_conditions_are_raised_nowhere() -> None:
    compiled = loads(RULES)
    result = compiled.score({"seats": 2, "late": 61, "mood": "bad"})
    assert result.values["grumpy"] is True
    assert compiled.score({}).values["grumpy"] is None
    assert not {"grumpy", "in_trouble", "small"} & {*result.flags, *result.plays}
    columns = {column.name for column in score_columns(compiled.ruleset, compiled.graph, "parts")}
    assert not {"grumpy", "in_trouble", "small"} & columns
    assert {"any_cause", "act"} <= columns


def explained() -> Explanation:
    return loads(RULES).score({"seats": 20, "late": 61, "mood": "bad"}).explain()


@pytest.mark.parametrize("render", [render_text, render_markdown, render_html])
def test_every_report_tells_the_causes_and_the_title_of_bands(render: Callable[[Explanation], str]) -> None:
    page = " ".join(render(explained()).split())
    assert "Days late: 61 days, above 30 days" in page
    assert "Risk of churn: Low" in page
    assert "grumpy" not in page
