"""SQL over the columns of a scored book, in DuckDB's dialect, as the summary of a book asks it.

Sums are those of ADR 12: of whole numbers only, so that neither the order of the rows nor the number of
threads changes a digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from healthdsl.batch.columns import TAKEN

Row = tuple[Any, ...]
Ask = Callable[[str], list[Row]]
"""Runs one query over the scored book and gives all of its rows."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored book: how to ask about it, the relation as SQL, and the names of its columns.

    The columns are those of `--explain full`. `main` is the main score, whose points, band and coverage
    stand in columns of their own.
    """

    ask: Ask
    relation: str
    columns: frozenset[str]
    main: str | None

    def output(self, name: str) -> str | None:
        """The column of an output of the graph, quoted; None when there is none."""
        renamed = {name: f"{name}__value" for name in TAKEN}
        if self.main is not None:
            renamed |= {f"{self.main}__points": "score", f"{self.main}__band": "band"}
            renamed[f"{self.main}__coverage"] = "coverage"
        name = renamed.get(name, name)
        return quoted(name) if name in self.columns else None

    def rows(self, selected: Sequence[str], rest: str = "", relation: str | None = None) -> list[Row]:
        """`SELECT selected FROM the book` with what follows; the whole relation may be another one."""
        text = f"SELECT {', '.join(selected)}\nFROM {relation or self.relation}\n{rest}"
        return self.ask(text.rstrip())

    def row(self, selected: Iterable[str], rest: str = "", relation: str | None = None) -> Row:
        """The one row of a query of aggregates."""
        (found,) = self.rows(list(selected), rest, relation)
        return found


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: float) -> str:
    """A double, to the last bit."""
    return f"{value!r}::DOUBLE"


def text_literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def total(value: str, where: str | None = None) -> str:
    """The sum of a column of doubles, 0 when there is none."""
    only = f" FILTER (WHERE {where})" if where else ""
    parts = f"FLOOR(({value} - FLOOR({value})) * 1e9 + 0.5009765625)"
    return f"COALESCE(SUM(FLOOR({value})){only} + SUM({parts}){only} / 1e9, 0)"


def count(where: str | None = None) -> str:
    return "COUNT(*)" + (f" FILTER (WHERE {where})" if where else "")
