"""Reads the marks of the files under tests/errors; README.md there says how they are written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.source import Source

FOLDER = Path(__file__).parent
RECORD = os.environ.get("HEALTHDSL_RECORD") == "1"
_AT_END = re.compile(r"#! ([EW]\d{3})\s*$")
_ABOVE = re.compile(r'#! line (\d+): ([EW]\d{3})(?: "(.*)")?\s*$')


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem that is expected; `message` where the file tells it."""

    line: int
    code: str
    message: str | None = None


def read_marks(text: str) -> list[Mark]:
    """The marks of a file, by line."""
    marks = []
    for number, line in enumerate(text.split("\n"), 1):
        if above := _ABOVE.match(line):
            marks.append(Mark(int(above[1]), above[2], above[3]))
        elif at_end := _AT_END.search(line):
            marks.append(Mark(number, at_end[1]))
    return sorted(marks, key=lambda mark: (mark.line, mark.code))


def check_marks(text: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Asserts that the diagnostics are those the file marks, each exactly once."""
    marks = read_marks(text)
    found = sorted((problem.span.line, problem.code) for problem in diagnostics)
    told = "\n".join(f"{problem.span.line}: {problem.code} {problem.message}" for problem in diagnostics)
    assert found == [(mark.line, mark.code) for mark in marks], told
    for mark in marks:
        messages = [problem.message for problem in diagnostics if problem.span.line == mark.line]
        assert mark.message is None or mark.message in messages, told


def rendered(path: Path, diagnostics: tuple[Diagnostic, ...]) -> str:
    """What a person reads about a file."""
    source = Source(path.read_text(encoding="utf-8"), path.name)
    return render_diagnostics(source, diagnostics)


def check_recorded(path: Path, text: str) -> None:
    """Compares with a golden file, or writes it when asked to."""
    if RECORD:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
