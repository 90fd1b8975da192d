"""Every case of every published specification gives the expected numbers, bands, flags and part scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from healthdsl import Result
from tests.published.cases import RULESETS, agree, cases_of, compiled, document, wrong_keys
from tests.published.specs import SPECS, Spec
from tests.shared import rulesets_in


def scored(spec: Spec, case: Any) -> Result:
    return compiled(spec.ruleset).score(spec.adapter(case["input"]), as_of=case["input"].get("as_of"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.ruleset)
def test_every_case_gives_the_expected_numbers(spec: Spec, shared: Path) -> None:
    tolerance = document(shared, spec.name)["tolerance"]
    cases = cases_of(spec, shared)
    assert len(cases) == spec.cases
    wrong = [
        f"case {number} {json.dumps(case['input'])}: {problem}"
        for number, case in enumerate(cases)
        for problem in wrong_keys(spec, case, scored(spec, case), tolerance)
    ]
    assert not wrong, f"{len(wrong)} differences\n" + "\n".join(wrong[:20])


def test_no_specification_is_silently_dropped(shared: Path) -> None:
    files = {path.stem for path in (shared / "specs").glob("*.json")}
    assert files == {spec.name for spec in SPECS}
    # A case with answers of six versions is compared six times.
    every = sum(len(document(shared, name)["cases"]) for name in files)
    assert sum(spec.cases for spec in SPECS) == every + 5 * 80


def test_no_expected_key_is_silently_dropped(shared: Path) -> None:
    """Where several rulesets share a specification, they answer all its keys together."""
    for name in {spec.name for spec in SPECS if spec.answers is not None}:
        answered = [key for spec in SPECS if spec.name == name for key in spec.answers or ()]
        expected = {key for case in document(shared, name)["cases"] for key in case["expected"]}
        assert sorted(answered) == sorted(expected)


def test_every_ruleset_has_cases() -> None:
    files = {path.relative_to(RULESETS).with_suffix("").as_posix() for path in rulesets_in(RULESETS)}
    assert files == {spec.ruleset for spec in SPECS}


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (82.1, 82),
        (None, 0),
        (0, None),
        (1, True),
        (True, 1),
        ("Red", "red"),
        ([80], [80, 71]),
        ({}, {"a": 1}),
    ],
)
def test_a_difference_is_seen(got: Any, expected: Any) -> None:
    assert not agree(got, expected, 0.05)
