"""Values of several words that stand without quotes: `status is in progress`, `one of open, on hold`."""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.syntax.lexer import RESERVED
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite, rewrite

_LONGEST = 5
_ENDS = (RESERVED - {"in", "not"}) | {"ignoring", "column", "where"}
_ROWS = frozenset(("table_row", "band_row"))


def values_of_in(line: BrokenLine) -> Iterator[Rewrite]:
    """`status is in progress`: one word behind `in` is hardly a list."""
    for index, word in enumerate(line.texts):
        if word == "in" and line.texts[index - 1 : index] in (["is"], ["not"]):
            end = _end(line, index)
            if end == index + 2 and line.texts[end : end + 1] != [","]:
                yield _quoted(line, index, end, "; several values are asked for with `is one of`")


def several_words(line: BrokenLine) -> Iterator[Rewrite]:
    """`one of open, on hold`, `status is on hold`, and `on hold -> 5` in a lookup."""
    for index in range(len(line.tokens)):
        before = line.texts[index - 1] if index else ""
        listed = before == "," or (before == "of" and line.texts[index - 2 : index - 1] == ["one"])
        asked = before == "is" or (before == "not" and line.texts[index - 2 : index - 1] == ["is"])
        key = index == 0 and line.start in _ROWS
        end = _end(line, index)
        if end - index > 1 and (listed or asked or key):
            apart = ", ".join(token.text for token in line.tokens[index:end])
            several = f" if it is one value, or write `{apart}` if these are several"
            yield _quoted(
                line, index, end, "; several values are asked for with `is one of`" if asked else several
            )


def _end(line: BrokenLine, first: int) -> int:
    """The index behind the words that stand side by side from `first` on."""
    end = first
    while end < len(line.tokens) and end - first < _LONGEST:
        if not line.tokens[end].text[0].isalpha() or line.texts[end] in _ENDS:
            break
        end += 1
    return end


def _quoted(line: BrokenLine, first: int, end: int, further: str) -> Rewrite:
    text = f'"{line.written(first, end)}"'
    message = f"`{line.written(first, end)}` stands without quotes"
    return rewrite(line, first, end, text, "E102", message, f"put it in double quotes: `{text}`{further}")
