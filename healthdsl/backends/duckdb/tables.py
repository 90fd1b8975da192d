"""Relations as the tables a query reads: a view with account ids and typed cells, and the `Source` over it.

A view has `account` and `name` (texts), for the k-th field `v{k}` (its value), `b{k}` (whether something
there cannot be read) and `r{k}` (what stands there, for messages), and for the j-th table of rows `s{j}`
(whether rows were given). What a query does not ask for is not worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from healthdsl.backends.duckdb.cells import BLANKS, is_blank, json_text, read_cell
from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.inputs import CsvFiles, Input, JsonFiles, Several, pointer
from healthdsl.backends.duckdb.quoting import literal, quoted
from healthdsl.backends.duckdb.shapes import Found, Shape, shape_of
from healthdsl.backends.sql.sources import Cell, Rows, Source
from healthdsl.graph.graph import InputField, TableField

ACCOUNTS = "accounts_read"


def rows_view(number: int) -> str:
    """The view of the rows of a graph's table, by its number."""
    return f"rows_read_{number}"


class NoRowsError(ValueError):
    """A column that should hold the rows of a table holds something else; `table`, `found` (its type)."""

    def __init__(self, table: str, found: str) -> None:
        self.table = table
        self.found = found
        super().__init__(f"`{table}` is {found}")


@dataclass(frozen=True, slots=True)
class Relation:
    """An input with the columns it has."""

    input: Input
    columns: Mapping[str, Found]

    @property
    def is_text(self) -> bool:
        return bool(self.columns) and all(each.shape is Shape.TEXT for each in self.columns.values())


