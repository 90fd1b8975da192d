"""The program run twice over the same files, by either engine; what it wrote, and what it said."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.program import Program, Ran

_PLACE = re.compile(r"(?<=    )\S+, (line|record) \d+: (?=account )")


def without_places(text: str) -> str:
    """Messages without the lines of text files, which only the record engine knows."""
    return _PLACE.sub("", text)


def by_both(program: Program, *arguments: str, form: str = "csv") -> tuple[Ran, bytes]:
    """What both engines gave: the record engine's run, and the bytes it wrote. They are compared here."""
    runs, written = [], []
    for engine in ("record", "duckdb"):
        out = Path(program.folder / f"{engine}.{form}")
        out.unlink(missing_ok=True)
        runs.append(program("score", *arguments, "--engine", engine, "-o", out.name))
        written.append(out.read_bytes() if out.exists() else b"")
    assert runs[0].code == runs[1].code, runs
    assert without_places(runs[1].err) == without_places(runs[0].err)
    assert written[1] == written[0]
    return runs[0], written[0]
