"""The six versions of Mattermost's health: what each commit changed, and whom it moved."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from healthdsl.batch.plan import Book, Planned, make_plan
from healthdsl.batch.scoring import Limits
from healthdsl.diff.change import Effect
from healthdsl.diff.compare import compare
from healthdsl.model.ruleset import Ruleset
from healthdsl.reports.plan.model import Plan
from tests.published.adapters import mattermost
from tests.published.cases import compiled

NO_RISK = '`no risks where status is one of "At Risk", "Early Warning"`'
RUNNING = "`license_start on or before today and license_end on or after today`"
WARNING = '`cap at 50 when any of risks where status is "Early Warning"`'
AT_RISK = '`cap at 20 when any of risks where status is "At Risk"`'
SET_50 = '`set to 50 when any of risks where status is "Early Warning"`'
SET_20 = '`set to 20 when any of risks where status is "At Risk"`'
LATER = '`set to 50 when any of risks where status is one of "Early Warning", "Delayed"`'
# What each commit did to scores, in words written from the source's SQL.
SAID = {
    2: [
        "In measure tickets_90d, the row `at least 3` gives 75 instead of 50.",
        "In measure tickets_90d, the row `at least 1` gives 100 instead of 75.",
        "In measure days_quiet, the row `missing` gives 25 instead of unscored.",
    ],
    3: [
        f"In score health, it now applies only when {RUNNING}.",
        f"In score health, it is now unscored when {NO_RISK}.",
        f"In score health, the line {WARNING} is added.",
        f"In score health, the line {AT_RISK} is added.",
        "In score health, the points are rounded to a whole number (before: not rounded).",
    ],
    4: [
        f"In score health, it is no longer unscored when {NO_RISK}.",
        f"In score health, the line {WARNING} becomes {SET_50}.",
        f"In score health, the line {AT_RISK} becomes {SET_20}.",
    ],
    5: [
        "In score health, the line `+10 when completed_references at least 1` is added.",
        "In score health, the line `cap at 100` is added.",
    ],
    6: [f"In score health, the line {SET_50} becomes {LATER}."],
}


def version(number: int) -> Ruleset:
    return compiled(f"mattermost/v{number}").ruleset


@pytest.mark.parametrize("number", SAID)
def test_what_each_commit_changed(number: int) -> None:
    difference = compare(version(number - 1), version(number))
    assert [change.sentence for change in difference.of(Effect.SCORE)] == SAID[number]


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Any]:
    found: list[Any] = json.loads((shared / "specs" / "mattermost_versions.json").read_text("utf-8"))["cases"]
    return found


def planned(number: int, cases: list[Any], folder: Path) -> Plan:
    """The step from the version before to this one, on every case."""
    lines = [{"account_id": str(k), **mattermost(case["input"])} for k, case in enumerate(cases)]
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    old, new = version(number - 1), version(number)
    book = Book(str(path), as_of=date(2026, 3, 31))
    return make_plan(Planned(old, new, compare(old, new), 100), book, Limits(), folder, lambda _: None)


@pytest.mark.parametrize("number", SAID)
def test_whom_each_commit_moved(number: int, cases: list[Any], tmp_path: Path) -> None:
    plan = planned(number, cases, tmp_path)
    if number == 3:
        check_who_lost_the_score(plan, cases)
    told = {mover.id: mover for kind in plan.movers for mover in kind.listed}
    expected = {}
    for k, case in enumerate(cases):
        before, after = (case["expected"][f"v{n}"] for n in (number - 1, number))
        if (before["score"], before["band"]) != (after["score"], after["band"]):
            expected[str(k)] = (shown(before["score"]), shown(after["score"]), before["band"], after["band"])
    assert {account: seen(mover) for account, mover in told.items()} == expected
    bands = Counter((case["expected"][f"v{number}"]["band"] or "Not scored") for case in cases)
    assert plan.matrix is not None
    columns = zip(plan.matrix.after, zip(*plan.matrix.cells, strict=True), strict=True)
    assert {place.label: sum(cell.accounts for cell in column) for place, column in columns} == {
        **dict.fromkeys(("High Risk", "Medium Risk", "Low Risk"), 0),
        **bands,
    }


def shown(score: float | None) -> Decimal | None:
    return None if score is None else Decimal(str(score))


def seen(mover: Any) -> tuple[Decimal | None, Decimal | None, str | None, str | None]:
    labels = [None if band is None else band.label for band in (mover.band_before, mover.band_after)]
    return mover.before, mover.after, labels[0], labels[1]


def check_who_lost_the_score(plan: Plan, cases: list[Any]) -> None:
    """LEAST(score, null): accounts without an open risk lost their score; the edit that did it is named."""
    lost = [k for k, case in enumerate(cases) if case["expected"]["v3"]["score"] is None]
    assert plan.totals.unscored == len(lost) > 50
    (unscored,) = (kind for kind in plan.movers if kind.title == "No longer scored")
    assert {mover.id for mover in unscored.listed} == {str(k) for k in lost}
    culprit = next(edit for edit in plan.edits if NO_RISK in edit.sentences[0])
    without_risk = [
        k
        for k in lost
        if not set(cases[k]["input"]["risk_statuses"]) & {"At Risk", "Early Warning"}
        and cases[k]["input"]["license_start"] <= "2026-03-31" <= cases[k]["input"]["license_end"]
    ]
    assert culprit.unscored == len(without_risk)
    by_account = {mover.id: mover for mover in unscored.listed}
    for k in without_risk:
        assert by_account[str(k)].steps[-1].edit == culprit.number
