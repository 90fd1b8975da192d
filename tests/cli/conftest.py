from pathlib import Path

import pytest

from tests.cli.program import ACCOUNTS, RULESET, Program


@pytest.fixture
def healthdsl(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program in a folder with tiny.health and accounts.csv."""
    program = Program(tmp_path, capsys, monkeypatch)
    program.file("tiny.health", RULESET)
    program.file("accounts.csv", ACCOUNTS)
    return program
