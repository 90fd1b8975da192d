"""Each published ruleset passes its own tests, checks without an error, and is laid out by the formatter."""

from __future__ import annotations

from pathlib import Path

import pytest

import healthdsl
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.pipeline import compile_source
from healthdsl.sharing.roots import root_of
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from tests.shared import ROOT, rulesets_in

RULESETS = ROOT / "rulesets" / "published"
FILES = sorted(RULESETS.rglob("*.health"))


def shown(path: Path) -> str:
    return path.relative_to(RULESETS).as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_check_finds_no_error(path: Path) -> None:
    compilation = compile_source(path.read_bytes(), shown(path), root_of(path))
    errors = tuple(found for found in compilation.diagnostics if found.is_error)
    assert not errors, render_diagnostics(compilation.source, errors)


@pytest.mark.parametrize("path", rulesets_in(RULESETS), ids=shown)
def test_its_own_tests_pass(path: Path) -> None:
    outcomes = run_tests(healthdsl.load(path))
    assert outcomes, "a published ruleset has tests"
    failed = [str(outcome) for outcome in outcomes if not outcome.passed]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_fmt_leaves_the_file_unchanged(path: Path) -> None:
    text = path.read_text("utf-8")
    assert format_text(Source(text, shown(path))) == text


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_the_source_is_named(path: Path) -> None:
    heading = path.read_text("utf-8").split("\nruleset ")[0]
    assert "# Source: " in heading
