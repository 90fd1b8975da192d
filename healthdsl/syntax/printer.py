"""The formatter: writes a ruleset in its one canonical layout.

In: a source. Out: its text, laid out anew. It lays out the tokens of lines that were read rather than
printing a tree, so nothing can be lost: comments stay where they are, and a declaration with a mistake
stays as it is written. It reads its own output, and compares, before it hands it over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source
from healthdsl.syntax import nodes as n
from healthdsl.syntax.cells import GRID_LINES, Row, align_rows, ends_in_title, make_grid_row, make_row
from healthdsl.syntax.entries import NO_BLOCK, Entry, list_entries
from healthdsl.syntax.fill import fill_lines
from healthdsl.syntax.guards import ENOUGH
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.spacing import spaced

_REPAIRED = "E110"  # tabs: the one mistake that formatting mends


class FormatError(Exception):
    """The formatter would have changed what a ruleset says: a fault of its own. Nothing may be written."""


def format_text(source: Source) -> str:
    """The canonical text of a source; formatting it again changes nothing.

    A file that is too large stays as it is, and so does one with so many mistakes that it was not read to its
    end.
    """
    file, diagnostics = parse_ruleset(source)
    if len(diagnostics) >= ENOUGH or any(problem.code == "E001" for problem in diagnostics):
        return source.text
    broken = {problem.span.line for problem in diagnostics if problem.code != _REPAIRED}
    entries = [replace(entry, pieces=fill_lines(entry)) for entry in list_entries(source, broken)]
    text = _print(entries)
    _check_same(file, diagnostics, Source(text, source.name))
    return text


def _print(entries: list[Entry]) -> str:
    """The text of entries: aligned, with the empty lines that stand between them."""
    texts, parted = _texts(entries), _parted(entries)
    lines: list[str] = []
    for index, entry in enumerate(entries):
        if index and (entry.blank or index in parted):
            lines.append("")
        lines += texts[index]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _parted(entries: list[Entry]) -> set[int]:
    """Before which entries an empty line must stand: between declarations, but for one-liners of one kind."""
    sizes = Counter(entry.block for entry in entries if entry.pieces)
    parted: set[int] = set()
    before: Entry | None = None
    first = 0  # of the comments above a declaration
    for index, entry in enumerate(entries):
        if entry.block != NO_BLOCK and not entry.keyword:
            first = index + 1
        elif entry.is_untouched:
            before, first = None, index + 1
        elif entry.keyword:
            if before is not None and _differ(before, entry, sizes):
                parted.add(first)
            before, first = entry, index + 1
    return parted


def _differ(above: Entry, below: Entry, sizes: Counter[int]) -> bool:
    """Whether two declarations are of different kinds, or one of them has clauses; signals stay together."""
    if above.form != below.form or (above.form == "node_line" and above.keyword != below.keyword):
        return True
    return above.form != "signal_line" and (sizes[above.block] > 1 or sizes[below.block] > 1)


def _texts(entries: list[Entry]) -> list[list[str]]:
    """The physical lines of every entry."""
    texts: list[list[str]] = [[] for _ in entries]
    for run in _runs(entries, {index for index, entry in enumerate(entries) if _is_aligned(entry)}):
        rows = _rows([entries[index] for index in run])
        for index, line in zip(run, align_rows(rows), strict=True):
            entry = entries[index]
            texts[index] = [_with_comment(" " * entry.indent + line, entry.pieces[0].comment)]
    for index, entry in enumerate(entries):
        if not entry.pieces:
            texts[index] = [entry.text if entry.is_untouched else " " * entry.indent + entry.text]
        elif not texts[index]:
            texts[index] = _unaligned(entry)
    return texts


def _rows(entries: Sequence[Entry]) -> list[Row]:
    """The cells of lines that stand under each other; those of a grid have the columns of its `by` line."""
    is_grid = {entry.form for entry in entries} >= GRID_LINES
    return [
        (make_grid_row if is_grid and entry.form in GRID_LINES else make_row)(
            entry.form, entry.pieces[0].tokens
        )
        for entry in entries
    ]


def _is_aligned(entry: Entry) -> bool:
    return len(entry.pieces) == 1 and (entry.indent > 0 or entry.form in ("signal_line", "flag_line"))


def _runs(entries: list[Entry], single: set[int]) -> list[list[int]]:
    """Which one-line entries stand under each other: clauses, the lines of a grid, headers without a gap."""
    runs: dict[tuple[int, int], list[int]] = {}
    number = 0
    form = ""
    for index, entry in enumerate(entries):
        is_header = entry.indent == 0 and bool(entry.pieces)
        if (
            entry.blank
            or entry.form in ("given_rows_line", "column_line")
            or (is_header and entry.form != form)
        ):
            number += 1
        if is_header:
            form = entry.form
        if index in single:
            key = entry.block if entry.indent == 2 else number
            runs.setdefault((entry.indent, key), []).append(index)
    return list(runs.values())


def _unaligned(entry: Entry) -> list[str]:
    """A header, or a line that goes on over several physical lines; there two spaces keep a reason apart."""
    lines = []
    written: list[Token] = []
    for number, piece in enumerate(entry.pieces):
        indent = " " * (entry.indent + (2 if number else 0))
        start = len(written)
        written += piece.tokens
        text = spaced(written, start=start)
        is_last = number == len(entry.pieces) - 1 > 0
        if is_last and len(piece.tokens) > 1 and ends_in_title(entry.form, written):
            text = f"{spaced(written[:-1], start=start)}  {written[-1].text}"
        lines.append(_with_comment(indent + text, piece.comment))
    return lines


def _with_comment(line: str, comment: str) -> str:
    if not comment:
        return line
    return f"{line}  {comment}" if line.strip() else line + comment


def _check_same(file: n.RulesetFile, problems: Sequence[Diagnostic], printed: Source) -> None:
    """Raises unless the printed text reads as the original did."""
    again, diagnostics = parse_ruleset(printed)
    if _codes(diagnostics) != _codes(problems):
        raise FormatError("the formatted text has other mistakes than the original")
    if _normal(again) != _normal(file):
        raise FormatError("the formatted text does not read as the original")
    if Counter(c.text for c in again.comments) != Counter(c.text for c in file.comments):
        raise FormatError("a comment was lost")


def _codes(diagnostics: Sequence[Diagnostic]) -> Counter[str]:
    return Counter(problem.code for problem in diagnostics if problem.code != _REPAIRED)


def _normal(file: n.RulesetFile) -> list[n.Declaration]:
    """The declarations with `within` and `round` or `shown` last, where the formatter puts them."""
    return [
        replace(found, clauses=tuple(sorted(found.clauses, key=_rank)))
        if isinstance(found, n.PartDeclaration)
        else found
        for found in file.declarations
    ]


def _rank(clause: n.NodeClause) -> int:
    if isinstance(clause, n.WithinClause):
        return 1
    return 2 if isinstance(clause, n.RoundClause | n.ShownClause) else 0
