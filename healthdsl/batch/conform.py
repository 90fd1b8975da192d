"""A script of SQL that asks a database whether it scores as healthdsl does.

It makes temporary tables of generated accounts and rows and of what the record evaluator says of them, runs
the compiled query on them, and ends in one query: a line with the number of accounts and of differences, and
a line for every account that differs. It needs nothing else and touches no table that is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp, parse_one

from healthdsl.backends.sql.sources import BadCells, Column
from healthdsl.backends.sql.text import text_of
from healthdsl.batch.made_accounts import Record, made_accounts
from healthdsl.batch.sql_text import TITLES, Order, columns_of, query_of
from healthdsl.batch.stored import Field, Stored, field_kind, statements, temporary
from healthdsl.batch.warehouse import Tables, free_name
from healthdsl.graph.graph import Graph
from healthdsl.model.types import TEXT, Type

PREFIX = "healthdsl_conform"
COMPARED = frozenset({"points", "band", "level", "coverage", "flag"})
"""The roles of the columns that are compared; bad_cells is, too."""

Scored = tuple[Mapping[str, object], Sequence[str]]
"""Every output of the graph by name; the signals whose value was not legal (`nps`, `tickets, row 2, at`)."""

Score = Callable[[Record], Scored]
"""The record evaluator."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried: `order` says ruleset, dialect and day (its tables are not looked at), `score` is
    the record evaluator for that day.
    """

    order: Order
    as_of: date
    accounts: int
    score: Score


def conform_script(trial: Trial) -> Iterator[str]:
    """The script, statement by statement, each with its semicolon."""
    order = _own_order(trial)
    records = list(made_accounts(order.graph, trial.as_of, trial.accounts, order.ruleset.name))
    yield "".join(f"-- {line}".rstrip() + "\n" for line in _header(trial))
    tables = _tables(order, records, trial.score)
    for table in tables:
        yield from statements(table, order.dialect)
    found = text_of(query_of(order), order.dialect)
    name = f"{PREFIX}_found"
    yield f"{temporary(name, order.dialect)} AS\n{found.rstrip()};\n"
    yield f"{text_of(_answer(tables[-1].fields), order.dialect).rstrip()};\n"
    if order.dialect == "trino":
        for each in (*(table.name for table in tables), name):
            yield f"DROP TABLE {each};\n"


def _own_order(trial: Trial) -> Order:
    """The order over the script's own tables."""
    order = trial.order
    columns = {each.column.lower() for each in order.graph.inputs}
    columns |= {each.column.lower() for table in order.graph.tables for each in table.columns}
    rows = {
        table.name: exp.to_table(f"{PREFIX}_rows_{number}")
        for number, table in enumerate(order.graph.tables, start=1)
    }
    tables = Tables(exp.to_table(f"{PREFIX}_accounts"), rows, free_name("account_id", columns))
    ruleset = replace(order.ruleset, account_name=None)
    return replace(order, ruleset=ruleset, tables=tables, as_of=trial.as_of, explain="parts")


def _header(trial: Trial) -> Iterator[str]:
    order = trial.order
    ruleset = order.ruleset
    yield f"Does {TITLES[order.dialect]} score as healthdsl does?"
    yield f"{ruleset.title} ({ruleset.name}), version {ruleset.version}, fingerprint {order.fingerprint}"
    yield f"Written by {order.writer}: {trial.accounts} generated accounts, scored for {trial.as_of}."
    yield ""
    yield "Run all of it in one session. The last query answers in one column: the first line is"
    yield f"conform: {trial.accounts} accounts, 0 differences"
    yield "and every account that differs has a line below it, with what was expected and what was found."
    if order.dialect in {"spark", "databricks"}:
        yield f"It makes temporary views, {PREFIX}_..., and no table."
    elif order.dialect == "trino":
        yield f"It makes tables in the schema of the session, {PREFIX}_..., and drops them at the end."
    else:
        yield f"It makes temporary tables, {PREFIX}_..., which end with the session."


# Tables ----------------------------------------------------------------------


