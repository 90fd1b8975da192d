"""The lines of clauses of which the model keeps no place: `needs`, `within`, `round to`, `missing`."""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.model.ruleset import Declared
from healthdsl.source import Source


def clause_line(source: Source, declared: Declared, word: str) -> tuple[int, str]:
    """The line and the text of the clause that begins with `word` below a declaration.

    The declaration's own when there is none: some clauses may stand there.
    """
    for number, text in _lines_below(source, declared):
        if text.startswith(word):
            return number, text
    return declared.span.line, declared.text


def _lines_below(source: Source, declared: Declared) -> Iterator[tuple[int, str]]:
    for number in range(declared.span.line + 1, source.first_line + source.line_count):
        text = source.line_text(number)
        if text[:1] not in ("", " ", "#"):
            return
        yield number, " ".join(text.split())
