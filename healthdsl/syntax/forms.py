"""Reads one line in its place: as a header, or as a clause under a header.

In: the tokens of a logical line and the place it stands at. Out: its node, or where it stopped fitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from healthdsl.syntax.build.table import BUILDERS
from healthdsl.syntax.driver import Stopped, Table, run_table
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.pairs import join_words
from healthdsl.syntax.shapes import HEADERS, clause_start, name_count


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: in column 0 (`header` None), under a header, or in the grid of a `given rows`."""

    header: str | None = None
    in_table: bool = False
    grid: bool = False

    def start(self, tokens: Sequence[Token]) -> str | None:
        """The start symbol of the line's form; None when nothing may stand here or no declaration begins
        so.
        """
        if self.grid:
            return "grid_line"
        if self.header is None:
            return HEADERS.get(tokens[0].text)
        return clause_start(self.header, self.in_table, tokens)


def read_line(table: Table, place: Place, tokens: list[Token]) -> Any | Stopped:
    """The node of a line; raises `Mistake` for content that cannot be read."""
    start = place.start(tokens)
    if start is None:
        return Stopped(0)
    joined = join_words(tokens, table.words, name_count(start, tokens))
    outcome = run_table(table, start, joined, BUILDERS)
    if isinstance(outcome, Stopped):
        return _in_single_words(outcome, joined, tokens)
    return outcome


def _in_single_words(stopped: Stopped, joined: list[Token], tokens: list[Token]) -> Stopped:
    """The same stop counted in the tokens of the line, where pairs of words are two."""
    if stopped.index >= len(joined):
        return Stopped(len(tokens))
    start = joined[stopped.index].start
    return Stopped(next(index for index, token in enumerate(tokens) if token.start >= start))
