"""The program as a test uses it: arguments in, exit code and both outputs out."""

import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from healthdsl.cli.main import run

RULESET = """\
ruleset tiny "Tiny health"
  language 1
  version  1.2.0

signal seats  count                    "Seats"
signal nps    number from -100 to 100  "NPS"
  column "NPS Score"

measure nps ladder
  below 0   -> 0    "Unhappy"
  otherwise -> 100

measure seats ladder
  below 10  -> 50
  otherwise -> 100

score health average
  60 nps
  40 seats

bands health
  below 50  -> poor red
  otherwise -> good green

flag big when seats at least 100
play call when health is poor     "Call them"

test "unhappy and small is poor"
  given  nps -1
  given  seats 1
  expect health is 20
  expect health is poor
"""
ACCOUNTS = """\
account_id,name,seats,NPS Score
A-1,Acme,120,45
A-2,Birch,8,-20
A-3,Cobalt,,
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Program:
    """Runs commands in a folder. What they print never holds a traceback or an escape sequence."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "100")

    def file(self, name: str, content: str | bytes) -> str:
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)
        return name

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> Ran:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        self._capsys.readouterr()
        code = run(arguments)
        captured = self._capsys.readouterr()
        for text in (captured.out, captured.err):
            assert "Traceback" not in text
            assert "\x1b" not in text
        return Ran(code, captured.out, captured.err)
