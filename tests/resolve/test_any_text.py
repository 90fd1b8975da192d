"""Any ruleset with words exchanged at random: an answer, never an exception, and nothing lost in silence."""

import random
import re
from pathlib import Path

import pytest

from healthdsl.model import ruleset as r
from healthdsl.pipeline import compile_source
from healthdsl.resolve import resolve_ruleset
from healthdsl.sharing.roots import root_of
from healthdsl.source import Source
from healthdsl.syntax import nodes as n
from healthdsl.syntax.parser import parse_ruleset
from tests.shared import ROOT

WORD = re.compile(r'\w+|"[^"\n]*"|[^\s\w]+')
TEXTS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "syntax").glob("*.health"))]
VOCABULARY = sorted({match.group() for text in TEXTS for match in WORD.finditer(text)})


def mutated(text: str, choose: random.Random) -> str:
    """The text with one to three words replaced by others."""
    for _ in range(choose.choice([1, 1, 3])):
        word = choose.choice(list(WORD.finditer(text)))
        text = text[: word.start()] + choose.choice(VOCABULARY) + text[word.end() :]
    return text


def names(file: n.RulesetFile) -> set[tuple[str, str]]:
    """What a file declares, apart from sub-tables, bands and tests."""
    kinds = {
        n.SignalDeclaration: "signal",
        n.RowsDeclaration: "table",
        n.LevelsDeclaration: "levels",
        n.PartDeclaration: "node",
        n.FlagDeclaration: "flag",
    }
    return {
        (kinds[type(one)], one.name.name)
        for one in file.declarations
        if isinstance(
            one,
            n.SignalDeclaration
            | n.RowsDeclaration
            | n.LevelsDeclaration
            | n.PartDeclaration
            | n.FlagDeclaration,
        )
        and not (isinstance(one, n.RowsDeclaration) and one.parent is not None)
    }


def kept(found: r.Ruleset) -> set[tuple[str, str]]:
    return {
        *(("signal", one.name) for one in found.signals),
        *(("table", one.name) for one in found.tables),
        *(("levels", one.name) for one in found.levels),
        *(("node", one.name) for one in found.nodes),
        *(("flag", one.name) for one in found.flags),
    }


def check(text: str) -> None:
    source = Source(text)
    file, syntax = parse_ruleset(source)
    found, diagnostics = resolve_ruleset(file, source)
    errors = [problem for problem in diagnostics if problem.is_error]
    assert found is None or not errors
    assert found is not None or errors or syntax
    assert len(diagnostics) <= 100
    assert [problem.span.start for problem in diagnostics] == sorted(
        problem.span.start for problem in diagnostics
    )
    assert all(source.slice(problem.span).strip() for problem in diagnostics)
    if found is not None and not syntax:
        assert kept(found) == names(file)


@pytest.mark.parametrize("seed", range(8))
def test_words_exchanged(seed):
    choose = random.Random(seed)
    for _ in range(25):
        check(mutated(choose.choice(TEXTS), choose))


def test_published_rulesets_have_no_mistakes():
    paths = sorted(Path(ROOT / "rulesets").rglob("*.health"))
    assert paths
    for path in paths:
        compilation = compile_source(path.read_bytes(), path.name, root_of(path))
        assert not compilation.diagnostics, (path.name, compilation.diagnostics[0].message)
        assert compilation.ruleset is not None
