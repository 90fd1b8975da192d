"""What a query is asked for: its columns, as data. Nothing here needs sqlglot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """The output `output` of the graph under the name `name`."""

    name: str
    output: str


@dataclass(frozen=True, slots=True)
class Mask:
    """A whole number that has bit k (2 to the k) when the k-th of the conditions `outputs` is true."""

    name: str
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Operation `op` of the graph, which is no output: an input as read, what rows came to."""

    name: str
    op: int


@dataclass(frozen=True, slots=True)
class BadCells:
    """The names of the fields that held an illegal value, joined by `; `; NULL when there are none."""

    name: str = "bad_cells"


@dataclass(frozen=True, slots=True)
class Blank:
    """A column that this ruleset has nothing for: NULL, of the SQL type `kind`."""

    name: str
    kind: str


Wanted = Column | Mask | Gathered | BadCells | Blank
