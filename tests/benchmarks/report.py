"""The table that is printed: what was measured beside what it should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One row; without a `target` it is told and not judged."""

    what: str
    measured: str
    target: str = ""
    met: bool = True


def table(lines: Iterable[Line]) -> str:
    rows = [("", "measured", "target", "")]
    rows += [(each.what, each.measured, each.target, _verdict(each)) for each in lines]
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _verdict(line: Line) -> str:
    return "" if not line.target else "met" if line.met else "MISSED"
