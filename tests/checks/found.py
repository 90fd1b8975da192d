"""Findings about a text or a file, as the tests want them."""

from __future__ import annotations

from pathlib import Path

from healthdsl.checks.finding import Finding
from healthdsl.checks.run import Checked, check_ruleset
from healthdsl.pipeline import Compilation, compile_source
from healthdsl.sharing.roots import root_of


def checked(text: str) -> Checked:
    """All checks over a ruleset that compiles."""
    return _checked(compile_source(text, "<text>"))


def checked_file(path: Path) -> Checked:
    """The same for a file, which may use those beside it."""
    return _checked(_compiled(path))


def findings(text: str) -> tuple[Finding, ...]:
    return checked(text).found.left


def codes(text: str) -> list[str]:
    return [finding.code for finding in findings(text)]


def in_file(path: Path) -> list[tuple[str, int]]:
    """Codes and lines of all that is told of a file, of mistakes too."""
    compilation = _compiled(path)
    if compilation.ruleset is None:
        return [(each.code, each.span.line) for each in compilation.diagnostics]
    return [(each.code, each.span.line) for each in _checked(compilation).found.left]


def _compiled(path: Path) -> Compilation:
    return compile_source(path.read_bytes(), str(path), root_of(str(path), None))


def _checked(compilation: Compilation) -> Checked:
    assert compilation.ruleset is not None, [each.message for each in compilation.diagnostics]
    assert compilation.graph is not None
    assert compilation.file is not None
    return check_ruleset(
        compilation.ruleset,
        compilation.graph,
        compilation.source,
        compilation.diagnostics,
        dictionary=compilation.file.is_dictionary,
    )
