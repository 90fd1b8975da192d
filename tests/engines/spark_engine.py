"""Spark in local mode, on the Java that PATH finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, DateType, DoubleType, StringType, StructField, StructType

from tests.engines.engine import Answer, Field, Kind, Row, answers

TYPES = {
    Kind.NUMBER: DoubleType(),
    Kind.DATE: DateType(),
    Kind.YES_NO: BooleanType(),
    Kind.TEXT: StringType(),
}


def find_java() -> str | None:
    """The home of the Java in JAVA_HOME or PATH."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        return home
    java = shutil.which("java")
    return None if java is None else str(Path(java).resolve().parent.parent)


def start_spark(java: str) -> SparkSession:
    """A session for small tables: two threads, two partitions, no pages to look at, days in UTC."""
    os.environ["JAVA_HOME"] = java
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        # A layer takes two rounds of the analyzer, and the largest random rulesets have 50 layers.
        "spark.sql.analyzer.maxIterations": "400",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("healthdsl tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


class Spark:
    """A session. `ansi`: overflow and bad casts are errors (the default since Spark 4) or NULL."""

    dialect = "spark"
    errors = (PySparkException, Py4JJavaError)

    def __init__(self, session: SparkSession, *, ansi: bool) -> None:
        self.name = "ansi spark" if ansi else "lenient spark"
        self._spark = session.newSession()
        self._spark.conf.set("spark.sql.ansi.enabled", str(ansi).lower())

    def load(self, table: str, fields: Sequence[Field], rows: Sequence[Row]) -> None:
        schema = StructType([StructField(field.name, TYPES[field.kind]) for field in fields])
        self._spark.createDataFrame([tuple(row) for row in rows], schema).createOrReplaceTempView(table)

    def query(self, sql: str, kinds: Mapping[str, Kind]) -> list[Answer]:
        frame = self._spark.sql(sql)
        return answers([tuple(row) for row in frame.collect()], frame.columns, kinds)
