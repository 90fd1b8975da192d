"""Compiling a ruleset loads none of the heavy packages: they wait until something asks for them."""

import subprocess
import sys

import pytest

import healthdsl
from tests.shared import ROOT

HEAVY = {"jinja2", "lark", "pydantic", "rich", "typer"}
RULESET = """\
ruleset tiny
  language 1

signal logins count

measure logins ladder
  below 5   -> 0
  otherwise -> 100

score health average
  1 logins
"""


def loaded_after(program: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded once it ran `program`."""
    script = f"import sys\n{program}\nprint(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return HEAVY.intersection(done.stdout.split())


def test_heavy_packages_are_seen_when_loaded() -> None:
    assert "typer" in loaded_after("import typer")


def test_import_is_light() -> None:
    assert loaded_after("import healthdsl") == set()


@pytest.mark.skipif(not hasattr(healthdsl, "loads"), reason="the package has no public loads yet")
def test_compiling_is_light() -> None:
    assert loaded_after(f"import healthdsl\nhealthdsl.loads({RULESET!r})") == set()
