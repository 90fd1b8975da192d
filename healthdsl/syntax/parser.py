"""Reads a ruleset: text -> syntax nodes and every mistake in the writing of its lines.

In: a source. Out: a `RulesetFile` and diagnostics, in the order of the text. Each line is parsed alone, so a
mistake costs its own line only: a broken clause is left out of its declaration, a broken header leaves out
the declaration, and the names that only such lines declare are kept as `broken`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source
from healthdsl.syntax import nodes as n
from healthdsl.syntax.driver import Table, load_table
from healthdsl.syntax.expressions import Name
from healthdsl.syntax.forms import Place
from healthdsl.syntax.grid import grid_problem
from healthdsl.syntax.guards import ENOUGH, check_text
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.line_reader import LineReader
from healthdsl.syntax.lines import Block, Line, cut_lines
from healthdsl.syntax.shapes import COLUMN_TABLE, HEADERS, TYPES, begins_column_table, is_table_header


def parse_ruleset(source: Source) -> tuple[n.RulesetFile, tuple[Diagnostic, ...]]:
    """The declarations of a source, and what is wrong with the rest; never raises for a user's mistake."""
    table = load_table()
    parser = _Parser(source, table)
    unreadable = check_text(source)
    whole = source.whole
    if any(problem.code == "E001" for problem in unreadable.values()):
        return n.RulesetFile(span=whole, declarations=(), comments=()), tuple(unreadable.values())
    cut = cut_lines(source, table.words, unreadable)
    parser.lines.diagnostics += cut.problems
    for block in cut.blocks:
        if len(parser.lines.diagnostics) < ENOUGH:
            parser.read_block(block)
    file = n.RulesetFile(
        span=whole,
        declarations=tuple(parser.declarations),
        comments=tuple(n.Comment(span=token.span, text=token.text) for token in cut.comments),
        broken=frozenset(parser.broken | parser.lines.names_meant),
    )
    return file, tuple(sorted(parser.lines.diagnostics, key=lambda found: found.span))


_ALONE = frozenset(("flag_line", "use_line"))  # declarations that have no clauses


@dataclass(frozen=True, slots=True)
class _Above:
    """The declaration that clauses belong to; not `sure` when its header is broken."""

    place: Place
    keyword: str
    name: str
    sure: bool = True


class _Parser:
    """What was read so far of one file."""

    def __init__(self, source: Source, table: Table) -> None:
        self.lines = LineReader(source, table)
        self.declarations: list[n.Declaration] = []
        self.broken: set[str] = set()
        self.above: _Above | None = None

    def read_block(self, block: Block) -> None:
        """Reads a declaration; keeps it unless its header is broken."""
        declaration = None
        if block.header is not None:
            declaration = self._header(block.header)
        own = self.above
        clauses = []
        unread: int | None = None  # what is deeper than this belongs to a line that could not be read
        before = 0
        for line in block.clauses:
            if (unread is not None and line.indent > unread) or len(self.lines.diagnostics) >= ENOUGH:
                continue
            if self._is_row_of_column(line, block):
                continue
            clause = self._clause(line)
            unread = None if clause is not None else min(line.indent, before or line.indent)
            if clause is None and self.above is own and own is not None and own.place.header in _ALONE:
                unread = 0  # the first clause is told, and the others are no better
            before = line.indent
            if self.above is own:  # else it belongs to an indented declaration, which is lost
                clauses.append(clause)
        kept = tuple(clause for clause in clauses if clause is not None)
        if declaration is not None:
            self.declarations += _each_name(_with_clauses(declaration, kept))

    def _header(self, line: Line) -> n.Declaration | None:
        """The declaration a header begins; None, with its problem told, when it is broken."""
        keyword = self.lines.keyword_of(line)
        if keyword is None and self._is_clause_in_column_0(line):
            return None
        declaration: n.Declaration | None = self.lines.read(Place(), line)
        self.above = _above(keyword, line.tokens, sure=declaration is not None) if keyword else None
        if declaration is None:
            self.broken.update(token.text for token in line.tokens[:4] if token.text[0].isalpha())
            self.broken |= _names_meant(line.tokens[1:6])
            return _nameless(line) if keyword == "ruleset" else None
        return declaration

    def _is_clause_in_column_0(self, line: Line) -> bool:
        """Whether a line without a keyword is a clause of the declaration above; if so, that is told."""
        above = self.above
        if above is None or not self.lines.can_read(above.place, line.tokens):
            return False
        if above.keyword == "rows" and not any(token.text in TYPES for token in line.tokens[1:2]):
            return False  # any two words can be a column
        help_ = f"put two spaces before it: it belongs to `{above.keyword} {above.name}` above"
        problem = Diagnostic("E108", "a clause stands at the left edge", line.tokens[0].span, help_)
        self.lines.tell(line, problem)
        self.broken.add(above.name)
        return True

    def _clause(self, line: Line) -> Any | None:
        """A clause of the declaration above; None, with its problem told, when it is broken."""
        if self._is_indented_header(line):
            return None
        above = self.above
        if above is None:
            self.lines.skip(line)
            return None
        other = replace(above.place, in_table=not above.place.in_table)
        if not above.sure and self.lines.can_read(other, line.tokens):
            return None  # only its header is wrong
        clause = self.lines.read(above.place, line)
        if isinstance(clause, n.GivenRowsClause) and line.grid:
            clause = self._with_grid(clause, line.grid)
        if isinstance(clause, n.RowColumn) and line.grid:
            clause = self._with_rows(clause, line.grid)
        if clause is None:
            self.broken.add(above.name)
            self.broken.update(_names_in_clause(above.place, line.tokens))
            if above.place.header == "ruleset_line" and _says_stored(line.tokens):
                self.broken.add(n.STORED)
            self.broken |= _names_meant(line.tokens[:5])
        return clause

    def _is_row_of_column(self, line: Line, block: Block) -> bool:
        """Whether a line under `rows` is a row of the table of a column, and not indented under it; the first
        of them is told.
        """
        above = self.above
        if above is None or above.place.header != "rows_line":
            return False
        if not any(token.kind == "ARROW" for token in line.tokens):
            return False
        before = [clause for clause in block.clauses if clause.tokens[0].start < line.tokens[0].start]
        column = next((c for c in reversed(before) if begins_column_table(c.tokens)), None)
        if column is None or not self.lines.can_read(Place(COLUMN_TABLE), line.tokens):
            return False
        name = column.tokens[0].text
        if name not in self.broken:
            help_ = f"put two more spaces before it, and before the other rows of `{name}`"
            message = f"the rows of `{name}` are indented under it"
            self.lines.tell(line, Diagnostic("E108", message, line.tokens[0].span, help_))
        self.broken.add(name)
        return True

    def _is_indented_header(self, line: Line) -> bool:
        """Whether a clause is an indented declaration; if so, that is told, and it takes what follows."""
        keyword, above = line.tokens[0].text, self.above
        if keyword not in HEADERS or (above and self.lines.can_read(above.place, line.tokens)):
            return False
        if above and above.keyword == "test" and keyword == "rows" and len(line.tokens) == 2:
            return False  # a test has `rows tickets`, too, and these lack their `given`
        if not self.lines.can_read(Place(), line.tokens):
            return False
        message = f"this `{keyword}` is indented, and declarations begin at the left edge"
        self.lines.tell(line, Diagnostic("E109", message, line.tokens[0].span, "delete the spaces before it"))
        self.above = _above(keyword, line.tokens, sure=True)
        self.broken.add(self.above.name)
        return True

    def _with_grid(self, clause: n.GivenRowsClause, grid: list[Line]) -> n.GivenRowsClause | None:
        """The `given rows` with its columns and rows; None when a line of them is broken."""
        lines: list[Any] = [self.lines.read(Place(grid=True), line) for line in grid]
        if any(line is None for line in lines):
            return None
        columns, *rows = lines
        problem = grid_problem(grid, columns, rows)
        if problem is not None:
            self.lines.diagnostics.append(problem)
            return None
        return replace(clause, columns=columns, rows=tuple(rows))

    def _with_rows(self, column: n.RowColumn, lines: list[Line]) -> n.RowColumn | None:
        """The column with the rows of its table; None when one of them is broken."""
        read = [self.lines.read(Place(COLUMN_TABLE), line) for line in lines]
        rows = tuple(row for row in read if row is not None)
        return replace(column, rows=rows) if len(rows) == len(read) else None


