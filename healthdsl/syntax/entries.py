"""The lines of a file as the formatter prints them: code, comments and untouched lines, in their new order.

In: the source and its broken lines. Out: entries, none of the text left out. Comments on a line of their
own stay before the line they stand before; `within` and then `round` go to the end of their declaration,
and take such comments along.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from healthdsl.source import Source
from healthdsl.syntax.canonical import canonical_lines
from healthdsl.syntax.driver import load_table
from healthdsl.syntax.forms import Place
from healthdsl.syntax.guards import check_text
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import Block, Line, cut_lines
from healthdsl.syntax.pairs import join_words
from healthdsl.syntax.shapes import COLUMN_TABLE, HEADERS, is_table_header, name_count

NO_BLOCK = -1
# What stands behind these stays on their line: a line that began with the date would stand alone.
_UNBROKEN = frozenset(("ON_OR_BEFORE", "ON_OR_AFTER"))
_LAST = {"within": 1, "round": 2, "shown": 2}


@dataclass(slots=True)
class Piece:
    """What a physical line within a logical line holds; no tokens: a comment alone."""

    tokens: list[Token] = field(default_factory=list)
    comment: str = ""


@dataclass(slots=True)
class Entry:
    """A line to print.

    `text` is that of a comment or an untouched line, `pieces` the physical lines of code.

    `block` numbers the declaration, `blank` tells of an empty line above, `rank` of the order within the
    declaration.
    """

    block: int
    indent: int = 0
    text: str = ""
    form: str = ""
    keyword: str = ""
    pieces: list[Piece] = field(default_factory=list)
    blank: bool = False
    rank: int = 0

    @property
    def is_untouched(self) -> bool:
        return not self.pieces and not self.text.startswith("#")


def list_entries(source: Source, broken: set[int]) -> list[Entry]:
    """Every line of a file, declarations with a line in `broken` untouched."""
    table = load_table()
    cut = cut_lines(source, table.words, check_text(source))
    comments = {comment.line: comment for comment in cut.comments}
    entries: list[Entry] = []
    walk = _Walk(source, comments, entries)
    for number, block in enumerate(cut.blocks):
        first, last = _extent(block)
        walk.up_to(first, number - 1)
        if block.header is None or any(line in broken for line in range(first, last + 1)):
            walk.untouched(last)
            continue
        place = Place(HEADERS[block.header.tokens[0].text], is_table_header(block.header.tokens))
        header, clauses = canonical_lines(block.header, block)
        walk.line(header, Place(), number, 0)
        for clause in clauses:
            walk.line(clause, place, number, 2)
            below = Place(COLUMN_TABLE) if place.header == "rows_line" else Place(grid=True)
            for line in clause.grid:
                walk.line(line, below, number, 4)
    walk.up_to(source.line_count + 1, len(cut.blocks) - 1)
    return _in_order(entries)


def _extent(block: Block) -> tuple[int, int]:
    """The first and the last physical line of a declaration."""
    lines = [*([block.header] if block.header else []), *block.clauses]
    lines += [line for clause in block.clauses for line in clause.grid]
    return lines[0].tokens[0].line, max(line.tokens[-1].line for line in lines)


class _Walk:
    """Goes through the physical lines of a file, from top to bottom."""

    def __init__(self, source: Source, comments: dict[int, Token], entries: list[Entry]) -> None:
        self.source = source
        self.comments = comments
        self.entries = entries
        self.words = load_table().words
        self.number = 1
        self.blank = False

    def up_to(self, line: int, block: int) -> None:
        """Takes the comments before a line; those that are indented belong to the declaration above."""
        while self.number < line:
            text = self.source.line_text(self.number).rstrip()
            comment = self.comments.get(self.number)
            if not text:
                self.blank = True
            elif comment is not None and text.lstrip().startswith("#"):
                inner = comment.start > self.source.offset_of(self.number) and block != NO_BLOCK
                self._add(Entry(block if inner else NO_BLOCK, 2 if inner else 0, comment.text))
            else:
                self._add(Entry(NO_BLOCK, text=text))
            self.number += 1

    def untouched(self, last: int) -> None:
        """Takes lines as they are, up to and with `last`."""
        while self.number <= last:
            text = self.source.line_text(self.number)
            self._add(Entry(NO_BLOCK, text=text or " "))
            self.number += 1

    def line(self, line: Line, place: Place, block: int, indent: int) -> None:
        """Takes a logical line, with the comments before it."""
        start = place.start(line.tokens) or ""
        before = len(self.entries)
        self.up_to(line.tokens[0].line, block)
        first = line.tokens[0]
        rank = _LAST.get(first.text, 0) if start == "node_clause" else 0
        for entry in self.entries[before:]:
            entry.block, entry.indent, entry.rank = block, indent, rank
        tokens = join_words(line.tokens, self.words, name_count(start, line.tokens))
        made = Entry(block, indent, form=start, keyword=first.text if not indent else "", rank=rank)
        made.pieces = self._pieces(tokens, line.tokens[-1].line)
        behind = [made.pieces.pop()] if not made.pieces[-1].tokens else []
        self._add(made)
        for piece in behind:
            self._add(Entry(block, 2, piece.comment, rank=rank))

    def _pieces(self, tokens: list[Token], last: int) -> list[Piece]:
        pieces: list[Piece] = []
        while self.number <= last:
            here = [token for token in tokens if token.line == self.number]
            comment = self.comments.get(self.number)
            if here and pieces and pieces[-1].tokens and pieces[-1].tokens[-1].kind in _UNBROKEN:
                pieces[-1].tokens += here
                here = []
                if comment and not pieces[-1].comment:
                    pieces[-1].comment, comment = comment.text, None
            if here or comment:
                pieces.append(Piece(here, comment.text if comment else ""))
            self.number += 1
        return pieces

    def _add(self, entry: Entry) -> None:
        entry.blank, self.blank = self.blank, False
        self.entries.append(entry)


def _in_order(entries: list[Entry]) -> list[Entry]:
    """The entries with `within`, then `round` or `shown`, last in their declaration; the first line keeps
    its place.
    """
    ordered: list[Entry] = []
    index = 0
    while index < len(entries):
        end = index + 1
        while end < len(entries) and entries[end].block == entries[index].block != NO_BLOCK:
            end += 1
        run = sorted(entries[index:end], key=lambda entry: entry.rank)
        ordered += run
        index = end
    return ordered
