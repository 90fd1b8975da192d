"""The score over time: the chart's place for everything, the line of blocks, and the pages that have them."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from healthdsl.explain.explanation import Badge
from healthdsl.reports.history.chart import HEIGHT, LEFT, RIGHT, chart_of
from healthdsl.reports.history.model import Point, Stripe, Trend
from healthdsl.reports.history.spark import sparkline
from tests.history.program import RULESET, Program, keep

POOR, GOOD = Badge(name="poor", label="Poor", colour="red"), Badge(name="good", label="Good", colour="green")
STRIPES = (
    Stripe(band=POOR, low=None, high=Decimal(50)),
    Stripe(band=GOOD, low=Decimal(50), high=None),
)


def trend(
    *scores: int | None, changed: tuple[int, ...] = (), scale: tuple[int, int] | None = (0, 100)
) -> Trend:
    """A run every ten days."""
    points = tuple(
        Point(
            as_of=date(2026, 1, 1) + timedelta(days=10 * k),
            score=None if score is None else Decimal(score),
            band=None if score is None else POOR if score < 50 else GOOD,
            version="1.2.0",
            changed=k in changed,
        )
        for k, score in enumerate(scores)
    )
    ends = None if scale is None else (Decimal(scale[0]), Decimal(scale[1]))
    return Trend(title="Health", decimals=2, scale=ends, stripes=STRIPES, points=points)


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (trend(0, 49, 50, 100), "▁▄▅█"),
        (trend(12, 13, None, 87, 88), "▁▂·▇█"),
        (trend(10, 90, 20, changed=(1,)), "▁│█▂"),
        (trend(70), "▆"),
    ],
)
def test_a_line_of_blocks(shown: Trend, line: str) -> None:
    assert sparkline(shown) == line


def test_a_line_in_ascii() -> None:
    assert sparkline(trend(0, None, 99, changed=(2,)), unicode=False) == "1.|8"


def test_places_of_a_chart() -> None:
    chart = chart_of(trend(0, 25, 100))
    assert [(dot.left, dot.top) for dot in chart.dots] == [
        (LEFT, HEIGHT),
        (pytest.approx((LEFT + RIGHT) / 2), HEIGHT * 0.75),
        (RIGHT, 0.0),
    ]
    assert [(band.top, band.height, band.colour) for band in chart.bands] == [
        (HEIGHT / 2, HEIGHT / 2, "red"),
        (0.0, HEIGHT / 2, "green"),
    ]
    assert [dot.colour for dot in chart.dots] == ["red", "red", "green"]
    assert len(chart.joins) == 2
    assert {mark.label for mark in chart.edges} == {"0", "50", "100"}


def test_a_run_without_a_score_breaks_the_line() -> None:
    chart = chart_of(trend(10, None, 30, 40))
    assert [dot.scored for dot in chart.dots] == [True, False, True, True]
    assert len(chart.joins) == 1
    assert "2026-01-11 not scored" in chart.said


def test_a_score_beyond_the_scale_is_seen() -> None:
    chart = chart_of(trend(-20, 140))
    assert all(0 < dot.top < HEIGHT for dot in chart.dots)


def test_one_run_stands_in_the_middle() -> None:
    chart = chart_of(trend(70))
    assert [dot.left for dot in chart.dots] == [0.5]
    assert [mark.label for mark in chart.days] == ["2026-01-01"]


def test_changes_of_the_ruleset_are_marked() -> None:
    chart = chart_of(trend(10, 20, 30, 40, 50, 60, changed=(1, 2, 5)))
    assert len(chart.changes) == 3
    assert [bool(mark.label) for mark in chart.changes] == [False, True, True]
    assert "another ruleset from 2026-01-11 on" in chart.said


def test_many_runs_are_told_by_what_stands_out() -> None:
    scores = [50 + k % 7 for k in range(400)]
    scores[200], scores[300] = 3, 99
    chart = chart_of(trend(*scores))
    assert len(chart.dots) == 400
    assert len(chart.said.split("; ")) == 4
    assert " 3 Poor" in chart.said
    assert " 99 Good" in chart.said


def history(program: Program) -> None:
    keep(program, "2026-03-01")
    program.file("tiny.health", RULESET.replace("below 50", "below 60").replace("1.2.0", "1.3.0"))
    keep(program, "2026-03-11", accounts="account_id,name,seats,NPS Score\nA-2,Birch,30,-20\n")


def test_the_page_of_an_account(healthdsl: Program) -> None:
    history(healthdsl)
    common = ("explain", "tiny.health", "accounts.csv", "--account", "A-2", "--as-of", "2026-03-21")
    assert healthdsl(*common, "--history", "runs", "-o", "a.html").code == 0
    page = (healthdsl.folder / "a.html").read_text()
    (drawing,) = re.findall(r"<figure class=\"trend\">\s*(<svg.*?</svg>)", page, re.DOTALL)
    tree = ET.fromstring(drawing)
    circles = tree.findall(".//circle/title")
    assert [each.text for each in circles] == [
        "2026-03-01 20 Poor",
        "2026-03-11 40 Poor",
        "2026-03-21 40 Poor",
    ]
    assert [each.text for each in tree.findall(".//text[@class='change']")] == ["rules 1.3.0"]
    said = tree.find("desc")
    assert said is not None
    assert "another ruleset from 2026-03-11 on" in str(said.text)
    assert "http" not in drawing
    text = healthdsl(*common, "--history", "runs").out
    assert "2026-03-01 20 Poor" in text
    assert "2026-03-11: another ruleset (version 1.3.0)" in text
    found = json.loads(healthdsl(*common, "--history", "runs", "--format", "json").out)
    assert [each["score"] for each in found["trend"]["points"]] == [20.0, 40.0, 40.0]
    assert "trend" not in json.loads(healthdsl(*common, "--format", "json").out)
    assert (
        "| 2026-03-11 | 40 | Poor | version 1.3.0 |"
        in healthdsl(*common, "--history", "runs", "--format", "md").out
    )


def test_an_account_that_no_run_has(healthdsl: Program) -> None:
    history(healthdsl)
    healthdsl.file("more.csv", "account_id,seats,NPS Score\nNew,30,20\n")
    common = ("explain", "tiny.health", "more.csv", "--account", "New", "--as-of", "2026-03-21", "--history")
    ran = healthdsl(*common, "runs")
    assert ran.code == 0
    assert "Over time" not in ran.out
    assert "no run of `tiny` has the account `New`" in ran.err
    assert healthdsl(*common, "nowhere").code == 2
    healthdsl.file("tiny.health", RULESET.replace("ruleset tiny", "ruleset other"))
    ran = healthdsl(*common, "runs")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no run of `other`, only of `tiny`" in ran.err


def test_runs_after_the_day_are_not_shown(healthdsl: Program) -> None:
    history(healthdsl)
    common = ("explain", "tiny.health", "accounts.csv", "--account", "A-2", "--as-of", "2026-03-05")
    assert "2026-03-11" not in healthdsl(*common, "--history", "runs").out


def test_the_pages_of_a_book(healthdsl: Program) -> None:
    history(healthdsl)
    ran = healthdsl(
        "report", "tiny.health", "accounts.csv", "--as-of", "2026-03-21", "--history", "runs", "-o", "b.html"
    )
    assert ran.code == 0, ran.err
    (page,) = (healthdsl.folder / "b").glob("*.html")
    assert page.read_text().count('<circle class="red-dot"') == 3
    ran = healthdsl("report", "tiny.health", "accounts.csv", "--as-of", "2026-03-21", "--history", "runs")
    assert ran.code == 2
    assert "--history is for the pages of accounts beside a file" in ran.err
