"""What is said never to happen does not happen: random rulesets, random records, the record evaluator."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from healthdsl import CompiledRuleset, RulesetError, loads
from healthdsl.checks.bench import find
from healthdsl.checks.finding import Finding
from healthdsl.checks.run import check_ruleset
from healthdsl.checks.tried import places
from healthdsl.model.ruleset import Row, ToLevel
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset

SEED = os.environ.get("HEALTHDSL_SEED", "checks")
Values = dict[str, object]


def found_in(compiled: CompiledRuleset) -> tuple[Finding, ...]:
    return check_ruleset(compiled.ruleset, compiled.graph, compiled.source, compiled.warnings).found.left


def contradicted(compiled: CompiledRuleset, findings: tuple[Finding, ...], values: Values) -> Iterator[str]:
    """What is told to be out of reach, and was reached."""
    lines = [f for f in findings if "no row is ever counted" not in f.diagnostic.message]
    dead = {f.span for f in lines if f.code in {"W506", "W507", "W508", "W514"}}
    for place in places(compiled.ruleset):
        here = place.variant in (None, values.get(f"{place.node}__variant"))
        for tried in place.rows:
            numbers = place.cells[tried.row.span] if place.cells else [tried.index]
            fired = values.get(f"{place.node}__row") in numbers and here
            if tried.row.span in dead and not place.bands and fired:
                yield tried.row.text
            if (
                place.bands
                and tried.row.span in dead
                and _gives_alone(place.table.rows, tried.row, values, place.node)
            ):
                yield tried.row.text
    for node in compiled.ruleset.nodes:
        for number, variant in enumerate(node.variants):
            used = values.get(f"{node.name}__variant") in (None, float(number))
            if variant.span in dead and values.get(f"{node.name}__variant") == float(number):
                yield variant.text
            for place_, step in enumerate(variant.steps, 1):
                if step.span in dead and used and values.get(f"{node.name}__fired_{place_}") is True:
                    yield step.text
    for flag in compiled.ruleset.flags:
        if flag.span in dead and values.get(flag.name) is True:
            yield flag.text


def _gives_alone(rows: tuple[Row, ...], row: Row, values: Values, node: str) -> bool:
    """Whether the band of this row alone is the account's."""
    same = [each for each in rows if each.result == row.result]
    assert isinstance(row.result, ToLevel)
    return len(same) == 1 and values.get(f"{node}__band") == row.result.name


def run(rulesets: int, records: int) -> tuple[list[str], int]:
    """What was contradicted, and how many things were told to be out of reach."""
    wrong, told = [], 0
    for number in range(rulesets):
        rng = Random(f"{SEED}.{number}")
        try:
            compiled = loads(random_ruleset(rng))
        except RulesetError:
            continue
        findings = found_in(compiled)
        told += sum(finding.code in {"W506", "W507", "W508", "W514"} for finding in findings)
        constants = gather_constants(compiled.ruleset)
        for _ in range(records):
            record, day = random_record(compiled.ruleset, constants, rng)
            values = dict(compiled.score(record, as_of=day, on_invalid="missing").values)
            wrong += [f"{number}: {text}" for text in contradicted(compiled, findings, values)]
    return wrong, told


def test_nothing_is_called_dead_that_lives() -> None:
    wrong, told = run(8, 25)
    assert wrong == []
    assert told > 0


@pytest.mark.slow
def test_nothing_is_called_dead_that_lives_in_many_rulesets() -> None:
    wrong, told = run(200, 60)
    assert wrong == []
    assert told > 100


def test_a_false_alarm_would_be_seen() -> None:
    compiled = loads(
        "ruleset r\n  language 1\n\nsignal a count\n\nmeasure a ladder\n  below 5 -> 0\n  otherwise -> 1\n\n"
        "score s average\n  a\n"
    )
    row = next(iter(places(compiled.ruleset))).rows[0].row
    planted = (find("W508", "a", row.span, "planted", "planted"),)
    values = dict(compiled.score({"a": 3}).values)
    assert list(contradicted(compiled, planted, values)) == [row.text]