def _tables(order: Order, records: Sequence[Record], score: Score) -> list[Stored]:
    """The accounts, the rows, and last what is expected."""
    graph = order.graph
    key = order.tables.id_column or "account_id"
    ids = [f"A-{number:05}" for number in range(1, len(records) + 1)]
    accounts = [Field(key, TEXT), *_fields((each.column, each.type) for each in graph.inputs)]
    tables = [
        Stored(
            f"{PREFIX}_accounts",
            accounts,
            [
                [one, *(record[field.name] for field in accounts[1:])]
                for one, record in zip(ids, records, strict=True)
            ],
        )
    ]
    for number, table in enumerate(graph.tables, start=1):
        columns = [Field(key, TEXT), *_fields((each.column, each.type) for each in table.columns)]
        lines: list[list[object]] = []
        for one, record in zip(ids, records, strict=True):
            rows = record[table.name]
            assert isinstance(rows, list)
            lines += [[one, *(row[field.name] for field in columns[1:])] for row in rows]
        tables.append(Stored(f"{PREFIX}_rows_{number}", columns, lines))
    return [*tables, _expected(order, ids, records, score)]


def _fields(columns: Iterator[tuple[str, Type]]) -> Iterator[Field]:
    """The columns of a table; two signals may read one."""
    seen = set()
    for name, kind in columns:
        if name not in seen:
            seen.add(name)
            yield Field(name, kind)


def _expected(order: Order, ids: Sequence[str], records: Sequence[Record], score: Score) -> Stored:
    graph = order.graph
    outputs = {each.name: each for each in graph.outputs}
    fields, names = [Field("account_id", TEXT)], list[str]()
    for wanted in columns_of(order):
        if isinstance(wanted, Column) and outputs[wanted.output].role in COMPARED:
            fields.append(Field(wanted.name, field_kind(graph.ops[outputs[wanted.output].op].type)))
            names.append(wanted.output)
    fields += [Field(wanted.name, TEXT) for wanted in columns_of(order) if isinstance(wanted, BadCells)]
    rows = []
    for one, record in zip(ids, records, strict=True):
        values, bad = score(record)
        rows.append([one, *(values[name] for name in names), _bad_cells(graph, bad)])
    return Stored(f"{PREFIX}_expected", fields, rows)


def _bad_cells(graph: Graph, signals: Sequence[str]) -> str | None:
    found = {re.sub(r", row \d+, ", ".", signal) for signal in signals}
    known = [each.name for each in graph.inputs]
    known += [f"{table.name}.{each.name}" for table in graph.tables for each in table.columns]
    return "; ".join(name for name in known if name in found) or None


# The answer ------------------------------------------------------------------


def _answer(fields: Sequence[Field]) -> exp.Select:
    """The last query: what differs."""
    compared = [_difference(field.name) for field in fields if field.name != "account_id"]
    none = "CASE WHEN found.account_id IS NULL THEN '; there is no such account' ELSE '' END"
    differs = " || ".join([none, *compared])
    return parse_one(
        f"""
        WITH compared AS (
          SELECT expected.account_id, {differs} AS differs
          FROM {PREFIX}_expected AS expected
          LEFT JOIN {PREFIX}_found AS found ON expected.account_id = found.account_id
        ), answer AS (
          SELECT
            0 AS place,
            '' AS account_id,
            'conform: ' || CAST(COUNT(*) AS TEXT) || ' accounts, '
            || CAST(COALESCE(SUM(CASE WHEN differs <> '' THEN 1 ELSE 0 END), 0) AS TEXT)
            || ' differences' AS conform
          FROM compared
          UNION ALL
          SELECT 1 AS place, account_id, account_id || ': ' || SUBSTRING(differs, 3) AS conform
          FROM compared
          WHERE differs <> ''
        )
        SELECT conform FROM answer ORDER BY place, account_id
        """,  # noqa: S608 -- names of columns are quoted
        dialect="duckdb",
        into=exp.Select,
    )


def _difference(name: str) -> str:
    """`; score: expected 40.0, found 41.0` where a column is not the same."""
    expected, found = (exp.column(name, table, quoted=True).sql("duckdb") for table in ("expected", "found"))
    shown = [f"COALESCE(CAST({each} AS TEXT), 'nothing')" for each in (expected, found)]
    return (
        f"CASE WHEN {expected} = {found} OR ({expected} IS NULL AND {found} IS NULL) THEN '' "
        f"ELSE '; {name}: expected ' || {shown[0]} || ', found ' || {shown[1]} END"
    )
