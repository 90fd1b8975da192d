"""The committed parse table is that of the grammar, and its builders and words are the ones there are."""

import pytest

from healthdsl.source import Source
from healthdsl.syntax.build.table import BUILDERS
from healthdsl.syntax.build_table import FOLDER, build_table
from healthdsl.syntax.driver import load_table
from healthdsl.syntax.lexer import RESERVED
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.shapes import HEADERS

WORDS = sorted(word for word in load_table().words if " " not in word and word not in RESERVED)
# One place for a name of every kind, told and referred to.
NAMED = """ruleset {0}
signal {0} number
signal a {0} from 0 to 1
signal b = {0} + 1
signal c = sum {0} of {0}
signal d one of {0}, free
rows {0} dated {0}
  {0} text
rows t of {0} where {0} is {0}
levels {0}
  {0} 100 {0}
measure {0} ladder of {0} as {0}
  below {0} -> {0}
measure x like {0}
group g average
  40 {0}
  {0}
  30 {0} only when {0}
score {0} average for {0} when {0} above 3
  a
bands {0}
  below 40 -> {0} {0}
flag {0} when {0} below 3 and not {0} and points of {0} above {0}
play p when any of {0} in last 30 days where {0} is missing
play q when at least 2 of {0} are {0}
test "x"
  given {0} 3
  given rows {0}
    {0} type
    1 2
  expect {0} above 3
"""


def test_the_table_is_that_of_the_grammar() -> None:
    # strict: lark refuses a grammar with a conflict, so this holds the grammar free of them as well
    assert build_table() == (FOLDER / "table.json").read_text(encoding="utf-8"), "run: make table"


def test_every_rule_has_a_builder() -> None:
    named = {builder for _, _, builder, _ in load_table().rules} - {"", "_"}
    assert named == set(BUILDERS)


@pytest.mark.parametrize("word", WORDS)
def test_words_of_the_language_can_be_names(word: str) -> None:
    source = Source(NAMED.replace("{0}", word))
    _, diagnostics = parse_ruleset(source)
    told = [f"{source.line_text(problem.span.line)}: {problem.message}" for problem in diagnostics]
    assert told == []


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_words_cannot(word: str) -> None:
    _, diagnostics = parse_ruleset(Source(f"signal {word} count\n"))
    assert [problem.code for problem in diagnostics] == ["E119"]


def test_all_headers_are_words() -> None:
    assert set(HEADERS) <= set(load_table().words)
