from pathlib import Path

import pytest

from tests.serve.service import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A service of tiny.health and dated.health, in process."""
    return Desk.of(tmp_path)
