"""A mutant: a ruleset that differs from the one tested in one thing, and how its line would read."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.model.ruleset import Declared, Ruleset
from healthdsl.source import Source
from healthdsl.testing.clauses import clause_line
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


def line_of_clause(source: Source, declared: Declared, word: str) -> Line:
    """The clause that begins with `word` below a declaration."""
    return Line(*clause_line(source, declared, word))
