"""The cases of the published specifications, and what differs from them in a result."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import healthdsl
from healthdsl import CompiledRuleset, Result
from tests.published import results as read
from tests.published.specs import Spec
from tests.shared import ROOT

RULESETS = ROOT / "rulesets" / "published"


@cache
def compiled(ruleset: str) -> CompiledRuleset:
    return healthdsl.load(RULESETS / f"{ruleset}.health")


def document(shared: Path, name: str) -> Any:
    return json.loads((shared / "specs" / f"{name}.json").read_text("utf-8"))


def cases_of(spec: Spec, shared: Path) -> list[Any]:
    every = document(shared, spec.name)["cases"]
    return [case for case in every if spec.kind is None or case["input"]["kind"] == spec.kind]


def wrong_keys(spec: Spec, case: Any, result: Result, tolerance: float) -> list[str]:
    """What differs in one case, key by key; each expected key is compared that the ruleset answers."""
    ruleset = compiled(spec.ruleset)
    readings = {"score": read.score, "band": read.band, **spec.readings}
    wrong = []
    for key, expected in case["expected"].items():
        if spec.answers is not None and key not in spec.answers:
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
