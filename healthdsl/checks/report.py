"""What `healthdsl check` found in one file, as values that every form of output is made from."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.checks.attain import Attained
from healthdsl.checks.finding import Finding
from healthdsl.source import Source, Span


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: lines and columns from 1, the end behind the last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """`name` is what the file is called, `findings` its mistakes and findings in the order of the text.

    `allowed` are the findings that comments allow, with the reason; `scores` is empty unless asked for.
    `told_before` counts findings of a used file that stand in the report of another file already.
    """

    name: str
    source: Source
    findings: tuple[Finding, ...]
    allowed: tuple[tuple[Finding, str], ...] = ()
    scores: tuple[Attained, ...] = ()
    told_before: int = 0

    def spot(self, span: Span) -> Spot:
        """Where a span stands; it ends on its first line where it goes on in another file."""
        file, line = self.source.place_of(span.line)
        last = self.source.line_of(max(span.start, span.end - 1))
        end_file, end_line = self.source.place_of(last)
        column = self.source.column_of(span.start)
        if end_file != file:
            return Spot(file, line, column, line, column + 1)
        end = max(span.start, span.end - 1) - self.source.offset_of(last) + 2
        return Spot(file, line, column, end_line, end)
