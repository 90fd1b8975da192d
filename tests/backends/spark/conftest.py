from __future__ import annotations

from typing import Any

import pytest

from tests.engines.conftest import spark_session

__all__ = ["ansi_session", "session", "spark_session"]


@pytest.fixture(params=["ansi", "lenient"])
def session(spark_session: Any, request: pytest.FixtureRequest) -> Any:
    """A session of its own: Spark as it is, and with its errors of arithmetic turned off."""
    found = spark_session.newSession()
    found.conf.set("spark.sql.ansi.enabled", str(request.param == "ansi").lower())
    return found


@pytest.fixture
def ansi_session(spark_session: Any) -> Any:
    """A session of its own: Spark as it is."""
    return spark_session.newSession()
