"""A query run over DataFrames: lazily, with nothing left behind in the session.

Each layer of the query becomes a frame over those before it. As one text, a query of more than some fifty
steps is beyond what Spark's analyzer does by itself (spark.sql.analyzer.maxIterations; Spark 4.3).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from healthdsl.backends.sql.text import text_of

_READ_OTHERWISE = {
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.legacy.exponentLiteralAsDecimal.enabled": "true",
    "spark.sql.lateralColumnAlias.enableImplicitResolution": "false",
}
"""Settings that give the text of a query another meaning."""


class SessionError(ValueError):
    """A session that would read a query otherwise; the message says which setting to change."""


def run_query(query: exp.Select, frames: Mapping[str, DataFrame]) -> DataFrame:
    """The result of a query; `frames` are its relations by name. SessionError for odd settings."""
    session = next(iter(frames.values())).sparkSession
    _check_settings(session)
    known = dict(frames)
    for layer in query.ctes:
        known[layer.alias] = _frame_of(session, layer.this, known)
    last = query.copy()
    last.set("with_", None)
    return _frame_of(session, last, known)


def _check_settings(session: SparkSession) -> None:
    for name, value in _READ_OTHERWISE.items():
        usual = "false" if value == "true" else "true"
        if str(session.conf.get(name, usual)).lower() == value:
            raise SessionError(f"the session has {name}={value}. Set it to {usual}.")


def _frame_of(session: SparkSession, select: exp.Expression, known: Mapping[str, DataFrame]) -> DataFrame:
    """One layer. Spark knows each frame for the time of this call only, by a name nobody can guess."""
    marks: dict[str, str] = {}
    for table in list(select.find_all(exp.Table)):
        mark = marks.setdefault(table.name, f"frame_{secrets.token_hex(12)}")
        alias = exp.TableAlias(this=exp.to_identifier(table.name))
        table.replace(exp.Table(this=exp.to_identifier(mark), alias=alias))
    text = text_of(select, "spark").replace("{", "{{").replace("}", "}}")
    for mark in marks.values():
        text = text.replace(mark, f"{{{mark}}}")
    return session.sql(text, **{mark: known[name] for name, mark in marks.items()})


def is_frame(found: object) -> bool:
    """Whether it is a DataFrame, of a session in this process or of one elsewhere."""
    return isinstance(found, DataFrame)
