"""What kind of thing a column of a relation holds, as far as reading it is concerned."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Shape(Enum):
    """TEXT: as a person wrote it. JSON: the text of one JSON value. OTHER: nothing that a signal can be."""

    TEXT = auto()
    JSON = auto()
    WHOLE = auto()
    NUMBER = auto()
    DECIMAL = auto()
    BOOLEAN = auto()
    DATE = auto()
    TIME = auto()
    NOTHING = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """A column that is there: the SQL that gives its value, what it holds, the name of its type.

    `rows` are the fields (with their types) of each row where the column is a list of structs.
    """

    sql: str
    shape: Shape
    type_name: str
    rows: tuple[tuple[str, str], ...] | None = None


_SHAPES = {
    "VARCHAR": Shape.TEXT,
    "JSON": Shape.JSON,
    "BOOLEAN": Shape.BOOLEAN,
    "DATE": Shape.DATE,
    "TIMESTAMP": Shape.TIME,
    "TIMESTAMP_S": Shape.TIME,
    "TIMESTAMP_MS": Shape.TIME,
    "TIMESTAMP_NS": Shape.TIME,
    "TIMESTAMP WITH TIME ZONE": Shape.TIME,
    "FLOAT": Shape.NUMBER,
    "DOUBLE": Shape.NUMBER,
    "NULL": Shape.NOTHING,
    '"NULL"': Shape.NOTHING,
    **{
        f"{sign}{size}": Shape.WHOLE
        for sign in ("", "U")
        for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
    },
}


def shape_of(type_name: str) -> Shape:
    """The shape of a DuckDB type, by its name."""
    if type_name.startswith("ENUM("):
        return Shape.TEXT
    if type_name.startswith("DECIMAL("):
        return Shape.DECIMAL
    return _SHAPES.get(type_name, Shape.OTHER)
