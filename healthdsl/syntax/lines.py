"""Cuts a text into declarations and logical lines.

In: the source. Out: blocks, each a header line in column 0 and the clause lines indented under it, and every
comment. Column 0 ends everything, open brackets included; a line goes on inside open brackets, when it ends
in a comma, when the next begins with `and`, `or` or `->`, and when that is the text of a flag. Lines deeper
than their `given rows` line are its grid. A bracket that is never closed ends with its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source, Span
from healthdsl.syntax.lexer import Token, lex_line
from healthdsl.syntax.shapes import begins_column_table, begins_grid

MAX_TOKENS = 200
MAX_LINES = 30  # of one pair of brackets; only bounds the search for its end
BRACKETS = {"OPEN": 1, "CLOSE": -1}
CONTINUES = frozenset(("and", "or", "->"))  # a line that begins with one of these belongs to the one above
TOO_LONG = "E005"  # the one problem of a line that keeps it from being looked at


@dataclass(slots=True)
class Line:
    """A logical line.

    `problems` are those of its characters and tokens, `grid` the lines of a `given rows`, or the rows of the
    table of a column.
    """

    tokens: list[Token]
    indent: int
    problems: list[Diagnostic] = field(default_factory=list)
    grid: list[Line] = field(default_factory=list)
    opened: int = 0  # brackets opened less brackets closed, of a physical line

    @property
    def span(self) -> Span:
        first, last = self.tokens[0], self.tokens[-1]
        return Span(first.start, last.end, first.line)


@dataclass(slots=True)
class Block:
    """A declaration as lines; the header is None for clauses before the first declaration."""

    header: Line | None
    clauses: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Cut:
    """A text as blocks; `comments` are all of them, `problems` those of lines that hold no token."""

    blocks: list[Block] = field(default_factory=list)
    comments: list[Token] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


def cut_lines(source: Source, words: dict[str, str], unreadable: dict[int, Diagnostic]) -> Cut:
    """Cuts a text.

    `words` maps the words of the language to terminals, `unreadable` tells of lines with bad characters.
    """
    cut = Cut()
    physical = _lex_all(source, words, unreadable, cut)
    blocks = cut.blocks
    index = 0
    while index < len(physical):
        end = _end_of_logical_line(physical, index)
        tokens = [token for line in physical[index:end] for token in line.tokens]
        problems = [problem for line in physical[index:end] for problem in line.problems]
        line = Line(tokens, physical[index].indent, problems)
        if line.indent == 0:
            blocks.append(Block(line))
        else:
            if not blocks:
                blocks.append(Block(None))
            _add_clause(blocks[-1], line)
        index = end
    return cut


def _lex_all(
    source: Source, words: dict[str, str], unreadable: dict[int, Diagnostic], cut: Cut
) -> list[Line]:
    """The physical lines that hold tokens; the rest goes into `cut`."""
    physical: list[Line] = []
    start = source.start
    for number, text in enumerate(source.text.split("\n"), source.first_line):
        told = unreadable.get(number)
        if told is not None and told.code == TOO_LONG:
            cut.problems.append(told)
        else:
            tokens, comment, problems = lex_line(text, start, number, words)
            if told is not None:
                problems = [told]
            if tokens:
                opened = sum(BRACKETS.get(token.kind, 0) for token in tokens)
                physical.append(Line(tokens, tokens[0].start - start, problems, opened=opened))
            else:
                cut.problems.extend(problems)
            if comment is not None:
                cut.comments.append(comment)
        start += len(text) + 1
    return physical


def _end_of_logical_line(physical: list[Line], index: int) -> int:
    """The index behind the last physical line that belongs to the one at `index`.

    A bracket still open where the declaration ends closes with its line, so that the next are read alone.
    """
    first = physical[index]
    depth = first.opened
    open_at, size = index, 0
    end = index + 1
    while end < len(physical) and physical[end].indent > 0:
        if depth <= 0:
            if not _goes_on(physical[end - 1], physical[end]) and not _is_text_of(first, physical[end]):
                break
            open_at, size = end, 0
        elif size > MAX_TOKENS or end - open_at > MAX_LINES:
            return end
        depth += physical[end].opened
        size += len(physical[end].tokens)
        end += 1
    return end if depth <= 0 else open_at + 1


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a line without an open bracket goes on in the one below it."""
    return line.tokens[-1].kind == "COMMA" or following.tokens[0].text in CONTINUES


def _is_text_of(first: Line, following: Line) -> bool:
    """Whether a line is the text of the flag, play or condition that begins with `first`."""
    is_flag = first.indent == 0 and first.tokens[0].text in ("flag", "play", "condition")
    return is_flag and [token.kind for token in following.tokens] == ["TEXT"]


def _add_clause(block: Block, line: Line) -> None:
    above = block.clauses[-1] if block.clauses else None
    if above is not None and line.indent > above.indent and _has_rows(block, above):
        above.grid.append(line)
    else:
        block.clauses.append(line)


def _has_rows(block: Block, clause: Line) -> bool:
    """Whether rows stand deeper than a clause: those of a `given rows`, or of the table of a column."""
    in_rows = block.header is not None and block.header.tokens[0].text == "rows"
    return begins_column_table(clause.tokens) if in_rows else begins_grid(clause.tokens)
