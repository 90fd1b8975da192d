"""An account's explanation from its line in a scored book, without the accounts it was scored from.

The line (`parts` or `full`) holds what was read and what rows came to. Put in place of the graph's inputs and
aggregates, they give every output again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from healthdsl.backends.sql.sources import Column, Gathered
from healthdsl.batch.bad_cells import BadCell
from healthdsl.batch.columns import score_columns
from healthdsl.explain.changes import all_values
from healthdsl.explain.explain import explain
from healthdsl.explain.explanation import Explanation
from healthdsl.explain.facts import NOT_KEPT
from healthdsl.explain.moves import moves_from
from healthdsl.explain.reach import Reaches
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.ruleset import Ruleset


class RowError(ValueError):
    """A line that no explanation can be made of; the message says what it lacks."""


def explain_row(  # noqa: PLR0913 -- what an explanation is made of
    ruleset: Ruleset,
    graph: Graph,
    row: Mapping[str, Any],
    *,
    as_of: date | None,
    fingerprint: str | None = None,
    reaches: Reaches | None = None,
    with_moves: bool = True,
    bad: Sequence[BadCell] = (),
) -> Explanation:
    """The explanation of a line of `--explain parts` or `full`, for the day it was scored for. Without moves
    it takes a fraction of the time.

    The line names its bad cells; `bad` are those of the account, where what stood there can still be read.
    RowError when the line lacks a column, as one of `--explain none` does.
    """
    inputs, filled = refill(ruleset, graph, row)
    today = None if as_of is None else as_of.toordinal()
    identity = [None if row.get(key) is None else str(row[key]) for key in ("account_id", "account_name")]
    listed = row.get("bad_cells")
    names = listed.split("; ") if isinstance(listed, str) and listed else []  # pandas has NaN for none
    return explain(
        ruleset,
        evaluate(filled, inputs, {}, today),
        account_id=identity[0],
        account_name=identity[1],
        as_of=as_of,
        fingerprint=fingerprint,
        notes=[f"{said}; taken as missing" for said in _problems(names, bad)],
        invalid=dict.fromkeys(names) | {cell.signal: cell.found for cell in bad},
        # What rows came to is a constant in the filled graph, and something that can move in the other.
        moves=moves_from(ruleset, graph, all_values(filled, inputs, {}, today)) if with_moves else (),
        reaches=reaches,
    )


def _problems(names: Sequence[str], bad: Sequence[BadCell]) -> Iterator[str]:
    """A sentence for each bad cell, and for each name whose cells are not known."""
    known = {cell.signal for cell in bad}
    yield from (cell.problem for cell in bad)
    yield from (f"`{name}` {NOT_KEPT}" for name in names if name not in known)


def refill(ruleset: Ruleset, graph: Graph, row: Mapping[str, Any]) -> tuple[dict[str, object], Graph]:
    """The inputs of the line, and the graph with what rows came to as constants."""
    ops = list(graph.ops)
    outputs = {output.name: output.op for output in graph.outputs}
    inputs: dict[str, object] = {}
    for column in score_columns(ruleset, graph, "parts"):
        if not isinstance(column, Column | Gathered):
            continue
        index = outputs[column.output] if isinstance(column, Column) else column.op
        op = graph.ops[index]
        if op.primitive not in (Primitive.INPUT, Primitive.AGGREGATE, Primitive.SUPPLIED):
            continue
        if column.name not in row:
            raise RowError(f"the line has no column `{column.name}`. Score with --explain parts or full.")
        value = typed(op, row[column.name])
        if op.primitive is Primitive.INPUT:
            inputs[str(op.value)] = value
        else:
            ops[index] = Op(Primitive.CONSTANT, (), value, op.type)
    return inputs, replace(graph, ops=tuple(ops))


def typed(op: Op, value: Any) -> object:
    """A cell of a scored book in the graph's terms."""
    if value is None or value != value:  # noqa: PLR0124 -- NaN, as pandas has for what is missing
        return None
    if op.type.is_numeric:
        return float(value)
    if op.type.is_date:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return (day.date() if isinstance(day, datetime) else day).toordinal()
    return str(value) if op.type.is_text else bool(value)
