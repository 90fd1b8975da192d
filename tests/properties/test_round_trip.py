"""The formatter loses nothing: its output has the same nodes and comments, and it leaves its output alone."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.source import Source
from healthdsl.syntax.nodes import RulesetFile
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.printer import format_text
from tests.oracle.rulesets import ruleset_texts
from tests.properties.mutations import mess_up_layout
from tests.shared import ROOT

FILES = sorted(path for path in ROOT.rglob("*.health") if not {".venv", "build"} & set(path.parts))


def nodes(text: str) -> RulesetFile:
    """The nodes of a text without mistakes; they are equal wherever they stand."""
    file, diagnostics = parse_ruleset(Source(text))
    assert not diagnostics, (diagnostics[0], text)
    return file


def check_round_trip(text: str) -> None:
    before = nodes(text)
    formatted = format_text(Source(text))
    after = nodes(formatted)
    assert after.declarations == before.declarations
    assert [comment.text for comment in after.comments] == [comment.text for comment in before.comments]
    assert format_text(Source(formatted)) == formatted


@given(ruleset_texts())
def test_formatting_keeps_random_rulesets(text: str) -> None:
    check_round_trip(text)


@given(ruleset_texts(), st.integers(0, 2**32))
def test_formatting_mends_the_layout_of_random_rulesets(text: str, seed: int) -> None:
    messy = mess_up_layout(text, Random(seed))
    check_round_trip(messy)
    assert nodes(messy).declarations == nodes(text).declarations


def test_there_are_rulesets_in_the_repository() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_formatting_keeps_the_rulesets_of_the_repository(path: Path) -> None:
    text = path.read_text("utf-8")
    _, diagnostics = parse_ruleset(Source(text))
    if diagnostics:
        pytest.skip("does not parse, on purpose")
    check_round_trip(text)
