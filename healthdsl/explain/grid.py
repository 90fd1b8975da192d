"""The values a signal can have, counted off.

Every legal value has a whole number, in order, so that searching is exact.

Counts, days and dates are whole; other numbers have 9 decimals, and from 2**23 on are the doubles
themselves.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from healthdsl.graph.arithmetic import GRID, INPUT_LIMIT, LAST_DAY, SNAP_LIMIT, snap
from healthdsl.model.types import Kind, Type

_EDGE = int(SNAP_LIMIT * GRID)  # the number of the last value with 9 decimals


@dataclass(frozen=True, slots=True)
class Grid:
    """Values numbered from `first` to `last`, both in. `whole`: the number is the value."""

    first: int
    last: int
    whole: bool
    is_date: bool = False

    def value(self, index: int) -> float:
        """The value of a number; dates are ordinals."""
        if self.whole:
            return index if self.is_date else float(index)
        size = abs(index)
        value = size / GRID if size <= _EDGE else _double(_bits(SNAP_LIMIT) + size - _EDGE)
        return -value if index < 0 else value

    def index(self, value: float) -> int:
        """The number of the nearest value."""
        if self.whole:
            return int(value)
        size = abs(value)
        found = round(snap(size) * GRID) if size < SNAP_LIMIT else _EDGE + _bits(size) - _bits(SNAP_LIMIT)
        return -found if value < 0 else found

    def holds(self, index: int) -> bool:
        return self.first <= index <= self.last


def grid_of(type_: Type, low: float | None, high: float | None, *, only_whole: bool = False) -> Grid:
    """The grid of a number or date within its declared range and the limits of the language."""
    if type_.is_date:
        return Grid(1, LAST_DAY, whole=True, is_date=True)
    least = 0.0 if type_.kind is Kind.COUNT else -INPUT_LIMIT
    low = least if low is None else max(low, least)
    high = INPUT_LIMIT if high is None else min(high, INPUT_LIMIT)
    if type_.is_whole or only_whole:
        return Grid(int(-(-low // 1)), int(high // 1), whole=True)
    open_grid = Grid(0, 0, whole=False)
    return Grid(open_grid.index(low), open_grid.index(high), whole=False)


def _bits(value: float) -> int:
    """The number of a positive double among the positive doubles."""
    found: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return found


def _double(bits: int) -> float:
    found: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return found
