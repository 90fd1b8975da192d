"""A ruleset as one SQL query over the tables of a warehouse, with a comment on top that says all about it.

In: a ruleset with its graph, the dialect, the names of the tables. Out: a text that needs nothing else, or
SqlError for what the dialect cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import BadCells, Blank, Column, Gathered, Mask, Wanted
from healthdsl.backends.sql.text import text_of
from healthdsl.batch.columns import Explain, column_name, layer_of, score_columns
from healthdsl.batch.table_names import shown_table
from healthdsl.batch.warehouse import Tables, named_layers, row_id, warehouse_source
from healthdsl.graph.graph import Graph, InputField
from healthdsl.model.ruleset import Ruleset, Signal
from healthdsl.model.types import Kind
from healthdsl.records.reading import id_key

TITLES = {
    "duckdb": "DuckDB",
    "spark": "Spark",
    "databricks": "Databricks",
    "postgres": "PostgreSQL",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "redshift": "Redshift",
    "trino": "Trino",
    "sqlite": "SQLite",
}
"""Every dialect, with what it is called."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written. `as_of` None: the day on which the query runs. `writer`: the program and its
    version, for the comment.
    """

    ruleset: Ruleset
    graph: Graph
    fingerprint: str
    dialect: str
    tables: Tables
    explain: Explain = "parts"
    as_of: date | None = None
    writer: str = "healthdsl"


def sql_text(order: Order) -> str:
    """The query with its comment."""
    query = query_of(order)
    return text_of(query, order.dialect, "\n".join(header(order)))


def query_of(order: Order) -> exp.Select:
    """The query, as a tree."""
    ruleset, graph = order.ruleset, order.graph
    query = compile_sql(
        graph,
        warehouse_source(ruleset, graph, order.tables, order.dialect),
        columns_of(order),
        dialect=order.dialect,
        today=order.as_of,
        layer_of=layer_of(ruleset),
    )
    return named_layers(query)


def columns_of(order: Order) -> tuple[Wanted, ...]:
    """The columns behind account_id and account_name."""
    return score_columns(order.ruleset, order.graph, order.explain)


# The comment -----------------------------------------------------------------


def header(order: Order) -> Iterator[str]:
    """The lines of the comment: what it is, what it reads, what it gives, how to run it."""
    ruleset = order.ruleset
    yield f"{ruleset.title} ({ruleset.name}), version {ruleset.version}, fingerprint {order.fingerprint}"
    yield f"SQL for {TITLES[order.dialect]}, written by {order.writer}. Change the ruleset, not this text."
    yield ""
    yield "Reads"
    yield from _aligned(_read(order))
    if any(table.name in order.tables.rows for table in order.graph.tables):
        yield "Ids are compared as they stand; `healthdsl score` takes blanks around them away: trim them"
        yield "in a view if yours have any."
    yield "Gives a line for every account"
    yield from _aligned(_given(order))
    if order.as_of is None:
        yield "Scores for the day on which it runs, CURRENT_DATE."
    else:
        yield f"Scores for {order.as_of.isoformat()}, whenever it runs."
    yield "It is one SELECT: run it as it is, or behind CREATE TABLE scores AS, or as a view."


def _aligned(lines: Iterator[tuple[str, str]]) -> Iterator[str]:
    found = list(lines)
    width = min(max((len(name) for name, _ in found), default=0), 40)
    for name, text in found:
        yield f"  {name:<{width}}  {text}".rstrip()


def _read(order: Order) -> Iterator[tuple[str, str]]:
    ruleset, tables = order.ruleset, order.tables
    id_column = tables.id_column or id_key(ruleset)
    yield shown_table(tables.accounts), f"a line for every account, known by {id_column}"
    if ruleset.account_name is not None:
        yield f"  {ruleset.account_name}", "name of the account"
    yield from _fields(order.graph.inputs)
    for table in order.graph.tables:
        if table.name in tables.rows:
            key = row_id(id_column)
            yield shown_table(tables.rows[table.name]), f"the rows `{table.name}`, of the account {key}"
            yield from _fields(table.columns)
        else:
            yield f"({table.name})", "no table was named for these rows: nothing is known about them"


def _fields(fields: Sequence[InputField]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield f"  {field.column}", f"{_kind(field)}: {field.title}"


def _kind(field: InputField) -> str:
    """The type with what is legal."""
    kind, low, high = field.type, field.low, field.high
    text = f"{kind.kind.value} {', '.join(kind.choices)}".rstrip()
    if kind.currency is not None:
        text += f" in {kind.currency}"
    if low is not None:
        text += f" from {low / float(field.scale):g}"
    if high is not None:
        text += f" up to {high / float(field.scale):g}"
    if kind.kind is Kind.PERCENT:
        text += ", 45 is 45%" if field.scale != 1 else ", 0.45 is 45%"
    return text


def _given(order: Order) -> Iterator[tuple[str, str]]:
    yield "account_id", "as it is read"
    if order.ruleset.account_name is not None:
        yield "account_name", ""
    yield from meanings(order)


def meanings(order: Order) -> Iterator[tuple[str, str]]:
    """Every column behind account_id and account_name, and what stands in it."""
    ruleset = order.ruleset
    nodes = {node.name: f"{node.word} {node.title}" for node in ruleset.nodes}
    titles = {column_name(flag.name): f"{flag.word}: {flag.title}" for flag in ruleset.raised}
    titles |= {column_name(signal.name): _titled(signal) for signal in ruleset.signals}
    main = nodes.get(ruleset.main_score or "", "score")
    first = {
        "score": f"points of {main}",
        "band": f"band of {main}",
        "coverage": "share of its weight that is known, 0 to 1",
    }
    for wanted in columns_of(order):
        yield wanted.name, first.get(wanted.name) or _meaning(wanted, nodes, titles)


def _titled(signal: Signal) -> str:
    """What a signal is called, with the unit of its column."""
    match signal.type.kind:
        case Kind.PERCENT:
            return f"{signal.title} (0.45 is 45%)"
        case Kind.MONEY if signal.type.currency is not None:
            return f"{signal.title} ({signal.type.currency})"
        case Kind.DAYS:
            return f"{signal.title} (days)"
        case _:
            return signal.title


_OF_NODE = {
    "points": "points of {}",
    "band": "band of {}",
    "level": "level of {}",
    "row": "row of {} that decided, from 0 (-1: none, -2: the rule for a missing value)",
    "variant": "variant of {} that was used, from 0 (-1: none)",
}
_OF_SIGNAL = {
    "read": "{}, as it was read",
    "given": "whether rows of {} were given",
}


def _meaning(wanted: Wanted, nodes: dict[str, str], titles: dict[str, str]) -> str:
    """`nodes` are the titles of measures, groups and scores, which may be called as a signal; `titles` those
    of columns.
    """
    match wanted:
        case BadCells():
            return "signals whose value could not be used and counts as missing, joined by `; `"
        case Mask(outputs=outputs):
            owner = outputs[0].partition("__")[0]
            return f"lines of {nodes.get(owner, owner)} that fired: bit k is set for the k-th, from 0"
        case Blank():
            return "nothing: this ruleset has none"
        case Column(name=name) | Gathered(name=name):
            if name in titles:
                return titles[name]
            owner, _, role = name.partition("__")
            if owner == "rows":
                return "what rows came to"
            if role in _OF_NODE:
                return _OF_NODE[role].format(nodes.get(owner, owner))
            title = titles.get(owner) or nodes.get(owner, owner)
            return _OF_SIGNAL.get(role, "{}: " + role.replace("_", " ")).format(title)
