"""Every file in syntax/ gives exactly the messages it marks, and people read what rendered.txt holds."""

from pathlib import Path

import pytest

from healthdsl.diagnostics.syntax_codes import SYNTAX_CODES
from healthdsl.source import Source
from healthdsl.syntax.parser import parse_ruleset
from tests.errors.corpus import FOLDER, check_marks, check_recorded, read_marks, rendered

FILES = sorted((FOLDER / "syntax").glob("*.health"))
# What a small file cannot hold; tests/syntax/test_guards.py makes these.
MADE_ELSEWHERE = {"E001", "E002", "E003", "E004", "E005", "E006", "E007"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_gives_one_message(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    _, diagnostics = parse_ruleset(Source(text, path.name))
    check_marks(text, diagnostics)
    assert read_marks(text)


def test_rendered_messages() -> None:
    blocks = []
    for path in FILES:
        _, diagnostics = parse_ruleset(Source(path.read_text(encoding="utf-8"), path.name))
        blocks.append(rendered(path, diagnostics))
    check_recorded(FOLDER / "syntax" / "rendered.txt", "\n".join(blocks))


def test_every_code_is_in_the_corpus() -> None:
    marked = {mark.code for path in FILES for mark in read_marks(path.read_text(encoding="utf-8"))}
    assert marked | MADE_ELSEWHERE == {entry.code for entry in SYNTAX_CODES}


@pytest.mark.parametrize("entry", SYNTAX_CODES, ids=lambda entry: entry.code)
def test_examples_of_the_catalogue(entry) -> None:
    if entry.bad:
        _, diagnostics = parse_ruleset(Source(entry.bad))
        assert [problem.code for problem in diagnostics] == [entry.code]
    _, diagnostics = parse_ruleset(Source(entry.good))
    assert not diagnostics
