"""DataFrames as the tables a query reads: frames of account ids and typed cells, and the `Source` of them.

A frame has `account` and `name` (texts), for the k-th field `v{k}` (its value) and `b{k}` (whether something
there cannot be read), and for the j-th table of rows `s{j}` (whether rows were given). Columns of the user's
frames go by their place, so their names can be anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql import types as t
from sqlglot import exp

from healthdsl.backends.spark.cells import known_text, nearly_whole, read_cell, unread
from healthdsl.backends.spark.ids import id_text, name_text
from healthdsl.backends.sql.sources import Cell, Rows, Source
from healthdsl.graph.graph import InputField, TableField

ACCOUNTS = "accounts_read"


class NoRowsError(ValueError):
    """A column that should hold the rows of a table holds something else; `table`, `found` (its type)."""

    def __init__(self, table: str, found: str) -> None:
        self.table = table
        self.found = found
        super().__init__(f"the column `{table}` holds {found}, expected lists of rows")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The frame of accounts, its column of the id, and those of the name: the first that has one counts."""

    frame: DataFrame
    id: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowFrame:
    """The frame of the rows of one table, and its column of the account id."""

    frame: DataFrame
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """A column of a frame: how it is named there, and its type."""

    column: Column
    kind: t.DataType


def make_source(
    accounts: Accounts,
    fields: Sequence[InputField],
    tables: Sequence[TableField],
    rows: Mapping[str, RowFrame],
) -> tuple[Source, dict[str, DataFrame]]:
    """The `Source`, and the frames that it reads by the names of its relations.

    Rows come from `rows`, or else from the column of the accounts called as their table, if there is one.
    """
    frame, columns = _placed(accounts.frame)
    nested = {
        table.name: columns[table.name]
        for table in tables
        if table.name not in rows and _may_hold_rows(table, columns)
    }
    account = id_text(columns[accounts.id].column, columns[accounts.id].kind)
    names = [
        name_text(columns[name].column, columns[name].kind) for name in accounts.names if name in columns
    ]
    kept = {"account": account, **({"name": f.coalesce(*names)} if names else {})}
    supplied = {table.name: f"s{j}" for j, table in enumerate(tables) if table.name in nested}
    kept |= {column: nested[name].column.isNotNull() for name, column in supplied.items()}
    read, cells = _read(frame, fields, columns, kept)
    frames, sources = {ACCOUNTS: read}, {}
    for j, table in enumerate(tables):
        relation = f"rows_read_{j}"
        if table.name in rows:
            frames[relation], sources[table.name] = _given_rows(relation, table, rows[table.name])
        elif table.name in nested:
            owned = frame.select(account.alias("account"), f.explode(_rows_of(table, nested)).alias("item"))
            frames[relation], made = _nested_rows(relation, table, nested[table.name], owned)
            sources[table.name] = replace(made, supplied=exp.column(supplied[table.name]))
    name = exp.column("name") if names else None
    return Source(exp.to_table(ACCOUNTS), exp.column("account"), name, cells, sources), frames


def _placed(frame: DataFrame) -> tuple[DataFrame, dict[str, Found]]:
    """The frame with its columns numbered; of columns of one name the last, as a record would have it."""
    fields = frame.schema.fields
    columns = {field.name: Found(f.col(f"c{k}"), field.dataType) for k, field in enumerate(fields)}
    return frame.toDF(*[f"c{k}" for k in range(len(fields))]), columns


def _may_hold_rows(table: TableField, columns: Mapping[str, Found]) -> bool:
    found = columns.get(table.name)
    # A text holds no rows, whatever its column is called.
    return found is not None and not isinstance(found.kind, (t.StringType, t.NullType))


def _rows_of(table: TableField, nested: Mapping[str, Found]) -> Column:
    found = nested[table.name]
    if not isinstance(found.kind, t.ArrayType) or not isinstance(found.kind.elementType, t.StructType):
        raise NoRowsError(table.name, found.kind.simpleString())
    return found.column


def _given_rows(relation: str, table: TableField, rows: RowFrame) -> tuple[DataFrame, Rows]:
    frame, columns = _placed(rows.frame)
    account = id_text(columns[rows.id].column, columns[rows.id].kind)
    read, cells = _read(frame, table.columns, columns, {"account": account})
    owned = read.where(f.col("account").isNotNull())
    return owned, Rows(exp.to_table(relation), exp.column("account"), cells)


def _nested_rows(relation: str, table: TableField, found: Found, owned: DataFrame) -> tuple[DataFrame, Rows]:
    assert isinstance(found.kind, t.ArrayType)
    assert isinstance(found.kind.elementType, t.StructType)
    columns = {
        field.name: Found(f.col("item").getField(field.name), field.dataType)
        for field in found.kind.elementType.fields
    }
    read, cells = _read(owned, table.columns, columns, {"account": f.col("account")})
    return read, Rows(exp.to_table(relation), exp.column("account"), cells)


def _read(
    frame: DataFrame, fields: Sequence[InputField], columns: Mapping[str, Found], kept: Mapping[str, Column]
) -> tuple[DataFrame, dict[str, Cell]]:
    """The frame with the cells of the fields whose column is there, behind the columns `kept`.

    In two steps where something is to be looked at again, so that no text is read twice.
    """
    first, second = [column.alias(name) for name, column in kept.items()], [f.col(name) for name in kept]
    cells, looks_again = {}, False
    for k, field in enumerate(fields):
        if field.column not in columns:
            continue
        found = columns[field.column]
        cell = known_text(field, found.column, found.kind)
        reading = read_cell(field, cell, found.kind)
        value, bad = f.col(f"v{k}"), reading.bad
        first.append(reading.value.alias(f"v{k}"))
        second.append((nearly_whole(value) if reading.nearly_whole else value).alias(f"v{k}"))
        looks_again = looks_again or reading.nearly_whole or reading.is_text
        if reading.is_text:
            first.append(cell.alias(f"t{k}"))
            second.append(unread(value, f.col(f"t{k}")).alias(f"b{k}"))
        elif bad is not None:
            first.append(bad.alias(f"b{k}"))
            second.append(f.col(f"b{k}"))
        has_bad = reading.is_text or bad is not None
        told = exp.column(f"b{k}") if has_bad else None
        cells[field.name] = Cell(exp.column(f"v{k}"), told, reading.sound, reading.whole)
    once = frame.select(*first)
    return (once.select(*second) if looks_again else once), cells
