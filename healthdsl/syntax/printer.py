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
from healthdsl.syntax.cells import align_rows, make_row
from healthdsl.syntax.entries import NO_BLOCK, Entry, list_entries
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.spacing import spaced

_REPAIRED = "E110"  # tabs: the one mistake that formatting mends


class FormatError(Exception):
    """The formatter would have changed what a ruleset says: a fault of its own. Nothing may be written."""


def format_text(source: Source) -> str:
    """The canonical text of a source; formatting it again changes nothing.

    A file that is too large stays as it is.
    """
    file, diagnostics = parse_ruleset(source)
    if any(problem.code == "E001" for problem in diagnostics):
        return source.text
    broken = {problem.span.line for problem in diagnostics if problem.code != _REPAIRED}
    text = _print(list_entries(source, broken))
    _check_same(file, diagnostics, Source(text, source.name))
    return text


def _print(entries: list[Entry]) -> str:
    """The text of entries: aligned, with the empty lines that stand between them."""
    texts = _texts(entries)
    lines: list[str] = []
    for index, entry in enumerate(entries):
        if index and (entry.blank or _is_parted(entries, index)):
            lines.append("")
        lines += texts[index]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _is_parted(entries: list[Entry], index: int) -> bool:
    """Whether an empty line must stand before an entry.

    Between declarations that are not one-liners of a kind.
    """
    above, _entry = entries[index - 1], entries[index]
    if above.block == NO_BLOCK or not _begins(entries, index):
        return False
    header = next(found for found in entries[index:] if found.keyword)
    before = next(found for found in reversed(entries[:index]) if found.keyword)
    if header.form != before.form or (header.form == "node_line" and header.keyword != before.keyword):
        return True
    return header.keyword != "signal" and (_is_long(entries, header) or _is_long(entries, before))


def _begins(entries: list[Entry], index: int) -> bool:
    """Whether a declaration, or the comments above it, begins at an entry."""
    while index < len(entries) and entries[index].block == NO_BLOCK and not entries[index].is_untouched:
        index += 1
    return index < len(entries) and bool(entries[index].keyword)


def _is_long(entries: list[Entry], header: Entry) -> bool:
    """Whether a declaration has clauses."""
    return sum(1 for entry in entries if entry.block == header.block and entry.pieces) > 1


def _texts(entries: list[Entry]) -> list[list[str]]:
    """The physical lines of every entry."""
    texts: list[list[str]] = [[] for _ in entries]
    for run in _runs(entries, {index for index, entry in enumerate(entries) if _is_aligned(entry)}):
        rows = [make_row(entries[index].form, entries[index].pieces[0].tokens) for index in run]
        for index, line in zip(run, align_rows(rows), strict=True):
            entry = entries[index]
            texts[index] = [_with_comment(" " * entry.indent + line, entry.pieces[0].comment)]
    for index, entry in enumerate(entries):
        if not entry.pieces:
            texts[index] = [entry.text if entry.is_untouched else " " * entry.indent + entry.text]
        elif not texts[index]:
            texts[index] = _unaligned(entry)
    return texts


def _is_aligned(entry: Entry) -> bool:
    return len(entry.pieces) == 1 and (entry.indent > 0 or entry.form in ("signal_line", "flag_line"))


def _runs(entries: list[Entry], single: set[int]) -> list[list[int]]:
    """Which one-line entries stand under each other: the clauses of a declaration, a grid, headers without a gap."""
    runs: dict[tuple[int, int], list[int]] = {}
    number = 0
    form = ""
    for index, entry in enumerate(entries):
        is_header = entry.indent == 0 and bool(entry.pieces)
        if entry.blank or entry.form == "given_rows_line" or (is_header and entry.form != form):
            number += 1
        if is_header:
            form = entry.form
        if index in single:
            key = entry.block if entry.indent == 2 else number
            runs.setdefault((entry.indent, key), []).append(index)
    return list(runs.values())


def _unaligned(entry: Entry) -> list[str]:
    """A header, or a line that goes on over several physical lines."""
    lines = []
    for number, piece in enumerate(entry.pieces):
        indent = " " * (entry.indent + (2 if number else 0))
        lines.append(_with_comment(indent + spaced(piece.tokens), piece.comment))
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
    """The declarations with `within` and `round` last, where the formatter puts them."""
    return [
        replace(found, clauses=tuple(sorted(found.clauses, key=_rank)))
        if isinstance(found, n.PartDeclaration)
        else found
        for found in file.declarations
    ]


def _rank(clause: n.NodeClause) -> int:
    if isinstance(clause, n.WithinClause):
        return 1
    return 2 if isinstance(clause, n.RoundClause) else 0
