"""Tables of plain values as statements of SQL, in each dialect: CREATE and INSERT, or views over VALUES."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql.dialects import DIALECTS
from healthdsl.backends.sql.text import text_of
from healthdsl.model.types import NUMBER, TEXT, Kind, Type

MOST_ROWS = 250
"""So many rows in one statement."""

_VIEWS = frozenset({"spark", "databricks"})
_TYPED_LITERALS = frozenset({"spark", "databricks", "trino", "bigquery"})
"""Where a text is not taken for a date by itself."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column with the type of its values."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Stored:
    """A temporary table: values are float, bool, str, date, datetime (UTC) or None."""

    name: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[object]]


def field_kind(kind: Type) -> Type:
    """The type as a result has it: numbers are doubles, words are texts."""
    return NUMBER if kind.is_numeric else TEXT if kind.is_text else kind


def statements(table: Stored, dialect: str) -> Iterator[str]:
    """The statements that make the table, each with its semicolon."""
    if dialect in _VIEWS:
        yield from _views(table, dialect)
        return
    columns = ",\n".join(
        f"  {_name(each.name, dialect)} {_type(each.type, dialect)}" for each in table.fields
    )
    yield f"{temporary(table.name, dialect)} (\n{columns}\n);\n"
    for lines in _batches(table, dialect):
        yield f"INSERT INTO {table.name} VALUES\n{lines};\n"


def temporary(name: str, dialect: str) -> str:
    """What stands before the columns or AS of a table (in Spark a view) that ends with the session."""
    match dialect:
        case "spark" | "databricks":
            return f"CREATE OR REPLACE TEMPORARY VIEW {name}"
        case "duckdb" | "snowflake" | "bigquery":
            return f"CREATE OR REPLACE TEMPORARY TABLE {name}"
        case "trino":
            return f"DROP TABLE IF EXISTS {name};\nCREATE TABLE {name}"
        case "sqlite":
            return f"DROP TABLE IF EXISTS temp.{name};\nCREATE TEMPORARY TABLE {name}"
        case "postgres":
            return f"DROP TABLE IF EXISTS pg_temp.{name};\nCREATE TEMPORARY TABLE {name}"
        case _:
            return f"DROP TABLE IF EXISTS {name};\nCREATE TEMPORARY TABLE {name}"


def _views(table: Stored, dialect: str) -> Iterator[str]:
    """A view for every few rows, and one over them all."""
    casts = ", ".join(
        f"CAST(col{k} AS {_type(each.type, dialect)}) AS {_name(each.name, dialect)}"
        for k, each in enumerate(table.fields, start=1)
    )
    parts = []
    for number, lines in enumerate(_batches(table, dialect), start=1):
        parts.append(f"{table.name}_part_{number}")
        yield f"{temporary(parts[-1], dialect)} AS\nSELECT {casts} FROM VALUES\n{lines};\n"
    if not parts:  # no rows at all
        nulls = ", ".join(
            f"CAST(NULL AS {_type(each.type, dialect)}) AS {_name(each.name, dialect)}"
            for each in table.fields
        )
        yield f"{temporary(table.name, dialect)} AS\nSELECT {nulls} WHERE FALSE;\n"
        return
    union = "\nUNION ALL ".join(f"SELECT * FROM {part}" for part in parts)  # noqa: S608
    yield f"{temporary(table.name, dialect)} AS\n{union};\n"


def _batches(table: Stored, dialect: str) -> Iterator[str]:
    writers = [_writer(field.type, dialect) for field in table.fields]
    for start in range(0, len(table.rows), MOST_ROWS):
        lines = []
        for row in table.rows[start : start + MOST_ROWS]:
            cells = (write(value) for write, value in zip(writers, row, strict=True))
            lines.append(f"  ({', '.join(cells)})")
        yield ",\n".join(lines)


# Values ----------------------------------------------------------------------


def _writer(kind: Type, dialect: str) -> Callable[[object], str]:
    def write(value: object) -> str:
        match value:
            case None:
                return "NULL"
            case bool():
                return str(int(value)) if dialect == "sqlite" else str(value).upper()
            case int() if kind.is_date:
                return _day(date.fromordinal(value), dialect)
            case float() | int():
                return _printed(b.number(float(value), DIALECTS[dialect]), dialect)
            case datetime():
                return _moment(value, dialect)
            case date():
                return _day(value, dialect)
            case _:
                return _printed(exp.Literal.string(str(value)), dialect)

    return write


def _day(value: date, dialect: str) -> str:
    return f"DATE '{value.isoformat()}'" if dialect in _TYPED_LITERALS else f"'{value.isoformat()}'"


def _moment(value: datetime, dialect: str) -> str:
    text = f"{value:%Y-%m-%d %H:%M}:00".rjust(19, "0")
    if dialect == "trino":
        return f"TIMESTAMP '{text} UTC'"
    return f"TIMESTAMP '{text}+00:00'" if dialect in _TYPED_LITERALS else f"'{text}+00:00'"


def _type(kind: Type, dialect: str) -> str:
    match kind.kind:
        case Kind.DATE:
            name = "TEXT" if dialect == "sqlite" else "DATE"
        case Kind.TIMESTAMP:
            name = "TEXT" if dialect == "sqlite" else "TIMESTAMPTZ"
        case Kind.YES_NO:
            name = "BOOLEAN"
        case Kind.CATEGORY | Kind.TEXT:
            name = "TEXT"
        case _:
            name = "DOUBLE"
    return exp.DataType.build(name).sql(dialect)


def _name(name: str, dialect: str) -> str:
    return text_of(exp.column(name), dialect).rstrip("\n")


def _printed(value: exp.Expression, dialect: str) -> str:
    return value.sql(dialect=dialect)
