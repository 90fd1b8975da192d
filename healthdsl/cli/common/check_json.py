"""Findings as JSON: one object with a list of files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthdsl.checks.attain import Attained
    from healthdsl.checks.finding import Finding, Shown
    from healthdsl.checks.report import FileReport

VERSION = 1
Json = dict[str, object]


def as_json(reports: Sequence[FileReport]) -> str:
    """`{"version": 1, "found": n, "files": [..]}`; dates as text, percents as their fraction."""
    files = [_file(report) for report in reports]
    whole = {"version": VERSION, "found": sum(len(r.findings) for r in reports), "files": files}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _file(report: FileReport) -> Json:
    return {
        "file": report.name,
        "findings": [_finding(report, finding) for finding in report.findings],
        "told_before": report.told_before,
        "allowed": [{**_finding(report, each), "reason": reason} for each, reason in report.allowed],
        "scores": [_score(score) for score in report.scores],
    }


def _finding(report: FileReport, finding: Finding) -> Json:
    diagnostic = finding.diagnostic
    return {
        "code": finding.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "about": finding.name or None,
        "place": asdict(report.spot(finding.span)),
        "labels": [
            {"text": each.text, "place": asdict(report.spot(each.span))} for each in diagnostic.labels
        ],
        "shown": [shown_json(each) for each in finding.shown],
        "fix": None if finding.fix is None else finding.fix.said,
    }


def shown_json(shown: Shown) -> Json:
    """An account with what it gets."""
    account = shown.account
    return {
        "as_of": date.fromordinal(shown.today).isoformat(),
        "facts": dict(account.facts),
        "rows": {name: [dict(row) for row in rows] for name, rows in account.tables.items()},
        "told": shown.told,
        "outcome": shown.outcome,
    }


def _score(score: Attained) -> Json:
    return {
        "score": score.node,
        "low": score.low,
        "high": score.high,
        "lowest_found": score.reached[0],
        "highest_found": score.reached[1],
        "lowest": None if score.lowest is None else shown_json(score.lowest),
        "highest": None if score.highest is None else shown_json(score.highest),
    }
