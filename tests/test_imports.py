"""Imports run one way. The rules are data; every import is read, lazy or under TYPE_CHECKING alike."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

# Lowest first. A module imports from layers before its own; the parts of one layer do not know each other.
LAYERS = [
    ["frozen"],
    ["source"],
    ["diagnostics"],
    ["syntax", "model"],
    ["resolve", "graph", "sharing"],
    ["backends", "explain"],
    ["diff", "checks"],  # two rulesets compared; one looked at for what it cannot mean
    ["reports", "pipeline", "schema", "records"],
    ["batch"],  # what every columnar way of scoring a book has in common
    ["history"],
    ["api", "testing"],
    ["healthdsl"],  # the package's own __init__: the public names
    ["serve"],
    ["cli"],
    ["__main__"],
]
# Lower, and still not to be seen: a backend is given the graph alone, a report the Explanation.
UNSEEN = {
    "checks": ["syntax"],
    "graph": ["syntax"],
    "backends": ["syntax", "resolve", "model.ruleset"],
    "reports": ["syntax", "resolve", "checks", "backends"],
}
# One command does not import another: cli.main knows them all, and this is what they share.
COMMANDS_SHARE = ["cli.common"]
# Third-party packages, each with the only places that may import it.
PLACES = {
    "duckdb": ["backends.duckdb"],
    "fastapi": ["serve"],
    "httptools": ["serve"],
    "jinja2": ["reports"],
    "lark": ["syntax.build_table"],
    "prometheus_client": ["serve"],
    "py4j": ["backends.spark"],
    "pydantic": ["explain", "schema", "records", "model.json"],
    "pyspark": ["backends.spark"],
    "rich": ["cli"],
    "sqlglot": ["backends.sql", "backends.duckdb", "backends.spark", "batch", "history.rescore"],
    "typer": ["cli"],
    "uvicorn": ["serve"],
}
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
FILES = sorted((ROOT / "healthdsl").rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path) for path in FILES}


def within(module: str, places: list[str]) -> bool:
    return any(f"{module}.".startswith(f"{place}.") for place in places)


def imports(text: str) -> Iterator[tuple[int, str]]:
    """The line and full name of each import; `from a import b` is a.b where that is a module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            names = (f"{base}.{alias.name}" for alias in node.names)
            yield from ((node.lineno, name if name in MODULES else base) for name in names)


def broken_rule(module: str, target: str) -> str | None:
    """Why `module` may not import `target`, or None; both are full names."""
    here, there = module.removeprefix("healthdsl."), target.removeprefix("healthdsl.")
    part, other = here.split(".")[0], there.split(".")[0]
    if not within(target, ["healthdsl"]):
        places = PLACES.get(other, [])
        allowed = other in sys.stdlib_module_names or within(here, places)
        return (
            None
            if allowed
            else f"{other or 'a relative import'} belongs in: {', '.join(places) or 'no place yet'}"
        )
    if unknown := {part, other} - LEVEL.keys():
        return f"LAYERS has no place for {', '.join(sorted(unknown))}"
    if part == other:
        free = part != "cli" or here == "cli.main" or within(there, COMMANDS_SHARE)
        return None if free else f"commands share only {', '.join(COMMANDS_SHARE)}"
    if LEVEL[other] >= LEVEL[part]:
        return f"{other} is not below {part}"
    return f"{part} does not see {there}" if within(there, UNSEEN.get(part, [])) else None


def violations(module: str, place: str, text: str) -> list[str]:
    found = ((line, target, broken_rule(module, target)) for line, target in imports(text))
    return [f"{place}:{line}: import of {target}: {rule}" for line, target, rule in found if rule]


def test_every_import_runs_one_way() -> None:
    broken = [
        line
        for path in FILES
        for line in violations(module_name(path), str(path.relative_to(ROOT)), path.read_text("utf-8"))
    ]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        ("source", "from healthdsl.diagnostics import Diagnostic", "diagnostics is not below source"),
        ("source", "from healthdsl import loads", "healthdsl is not below source"),
        ("syntax.parser", "import healthdsl.model.types as t", "model is not below syntax"),
        ("graph.lower", "def f():\n  from healthdsl.resolve import names", "resolve is not below graph"),
        (
            "checks.gaps",
            "if TYPE_CHECKING:\n  from healthdsl.syntax import nodes",
            "checks does not see syntax",
        ),
        ("backends.record", "from healthdsl.model.ruleset import Score", "does not see model.ruleset"),
        ("backends.sql.compile", "from healthdsl.batch.columns import Column", "batch is not below backends"),
        ("batch.columns", "import healthdsl.api", "api is not below batch"),
        ("batch.score_many", "import duckdb", "duckdb belongs in: backends.duckdb"),
        ("graph.lower", "from sqlglot import exp", "sqlglot belongs in: backends.sql"),
        ("backends.duckdb.run", "from pyspark.sql import functions", "pyspark belongs in: backends.spark"),
        ("cli.serve", "import uvicorn", "uvicorn belongs in: serve"),
        ("serve.service", "from healthdsl.cli.main import main", "cli is not below serve"),
        ("cli.score", "from healthdsl.cli.check import check", "commands share only cli.common"),
        ("model.types", "from .ruleset import Score", "a relative import"),
        ("syntax.parser", "import lark.lexer", "lark belongs in: syntax.build_table"),
        ("api", "import requests", "requests belongs in: no place yet"),
        ("wizard", "from healthdsl.source import Span", "no place for wizard"),
    ],
)
def test_a_planted_import_is_seen(module: str, text: str, rule: str) -> None:
    (found,) = violations(f"healthdsl.{module}", "planted.py", text)
    assert found.startswith(f"planted.py:{text.count(chr(10)) + 1}: ")
    assert rule in found
