"""A mutant: a ruleset that differs from the one tested in one thing, and how its line would read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from healthdsl.model.ruleset import Declared, Ruleset
from healthdsl.source import Source
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.wording import patched


@dataclass(frozen=True, slots=True)
class Mutant:
    """`was` is the line as written, `reads` as it would be; None: it would not be there.

    `line` counts through all files of the ruleset.
    """

    kind: Kind
    line: int
    was: str
    reads: str | None
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that is changed."""

    number: int
    text: str

    @classmethod
    def of(cls, declared: Declared) -> Line:
        return cls(declared.span.line, declared.text)

    def gone(self, kind: Kind, ruleset: Ruleset) -> Mutant:
        return Mutant(kind, self.number, self.text, None, ruleset)

    def changed(self, kind: Kind, said: tuple[str, str], ruleset: Ruleset) -> Mutant:
        """`said` is what changed in it, before and after, in the words of the model."""
        return Mutant(kind, self.number, self.text, patched(self.text, *said), ruleset)


def clause_line(source: Source, declared: Declared, word: str) -> Line:
    """The clause that begins with `word` below a declaration; its own line when there is none, since some
    clauses may stand there.
    """
    for number, text in _lines_below(source, declared):
        if text.startswith(word):
            return Line(number, text)
    return Line.of(declared)


def _lines_below(source: Source, declared: Declared) -> Iterator[tuple[int, str]]:
    last = source.first_line + source.line_count
    for number in range(declared.span.line + 1, last):
        text = source.line_text(number)
        if text[:1] not in ("", " ", "#"):
            return
        yield number, " ".join(text.split())
