from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.running import Running, running
from tests.serve.service import TINY, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A service of tiny.health and dated.health, in process."""
    return Desk.of(tmp_path)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of tiny.health in a process of its own, for tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "tiny.health").write_text(TINY, "utf-8")
    with running(folder, "--drain", "0") as found:
        yield found
