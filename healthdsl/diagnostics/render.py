"""Shows diagnostics to people: the message, the line, a caret under the exact place, and what to do next.

In: the source and its diagnostics. Out: text whose frame is ASCII, one block a diagnostic, an empty line
between blocks. Columns are counted as a terminal shows them: a tab is four wide, an East Asian wide
character two, a combining mark none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from healthdsl.diagnostics.diagnostic import Diagnostic, Label
from healthdsl.source import Source, Span

MAX_SHOWN = 100
MAX_WIDTH = 120
TAB = 4
_BOLD, _RED, _YELLOW, _BLUE, _END = "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[0m"


def render_diagnostics(source: Source, diagnostics: Sequence[Diagnostic], colour: bool = False) -> str:
    """The first 100 diagnostics as text, with a last line about the rest; empty when there are none."""
    shown = [render_diagnostic(source, diagnostic, colour) for diagnostic in diagnostics[:MAX_SHOWN]]
    if len(diagnostics) > MAX_SHOWN:
        shown.append(f"and {len(diagnostics) - MAX_SHOWN} more\n")
    return "\n".join(shown)


def render_diagnostic(source: Source, diagnostic: Diagnostic, colour: bool = False) -> str:
    """One diagnostic as text that ends with a line end."""
    paint = _paint if colour else _plain
    shade = _RED if diagnostic.is_error else _YELLOW
    span = diagnostic.span
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", shade) + paint(f": {diagnostic.message}", _BOLD)
    places = (span, *(label.span for label in diagnostic.labels))
    margin = " " * len(str(max(source.place_of(place.line)[1] for place in places)))
    file, line = source.place_of(span.line)
    lines = [head, f"{margin}{paint('-->', _BLUE)} {file}:{line}:{source.column_of(span.start)}"]
    bar = paint("|", _BLUE)
    for label, mark in _in_files(source, diagnostic):
        other, line = source.place_of(label.span.line)
        if other != file:
            file = other
            lines.append(f"{margin}{paint(':::', _BLUE)} {file}:{line}:{source.column_of(label.span.start)}")
        text, before, width = _excerpt(source, label.span)
        underline = paint(mark * width, shade if mark == "^" else _BLUE)
        number = paint(f"{line:>{len(margin)}}", _BLUE)
        lines.append(f"{number} {bar} {text}".rstrip())
        lines.append(f"{margin} {bar} {' ' * before}{underline} {label.text}".rstrip())
    lines += [f"{margin} {paint('=', _BLUE)} {note}" for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(f"{margin} {paint('=', _BLUE)} help: {diagnostic.help}")
    return "\n".join(lines) + "\n"


def _in_files(source: Source, diagnostic: Diagnostic) -> list[tuple[Label, str]]:
    """The places to show with their marks: the file of the mistake first, then others, each from the top."""
    own = source.place_of(diagnostic.span.line)[0]
    marks = [(Label(diagnostic.span, ""), "^"), *((label, "-") for label in diagnostic.labels)]

    def order(pair: tuple[Label, str]) -> tuple[bool, int, bool]:
        line = pair[0].span.line
        return source.place_of(line)[0] != own, line, pair[1] == "-"

    return sorted(marks, key=order)


def _plain(text: str, _: str) -> str:
    return text


def _paint(text: str, code: str) -> str:
    return f"{code}{text}{_END}"


def _excerpt(source: Source, span: Span) -> tuple[str, int, int]:
    """The line of a span as shown, the width of what stands before the place, and the width of the place.

    Of a long line only the part around the place is shown; of a place of several lines only the first is
    marked.
    """
    line = source.line_text(span.line)
    start = min(source.column_of(span.start) - 1, len(line))
    end = max(start, min(len(line), start + span.end - span.start))
    left = 0 if _width(line) <= MAX_WIDTH else max(0, start - MAX_WIDTH // 2)
    right = len(line) if _width(line) <= MAX_WIDTH else min(len(line), left + MAX_WIDTH)
    prefix = "... " if left else ""
    suffix = " ..." if right < len(line) else ""
    text = prefix + _shown(line[left:right]) + suffix
    before = len(prefix) + _width(line[left:start])
    return text, before, max(1, _width(line[start : min(end, right)]))


def _shown(text: str) -> str:
    """A text as it is safe to print: tabs as spaces, control and direction characters as `?`."""
    return "".join(_shown_char(char) for char in text)


def _shown_char(char: str) -> str:
    if char == "\t":
        return " " * TAB
    return "?" if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs") else char


def _width(text: str) -> int:
    if text.isascii():
        return len(text) + text.count("\t") * (TAB - 1)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if char == "\t":
        return TAB
    if unicodedata.combining(char) or unicodedata.category(char) == "Me":
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
