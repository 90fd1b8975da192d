"""A Spark session for a command: the one that is there, or else a local one that goes with the command."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from healthdsl.backends.unavailable import BackendUnavailable

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # Java leaves methods of more than 8,000 bytes uncompiled, and Spark makes one of a whole query.
    "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
}
_LEAST_MEMORY = 512


@contextmanager
def local_session(memory: str | None = None, threads: int | None = None) -> Iterator[SparkSession]:
    """The active session, or a local one within `memory` (`2GB`) and `threads`, stopped at the end.

    BackendUnavailable when there is no Java.
    """
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    session = _start(memory, threads)
    try:
        yield session
    finally:
        session.stop()


def _start(memory: str | None, threads: int | None) -> SparkSession:
    given = SparkConf()
    if given.get("spark.master", None) is None and "SPARK_REMOTE" not in os.environ:
        check_java()
        given.setMaster(f"local[{threads or '*'}]")
    for name, value in _SETTINGS.items():
        given.setIfMissing(name, value)
    if memory is not None:
        given.set("spark.driver.memory", java_memory(memory))
    with _off_the_screen() as log:
        try:
            session: SparkSession = SparkSession.builder.appName("healthdsl").config(conf=given).getOrCreate()
        except PySparkRuntimeError as problem:
            log.seek(0)
            told = log.read().decode(errors="replace").split("\n")
            why = next((line for line in told if "Error" in line or "Exception" in line), str(problem))
            raise BackendUnavailable("Spark", "a Java that can start it", why.strip()) from None
        session.sparkContext.setLogLevel("OFF")
    return session


def java_memory(amount: str) -> str:
    """An amount such as `1.5GB` as Java takes it: whole mebibytes, no fewer than Spark needs to start."""
    found = re.fullmatch(r"\s*([0-9.]+)\s*([KMGT]?)i?B\s*", amount, re.IGNORECASE)
    assert found is not None, "the amount was checked before"
    power = " KMGT".index(found[2].upper() or " ")
    return f"{max(int(float(found[1]) * 1024.0 ** (power - 2)), _LEAST_MEMORY)}m"


@contextmanager
def _off_the_screen() -> Iterator[IO[bytes]]:
    """A file that takes what Java writes as it starts: it inherits the standard error of this process."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as log, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # pyspark 4.3 about pandas 3, which is not used here
        os.dup2(log.fileno(), 2)
        try:
            yield log
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def check_java() -> None:
    """BackendUnavailable when neither JAVA_HOME nor PATH has a Java."""
    home = os.environ.get("JAVA_HOME")
    there = (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None
    if not there:
        raise BackendUnavailable(
            "Spark", "Java 17 or newer", "install a JRE, and have `java` in PATH or JAVA_HOME set"
        )
