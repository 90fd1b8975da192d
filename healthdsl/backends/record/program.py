"""A graph as a program that scores one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.record.reading import Found, read_value
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.graph import Graph

Snapshot = tuple[tuple[Found, ...], tuple[tuple[tuple[Found, ...], ...] | None, ...]]


class RecordProgram:
    def __init__(self, graph: Graph, quick: tuple[str, ...]) -> None:
        self.graph = graph
        self.quick_names = quick

    def run(self, record: Mapping[str, object], today: int | None, notes: list[RecordError] | None):
        snapshot = self._read(record, notes)
        values = self.full(snapshot, today)
        return snapshot, *(values.get(name) for name in self.quick_names)

    def full(self, snapshot: Snapshot, today: int | None) -> dict[str, object]:
        values, tables = snapshot
        return evaluate(
            self.graph,
            {f.name: v for f, v in zip(self.graph.inputs, values, strict=True)},
            {
                t.name: None if rows is None else [{c.name: v for c, v in zip(t.columns, row, strict=True)} for row in rows]
                for t, rows in zip(self.graph.tables, tables, strict=True)
            },
            today,
        )

    def _read(self, record: Mapping[str, object], notes: list[RecordError] | None) -> Snapshot:
        values = tuple(self._value(f, record.get(f.column), f.name, notes) for f in self.graph.inputs)
        tables = []
        for table in self.graph.tables:
            rows = record.get(table.name)
            if rows is None:
                tables.append(None)
                continue
            tables.append(
                tuple(
                    tuple(self._value(c, row.get(c.column), f"{table.name} row {n}, {c.name}", notes) for c in table.columns)
                    for n, row in enumerate(rows, 1)
                )
            )
        return values, tuple(tables)

    def _value(self, field, found, place: str, notes):
        try:
            return read_value(field, found)
        except RecordError as e:
            error = RecordError(None, place, e.found, e.expected)
            if notes is None:
                raise error from None
            notes.append(error)
            return None


def compile_record(graph: Graph, quick: Sequence[str] = ()) -> RecordProgram:
    return RecordProgram(graph, tuple(quick))
