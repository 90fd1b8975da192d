"""`healthdsl check --fix`: what has one safe answer is written into the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from healthdsl.cli.common.messages import MisuseError
from healthdsl.records.cells import printable_lines
from healthdsl.records.input_file import STANDARD_INPUT

if TYPE_CHECKING:
    from healthdsl.checks.report import FileReport


def fix_file(path: str, report: FileReport, told: TextIO) -> bool:
    """Whether the file was changed: laid out by the formatter, written whole, each change told.

    Only the file itself is changed, not those that it uses. MisuseError for standard input.
    """
    if path == STANDARD_INPUT:
        raise MisuseError("--fix changes files, and standard input (-) is none. Name a file.")
    from healthdsl.records.whole_file import write_whole
    from healthdsl.source import Source
    from healthdsl.syntax.printer import format_text

    mended = [f for f in report.findings if f.fix is not None and report.spot(f.span).file == report.name]
    if not mended:
        return False
    own = Source(_own_text(report), report.name)
    text = own.text
    for finding in sorted(mended, key=lambda each: each.span, reverse=True):
        assert finding.fix is not None
        span = finding.fix.span
        text = text[: span.start] + finding.fix.text + text[span.end :]
    write_whole(path, format_text(Source(text, report.name)))
    for finding in mended:
        assert finding.fix is not None
        line = report.spot(finding.span).line
        told.write(printable_lines(f"{path}:{line}: {finding.code}: {finding.fix.said}\n"))
    return True


def _own_text(report: FileReport) -> str:
    """The text of the file itself, which stands before those that it uses."""
    parts = report.source.parts
    if len(parts) < 2:
        return report.source.text
    end = report.source.offset_of(parts[1].first_line)
    return report.source.text[: end - 1]
