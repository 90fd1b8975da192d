"""DuckDB in process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from tests.engines.engine import Answer, Field, Kind, Row, answers, quoted

TYPES = {
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.YES_NO: pa.bool_(),
    Kind.TEXT: pa.string(),
}


class DuckDb:
    """A database in memory; tables come in through Arrow, which is quicker than row by row."""

    name = dialect = "duckdb"
    errors = (duckdb.Error,)

    def __init__(self) -> None:
        self._connection = duckdb.connect(config={"threads": 2})

    def load(self, table: str, fields: Sequence[Field], rows: Sequence[Row]) -> None:
        columns = [pa.array([row[k] for row in rows], TYPES[field.kind]) for k, field in enumerate(fields)]
        self._connection.register("incoming", pa.table(columns, names=[field.name for field in fields]))
        self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def query(self, sql: str, kinds: Mapping[str, Kind]) -> list[Answer]:
        found = self._connection.execute(sql)
        return answers(found.fetchall(), [column[0] for column in found.description or ()], kinds)

    def close(self) -> None:
        self._connection.close()
