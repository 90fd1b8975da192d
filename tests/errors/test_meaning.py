"""Every file in meaning/ gives exactly the messages it marks, from the parser and the resolver together."""

from pathlib import Path

import pytest

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.diagnostics.meaning_codes import MEANING_CODES
from healthdsl.model.ruleset import Ruleset
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.parser import parse_ruleset
from tests.errors.corpus import FOLDER, check_marks, check_recorded, read_marks, rendered

FILES = sorted((FOLDER / "meaning").glob("*.health"))
# What a small file cannot hold; tests/resolve/test_limits.py makes it.
MADE_ELSEWHERE = {"E448", "E458", "E459"}


def compiled(text: str, name: str = "<text>") -> tuple[Ruleset | None, tuple[Diagnostic, ...]]:
    """What both stages make of a text."""
    source = Source(text, name)
    file, syntax = parse_ruleset(source)
    ruleset, meaning = resolve_ruleset(file, source)
    diagnostics = sorted((*syntax, *meaning), key=lambda problem: problem.span)
    return ruleset, tuple(diagnostics)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_gives_one_message(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ruleset, diagnostics = compiled(text, path.name)
    check_marks(text, diagnostics)
    assert read_marks(text)
    assert (ruleset is None) == any(problem.is_error for problem in diagnostics)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_helps(path: Path) -> None:
    """Every message of this stage says what to do, about a place that is written there."""
    text = path.read_text(encoding="utf-8")
    _, diagnostics = compiled(text, path.name)
    for problem in diagnostics:
        assert problem.help
        assert "\n" not in problem.message + problem.help
        assert text[problem.span.start : problem.span.end].strip()
        assert "#!" not in text[problem.span.start : problem.span.end]


def test_rendered_messages() -> None:
    blocks = [rendered(path, compiled(path.read_text(encoding="utf-8"), path.name)[1]) for path in FILES]
    check_recorded(FOLDER / "meaning" / "rendered.txt", "\n".join(blocks))


def test_every_code_is_in_the_corpus() -> None:
    marked = {mark.code for path in FILES for mark in read_marks(path.read_text(encoding="utf-8"))}
    codes = {entry.code for entry in MEANING_CODES}
    assert len(codes) == len(MEANING_CODES)
    assert {code for code in marked if not code.startswith(("E0", "E1"))} | MADE_ELSEWHERE == codes


@pytest.mark.parametrize("entry", MEANING_CODES, ids=lambda entry: entry.code)
def test_examples_of_the_catalogue(entry) -> None:
    if entry.bad:
        _, diagnostics = compiled(entry.bad)
        assert [problem.code for problem in diagnostics] == [entry.code]
    ruleset, diagnostics = compiled(entry.good)
    assert ruleset is not None
    assert not diagnostics
