"""Both versions and every stage between as one graph: each gives what it gives by itself, account by account.

In front of the database this is what a plan rests on: that its first column is the old score, its last the
new one.
"""

from __future__ import annotations

from random import Random

import pytest

from healthdsl.backends.record.program import Scored, compile_record
from healthdsl.backends.record.source import Ask
from healthdsl.batch.plan_columns import question_of
from healthdsl.diff.compare import compare
from healthdsl.diff.steps import stages_of
from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from tests.diff.test_properties import pairs
from tests.oracle.records import gather_constants, random_record
from tests.oracle.seed import SEED

KEPT = ("points", "level", "band", "flag")


def values_of(graph: Graph, record: dict[str, object], today: int) -> dict[str, object]:
    program = compile_record(graph, Ask(), Scored)
    found = program.run(None, dict(record), today, [])
    return program.full(found.snapshot, today)


def check(old: Ruleset, new: Ruleset, rng: Random) -> int:
    """Compare every stage on a few records; how many values were compared."""
    stages = stages_of(old, new, compare(old, new))
    versions = [stages.start, *(stage.ruleset for stage in stages.stages)]
    if not stages.stages:
        versions.append(new)
    last = len(versions) - 1
    whole = question_of(stages, new).graph
    constants = gather_constants(old)
    compared = 0
    for _ in range(3):
        record, day = random_record(old, constants, rng)
        together = values_of(whole, record, day.toordinal())
        for place, version in enumerate([*versions[:-1], new]):
            graph = lower_ruleset(version)
            alone = values_of(graph, record, day.toordinal())
            for output in graph.outputs:
                name = output.name if place == last else f"{output.name}__at_{place}"
                if output.role in KEPT and name in together:
                    assert together[name] == alone[output.name], name
                    compared += 1
    old_alone = {output.name for output in lower_ruleset(stages.start).outputs if output.role in KEPT}
    assert {f"{name}__at_0" for name in old_alone} <= {output.name for output in whole.outputs}
    return compared


def test_stages_together_and_alone() -> None:
    rng = Random(SEED)
    assert sum(check(old, new, rng) for old, new, _, _ in pairs(12, SEED + 4)) > 100


@pytest.mark.slow
def test_stages_of_many_rulesets_together_and_alone() -> None:
    rng = Random(SEED)
    assert sum(check(old, new, rng) for old, new, _, _ in pairs(300, SEED + 5)) > 6_000
