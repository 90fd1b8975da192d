"""The program in a folder of its own, and a small book as a file."""

from pathlib import Path

import pytest

from tests.cli.conftest import healthdsl
from tests.cli.program import ACCOUNTS

__all__ = ["healthdsl"]


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS)
    return path
