"""Source text and places in it.

In: the text of one ruleset and the name it is shown under. Out: `Source`, which turns offsets into lines and
columns. A `Span` is the unit in which every later stage says where something stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets, `start` up to but not including `end`, and the line of `start`,
    counted from 1 through all files of a ruleset.
    """

    start: int
    end: int
    line: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.start, max(self.end, other.end), self.line)


@dataclass(frozen=True, slots=True)
class FilePart:
    """One of the files that a source is made of: the line it begins on, and the name it is shown under."""

    first_line: int
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a ruleset; `name` is the path (or `<text>`) shown in messages and reports.

    A file that a ruleset uses has places of its own: its text begins at offset `start` and on line
    `first_line`, behind the files before it. `join_sources` makes one source of all of them, with `parts`.
    """

    text: str
    name: str = "<text>"
    start: int = 0
    first_line: int = 1
    parts: tuple[FilePart, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [self.start]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(self.start + position + 1)
            position = self.text.find("\n", position + 1)
        object.__setattr__(self, "_starts", tuple(starts))

    @property
    def line_count(self) -> int:
        return len(self._starts)

    @property
    def whole(self) -> Span:
        """The span of all of it."""
        return Span(self.start, self.start + len(self.text), self.first_line)

    def line_of(self, offset: int) -> int:
        """The line that `offset` stands on, the first of a file by itself being 1."""
        return bisect_right(self._starts, offset) + self.first_line - 1

    def column_of(self, offset: int) -> int:
        """The 1-based column of `offset`, counted in characters."""
        return offset - self.offset_of(self.line_of(offset)) + 1

    def offset_of(self, line: int) -> int:
        """The offset at which a line begins."""
        return self._starts[line - self.first_line]

    def line_text(self, line: int) -> str:
        """The text of a line, without its line end."""
        index = line - self.first_line
        start = self._starts[index] - self.start
        end = self._starts[index + 1] - self.start - 1 if index + 1 < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.line_of(start))

    def slice(self, span: Span) -> str:
        return self.text[span.start - self.start : span.end - self.start]

    def place_of(self, line: int) -> tuple[str, int]:
        """The name of the file that a line stands in, and its number there, from 1."""
        return find_place(self.parts or (FilePart(self.first_line, self.name),), line)


def find_place(parts: Sequence[FilePart], line: int) -> tuple[str, int]:
    """The name of the part that a line stands in, and its number there, from 1."""
    part = parts[bisect_right(parts, line, key=lambda part: part.first_line) - 1]
    return part.name, line - part.first_line + 1


def place_behind(source: Source) -> tuple[int, int]:
    """The offset and the line at which a file behind this one begins."""
    return source.start + len(source.text) + 1, source.first_line + source.line_count


def join_sources(sources: Sequence[Source]) -> Source:
    """Files that stand behind each other, as one source, which has the name of the first."""
    if len(sources) == 1:
        return sources[0]
    parts = tuple(FilePart(source.first_line, source.name) for source in sources)
    return Source("\n".join(source.text for source in sources), sources[0].name, parts=parts)
