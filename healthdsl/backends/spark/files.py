"""Files as DataFrames: text as text, JSON with the types that Spark finds in it, Parquet as it is.

What the files hold was found out before (`healthdsl.batch.files`): Spark guesses no header, no separator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from healthdsl.backends.spark.texts import is_blank

_GLOB = re.compile(r"([{}\[\]*?\\,])")
_CSV = {
    "header": "true",
    "enforceSchema": "true",
    "quote": '"',
    "escape": '"',
    "multiLine": "true",
    "nullValue": "",
    "emptyValue": "",
    "mode": "FAILFAST",
    "encoding": "UTF-8",
    "maxCharsPerColumn": "-1",
}


class SparkError(Exception):
    """Spark could not do it; `str()` is the first line of its own message."""


@contextmanager
def said_plainly() -> Iterator[None]:
    """What Spark cannot do, as a SparkError."""
    try:
        yield
    except (PySparkException, Py4JError) as problem:
        lines = str(problem).splitlines() or [type(problem).__name__]
        raise SparkError(_cause(str(problem)) or lines[0]) from None


def _cause(text: str) -> str | None:
    """What lies at the bottom of a failed task."""
    found = re.findall(r"^Caused by: (?:[\w.$]+: )?(.+)$", text, re.MULTILINE)
    return found[-1] if found else None


def read_csv(session: SparkSession, paths: Sequence[str], header: Sequence[str], separator: str) -> DataFrame:
    """Text files of one layout; rows without any cell are left out."""
    schema = t.StructType([t.StructField(f"c{k}", t.StringType()) for k in range(len(header))])
    frame = session.read.options(**_CSV, sep=separator).schema(schema).csv(_as_given(paths))
    known = [f.col(name).isNotNull() & ~is_blank(f.col(name)) for name in frame.columns]
    return frame.where(reduce(lambda one, other: one | other, known)).toDF(*header)


def read_json(
    session: SparkSession, paths: Sequence[str], wanted: Sequence[str], *, lines: bool
) -> DataFrame:
    """JSON files, of which the keys `wanted` are read; `lines`: an object a line."""
    options = {"mode": "FAILFAST", "multiLine": str(not lines).lower(), "allowNonNumericNumbers": "true"}
    frame = session.read.options(**options).json(_as_given(paths))
    there = [name for name in frame.columns if name in set(wanted)]
    return frame.select(*[f.col(_quoted(name)) for name in there])


def read_parquet(session: SparkSession, paths: Sequence[str]) -> DataFrame:
    """Parquet files; columns are matched by name."""
    return session.read.option("mergeSchema", str(len(paths) > 1).lower()).parquet(*_as_given(paths))


def union(frames: Sequence[DataFrame]) -> DataFrame:
    """Frames one below the other, columns by name."""
    return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), frames)


def write_parts(frame: DataFrame, folder: str) -> None:
    """The rows of a frame as Parquet files in a folder, which is made."""
    frame.write.parquet(_uri(folder))


def _as_given(paths: Sequence[str]) -> list[str]:
    """Absolute paths so that Spark takes no sign in them for a pattern."""
    return [_uri(_GLOB.sub(r"\\\1", path)) for path in paths]


def _uri(path: str) -> str:
    return f"file://{path}"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
