"""Fills lines that go on behind a comma, so that a list has one layout.

In: the physical lines of a logical line. Out: the same tokens, broken behind commas where they would be
wider than 110 characters, and nowhere else behind a comma. What stands in brackets, and lines with a comment
of their own, break where they were broken; a title or reason at the end may reach beyond. The text of a flag
stands on a line of its own when it would reach beyond, and only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.syntax.cells import align_rows, ends_in_title, make_row
from healthdsl.syntax.entries import Entry, Piece
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import BRACKETS
from healthdsl.syntax.spacing import spaced

WIDTH = 110


def fill_lines(entry: Entry) -> list[Piece]:
    """The physical lines of an entry in their one layout."""
    tokens = [token for piece in entry.pieces for token in piece.tokens]
    filled = entry.pieces
    title = tokens[-1] if tokens and ends_in_title(entry.form, tokens) else None
    if any(token.kind == "COMMA" for token in tokens):
        filled = _filled_at_commas(entry, title)
    return filled if entry.form != "flag_line" else _with_text(filled, title)


def _filled_at_commas(entry: Entry, title: Token | None) -> list[Piece]:
    filled: list[Piece] = []
    for run in _runs(entry.pieces):
        indent = entry.indent + (2 if filled else 0)
        filled += _filled(run, indent, entry.indent + 2, title)
    return filled


def _with_text(pieces: list[Piece], title: Token | None) -> list[Piece]:
    """The lines of a flag, its text behind the last one where it fits."""
    if len(pieces) > 1 and [token.kind for token in pieces[-1].tokens] == ["TEXT"]:
        above, text = pieces[-2:]
        if not above.comment:
            pieces = [*pieces[:-2], Piece([*above.tokens, *text.tokens], text.comment)]
    last = pieces[-1]
    if title is None or len(last.tokens) == 1 or _width(last, is_only=len(pieces) == 1) <= WIDTH:
        return pieces
    return [*pieces[:-1], Piece(last.tokens[:-1]), Piece([title], last.comment)]


def _width(piece: Piece, *, is_only: bool) -> int:
    """How wide the last line of a flag is, with its text."""
    if is_only:
        return len(align_rows([make_row("flag_line", piece.tokens)])[0])
    return 2 + len(spaced(piece.tokens)) + 1  # two spaces before the text


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
