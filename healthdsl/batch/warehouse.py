"""A `Source` over the tables of a warehouse: columns called as in the ruleset, cast to what they should be.

In: a ruleset and the names of tables. Out: expressions alone; whether the tables are there, only the
warehouse knows. A cast that fails is an error of the warehouse, except where casts never fail (SQLite, Spark
without ANSI mode): there what cannot be read is told as a bad cell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql.contract import UNREADABLE
from healthdsl.backends.sql.sources import Cell, Rows, Source
from healthdsl.graph.graph import Graph, InputField
from healthdsl.model.ruleset import Ruleset
from healthdsl.model.types import Kind
from healthdsl.records.reading import USUAL_IDS, id_key

Make = Callable[[], exp.Expression]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the accounts and the rows are. `id_column`: of the account id, instead of the ruleset's."""

    accounts: exp.Table
    rows: Mapping[str, exp.Table] = field(default_factory=dict)
    id_column: str | None = None


def warehouse_source(ruleset: Ruleset, graph: Graph, tables: Tables, dialect: str) -> Source:
    """The accounts and the rows that `tables` has; a table it does not have is not supplied.

    Each relation is a subquery that does the casts; `named_layers` gives it a name of its own in the query.
    """
    id_column = tables.id_column or id_key(ruleset)
    layers = _Layers(tables, dialect)
    ids: dict[str, exp.Expression] = {"account_id": b.column(id_column)}
    if ruleset.account_name is not None:
        ids["account_name"] = _text(partial(b.column, ruleset.account_name)).value
    accounts = layers.given("given", tables.accounts, ids, graph.inputs)
    rows = {}
    for table in graph.tables:
        if table.name in tables.rows:
            key: dict[str, exp.Expression] = {"account_id": b.column(row_id(id_column))}
            made = layers.given(f"{table.name}_given", tables.rows[table.name], key, table.columns)
            rows[table.name] = Rows(made.relation, made.ids["account_id"], made.cells)
    return Source(
        relation=accounts.relation,
        account=accounts.ids["account_id"],
        name=accounts.ids.get("account_name"),
        cells=accounts.cells,
        rows=rows,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    relation: exp.Expression
    ids: dict[str, exp.Expression]
    cells: dict[str, Cell]


class _Layers:
    """Makes the relations, under names that no table of the warehouse has."""

    def __init__(self, tables: Tables, dialect: str) -> None:
        self.dialect = dialect
        self.taken = {table.name.lower() for table in (tables.accounts, *tables.rows.values())}

    def given(
        self,
        layer: str,
        table: exp.Table,
        ids: Mapping[str, exp.Expression],
        fields: Sequence[InputField],
    ) -> _Given:
        """`table` with its cells cast, and columns of ids beside them."""
        names = {field.name for field in fields}
        called = {name: free_name(name, names) for name in ids}
        selected = [named_as(ids[name], called[name]) for name in ids]
        cells: dict[str, Cell] = {}
        for each in fields:
            read = _cell(each, self.dialect)
            selected.append(named_as(read.value, each.name))
            if read.bad is not None:
                selected.append(named_as(read.bad, f"{each.name}{UNREADABLE}"))
            bad = None if read.bad is None else b.column(f"{each.name}{UNREADABLE}")
            cells[each.name] = Cell(b.column(each.name), bad)
        name = free_name(layer, self.taken)
        self.taken.add(name)
        inner = exp.select(*selected, copy=False).from_(table.copy(), copy=False)
        relation = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(name)))
        return _Given(relation, {name: b.column(called[name]) for name in ids}, cells)


def named_layers(query: exp.Select) -> exp.Select:
    """The query with every subquery of a source as a layer of its own, before all others."""
    found = [each for each in query.find_all(exp.Subquery) if each.parent_select is not query]
    layers = []
    for subquery in found:
        name = subquery.alias
        subquery.replace(exp.to_table(name))
        layers.append(exp.CTE(this=subquery.this, alias=exp.TableAlias(this=exp.to_identifier(name))))
    common = query.args["with_"]
    common.set("expressions", [*layers, *common.expressions])
    return query


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it when it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def named_as(value: exp.Expression, name: str) -> exp.Expression:
    """`value AS name`, or the value alone where it is called so."""
    is_same = isinstance(value, exp.Column) and value.name == name
    return value if is_same else b.named(value, name)


def row_id(id_column: str) -> str:
    """The column of the account in a table of rows; a plain `id` would be the row's own."""
    return USUAL_IDS[0] if id_column == "id" else id_column


