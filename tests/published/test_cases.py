"""Every case of every published specification gives the expected numbers, bands, flags and part scores."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import healthdsl
from healthdsl import CompiledRuleset
from tests.published import results as read
from tests.published.specs import SPECS, Spec
from tests.shared import ROOT

RULESETS = ROOT / "rulesets" / "published"
# Of 25 specifications, those that have no ruleset yet, each with the reason.
NOT_SAID = {"odoo_lead_score_demo": "asks whether a text contains another; text is compared whole"}


@cache
def compiled(ruleset: str) -> CompiledRuleset:
    return healthdsl.load(RULESETS / f"{ruleset}.health")


def document(shared: Path, name: str) -> Any:
    return json.loads((shared / "specs" / f"{name}.json").read_text("utf-8"))


def cases_of(spec: Spec, shared: Path) -> list[Any]:
    every = document(shared, spec.name)["cases"]
    return [case for case in every if spec.kind is None or case["input"]["kind"] == spec.kind]


def wrong_keys(spec: Spec, case: Any, tolerance: float) -> list[str]:
    """What differs in one case, key by key; each expected key is compared or was skipped with a reason."""
    ruleset = compiled(spec.ruleset)
    result = ruleset.score(spec.adapter(case["input"]), as_of=case["input"].get("as_of"))
    readings = {"score": read.score, "band": read.band, **spec.readings}
    wrong = []
    for key, expected in case["expected"].items():
        if key in spec.skipped:
            continue
        got = readings[key](ruleset, result)
        if not agree(got, expected, tolerance):
            wrong.append(f"{key}: expected {expected!r}, got {got!r}")
    return wrong


def agree(got: Any, expected: Any, tolerance: float) -> bool:
    """Equal, numbers within the tolerance of the specification; a yes or no is never a number."""
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(agree(got[k], expected[k], tolerance) for k in expected)
    if isinstance(expected, list):
        return len(got) == len(expected) and all(map(agree, got, expected, [tolerance] * len(got)))
    if expected is None or isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, int | float):
        return isinstance(got, int | float) and math.isclose(got, expected, rel_tol=0, abs_tol=tolerance)
    return bool(got == expected)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.ruleset)
def test_every_case_gives_the_expected_numbers(spec: Spec, shared: Path) -> None:
    tolerance = document(shared, spec.name)["tolerance"]
    cases = cases_of(spec, shared)
    assert len(cases) == spec.cases
    wrong = [
        f"case {number} {json.dumps(case['input'])}: {problem}"
        for number, case in enumerate(cases)
        for problem in wrong_keys(spec, case, tolerance)
    ]
    assert not wrong, f"{len(wrong)} differences\n" + "\n".join(wrong[:20])


def test_no_specification_is_silently_dropped(shared: Path) -> None:
    files = {path.stem for path in (shared / "specs").glob("*.json")}
    assert files == {spec.name for spec in SPECS} | NOT_SAID.keys()
    # All cases of the 25 specifications but the 50 of those without a ruleset.
    every = sum(len(document(shared, name)["cases"]) for name in files)
    assert sum(spec.cases for spec in SPECS) == every - 50


def test_every_ruleset_has_cases() -> None:
    files = {path.relative_to(RULESETS).with_suffix("").as_posix() for path in RULESETS.rglob("*.health")}
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
