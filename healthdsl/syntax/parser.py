"""Reads a ruleset: text -> syntax nodes and every mistake in the writing of its lines.

In: a source. Out: a `RulesetFile` and diagnostics, in the order of the text. Each line is parsed alone, so a
mistake costs its own line only: a broken clause is left out of its declaration, a broken header leaves out
the declaration, and the names that only such lines declare are kept as `broken`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source, Span
from healthdsl.syntax import nodes as n
from healthdsl.syntax.build.mistake import Mistake
from healthdsl.syntax.driver import Stopped, Table, load_table
from healthdsl.syntax.forms import Place, read_line
from healthdsl.syntax.guards import check_text
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import Block, Line, cut_lines
from healthdsl.syntax.shapes import HEADERS, TABLES


def parse_ruleset(source: Source) -> tuple[n.RulesetFile, tuple[Diagnostic, ...]]:
    """The declarations of a source, and what is wrong with the rest; never raises for a user's mistake."""
    parser = _Parser(load_table())
    unreadable = check_text(source)
    whole = Span(0, len(source.text), 1)
    if any(problem.code == "E001" for problem in unreadable.values()):
        return n.RulesetFile(span=whole, declarations=(), comments=()), tuple(unreadable.values())
    cut = cut_lines(source, parser.table.words, unreadable)
    parser.diagnostics += cut.problems
    for block in cut.blocks:
        parser.read_block(block)
    file = n.RulesetFile(
        span=whole,
        declarations=tuple(parser.declarations),
        comments=tuple(n.Comment(span=token.span, text=token.text) for token in cut.comments),
        broken=frozenset(parser.broken),
    )
    return file, tuple(sorted(parser.diagnostics, key=lambda found: found.span))


class _Parser:
    """What was read so far of one file."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.declarations: list[n.Declaration] = []
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()

    def read_block(self, block: Block) -> None:
        """Reads a declaration; keeps it unless its header is broken."""
        if block.header is None:
            return
        declaration = self._read(Place(), block.header)
        header = HEADERS.get(block.header.tokens[0].text)
        if header is None:
            return
        place = Place(header, _in_table(block.header.tokens))
        clauses = [self._clause(place, line) for line in block.clauses]
        kept = tuple(clause for clause in clauses if clause is not None)
        if declaration is not None:
            self.declarations.append(_with_clauses(declaration, kept))

    def _clause(self, place: Place, line: Line) -> Any | None:
        clause = self._read(place, line)
        if isinstance(clause, n.GivenRowsClause) and line.grid:
            return self._with_grid(clause, line.grid)
        return clause

    def _with_grid(self, clause: n.GivenRowsClause, grid: list[Line]) -> n.GivenRowsClause | None:
        """The `given rows` with its columns and rows; None when a line of them is broken."""
        lines: list[Any] = [self._read(Place(grid=True), line) for line in grid]
        if any(line is None for line in lines):
            return None
        columns, *rows = lines
        return replace(clause, columns=columns, rows=tuple(rows))

    def _read(self, place: Place, line: Line) -> Any | None:
        """The node of a line, or None with its problem told."""
        self.diagnostics += line.problems
        try:
            outcome = read_line(self.table, place, line.tokens)
        except Mistake as mistake:
            self.diagnostics.append(mistake.diagnostic)
            return None
        if isinstance(outcome, Stopped):
            if line.problems:
                return None
            self.diagnostics.append(
                Diagnostic("E100", f"this line stops making sense at {outcome.index}", line.span)
            )
            return None
        return outcome


def _in_table(tokens: list[Token]) -> bool:
    """Whether the header of a measure, group or score names a table."""
    words = [token.text for token in tokens[2:4]]
    return bool(words) and (words[0] in TABLES or " ".join(words) in TABLES)


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
