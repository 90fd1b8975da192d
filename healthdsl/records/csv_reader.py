"""CSV files as mappings from column name to cell text.

Comma, semicolon or tab between cells, whichever the first line has most of. Blank cells are None, names of
columns lose the blanks around them. A row with more or fewer cells than the header is refused by its line.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from healthdsl.records.cells import printable
from healthdsl.records.errors import FileError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
UNUSUAL = "|^~"
MOST_COLUMNS = 10_000
PLACES_SHOWN = 5
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Layout:
    """`header` are the names of all columns, `skipped` the blank lines before them."""

    header: tuple[str, ...]
    separator: str
    skipped: int


def read_layout(name: str, lines: Iterator[str], wanted: frozenset[str]) -> Layout:
    """How a file is laid out, by the lines up to its header."""
    return _opened(name, lines, wanted)[0]


def read_csv(name: str, lines: Iterator[str], wanted: frozenset[str]) -> Iterator[tuple[str, Row]]:
    """The place (`accounts.csv, line 7`) and cells of each row. Columns in `wanted` may not stand twice."""
    layout, rows = _opened(name, lines, wanted)
    header, separator = layout.header, layout.separator
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        place = f"{name}, line {line}"
        if len(cells) != len(header):
            raise FileError(_ragged(place, len(cells), len(header), SEPARATORS[separator]))
        yield (
            place,
            {column: cell if cell.strip() else None for column, cell in zip(header, cells, strict=True)},
        )


def _opened(
    name: str, lines: Iterator[str], wanted: frozenset[str]
) -> tuple[Layout, Iterator[tuple[int, list[str]]]]:
    """The layout, and the rows behind the header."""
    skipped = 0
    for first in lines:
        if first.strip():
            break
        skipped += 1
    else:
        raise FileError(f"{name}: the file is empty. Its first line should name the columns.")
    separator = _separator(first, name)
    rows = _rows(chain([first], lines), separator, name, skipped)
    header = tuple(cell.strip() for cell in next(rows)[1])
    _check_header(header, wanted, name)
    return Layout(header, separator, skipped), rows


def _separator(line: str, name: str) -> str:
    """The separator that the header has most of outside quotes; a comma when it has none."""
    outside = "".join(line.split('"')[::2])
    separator = max(SEPARATORS, key=outside.count)
    for sign in UNUSUAL:
        if outside.count(sign) > outside.count(separator):
            advice = "Save the file with commas, semicolons or tabs between the cells."
            raise FileError(f"{name}, line 1: the columns are separated by `{sign}`. {advice}")
    return separator


def _rows(lines: Iterable[str], separator: str, name: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; what the csv module refuses is said in plain words."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = skipped + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as problem:
            raise FileError(f"{name}, line {begins}: {_plain(str(problem))}") from None
        if cells is None:
            return
        yield begins, cells


def _plain(problem: str) -> str:
    if "unexpected end" in problem:
        return (
            'a quote (") is opened and never closed. Close it, or write "" for a quote inside a quoted cell.'
        )
    if "expected after" in problem:
        return 'there is text after a closing quote ("). Write "" for a quote inside a quoted cell.'
    if "field larger" in problem:
        return "a cell is longer than 131_072 characters; perhaps a quote is never closed."
    if "new-line" in problem:
        return "the line ends are those of an old Mac (CR only). Save the file as CSV UTF-8."
    return f"this is not CSV as expected ({problem})."


def _check_header(header: Sequence[str], wanted: frozenset[str], name: str) -> None:
    if len(header) > MOST_COLUMNS:
        advice = "Leave out the columns that the ruleset does not read."
        raise FileError(f"{name}, line 1: {len(header):,} columns, at most {MOST_COLUMNS:,}. {advice}")
    for column, number in Counter(header).items():
        if column in wanted and number > 1:
            places = [str(index) for index, other in enumerate(header, start=1) if other == column]
            listed = ", ".join([*places[:PLACES_SHOWN], *([".."] if number > PLACES_SHOWN else [])])
            shown = f"`{printable(column)}` names {number:,} columns ({listed})"
            raise FileError(f"{name}, line 1: {shown}. Rename or remove all but one.")


def _ragged(place: str, found: int, expected: int, separators: str) -> str:
    cells = "1 cell" if found == 1 else f"{found} cells"
    advice = f"Quote cells that hold {separators}, or fill up the row; lines above the header have to go."
    return f"{place}: {cells} found, but the header has {expected}. {advice}"
