"""A line that could not be read, and a rewritten line that might have been meant.

A rewrite is told only if the line it gives can be read (`explain.py` tries). None inserts or deletes an
operator.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source, Span
from healthdsl.syntax.lexer import Token, lex_line
from healthdsl.syntax.pairs import AGGREGATES


def span_of(tokens: list[Token], first: int, end: int) -> Span:
    """The place of some tokens; of none, the token they would stand before, or the end of the line."""
    if first < end:
        return tokens[first].span.to(tokens[end - 1].span)
    if first < len(tokens):
        return tokens[first].span
    last = tokens[-1]
    return Span(last.end, last.end + 1, last.line)


def swap(tokens: list[Token], first: int, end: int, text: str, words: dict[str, str]) -> list[Token]:
    """The tokens with some of them replaced by those of `text`, which take their place."""
    place = span_of(tokens, first, end)
    made = [
        token._replace(start=place.start, end=place.end, line=place.line)
        for token in lex_line(text, 0, 1, words).tokens
    ]
    return [*tokens[:first], *made, *tokens[end:]]


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """The tokens of a line and the index of the first that fits no form.

    `start` is the start symbol chosen, if any; `declared`, what the file declares: keywords and names.
    """

    tokens: list[Token]
    stop: int
    start: str | None
    words: dict[str, str]
    source: Source
    declared: frozenset[tuple[str, str]] = frozenset()

    @property
    def texts(self) -> list[str]:
        """The words as they are compared: lower case."""
        return [token.text.lower() for token in self.tokens]

    @property
    def vocabulary(self) -> list[str]:
        """Every word of the language, pairs of words whole and apart."""
        apart = (word for words in self.words for word in words.split())
        return list(dict.fromkeys((*self.words, *apart, *AGGREGATES, "exactly")))

    def written(self, first: int, end: int) -> str:
        """Some tokens as they are written, on one line."""
        if first >= end:
            return ""
        return " ".join(self.source.slice(span_of(self.tokens, first, end)).split())

    def told(self, first: int, end: int, code: str, message: str, help_: str | None = None) -> Diagnostic:
        """A diagnostic about some tokens."""
        return Diagnostic(code, message, span_of(self.tokens, first, end), help_)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A line that might have been meant, and what to say if it can be read."""

    tokens: list[Token]
    diagnostic: Diagnostic


def rewrite(  # noqa: PLR0913, PLR0917 - what, where, and the three parts of what is said
    line: BrokenLine, first: int, end: int, text: str, code: str, message: str, help_: str | None = None
) -> Rewrite:
    """Replaces some tokens by `text`; the help is to write that text, unless told otherwise."""
    told = line.told(first, end, code, message, help_ or f"write `{text}`")
    return Rewrite(swap(line.tokens, first, end, text, line.words), told)
