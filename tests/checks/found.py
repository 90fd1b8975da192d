"""Findings about a text or a file, as the tests want them."""

from __future__ import annotations

from pathlib import Path

from healthdsl.checks.finding import Finding
from healthdsl.checks.run import Checked, check_ruleset
from healthdsl.pipeline import Compilation, compile_source
from healthdsl.sharing.roots import Root


def compiled(text: str | bytes, name: str = "<text>", root: Root | None = None) -> Compilation:
    return compile_source(text, name, root)


def checked(text: str | bytes, name: str = "<text>", root: Root | None = None) -> Checked:
    """All checks over a ruleset that compiles."""
    compilation = compiled(text, name, root)
    assert compilation.ruleset is not None, [str(each.message) for each in compilation.diagnostics]
    assert compilation.graph is not None
    return check_ruleset(compilation.ruleset, compilation.graph, compilation.source, compilation.diagnostics)


def findings(text: str | bytes) -> tuple[Finding, ...]:
    return checked(text).found.left


def codes(text: str | bytes) -> list[str]:
    return [finding.code for finding in findings(text)]


def in_file(path: Path) -> tuple[tuple[str, int], ...]:
    """Codes and lines of all that is told of a file, of mistakes too."""
    data = path.read_bytes()
    compilation = compiled(data, path.name)
    if compilation.ruleset is None:
        return tuple((each.code, each.span.line) for each in compilation.diagnostics)
    return tuple((each.code, each.span.line) for each in checked(data, path.name).found.left)
