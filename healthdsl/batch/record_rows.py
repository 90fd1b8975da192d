"""The columns of a scored book from results of the record engine, one account at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from healthdsl.backends.record.program import Scored, compile_record
from healthdsl.backends.sql.wanted import BadCells, Blank, Column, Gathered, Mask, Wanted
from healthdsl.batch.bad_cells import contract_fields, field_name
from healthdsl.batch.columns import RAISED, Explain, score_columns, text_columns
from healthdsl.graph.graph import Graph, Output
from healthdsl.model.ruleset import Ruleset


class RecordRows:
    """Rows as mappings by column; `wanted` are other columns than those of `explain`."""

    def __init__(
        self, ruleset: Ruleset, graph: Graph, explain: Explain, wanted: Sequence[Wanted] | None = None
    ) -> None:
        self._wanted = score_columns(ruleset, graph, explain) if wanted is None else tuple(wanted)
        self._raised = {
            word: [flag.name for flag in ruleset.flags if f"{flag.word}s" == word] for word in RAISED
        }
        self._ruleset = ruleset
        self._order = [name for name, _ in contract_fields(graph)]
        # What rows came to is no output of the graph: here it is.
        extra = [
            Output(_inner(each.op), each.op, "value", _inner(each.op))
            for each in self._wanted
            if isinstance(each, Gathered)
        ]
        graph = replace(graph, outputs=(*graph.outputs, *extra))
        self._program = compile_record(graph)
        self._dates = {output.name for output in graph.outputs if graph.ops[output.op].type.is_date}

    def columns(self, *, named: bool) -> tuple[str, ...]:
        """The columns of text files in order; `named`: accounts have names."""
        first = ["account_id", *(["account_name"] if named else [])]
        return tuple(text_columns([*first, *(each.name for each in self._wanted)], self._ruleset))

    def row(self, result: Scored, account_id: str | None, account_name: str | None) -> dict[str, object]:
        """The row of one account, with every column."""
        values = self._program.full(result.snapshot, result.today)
        row: dict[str, object] = {"account_id": account_id, "account_name": account_name}
        for word, names in self._raised.items():
            row[word] = tuple(name for name in names if values[name] is True)
        bad = {field_name(error.signal) for error in result.errors or ()}
        for each in self._wanted:
            if isinstance(each, BadCells):
                row[each.name] = "; ".join(name for name in self._order if name in bad) or None
            else:
                row[each.name] = self._value(each, values)
        return row

    def _value(self, wanted: Wanted, values: Mapping[str, object]) -> object:
        match wanted:
            case Column(output=output):
                return self._shown(output, values[output])
            case Gathered(op=op):
                return self._shown(_inner(op), values[_inner(op)])
            case Mask(outputs=outputs):
                return float(sum(2**k for k, output in enumerate(outputs) if values[output] is True))
            case Blank() | BadCells():
                return None
            case _:
                assert_never(wanted)

    def _shown(self, output: str, value: object) -> object:
        """Dates as text; all else as it is."""
        is_day = output in self._dates and isinstance(value, int | float)
        return date.fromordinal(int(value)).isoformat() if is_day else value  # type: ignore[call-overload]


def _inner(op: int) -> str:
    """The name of an operation that is no output; no name of a ruleset begins so."""
    return f"__{op}"
