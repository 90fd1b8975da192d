"""Findings as workflow commands of GitHub Actions, which show them beside the changed lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from healthdsl.records.cells import printable_lines

if TYPE_CHECKING:
    from healthdsl.checks.finding import Finding
    from healthdsl.checks.report import FileReport


def as_github(reports: Sequence[FileReport]) -> str:
    """A line for each finding: `::warning file=..,line=..,title=..::message`."""
    return "".join(_line(report, finding) for report in reports for finding in report.findings)


def _line(report: FileReport, finding: Finding) -> str:
    spot, diagnostic = report.spot(finding.span), finding.diagnostic
    fields = {"file": spot.file.replace("\\", "/"), "line": str(spot.line), "endLine": str(spot.end_line)}
    if spot.line == spot.end_line:  # columns are shown for a single line only
        fields |= {"col": str(spot.column), "endColumn": str(spot.end_column)}
    fields["title"] = finding.code
    listed = ",".join(f"{name}={_field(value)}" for name, value in fields.items())
    pieces = [diagnostic.message, *diagnostic.notes, diagnostic.help or ""]
    text = "\n".join(piece for piece in pieces if piece)
    return printable_lines(f"::{diagnostic.severity.value} {listed}::{_data(text)}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
