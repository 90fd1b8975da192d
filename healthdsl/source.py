"""Source text and places in it.

In: the text of one ruleset and the name it is shown under. Out: `Source`, which turns offsets into lines and
columns. A `Span` is the unit in which every later stage says where something stands.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets, `start` up to but not including `end`, and the 1-based line of
    `start`.
    """

    start: int
    end: int
    line: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.start, max(self.end, other.end), self.line)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a ruleset; `name` is the path (or `<text>`) shown in messages and reports."""

    text: str
    name: str = "<text>"
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        object.__setattr__(self, "_starts", tuple(starts))

    @property
    def line_count(self) -> int:
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The 1-based line that `offset` stands on."""
        return bisect_right(self._starts, offset)

    def column_of(self, offset: int) -> int:
        """The 1-based column of `offset`, counted in characters."""
        return offset - self._starts[self.line_of(offset) - 1] + 1

    def offset_of(self, line: int) -> int:
        """The offset at which a 1-based line begins."""
        return self._starts[line - 1]

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.line_of(start))

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]
