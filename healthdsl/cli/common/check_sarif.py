"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from healthdsl.diagnostics.catalogue import CATALOGUE

if TYPE_CHECKING:
    from healthdsl.checks.finding import Finding
    from healthdsl.checks.report import FileReport, Spot
    from healthdsl.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
Json = dict[str, object]


def as_sarif(reports: Sequence[FileReport]) -> str:
    """One run; findings that a comment allows are results with a suppression."""
    from healthdsl import __version__

    results = [each for report in reports for each in _results(report)]
    codes = sorted({str(result["ruleId"]) for result in results})
    for result in results:
        result["ruleIndex"] = codes.index(str(result["ruleId"]))
    driver = {"name": "healthdsl", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> Json:
    entry = CATALOGUE[code]
    level = "warning" if code.startswith("W") else "error"
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
        "defaultConfiguration": {"level": level},
    }


def _results(report: FileReport) -> list[Json]:
    found = [_result(report, finding) for finding in report.findings]
    for finding, reason in report.allowed:
        suppressed = [{"kind": "inSource", "justification": reason}]
        found.append({**_result(report, finding), "suppressions": suppressed})
    return found


def _result(report: FileReport, finding: Finding) -> Json:
    diagnostic = finding.diagnostic
    sentences = [diagnostic.message, *diagnostic.notes, diagnostic.help or ""]
    result: Json = {
        "ruleId": finding.code,
        "level": diagnostic.severity.value,
        "message": {"text": "\n".join(sentence for sentence in sentences if sentence)},
        "locations": [_location(report, finding.span)],
    }
    if diagnostic.labels:
        result["relatedLocations"] = [
            {**_location(report, label.span), "message": {"text": label.text}} for label in diagnostic.labels
        ]
    return result


def _location(report: FileReport, span: Span) -> Json:
    spot = report.spot(span)
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(spot)}, "region": _region(spot)}}


def _uri(spot: Spot) -> str:
    return quote(spot.file.replace("\\", "/"), safe="/")


def _region(spot: Spot) -> Json:
    return {
        "startLine": spot.line,
        "startColumn": spot.column,
        "endLine": spot.end_line,
        "endColumn": spot.end_column,
    }
