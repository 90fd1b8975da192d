"""Reads the lines of one file, each in its place, and keeps what is wrong with them.

In: lines and places. Out: nodes, or None with exactly one problem told for the line.
"""

from __future__ import annotations

import re
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source
from healthdsl.syntax.build.mistake import Mistake
from healthdsl.syntax.driver import Stopped, Table
from healthdsl.syntax.forms import Place, read_line
from healthdsl.syntax.guards import MAX_MESSAGES, check_line
from healthdsl.syntax.lexer import RESERVED, Token
from healthdsl.syntax.lines import Line
from healthdsl.syntax.nodes import PartClause, TableRow
from healthdsl.syntax.repair.near import near_words
from healthdsl.syntax.repair.traps import find_trap
from healthdsl.syntax.shapes import COLUMN_TABLE, HEADERS, declared_names

# Tokens that may be read again while rewrites are tried, in a file: enough for 100 mistakes, half a second.
TRIES = 60_000
_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*_?", re.ASCII)


class LineReader:
    """The problems of one file, and what is left of the effort spent on good wording."""

    def __init__(self, source: Source, table: Table) -> None:
        self.source = source
        self.table = table
        self.diagnostics: list[Diagnostic] = []
        self.tries = TRIES
        self.tabs_told = False
        self.skipping = False
        # What the whole file declares, read with the first mistake.
        self.declared: frozenset[tuple[str, str]] | None = None
        self.names_meant: set[str] = set()  # how declared names should be written, which uses may do already

    def read(self, place: Place, line: Line) -> Any | None:
        """The node of a line, or None with its problem told."""
        self.tell(line)
        problem = check_line(line.tokens)
        if problem is not None:
            self.diagnostics.append(problem)
            return None
        tokens, told = line.tokens, bool(line.problems)
        trap = find_trap(tokens, has_rows=place.header in ("node_line", "bands_line", COLUMN_TABLE))
        if trap is not None:
            if self.diagnostics and self.diagnostics[-1].span == trap.diagnostic.span:
                self.diagnostics.pop()  # how a sign is typed that should not be there
            self.diagnostics.append(trap.diagnostic)
            if trap.tokens is None:
                return None
            tokens, told = trap.tokens, True
        try:
            outcome = read_line(self.table, place, tokens)
        except Mistake as mistake:
            if not told:
                self.diagnostics.append(mistake.diagnostic)
            return None
        if not isinstance(outcome, Stopped):
            if told and _lists_results(outcome, line):
                return None  # a slip among them leaves open how many there are
            if not told:
                self._check_name(place, tokens)
            return outcome
        if not told:
            self.diagnostics.append(self._explain(place, tokens, outcome.index))
        return None

    def tell(self, line: Line, problem: Diagnostic | None = None) -> None:
        """Notes the problems of a line's characters, and of its place."""
        self.skipping = False
        self.diagnostics += line.problems
        if problem is not None:
            self.diagnostics.append(problem)
        start = line.tokens[0].start
        span = self.source.span(start - line.indent, start)
        if "\t" in self.source.slice(span) and not self.tabs_told:
            self.tabs_told = True
            message = "this line begins with a tab"
            help_ = "indent with two spaces, here and on every other line"
            self.diagnostics.append(Diagnostic("E110", message, span, help_))

    def skip(self, line: Line) -> None:
        """Passes over a clause that belongs to no declaration.

        The first of several is told, unless that was.
        """
        if self.skipping:
            return
        told = bool(self.diagnostics)
        self.tell(line)
        self.skipping = True
        if not told:
            help_ = "write the declaration it belongs to above it, such as `score health average`"
            message = "this line belongs to no declaration"
            self.diagnostics.append(Diagnostic("E136", message, line.tokens[0].span, help_))

    def keyword_of(self, line: Line) -> str | None:
        """The keyword of a header, or the one it is a misspelling of."""
        word = line.tokens[0].text.lower()
        if word in HEADERS:
            return word
        # `use` is near to much, and a file's name in quotes tells it from a declaration.
        names_file = len(line.tokens) > 1 and line.tokens[1].text.startswith('"')
        return next((each for each in near_words(word, HEADERS) if each != "use" or names_file), None)

    def can_read(self, place: Place, tokens: list[Token]) -> bool:
        """Whether a line could stand at a place."""
        self.tries -= len(tokens)
        if self.tries < 0 or check_line(tokens) is not None:
            return False
        try:
            return not isinstance(read_line(self.table, place, tokens), Stopped)
        except Mistake:
            return True

    def _explain(self, place: Place, tokens: list[Token], stop: int) -> Diagnostic:
        # most files are right: what explains mistakes is imported with the first one
        from healthdsl.syntax.repair.around import declared_names
        from healthdsl.syntax.repair.broken import BrokenLine
        from healthdsl.syntax.repair.explain import certain, explain_line, plain_answer

        if self.declared is None:
            self.declared = declared_names(self.source.text)
        line = BrokenLine(tokens, stop, place.start(tokens), self.table.words, self.source, self.declared)

        def fits(other: list[Token]) -> bool:
            return self.can_read(place, other)

        if place.header == "flag_line":
            help_ = "only its text may stand on the line below it"
            return line.told(0, 1, "E136", "a flag, a play or a condition has no clauses", help_)
        if place.header == "use_line":
            return line.told(0, 1, "E136", "`use` has no clauses", "write a `use` line for each file")
        if len(self.diagnostics) >= MAX_MESSAGES:
            return certain(line) or plain_answer(line, fits)
        return explain_line(line, fits)

    def _check_name(self, place: Place, tokens: list[Token]) -> None:
        """Tells of a declared name that is not written as names are."""
        for token in declared_names(place.start(tokens), tokens):
            self._check_spelling(token)

    def _check_spelling(self, token: Token) -> None:
        if _NAME.fullmatch(token.text):
            return
        name = re.sub("_+", "_", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", token.text).lower()).strip("_")
        name = f"{name}_value" if name in RESERVED else name
        self.names_meant.add(name)
        message = f"`{token.text}` is not how names are written"
        help_ = f"write `{name}`: lower case, words joined by one `_`"
        self.diagnostics.append(Diagnostic("E118", message, token.span, help_))


def _lists_results(outcome: Any, line: Line) -> bool:
    """Whether a line gives weights, or results, of which a slip leaves open how many there are."""
    if isinstance(outcome, TableRow):
        behind = outcome.result.span.start
        return any(problem.code == "E114" and problem.span.start >= behind for problem in line.problems)
    return isinstance(outcome, PartClause) and bool(outcome.weights)
