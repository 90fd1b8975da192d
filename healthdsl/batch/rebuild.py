"""An account's explanation from its line in a scored book, without the accounts it was scored from.

The line (`parts` or `full`) holds what was read and what rows came to. Put in place of the graph's inputs and
aggregates, they give every output again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from healthdsl.backends.sql.sources import Column, Gathered
from healthdsl.batch.bad_cells import BadCell
from healthdsl.batch.columns import score_columns
from healthdsl.batch.line import names_in, text_in, value_in
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
    RowError when the line lacks a column, as one of `--explain none` does, or holds something else in it.
    """
    inputs, filled = refill(ruleset, graph, row)
    today = None if as_of is None else as_of.toordinal()
    names = names_in(row, "bad_cells")
    return explain(
        ruleset,
        evaluate(filled, inputs, {}, today),
        account_id=text_in(row, "account_id"),
        account_name=text_in(row, "account_name"),
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
        value = value_in(row, column.name, op)
        if op.primitive is Primitive.INPUT:
            inputs[str(op.value)] = value
        else:
            ops[index] = Op(Primitive.CONSTANT, (), value, op.type)
    return inputs, replace(graph, ops=tuple(ops))
