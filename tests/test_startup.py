"""Compiling a ruleset loads none of the heavy packages: they wait until something asks for them."""

import subprocess
import sys
from pathlib import Path

import pytest

import healthdsl
from tests.shared import ROOT

ENGINES = {"duckdb", "_duckdb", "pyspark", "sqlglot"}
SERVICE = {"fastapi", "prometheus_client", "starlette", "uvicorn"}
HEAVY = ENGINES | SERVICE | {"jinja2", "lark", "pydantic", "rich", "typer"}
RULESET = """\
ruleset tiny
  language    1

signal logins   count

measure logins ladder
  below 5     -> 0
  otherwise   -> 100

score health average
  1 logins

test "few logins"
  given logins 3
  expect health is 0
"""


def modules_after(program: str) -> set[str]:
    """The modules that a fresh interpreter has loaded once it ran `program`."""
    command = [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def loaded_after(program: str) -> set[str]:
    """The heavy packages among them."""
    return HEAVY & {module.partition(".")[0] for module in modules_after(program)}


def test_heavy_packages_are_seen_when_loaded() -> None:
    assert "typer" in loaded_after("import typer")


def test_import_is_light() -> None:
    assert loaded_after("import healthdsl") == set()


@pytest.mark.skipif(not hasattr(healthdsl, "loads"), reason="the package has no public loads yet")
def test_compiling_is_light() -> None:
    assert loaded_after(f"import healthdsl\nhealthdsl.loads({RULESET!r})") == set()


def test_checking_loads_nothing_that_scores(tmp_path: Path) -> None:
    path = tmp_path / "tiny.health"
    path.write_text(RULESET, encoding="utf-8")
    loaded = modules_after(f"from healthdsl.cli.main import run\nassert run(['check', {str(path)!r}]) == 0")
    assert "healthdsl.checks.run" in loaded
    assert not HEAVY & loaded
    scoring = ("healthdsl.api", "healthdsl.backends.record.program", "healthdsl.batch", "healthdsl.reports")
    assert not [module for module in loaded if module.startswith(scoring)]


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "--help",
        "check tiny.health",
        "fmt tiny.health --check",
        "test tiny.health",
        "schema tiny.health",
        "score tiny.health few.csv",
        "explain tiny.health few.csv --account A-1",
        "new other",
    ],
)
def test_no_engine_is_loaded_for_a_few_accounts(arguments: str, tmp_path: Path) -> None:
    (tmp_path / "tiny.health").write_text(RULESET, encoding="utf-8")
    (tmp_path / "few.csv").write_text("account_id,logins\nA-1,7\n", encoding="utf-8")
    program = (
        f"import os\nfrom healthdsl.cli.main import run\nos.chdir({str(tmp_path)!r})\n"
        f"code = run({arguments.split()!r})\nassert code == 0, code"
    )
    assert not loaded_after(program) & (ENGINES | SERVICE)


def test_engines_are_seen_when_loaded() -> None:
    assert loaded_after("import duckdb, sqlglot") >= {"duckdb", "sqlglot"}
