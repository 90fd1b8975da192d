"""An older run scored again by another ruleset, from what the run kept: no accounts and no rows are needed.

What rows came to stands in the run by a name that says how they were gathered. A ruleset that gathers them
otherwise cannot be tried on it, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlglot import exp

from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import Cell, Source
from healthdsl.backends.sql.text import text_of
from healthdsl.batch.columns import layer_of
from healthdsl.graph.graph import Graph, InputField, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.history.columns import kept_columns, run_query
from healthdsl.history.gathered import GIVEN, gathered_names
from healthdsl.history.runs import History, Run
from healthdsl.model.ruleset import Ruleset
from healthdsl.model.types import NUMBER, YES_NO, Kind, Type

READ, SCORED, BETWEEN = "kept_read", "kept_scored", "kept_between"


class UntriedError(Exception):
    """The ruleset cannot be tried on the run; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The run scored again, as SQL names it, and the signals that the run did not have."""

    relation: str
    lacking: tuple[str, ...]


def rescore(history: History, run: Run, ruleset: Ruleset, graph: Graph) -> Tried:
    """Score a run again, for its own day. UntriedError when the run did not keep what the ruleset gathers."""
    places = _places(history, run)
    renamed = _rows_as_inputs(graph)
    lacking = [name for name in gathered_names(graph).values() if name not in places]
    if lacking:
        raise UntriedError(_why(ruleset, graph, lacking))
    cells: dict[str, Cell] = {}
    selects = ["account_id AS account", "account_name AS name"]
    absent = []
    for k, field in enumerate(renamed.inputs):
        place = places.get(field.column)
        if place is None or not _alike(run, field):
            absent.append(field.title)
            continue
        selects.append(f"{_value(place, field.type)} AS v{k}")
        cells[field.name] = Cell(exp.column(f"v{k}"), sound=True)
    engine = history.engine
    engine.run(f"CREATE OR REPLACE VIEW {READ} AS SELECT {', '.join(selects)} FROM {run.sql}")  # noqa: S608
    source = Source(exp.to_table(READ), exp.column("account"), exp.column("name"), cells)
    wanted = kept_columns(ruleset, graph)
    query = compile_sql(
        renamed, source, wanted, dialect="duckdb", today=run.as_of, layer_of=layer_of(ruleset)
    )
    engine.run(f"CREATE OR REPLACE TABLE {SCORED} AS {text_of(query, 'duckdb')}")
    columns = {name: found.sql for name, found in engine.describe(SCORED).items()}
    engine.run(f"CREATE OR REPLACE VIEW {BETWEEN} AS {run_query(ruleset, graph, SCORED, columns)}")
    return Tried(BETWEEN, tuple(absent))


def _places(history: History, run: Run) -> dict[str, str]:
    """Where each value stands in a line of the run: lists have the same order in all of them."""
    rows = history.engine.ask(f"SELECT signals, read FROM {run.sql} LIMIT 1")  # noqa: S608 -- our own path
    places: dict[str, str] = {}
    for signals, read in rows:
        for column, values in (("signals", signals), ("read", read)):
            places |= {each["name"]: f"{column}[{k}]" for k, each in enumerate(values, start=1)}
    return places


def _rows_as_inputs(graph: Graph) -> Graph:
    """The graph with what rows came to as inputs, each in the column of its name."""
    ops, names = list(graph.ops), gathered_names(graph)
    fields = [replace(field, column=field.name, scale=Fraction(1)) for field in graph.inputs]
    for number, (index, name) in enumerate(names.items(), start=1):
        kind = YES_NO if name.startswith(GIVEN) else graph.ops[index].type
        read_as = NUMBER if kind.is_numeric else kind
        inner = f"kept__{number}"
        ops[index] = Op(Primitive.INPUT, (), inner, kind)
        fields.append(InputField(inner, name, name, read_as, None, None, Fraction(1)))
    return replace(graph, ops=tuple(ops), inputs=tuple(fields))


def _alike(run: Run, field: InputField) -> bool:
    """Whether a value of the run is one of the field: a percent is kept as its fraction, and is no number of
    anything else.
    """
    known: Mapping[str, Kind] = {signal.name: signal.kind for signal in run.about.signals}
    kind = known.get(field.column)
    if kind is None:  # what rows came to
        return True
    was = Type(kind)
    if was.is_numeric and field.type.is_numeric:
        return (kind is Kind.PERCENT) == (field.type.kind is Kind.PERCENT)
    return (was.is_date, was.is_text, kind is Kind.YES_NO) == (
        field.type.is_date,
        field.type.is_text,
        field.type.kind is Kind.YES_NO,
    )


def _value(place: str, kind: Type) -> str:
    if kind.is_numeric:
        return f"{place}.number"
    if kind.is_date:
        return f"CAST({place}.text AS DATE)"
    return f"({place}.text = 'yes')" if kind.kind is Kind.YES_NO else f"{place}.text"


def _why(ruleset: Ruleset, graph: Graph, lacking: list[str]) -> str:
    """Which signals gather rows as the older run did not."""
    names = gathered_names(graph)
    ops = {index for index, name in names.items() if name in lacking}
    titles = {signal.name: signal.title for signal in ruleset.signals}
    signals = [titles[each.name] for each in graph.outputs if each.role == "value" and each.op in ops]
    said = f" ({', '.join(signals)})" if signals else ""
    return f"it gathers rows as the older run did not{said}, and the rows themselves are not kept"
