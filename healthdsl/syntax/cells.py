"""Lays out lines in columns, so that weights, arrows and reasons stand under each other.

In: the lines of a declaration, each with its start symbol. Out: their texts, without indentation. A column
begins at a multiple of 4, so that one new line seldom moves the others. Nothing is aligned behind a
character beyond ASCII, whose width nobody knows, nor behind a cell of more than 72 characters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import BRACKETS
from healthdsl.syntax.spacing import spaced

WIDEST = 72
STEP = 4
WIDTH = 110
# The form of the lines of a grid, which share the columns of its `by` line.
GRID_ROW = "grid_row"
GRID_LINES = frozenset(("grid_keys", "table_row"))
# Lines of these forms share their columns; of others only the text at the end is aligned.
_ALIGNED = frozenset(
    (
        "table_row",
        GRID_ROW,
        "band_row",
        "signal_line",
        "column_line",
        "level_row",
        "plain_level_row",
        "distribution_clause",
        "grid_line",
        "header_clause",
        "signal_clause",
    )
)
_KEYED = frozenset(("header_clause", "signal_clause"))


@dataclass(frozen=True, slots=True)
class Row:
    """A line as cells; `text` is the title or reason at its end, empty for none."""

    form: str
    cells: tuple[str, ...]
    text: str

    @property
    def gap(self) -> int:
        """The least space between two cells; an arrow stands close."""
        return 1 if self.form == GRID_ROW or (self.cells[1:] and self.cells[1].startswith("->")) else 2


def make_row(form: str, tokens: Sequence[Token]) -> Row:
    """The cells of a line of some form."""
    values = form in ("level_row", "grid_line") or tokens[0].kind in ("GIVEN", "DEFAULT")
    text = ""
    title = title_length(form, tokens)
    if title:
        text, tokens = spaced(tokens[-title:], values), tokens[:-title]
    cuts = [0, *_cuts(form, tokens), len(tokens)]
    cells = (spaced(tokens[left:right], values) for left, right in itertools.pairwise(cuts))
    return Row(form, tuple(cell for cell in cells if cell), text)


def make_grid_row(form: str, tokens: Sequence[Token]) -> Row:
    """A line of a grid: its key, the arrow (nothing in the `by` line), and a cell for each column."""
    title = title_length(form, tokens)
    text = spaced(tokens[-title:]) if title else ""
    tokens = tokens[: len(tokens) - title]
    arrow = next((index for index, token in enumerate(tokens) if token.kind == "ARROW"), None)
    key, rest = (tokens[:2], tokens[2:]) if arrow is None else (tokens[:arrow], tokens[arrow + 1 :])
    cells = (spaced(cell) for cell in _between_commas(rest))
    return Row(GRID_ROW, (spaced(key), "" if arrow is None else "->", *cells), text)


def _between_commas(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens in pieces that end in a comma outside of brackets."""
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += BRACKETS.get(token.kind, 0)
        if (token.kind == "COMMA" and depth == 0) or index == len(tokens) - 1:
            yield tokens[start : index + 1]
            start = index + 1


def title_length(form: str, tokens: Sequence[Token]) -> int:
    """How many tokens the title or reason at the end has: 3 with a code, 0 where there is none."""
    if ends_in_title(form, tokens):
        return 1
    coded = len(tokens) > 3 and tokens[-2].text == "code" and ends_in_title(form, tokens[:-2])
    return 3 if coded else 0


def ends_in_title(form: str, tokens: Sequence[Token]) -> bool:
    """Whether a text stands at the end that is a title or a reason, and not the value of the line."""
    if tokens[-1].kind != "TEXT" or len(tokens) < 2:
        return False
    if form in _KEYED or form in ("grid_line", "test_clause", "given_rows_line", "grid_keys"):
        return [token.kind for token in tokens[:2]] == ["MISSING", "ARROW"] and len(tokens) > 3
    return tokens[-2].kind not in ("COLUMN", "WHEN", "IS", "NOT", "ONE_OF", "COMMA", "CONTAINS", "CONTAIN")


