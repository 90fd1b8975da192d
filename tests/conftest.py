"""What every test may ask for: the shared folder, a hypothesis profile, and whether to run the slow tests.

HEALTHDSL_LONG=1 runs the tests marked `slow` and gives each property, marked `deep`, more examples;
HEALTHDSL_LONG=all many more.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.effort import LONG, effort
from tests.oracle.seed import SEED
from tests.shared import ABSENT, SHARED

# A failure prints the blob that replays it. No deadline: two busy cores are no reason to fail.
settings.register_profile(
    "tests",
    deadline=None,
    print_blob=True,
    max_examples=effort(40, 120, 2_000),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")


def pytest_report_header() -> str:
    """The seed of the random rulesets, to run the same ones again."""
    return f"HEALTHDSL_SEED={SEED}"


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the properties, and what needs Spark; skip the slow tests unless they were asked for."""
    for item in items:
        if isinstance(item, pytest.Function) and getattr(item.obj, "is_hypothesis_test", False):
            item.add_marker("deep")
        if isinstance(item, pytest.Function) and "spark_session" in item.fixturenames:
            item.add_marker("slow")
        if not LONG and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: set HEALTHDSL_LONG=1"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published specifications and tables; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(ABSENT)
    return SHARED