def _above(keyword: str, tokens: list[Token], *, sure: bool) -> _Above:
    """A header as the place of the clauses below it."""
    name = tokens[1].text if len(tokens) > 1 else ""
    return _Above(Place(HEADERS[keyword], is_table_header(tokens)), keyword, name, sure)


def _nameless(line: Line) -> n.RulesetHeader:
    """A ruleset whose header is broken, so that nobody says there is none."""
    token = line.tokens[min(1, len(line.tokens) - 1)]
    return n.RulesetHeader(
        span=line.span, name=Name(span=token.span, name=token.text), title=None, clauses=()
    )


def _names_meant(tokens: list[Token]) -> set[str]:
    """The names that the first tokens of a broken line make when joined: `to-renewal`, `"Call now"`."""
    text = " ".join(token.text for token in tokens[:1] if token.kind == "TEXT")
    words = re.findall("[a-z0-9]+", text.lower())
    if not words:
        run = takewhile(lambda token: token.kind == "MINUS" or token.text[0].isalnum(), tokens)
        words = [token.text.lower() for token in run if token.kind != "MINUS"]
    return {"_".join(words[:count]) for count in range(1, len(words) + 1)}


def _says_stored(tokens: list[Token]) -> bool:
    """Whether a broken clause of the header was meant to say how percents stand in the data."""
    return tokens[0].text.lower().startswith("stor") or any(token.kind == "PERCENT" for token in tokens)


def _names_in_clause(place: Place, tokens: list[Token]) -> list[str]:
    """The names that a broken clause may have been meant to declare: the first of a line, or any in bands."""
    chosen = tokens if place.header == "bands_line" else tokens[:2]
    if tokens[-1].line > tokens[0].line:
        chosen = [*chosen, *(token for before, token in pairwise(tokens) if before.line < token.line)]
    return [token.text for token in chosen if token.text[0].isalpha()]


def _each_name(declaration: n.Declaration) -> list[n.Declaration]:
    """`measure b, c like a` as a declaration for each name; any other as it is."""
    if not isinstance(declaration, n.PartDeclaration) or not declaration.more:
        return [declaration]
    names = (declaration.name, *declaration.more)
    return [replace(declaration, name=name, more=()) for name in names]


def _with_clauses(declaration: Any, clauses: tuple[Any, ...]) -> Any:
    """A declaration with the clauses that were read; those of its header come first."""
    if not clauses:
        return declaration
    match declaration:
        case n.RowsDeclaration():
            return replace(declaration, columns=clauses)
        case n.LevelsDeclaration():
            return replace(declaration, rows=clauses)
        case n.BandsDeclaration():
            return replace(declaration, rows=clauses)
        case n.PartDeclaration() if declaration.clauses:
            return replace(declaration, clauses=(*declaration.clauses, *clauses))
        case _:
            return replace(declaration, clauses=clauses)
