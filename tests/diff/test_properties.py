"""Random rulesets with edits of people: nothing is told without a change, no change is without being told.

The scores of both versions are worked out by the record engine: where no change is told that can move a
score, none moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from healthdsl import loads
from healthdsl.diff import walk
from healthdsl.diff.change import Difference, Effect, Kind
from healthdsl.diff.compare import blend, canonical, compare
from healthdsl.diff.renames import find_renames
from healthdsl.diff.sound import is_sound
from healthdsl.diff.steps import stages_of
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.meaning import same
from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import compile_source
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset
from tests.oracle.seed import SEED
from tests.properties.edits import edited


def pairs(count: int, seed: int) -> Iterator[tuple[Ruleset, Ruleset, str, str]]:
    """So many rulesets before and after an edit, with their texts."""
    rng = Random(seed)
    found = 0
    while found < count:
        text = random_ruleset(rng, rng.choice([1, 1, 2, 3]))
        old = compile_source(text, "old").ruleset
        for other in (edited(text, rng) for _ in range(3)):
            new = compile_source(other, "new").ruleset
            if old is not None and new is not None:
                found += 1
                yield old, new, text, other


def problem(old: Ruleset, new: Ruleset, difference: Difference) -> str | None:
    """What is wrong with a difference, if anything is."""
    if bool(difference.changes) != (canonical(old) != canonical(new)):
        return "empty exactly when both mean the same"
    if (difference.effect is not Effect.COSMETIC) != (fingerprint(old) != fingerprint(new)):
        return "more than cosmetic exactly when the fingerprint changes"
    if not same(blend(old, new, {change.number for change in difference.changes}), new):
        return "with all changes it is the new one"
    if not same(blend(old, new, ()), find_renames(old, new)[1]):
        return "with none it is the old one"
    return None


COUNT, MANY = 16, 1_500


def check_pairs(count: int, seed: int) -> None:
    seen: Counter[str] = Counter()
    for old, new, text, other in pairs(count, seed):
        difference = compare(old, new)
        wrong = problem(old, new, difference)
        assert wrong is None, f"{wrong}:\n{text}\n=====\n{other}"
        seen.update(change.effect for change in difference.changes)
        stages = stages_of(old, new, difference)
        for ruleset in [stages.start, *(stage.ruleset for stage in stages.stages)]:
            assert is_sound(ruleset)
            lower_ruleset(ruleset)
        told = [change for stage in stages.stages for change in stage.changes]
        assert sorted(told, key=lambda change: change.number) == list(difference.of(Effect.SCORE))
    assert seen[Effect.SCORE] > 5


def test_differences_of_random_rulesets() -> None:
    check_pairs(COUNT, SEED)


@pytest.mark.slow
def test_differences_of_many_random_rulesets() -> None:
    check_pairs(MANY, SEED + 1)


def check_scores(count: int, seed: int) -> int:
    """Score pairs whose changes cannot move a score; how many accounts were compared."""
    rng = Random(seed)
    compared = 0
    for old, new, text, other in pairs(count, seed):
        difference = compare(old, new)
        kinds = {change.kind for change in difference.changes}
        if difference.effect is Effect.SCORE or Kind.RENAMED in kinds:
            continue
        one, two, constants = loads(text), loads(other), gather_constants(old)
        for _ in range(4):
            record, day = random_record(old, constants, rng)
            before, after = (each.score(record, as_of=day, on_invalid="missing") for each in (one, two))
            assert before.scores == after.scores, f"{text}\n=====\n{other}\n{record}"
            assert before.bands == after.bands
            assert before.levels == after.levels
            assert {*before.flags, *before.plays} == {*after.flags, *after.plays}
            compared += 1
    return compared


def test_what_cannot_move_a_score_moves_none() -> None:
    assert check_scores(24, SEED + 2) > 3


@pytest.mark.slow
def test_what_cannot_move_a_score_moves_none_in_many() -> None:
    assert check_scores(1000, SEED + 3) > 400


def test_a_change_that_is_dropped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: titles are taken over without a word."""
    monkeypatch.setattr(walk.Walk, "note", _without_titles(walk.Walk.note))
    assert any(problem(old, new, compare(old, new)) for old, new, _, _ in pairs(60, 5))


def _without_titles(note):
    def deaf(self, kind, effect, said, *, whole=False):
        return True if "title" in said else note(self, kind, effect, said, whole=whole)

    return deaf
