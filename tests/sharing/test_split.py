"""A ruleset cut into two files means what it meant in one."""

from __future__ import annotations

import re
from random import Random

import pytest

import healthdsl
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset
from tests.oracle.seed import SEED

SHARED = ("signal", "rows", "levels", "distribution", "measure", "group")
RECORDS = 4


def cut_in_two(text: str) -> tuple[str, str]:
    """A ruleset that uses `shared.health`, and that file: all that may stand there."""
    header, *blocks = re.split(r"\n(?=[a-z])", text)
    shared = [block for block in blocks if block.split()[0] in SHARED]
    own = [block for block in blocks if block.split()[0] not in SHARED]
    ruleset = "\n".join([header, 'use "shared.health"', *own])
    stored = [line for line in header.split("\n") if line.startswith("  stored as")]
    return ruleset, "\n".join(["dictionary shared\n  language 1", *stored, *shared]) + "\n"


@pytest.mark.parametrize("number", range(12))
def test_two_files_mean_what_one_meant(number: int) -> None:
    rng = Random(f"{SEED}.{number}")
    text = random_ruleset(rng, 3)
    try:
        one = healthdsl.loads(text)
    except healthdsl.RulesetError:
        pytest.skip("not every random text is a ruleset")
    ruleset, shared = cut_in_two(text)
    two = healthdsl.loads(ruleset, files={"shared.health": shared})
    kept = {output.name for output in two.graph.outputs}
    assert kept <= {output.name for output in one.graph.outputs}
    assert {
        name for node in one.ruleset.nodes if node.word == "score" for name in [f"{node.name}__points"]
    } <= kept
    constants = gather_constants(one.ruleset)
    for _ in range(RECORDS):
        record, as_of = random_record(one.ruleset, constants, rng)
        told = one.score(record, as_of=as_of).values
        assert dict(two.score(record, as_of=as_of).values) == {name: told[name] for name in kept}
