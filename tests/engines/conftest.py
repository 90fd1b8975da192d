"""The engines as fixtures. One that is not there is skipped and says what it needs; HEALTHDSL_ENGINES=all has
the test fail.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NoReturn

import pytest

from tests.engines.duckdb_engine import DuckDb
from tests.engines.engine import Engine
from tests.engines.sqlite_engine import Sqlite

QUICK, SLOW = ("duckdb",), ("sqlite", "postgres", "spark")


def absent(reason: str) -> NoReturn:
    if os.environ.get("HEALTHDSL_ENGINES") == "all":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    with closing(DuckDb()) as engine:
        yield engine


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Engine]:
    with closing(Sqlite()) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    dsn = os.environ.get("HEALTHDSL_POSTGRES")
    if not dsn:
        absent("no HEALTHDSL_POSTGRES: run the tests through .ci/postgres")
    if importlib.util.find_spec("psycopg") is None:
        absent("psycopg is not installed: make engines")
    from tests.engines.postgres_engine import Postgres

    with closing(Postgres(dsn)) as engine:
        yield engine


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    if importlib.util.find_spec("pyspark") is None:
        absent("pyspark is not installed: make engines")
    from tests.engines.spark_engine import find_java, start_spark

    java = find_java()
    if java is None:
        absent("no Java for Spark: install a JRE of version 17 or newer")
    session = start_spark(java)
    yield session
    session.stop()


@pytest.fixture(scope="session")
def spark(spark_session: Any) -> Engine:
    from tests.engines.spark_engine import Spark

    return Spark(spark_session, ansi=True)


@pytest.fixture(params=["ansi", "lenient"])
def any_spark(spark_session: Any, request: pytest.FixtureRequest) -> Engine:
    """Spark as it is, and with its errors of arithmetic turned off."""
    from tests.engines.spark_engine import Spark

    return Spark(spark_session, ansi=request.param == "ansi")


@pytest.fixture(params=[*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; those that take a while to start only among the slow tests."""
    found: Engine = request.getfixturevalue(request.param)
    return found
