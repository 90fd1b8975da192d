"""Cells that could not be read: counted by signal, told with examples, written to a file when asked.

Both engines add what they find here, so that they say the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from healthdsl.graph.graph import Graph, InputField
from healthdsl.records.errors import FileError

EXAMPLES = 3
COLUMNS = ("account_id", "signal", "column", "found", "expected")


@dataclass(frozen=True, slots=True)
class BadCell:
    """`signal` is a signal, or the table and column of a row (`tickets.priority`); `column` is what the file
    calls it; `found` and `expected` are in words; `place` is where it stands, `number` which of the account's
    rows it is in, from 1, if that is known.
    """

    account: str
    signal: str
    column: str
    found: str
    expected: str
    place: str | None = None
    number: int | None = None

    @property
    def row(self) -> dict[str, object]:
        return dict(
            zip(COLUMNS, (self.account, self.signal, self.column, self.found, self.expected), strict=True)
        )

    @property
    def told(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}account {self.account}: {self.found}, expected {self.expected}"

    @property
    def problem(self) -> str:
        """The sentence without the account, as a RecordError has it."""
        table, _, column = self.signal.rpartition(".")
        place = self.signal if self.number is None else f"{table}, row {self.number}, {column}"
        return f"`{place}` is {self.found}, expected {self.expected}"


class BadCellsError(FileError):
    """Cells could not be read, and none may be: `bad` has their counts and examples."""

    def __init__(self, bad: BadCells) -> None:
        self.bad = bad
        super().__init__(bad.told("cannot be read"))


@dataclass(slots=True)
class BadCells:
    """Counts and examples by signal, filled as cells are found; each cell also goes to `keep`.

    The examples are of the first accounts that have any, in whatever order cells are found.
    """

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[BadCell]] = field(default_factory=dict)
    keep: Callable[[BadCell], None] = field(default=lambda _: None)
    places: dict[str, list[int]] = field(default_factory=dict)

    def add(self, cell: BadCell, place: int | None = None) -> None:
        """Take a cell; `place` says where its account stands, and by default it is behind all before it."""
        count = self.counts[cell.signal] = self.counts.get(cell.signal, 0) + 1
        places = self.places.setdefault(cell.signal, [])
        at = bisect_right(places, count if place is None else place)
        if at < EXAMPLES:
            places.insert(at, count if place is None else place)
            examples = self.examples.setdefault(cell.signal, [])
            examples.insert(at, cell)
            del places[EXAMPLES:], examples[EXAMPLES:]
        self.keep(cell)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def in_order(self, graph: Graph) -> BadCells:
        """The same, signals in the order of the contract."""
        names = [name for name, _ in contract_fields(graph)]
        found = sorted(self.counts, key=names.index)
        counts = {name: self.counts[name] for name in found}
        return BadCells(counts, {name: self.examples[name] for name in found}, self.keep)

    def told(self, fate: str) -> str:
        """`3 cells cannot be read`, then each signal with its number and examples."""
        lines = [f"{self.total} {'cell' if self.total == 1 else 'cells'} {fate}:"]
        for name, number in self.counts.items():
            column = self.examples[name][0].column
            called = "" if column == name.rpartition(".")[2] else f" (column `{column}`)"
            lines.append(f"  `{name}`{called}: {number}")
            lines += [f"    {cell.told}" for cell in self.examples[name]]
        return "\n".join(lines)


def contract_fields(graph: Graph) -> list[tuple[str, InputField]]:
    """Every field of the contract with the name that bad cells go by, in its order."""
    fields = [(each.name, each) for each in graph.inputs]
    return fields + [(f"{table.name}.{each.name}", each) for table in graph.tables for each in table.columns]


_IN_ROW = re.compile(r"(?P<table>\w+), row (?P<row>\d+)(, (?P<column>.+))?")


def field_name(signal: str) -> str:
    """What a RecordError speaks of, as bad cells call it: `tickets.priority` for a cell of any row."""
    in_row = _IN_ROW.fullmatch(signal)
    return f"{in_row['table']}.{in_row['column']}" if in_row and in_row["column"] else signal


def row_number(signal: str) -> int | None:
    """The row, from 1, that a RecordError speaks of; None for a cell of the account."""
    in_row = _IN_ROW.fullmatch(signal)
    return int(in_row["row"]) if in_row else None
