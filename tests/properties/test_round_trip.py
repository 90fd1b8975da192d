"""The formatter loses nothing: its output has the same nodes and comments, and it leaves its output alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.source import Source
from healthdsl.syntax import nodes as n
from healthdsl.syntax.nodes import RulesetFile
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.printer import format_text
from tests.oracle.rulesets import ruleset_texts
from tests.properties.budget import SCORING
from tests.properties.mutations import mess_up_layout, mutate
from tests.shared import ROOT

LEFT_OUT = {".venv", "build", "errors"}  # rulesets with mistakes are no rulesets
FILES = sorted(path for path in ROOT.rglob("*.health") if not LEFT_OUT & set(path.parts))


def nodes(text: str) -> RulesetFile:
    """The nodes of a text without mistakes; they are equal wherever they stand."""
    file, diagnostics = parse_ruleset(Source(text))
    assert not diagnostics, (diagnostics[0], text)
    return replace(file, declarations=tuple(_ends_last(declared) for declared in file.declarations))


def _ends_last(declared: n.Declaration) -> n.Declaration:
    """With `within` and `round` behind the other clauses, where the formatter puts them."""
    if not isinstance(declared, n.PartDeclaration):
        return declared
    return replace(declared, clauses=tuple(sorted(declared.clauses, key=_place)))


def _place(clause: n.NodeClause) -> int:
    if isinstance(clause, n.RoundClause | n.ShownClause):
        return 2
    return 1 if isinstance(clause, n.WithinClause) else 0


def comments(file: RulesetFile) -> list[str]:
    """Every comment, in no order: those of `within` and `round` move with their lines."""
    return sorted(comment.text for comment in file.comments)


Format = Callable[[Source], str]


def check_round_trip(text: str, formatter: Format = format_text) -> None:
    before = nodes(text)
    formatted = formatter(Source(text))
    after = nodes(formatted)
    assert after.declarations == before.declarations
    assert comments(after) == comments(before)
    assert formatter(Source(formatted)) == formatted


@SCORING
@given(ruleset_texts())
def test_formatting_keeps_random_rulesets(text: str) -> None:
    check_round_trip(text)


@SCORING
@given(ruleset_texts(), st.integers(0, 2**32))
def test_formatting_mends_the_layout_of_random_rulesets(text: str, seed: int) -> None:
    messy = mess_up_layout(text, Random(seed))
    check_round_trip(messy)
    assert nodes(messy).declarations == nodes(text).declarations


SMALL = """\
ruleset small
  language 1

signal nps number

# What customers say
measure nps ladder
  at least 30 -> 100   # from the survey
  otherwise   -> 0
  -5 when nps below 0
  cap at 90
"""
SPOILT: dict[str, Format] = {
    "a lost comment": lambda source: format_text(Source(source.text.replace("# from the survey", ""))),
    "another edge": lambda source: format_text(source).replace("at least", "above"),
    "another constant": lambda source: format_text(source).replace("90", "91"),
    "a lost line": lambda source: format_text(source).replace("  cap at 90\n", ""),
    "steps in another order": lambda source: _swapped(format_text(source).splitlines(keepends=True)),
    "never the same twice": lambda source: source.text + "\n",
}


def _swapped(lines: list[str]) -> str:
    return "".join([*lines[:-2], lines[-1], lines[-2]])


@pytest.mark.parametrize("formatter", SPOILT.values(), ids=SPOILT)
def test_a_formatter_that_loses_something_is_seen(formatter: Format) -> None:
    check_round_trip(SMALL)
    with pytest.raises(AssertionError):
        check_round_trip(SMALL, formatter)


def test_there_are_rulesets_in_the_repository() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_formatting_keeps_the_rulesets_of_the_repository(path: Path) -> None:
    check_round_trip(path.read_text("utf-8"))


@SCORING
@given(ruleset_texts(), st.integers(0, 2**32))
def test_formatting_leaves_broken_lines_alone(text: str, seed: int) -> None:
    """A text with mistakes keeps its comments, and formatting it again changes nothing."""
    broken = mutate(text, Random(seed))
    file, _ = parse_ruleset(Source(broken))
    formatted = format_text(Source(broken))
    again, _ = parse_ruleset(Source(formatted))
    assert comments(again) == comments(file)
    assert format_text(Source(formatted)) == formatted
