"""What stands around a line that could not be read: the header above it, and the names of its file."""

from __future__ import annotations

import re

from healthdsl.syntax.repair.broken import BrokenLine
from healthdsl.syntax.shapes import HEADERS

_LONGEST = 200  # characters of a line that are looked at
_FARTHEST = 1000  # lines to the header above, as many as a declaration may have


def header_of(line: BrokenLine) -> str:
    """The line at the left edge that a clause belongs to; empty for a line at the left edge, or too far."""
    text = line.source.text
    begin = text.rfind("\n", 0, line.tokens[0].start - line.source.start) + 1
    if not text[begin : begin + 1].isspace():
        return ""
    for _ in range(_FARTHEST):
        if not begin:
            break
        end, begin = begin - 1, text.rfind("\n", 0, begin - 1) + 1
        if text[begin : begin + 1].isalpha():
            return text[begin:end]
    return ""


def is_grid(line: BrokenLine) -> bool:
    """Whether a line stands below the header of a grid."""
    return header_of(line).split()[2:3] == ["grid"]


def is_declared(line: BrokenLine, words: list[str]) -> bool:
    """Whether a name of these words is declared in the file, written as one name or, wrongly, as several."""
    name = "_".join(words).lower()
    return any((keyword, name) in line.declared for keyword in HEADERS)


def is_node(line: BrokenLine, word: str) -> bool:
    """Whether the file declares a measure, group or score of this name."""
    return any((keyword, word) in line.declared for keyword in ("measure", "group", "score"))


def is_table(line: BrokenLine, word: str) -> bool:
    """Whether the file declares rows of this name."""
    return ("rows", word) in line.declared


def declared_names(text: str) -> frozenset[tuple[str, str]]:
    """What the lines of a file may declare: the keyword, and the first words behind it, up to five, as one
    name. A column stands with `signal`.
    """
    found: set[tuple[str, str]] = set()
    in_rows = False
    for line in text.split("\n"):
        words = line[:_LONGEST].split()
        if line[:1].isalpha():
            in_rows = words[0] == "rows"
            keyword, words = words[0], words[1:]
        else:
            keyword, words = "signal", words if in_rows else []
        pieces = [piece for piece in re.split("[-./ ]", " ".join(words[:5])) if piece][:5]
        found.update((keyword, "_".join(pieces[:end]).lower()) for end in range(1, len(pieces) + 1))
    return frozenset(found)