def open_input(engine: Engine, source: Input) -> Relation:
    """An input with its columns; EngineError when it cannot be read."""
    if isinstance(source, (CsvFiles, JsonFiles, Several)):
        return Relation(source, source.columns)
    return Relation(source, engine.describe(source.sql))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The relation of accounts. `id` None: accounts go by their number; `names`: columns of the name, the
    first that has one counts; `skips_blank`: rows without any cell are left out.
    """

    relation: Relation
    id: str | None
    names: Sequence[str]
    skips_blank: bool = False


@dataclass(frozen=True, slots=True)
class RowFile:
    """The relation of the rows of one table, and its column of the account id."""

    relation: Relation
    id: str


def make_source(
    engine: Engine,
    accounts: Accounts,
    fields: Sequence[InputField],
    tables: Sequence[TableField],
    files: Mapping[str, RowFile],
) -> Source:
    """Views over accounts and rows, and the `Source` that reads them.

    Rows come from `files`, or else from the column of the accounts called as their table, if there is one.
    """
    nested = {
        table.name: accounts.relation.columns[table.name]
        for table in tables
        if table.name not in files and _may_hold_rows(table, accounts.relation)
    }
    selects = [f"{_id(accounts)} AS account", f"{_name(accounts)} AS name"]
    cells = _cells(fields, accounts.relation.columns, selects)
    lists = {name: _as_list(name, found) for name, found in nested.items()}
    supplied = {table.name: f"s{j}" for j, table in enumerate(tables) if table.name in nested}
    selects += [f"{lists[name]} IS NOT NULL AS {column}" for name, column in supplied.items()]
    where = _where(accounts)
    engine.run(_view(ACCOUNTS, selects, f"{accounts.relation.input.sql}{where}"))
    rows: dict[str, Rows] = {}
    for j, table in enumerate(tables):
        view = rows_view(j)
        if table.name in files:
            rows[table.name] = _file_rows(engine, view, table, files[table.name])
        elif table.name in nested:
            listed = [f"{_id(accounts)} AS account", f"unnest({lists[table.name]}) AS item"]
            inner = f"(SELECT {', '.join(listed)} FROM {accounts.relation.input.sql}{where})"  # noqa: S608
            made = _nested_rows(engine, view, table, nested[table.name], inner)
            rows[table.name] = replace(made, supplied=_column(supplied[table.name]))
    has_name = any(name in accounts.relation.columns for name in accounts.names)
    return Source(
        relation=_table(ACCOUNTS),
        account=_column("account"),
        name=_column("name") if has_name else None,
        cells=cells,
        rows=rows,
    )


def _may_hold_rows(table: TableField, relation: Relation) -> bool:
    found = relation.columns.get(table.name)
    # A cell of a CSV file holds no rows, whatever its column is called.
    return found is not None and found.shape not in (Shape.TEXT, Shape.NOTHING)


def _file_rows(engine: Engine, view: str, table: TableField, file: RowFile) -> Rows:
    columns = file.relation.columns
    selects = [f"{id_sql(columns[file.id])} AS account"]
    cells = _cells(table.columns, columns, selects)
    owned = f"SELECT {', '.join(selects)} FROM {file.relation.input.sql}"  # noqa: S608
    engine.run(f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT * FROM ({owned}) WHERE account IS NOT NULL")  # noqa: S608
    return Rows(_table(view), _column("account"), cells)


def _nested_rows(engine: Engine, view: str, table: TableField, found: Found, inner: str) -> Rows:
    if found.shape is Shape.JSON:
        told = literal(f"{table.name}: a row is no object")
        checked = f"CASE WHEN json_type(item) = 'OBJECT' THEN item ELSE error({told}) END AS item"
        inner = f"(SELECT account, {checked} FROM {inner})"  # noqa: S608
    selects = ["account"]
    cells = _cells(table.columns, nested_columns(table, found), selects)
    engine.run(_view(view, selects, inner))
    return Rows(_table(view), _column("account"), cells)


def nested_columns(table: TableField, found: Found) -> dict[str, Found]:
    """The columns of the rows that a column of the accounts holds."""
    if found.shape is Shape.JSON:
        return {
            each.column: Found(f"json_extract(item, {pointer(each.column)})", Shape.JSON, "JSON")
            for each in table.columns
        }
    return {
        name: Found(f"struct_extract(item, {literal(name)})", shape_of(kind), kind)
        for name, kind in found.rows or ()
    }


def _as_list(table: str, found: Found) -> str:
    """The rows that a column holds, as a list; NoRowsError when its type can hold none."""
    if found.shape is Shape.JSON:
        told = literal(f"{table}: no list of rows")
        return (
            f"(CASE WHEN {found.sql} IS NULL OR json_type({found.sql}) = 'NULL' THEN NULL "
            f"WHEN json_type({found.sql}) = 'ARRAY' THEN CAST({found.sql} AS JSON[]) ELSE error({told}) END)"
        )
    if found.rows is None:
        raise NoRowsError(table, found.type_name)
    return found.sql


# Cells -----------------------------------------------------------------------


def _cells(fields: Sequence[InputField], columns: Mapping[str, Found], selects: list[str]) -> dict[str, Cell]:
    """The cells of the fields whose column is there; what they need is added to `selects`."""
    cells = {}
    for k, field in enumerate(fields):
        found = columns.get(field.column)
        if found is None:
            continue
        reading = read_cell(field, found.shape, found.sql)
        selects += [f"{reading.value} AS v{k}", f"{shown(found)} AS r{k}"]
        bad = None
        if reading.bad is not None:
            # An alias that a column of the input has too would be taken for that column.
            condition = reading.bad.replace("{value}", f"({reading.value})")
            selects.append(f"({condition}) AS b{k}")
            bad = _column(f"b{k}")
        cells[field.name] = Cell(_column(f"v{k}"), bad, reading.sound, reading.whole)
    return cells


def shown(found: Found) -> str:
    """What stands in a column, in a form that Python can be given."""
    plain = (
        Shape.TEXT,
        Shape.WHOLE,
        Shape.NUMBER,
        Shape.DECIMAL,
        Shape.BOOLEAN,
        Shape.DATE,
        Shape.NOTHING,
    )
    return found.sql if found.shape in plain else f"CAST({found.sql} AS VARCHAR)"


def _view(name: str, selects: Sequence[str], relation: str) -> str:
    return f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT {', '.join(selects)} FROM {relation}"  # noqa: S608


def _table(name: str) -> exp.Expression:
    return exp.to_table(name)


def _column(name: str) -> exp.Expression:
    return exp.column(name)


# Who an account is -----------------------------------------------------------


def _id(accounts: Accounts) -> str:
    if accounts.id is None:
        return "CAST(row_number() OVER () AS VARCHAR)"
    return id_sql(accounts.relation.columns[accounts.id])


def id_sql(found: Found) -> str:
    """An account id as text; NULL where there is none."""
    match found.shape:
        case Shape.TEXT:
            return _id_of_text(f"CAST({found.sql} AS VARCHAR)")
        case Shape.JSON:
            raw = f"CAST({found.sql} AS VARCHAR)"
            broken = _plain_double(f"TRY_CAST({raw} AS DOUBLE)")
            return (
                f"CASE WHEN starts_with({raw}, '\"') THEN {_id_of_text(json_text(found.sql))} "
                f"WHEN regexp_full_match({raw}, '-?[0-9]+') THEN {raw} "
                f"WHEN regexp_matches({raw}, '^-?[0-9]') THEN {broken} END"
            )
        case Shape.NUMBER:
            return _plain_double(found.sql)
        case Shape.WHOLE | Shape.DECIMAL | Shape.DATE | Shape.TIME:
            return f"CAST({found.sql} AS VARCHAR)"
        case _:
            is_text = found.type_name == "UUID"
            return f"CAST({found.sql} AS VARCHAR)" if is_text else "CAST(NULL AS VARCHAR)"


def _id_of_text(sql: str) -> str:
    # Told by its ends where they are letters of ASCII: a regular expression takes twice the time.
    plain = f"{sql} BETWEEN '!' AND '~' AND reverse({sql}) BETWEEN '!' AND '~'"
    return f"CASE WHEN {plain} THEN {sql} ELSE nullif(trim({sql}, {literal(BLANKS)}), '') END"


def _plain_double(sql: str) -> str:
    """`12` for 12.0, as a record says it."""
    written = f"CAST(CAST({sql} AS DOUBLE) AS VARCHAR)"
    return f"CASE WHEN NOT isnan({sql}) THEN regexp_replace({written}, '\\.0$', '') END"


def _name(accounts: Accounts) -> str:
    columns = accounts.relation.columns
    names = [_name_of(columns[name]) for name in accounts.names if name in columns]
    return f"coalesce({', '.join(names)})" if names else "CAST(NULL AS VARCHAR)"


def _name_of(found: Found) -> str:
    if found.shape is Shape.JSON:
        raw = f"CAST({found.sql} AS VARCHAR)"
        return (
            f"CASE WHEN starts_with({raw}, '\"') THEN {json_text(found.sql)} ELSE nullif({raw}, 'null') END"
        )
    if found.shape is Shape.TEXT:
        text = f"CAST({found.sql} AS VARCHAR)"
        return f"CASE WHEN NOT {is_blank(text)} THEN {text} END"
    return f"CAST({found.sql} AS VARCHAR)"


def _where(accounts: Accounts) -> str:
    """Leaves out the rows of a text file that are blank, when asked to."""
    source = accounts.relation.input
    if not accounts.skips_blank or not isinstance(source, (CsvFiles, Several)):
        return ""
    cells = [found.sql for found in source.columns.values()]
    return " WHERE NOT (" + " AND ".join(f"({cell} IS NULL OR {is_blank(cell)})" for cell in cells) + ")"
