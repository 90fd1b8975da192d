"""Every case of every published specification, on every engine; those of one ruleset and day in one query."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from healthdsl import CompiledRuleset, Result
from tests.engines.accounts import Accounts
from tests.engines.agreement import answers_of, differences, expected_of
from tests.engines.engine import Answer, Engine
from tests.published.cases import cases_of, compiled, document, wrong_keys
from tests.published.specs import SPECS, Spec

ANY_DAY = date(2026, 3, 31)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.ruleset)
def test_every_case_gives_the_expected_numbers(spec: Spec, engine: Engine, shared: Path) -> None:
    ruleset = compiled(spec.ruleset)
    tolerance = document(shared, spec.name)["tolerance"]
    wrong = []
    cases = cases_of(spec, shared)
    for as_of, those in by_day(cases).items():
        accounts = Accounts("", ruleset, as_of, [spec.adapter(case["input"]) for case in those])
        given = answers_of(engine, accounts)
        expected = [expected_of(ruleset, record, as_of) for record in accounts.records]
        wrong += [f"case {json.dumps(those[one.number])}: {one}" for one in differences(expected, given)]
        for case, answer in zip(those, given, strict=True):
            result = result_from(ruleset, answer)
            wrong += [f"case {json.dumps(case)}: {key}" for key in wrong_keys(spec, case, result, tolerance)]
    assert len(cases) == spec.cases
    assert not wrong, f"{len(wrong)} differences\n" + "\n".join(wrong[:20])


def by_day(cases: list[Any]) -> dict[date, list[Any]]:
    """The cases by the day they are scored at; one that names none is scored on any day."""
    days: dict[date, list[Any]] = {}
    for case in cases:
        as_of = case["input"].get("as_of")
        days.setdefault(ANY_DAY if as_of is None else date.fromisoformat(as_of), []).append(case)
    return days


def result_from(ruleset: CompiledRuleset, answer: Answer) -> Result:
    """A result that holds what an engine answered in place of what the record evaluator works out."""
    result, main = Result(), ruleset.ruleset.main_score
    result.owner, result._values = ruleset, answer
    result.score, result.band = answer.get(f"{main}__points"), answer.get(f"{main}__band")  # type: ignore[assignment]
    return result
