"""SQLite, as the standard library has it.

It stores no NaN (NULL in its place), has no dates (ISO text) and no yes/no (0 and 1).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from tests.engines.engine import Answer, Field, Kind, Row, answers, quoted

TYPES = {Kind.NUMBER: "REAL", Kind.DATE: "TEXT", Kind.YES_NO: "INTEGER", Kind.TEXT: "TEXT"}


class Sqlite:
    """A database in memory."""

    name = dialect = "sqlite"
    errors = (sqlite3.Error,)

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")

    def load(self, table: str, fields: Sequence[Field], rows: Sequence[Row]) -> None:
        columns = ", ".join(f"{quoted(field.name)} {TYPES[field.kind]}" for field in fields)
        marks = ", ".join("?" * len(fields))
        self._connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
        self._connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
        stored = [[_stored(value) for value in row] for row in rows]
        self._connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", stored)

    def query(self, sql: str, kinds: Mapping[str, Kind]) -> list[Answer]:
        found = self._connection.execute(sql)
        names = [column[0] for column in found.description]
        read = [
            [_read(value, kinds.get(name)) for name, value in zip(names, row, strict=True)] for row in found
        ]
        return answers(read, names, kinds)

    def close(self) -> None:
        self._connection.close()


def _stored(value: object) -> object:
    """The module's own way to store dates is deprecated; NaN it stores as NULL by itself."""
    return value.isoformat() if isinstance(value, date) else value


def _read(value: object, kind: Kind | None) -> object:
    """A value of the type that SQLite does not have; text that is no date stays text."""
    if kind is Kind.YES_NO and type(value) is int and value in (0, 1):
        return bool(value)
    if kind is Kind.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