def _cell(field: InputField, dialect: str) -> Cell:
    column = partial(_known_text, field)
    if field.type.is_numeric:
        return _number(column, dialect)
    match field.type.kind:
        case Kind.TIMESTAMP:
            return _moment(column, dialect)
        case Kind.DATE:
            return _day(column, dialect)
        case Kind.YES_NO:
            return _yes_no(column, dialect)
        case _:
            return _text(column)


def _known_text(field: InputField) -> exp.Expression:
    """The column, NULL where it is text that stands for a missing value, before a cast would refuse it; of
    text as text the query that follows asks.
    """
    listed = [b.text(absent) for absent in field.absent if isinstance(absent, str)]
    if not listed or field.type.is_text:
        return b.column(field.column)
    found = exp.In(this=exp.Trim(this=b.cast(b.column(field.column), "TEXT")), expressions=listed)
    return b.when(found, exp.null(), b.column(field.column))


# Types -----------------------------------------------------------------------


def _number(column: Make, dialect: str) -> Cell:
    if dialect == "sqlite":
        is_number = exp.In(this=_call("TYPEOF", column()), expressions=[b.text("integer"), b.text("real")])
        return _guarded(column, is_number, b.double(column()))
    return _tried(column, "DOUBLE", dialect)


def _yes_no(column: Make, dialect: str) -> Cell:
    if dialect == "sqlite":
        is_bit = exp.In(this=column(), expressions=[exp.Literal.number("0"), exp.Literal.number("1")])
        return _guarded(column, is_bit, column())
    return _tried(column, "BOOLEAN", dialect)


def _day(column: Make, dialect: str) -> Cell:
    return _moment(column, dialect) if dialect == "sqlite" else _tried(column, "DATE", dialect)


def _text(column: Make) -> Cell:
    return Cell(b.cast(column(), "TEXT"))


def _tried(column: Make, kind: str, dialect: str) -> Cell:
    """A cast; where one that fails gives NULL it is told from a missing value."""
    if dialect not in {"spark", "databricks"}:
        return Cell(b.cast(column(), kind))
    tried = exp.TryCast(this=column(), to=exp.DataType.build(kind), safe=True)
    return Cell(tried, b.both(b.is_known(column()), b.is_null(tried.copy())))


def _moment(column: Make, dialect: str) -> Cell:
    """The day in UTC, whatever the time zone of the session: counted in seconds since 1970 where there is no
    plainer way.
    """
    match dialect:
        case "sqlite":
            # DATE alone takes a number for a Julian day, and 2026-02-30 for a day.
            day = _call("SUBSTR", column(), exp.Literal.number("1"), exp.Literal.number("10"))
            is_day = exp.EQ(this=day, expression=_call("DATE", day.copy(), b.text("+0 days")))
            cell = _guarded(column, is_day, _call("DATE", column(), b.text("+0 days")))
            return Cell(cell.value, b.both(_is_filled(column), b.is_null(cell.value.copy())))
        case "bigquery":
            return Cell(_call("DATE", b.cast(column(), "TIMESTAMPTZ"), b.text("UTC")))
        case "trino":
            zoned = exp.AtTimeZone(this=column(), zone=b.text("UTC"))
            return Cell(b.cast(zoned, "DATE"))
        case "spark" | "databricks":
            since_1970 = exp.Floor(this=_per_day(_call("UNIX_SECONDS", column())))
            return Cell(_call("DATE_FROM_UNIX_DATE", b.cast(since_1970, "INT")))
        case "snowflake":
            seconds = _call("DATE_PART", exp.Var(this="EPOCH_SECOND"), column())
        case _:
            seconds = exp.Extract(this=exp.Var(this="EPOCH"), expression=column())
    days = b.cast(exp.Floor(this=_per_day(seconds)), "INT")
    first = b.cast(b.text("1970-01-01"), "DATE")
    if dialect == "snowflake":
        return Cell(exp.Anonymous(this="DATEADD", expressions=[exp.Var(this="DAY"), days, first]))
    return Cell(exp.Add(this=first, expression=days))


def _per_day(seconds: exp.Expression) -> exp.Expression:
    divided = exp.Div(this=seconds, expression=exp.Literal.number("86400.0"))
    divided.set("typed", True)
    return divided


def _guarded(column: Make, readable: exp.Expression, value: exp.Expression) -> Cell:
    """The value where it is readable; what else stands there, unless it is blank, is bad."""
    return Cell(b.when(readable, value), b.both(_is_filled(column), b.denied(readable.copy())))


def _is_filled(column: Make) -> exp.Expression:
    return exp.NEQ(this=_call("TRIM", column()), expression=b.text(""))


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))
