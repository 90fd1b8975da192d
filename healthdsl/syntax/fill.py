"""Fills lines that go on behind a comma, so that a list has one layout.

In: the physical lines of a logical line. Out: the same tokens, broken behind commas where they would be
wider than 110 characters, and nowhere else behind a comma. What stands in brackets, and lines with a comment
of their own, break where they were broken; a title or reason at the end may reach beyond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.syntax.cells import ends_in_title
from healthdsl.syntax.entries import Entry, Piece
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import BRACKETS
from healthdsl.syntax.spacing import spaced

WIDTH = 110


def fill_lines(entry: Entry) -> list[Piece]:
    """The physical lines of an entry in their one layout."""
    tokens = [token for piece in entry.pieces for token in piece.tokens]
    if not any(token.kind == "COMMA" for token in tokens):
        return entry.pieces
    title = tokens[-1] if ends_in_title(entry.form, tokens) else None
    filled: list[Piece] = []
    for run in _runs(entry.pieces):
        indent = entry.indent + (2 if filled else 0)
        filled += _filled(run, indent, entry.indent + 2, title)
    return filled


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces that may be laid out anew together: all but the last end in a comma outside of brackets."""
    run: list[Piece] = []
    depth = 0
    for piece in pieces:
        run.append(piece)
        depth += sum(BRACKETS.get(token.kind, 0) for token in piece.tokens)
        if depth or piece.comment or piece.tokens[-1].kind != "COMMA":
            yield run
            run = []
    if run:
        yield run


def _filled(run: Sequence[Piece], indent: int, further: int, title: Token | None) -> Iterator[Piece]:
    """One run as pieces; only the last may have a comment."""
    line: list[Token] = []
    for chunk in _chunks([token for piece in run for token in piece.tokens]):
        longer = [*line, *chunk]
        if line and indent + len(spaced([token for token in longer if token is not title])) > WIDTH:
            yield Piece(line)
            line, indent = chunk, further
        else:
            line = longer
    yield Piece(line, run[-1].comment)


def _chunks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens in pieces that end in a comma outside of brackets."""
    chunk: list[Token] = []
    depth = 0
    for token in tokens:
        chunk.append(token)
        depth += BRACKETS.get(token.kind, 0)
        if token.kind == "COMMA" and depth == 0:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