def _cuts(form: str, tokens: Sequence[Token]) -> list[int]:
    """The indexes of the tokens that begin a further cell."""
    kinds = [token.kind for token in tokens]
    if form in ("table_row", "band_row") or "ARROW" in kinds[1:2]:
        arrow = kinds.index("ARROW")
        return [arrow, arrow + 2] if form == "band_row" else [arrow]
    if form == "grid_line":
        return [index for index in range(1, len(tokens)) if not _continues(kinds, index)]
    if form == "signal_line":
        return [2]
    if form in ("column_line", "plain_level_row"):
        return [1]
    if form == "level_row":
        colour = next(
            (index for index in range(2, len(tokens)) if tokens[index].text[0].isalpha()), len(tokens)
        )
        return [1, len(tokens) if colour == 2 and kinds[1] == "MINUS" else max(colour, 2)]
    if form in _KEYED and tokens[0].text in ("column", "expires", "default", "language", "version", "owner"):
        return [1]
    if form in _KEYED and tokens[0].text == "account":
        return [2]
    if form == "part_line":
        name = next(index for index, token in enumerate(tokens) if token.text[0].isalpha())
        return [name] if name else []
    return [2] if form == "grid_keys" else []


def _continues(kinds: list[str], index: int) -> bool:
    """Whether a token of a grid belongs to the cell before it: `-5`, `30 days`, `1/3`."""
    if kinds[index] in ("DAYS", "DAY"):
        return kinds[index - 1] == "NUMERAL"
    return kinds[index] == "SLASH" or kinds[index - 1] in ("MINUS", "SLASH")


def align_rows(rows: Sequence[Row]) -> list[str]:
    """The lines of rows that stand under each other."""
    starts = {form: _starts([row for row in rows if row.form == form]) for form in {row.form for row in rows}}
    lines = [_placed(row, starts[row.form]) for row in rows]
    column = _column([line for line, row in zip(lines, rows, strict=True) if row.text], 2)
    return [_with_text(line, row, column) for line, row in zip(lines, rows, strict=True)]


def _starts(rows: Sequence[Row]) -> list[int]:
    """Where each column begins, for rows of one form; the first at 0."""
    if rows[0].form == GRID_ROW:
        return _grid_starts(rows)
    starts = [0]
    widest = max(len(row.cells) for row in rows)
    for index in range(1, widest):
        before = [_placed(row, starts, index) for row in rows if len(row.cells) > index]
        gap = min(row.gap if index == 1 else 2 for row in rows if len(row.cells) > index)
        if rows[0].form == "part_line":
            starts.append(max(len(line) for line in before) + 1)
        else:
            starts.append(_column(before, gap))
    return starts


def _grid_starts(rows: Sequence[Row]) -> list[int]:
    """Where the columns of a grid begin; they are not aligned where that would be too wide."""
    arrow = _column([row.cells[0] for row in rows], 1)
    starts = [0, arrow, arrow + len("-> ")]
    for index in range(3, max(len(row.cells) for row in rows)):
        before = [_placed(row, starts, index) for row in rows if len(row.cells) > index]
        starts.append(-(-(max(map(len, before)) + 2) // STEP) * STEP)
    widest = max(len(_placed(row, starts)) for row in rows)
    return starts if widest <= WIDTH else [*starts[:3], *(0 for _ in starts[3:])]


def _placed(row: Row, starts: Sequence[int], count: int | None = None) -> str:
    """The first `count` cells of a row, each where its column begins."""
    line = ""
    for index, cell in enumerate(row.cells[:count]):
        if not line:
            line = cell
        elif row.form in _ALIGNED or row.form == "part_line":
            line = f"{_padded(line, starts[index], 1 if row.form == 'part_line' else row.gap)}{cell}"
        else:
            line += " " * row.gap + cell
    return line


def _column(lines: Sequence[str], gap: int) -> int:
    """The column behind the widest of some lines."""
    widths = [len(line) for line in lines if line.isascii() and len(line) <= WIDEST]
    return -(-(max(widths, default=0) + gap) // STEP) * STEP


def _padded(line: str, column: int, gap: int) -> str:
    """A line with spaces behind it up to a column, or a gap where nothing is aligned."""
    return line + " " * (column - len(line) if line.isascii() and len(line) + gap <= column else gap)


def _with_text(line: str, row: Row, column: int) -> str:
    return _padded(line, column, 2) + row.text if row.text else line
