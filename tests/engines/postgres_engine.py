"""PostgreSQL, as `.ci/postgres` starts one; HEALTHDSL_POSTGRES says where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg

from tests.engines.engine import Answer, Field, Kind, Row, answers, quoted

TYPES = {Kind.NUMBER: "double precision", Kind.DATE: "date", Kind.YES_NO: "boolean", Kind.TEXT: "text"}


class Postgres:
    """One session; its tables are temporary, so that others beside it have their own."""

    name = dialect = "postgres"
    errors = (psycopg.Error,)

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)

    def load(self, table: str, fields: Sequence[Field], rows: Sequence[Row]) -> None:
        columns = ", ".join(f"{quoted(field.name)} {TYPES[field.kind]}" for field in fields)
        self._run(f"DROP TABLE IF EXISTS {quoted(table)}")
        self._run(f"CREATE TEMPORARY TABLE {quoted(table)} ({columns})")
        with self._connection.cursor().copy(f"COPY {quoted(table)} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        self._run(f"ANALYZE {quoted(table)}")

    def query(self, sql: str, kinds: Mapping[str, Kind]) -> list[Answer]:
        found = self._connection.execute(sql.encode())
        return answers(found.fetchall(), [column.name for column in found.description or ()], kinds)

    def _run(self, sql: str) -> None:
        self._connection.execute(sql.encode())

    def close(self) -> None:
        self._connection.close()
