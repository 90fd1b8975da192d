"""The tests of the starter rulesets notice nine changes of ten and more, and a test less is noticed."""

from __future__ import annotations

import pytest

from healthdsl import CompiledRuleset, load, loads
from healthdsl.testing.coverage import CONDITIONS, measure_coverage
from healthdsl.testing.mutants.campaign import Fate
from healthdsl.testing.runner import run
from tests.shared import ROOT
from tests.testing.small import campaign

PATHS = sorted((ROOT / "rulesets" / "starter").glob("*.health"))


def score(compiled: CompiledRuleset) -> float:
    found = campaign(compiled).score
    assert found is not None
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_place_but_limits_is_reached(path) -> None:
    compiled = load(path)
    found = measure_coverage(run(compiled.ruleset, CONDITIONS(compiled.ruleset)), compiled.source)
    assert [place.text for place in found.missed if not place.text.count("within")] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_mutation_score_of_a_starter(path) -> None:
    found = campaign(load(path))
    assert found.left_out == ()
    assert len(found.judged) > 150
    # what makes no difference is rare: a score that is made of equivalents would say nothing
    assert len(found.of(Fate.EQUIVALENT)) < 0.05 * len(found.judged)
    assert found.score is not None
    assert found.score >= 0.9


@pytest.mark.slow
def test_a_useless_test_and_a_missing_one() -> None:
    text = PATHS[1].read_text("utf-8")
    whole = score(loads(text))
    first, *tests = text.split('\ntest "')
    useless = '\ntest "anything"\n  as of 2026-03-31\n  expect health is missing or health at least 0\n'
    assert score(loads(text + useless)) == whole
    alone = score(loads(first + useless))
    assert alone < 0.1
    own = [test for test in tests if '" like "' not in test.partition("\n")[0]]
    spare = [test for test in tests if not any(f'like "{title(test)}"' in other for other in tests)]
    lower = [
        score(loads('\ntest "'.join([first, *(each for each in tests if each != test)]))) < whole
        for test in spare[:4]
    ]
    assert any(lower)
    some = score(loads('\ntest "'.join([first, *own])))
    assert alone < some < whole


def title(test: str) -> str:
    return test.partition('"')[0]
