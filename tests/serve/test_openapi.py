"""The OpenAPI document: valid, and as strict as the service is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import healthdsl
from healthdsl.serve.settings import Settings
from tests.serve.service import ACCOUNT, TINY, Desk


def document(desk: Desk) -> Any:
    return desk.get("/openapi.json").json


def schema_of(document: Any, path: str) -> Draft202012Validator:
    """What a request to a path may hold, with the shared parts at hand."""
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**body, "components": document["components"]})


def test_every_ruleset_has_its_paths_and_its_own_record(desk: Desk) -> None:
    found = document(desk)
    assert {path for path in found["paths"] if "{" not in path} == {
        "/score",
        "/explain",
        "/rulesets",
        "/rulesets/tiny/score",
        "/rulesets/tiny/explain",
        "/rulesets/dated/score",
        "/rulesets/dated/explain",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json",
    }
    record = found["components"]["schemas"]["record_tiny"]
    assert record["properties"] == healthdsl.loads(TINY).schema()["properties"]
    assert {"account_id", "name", "seats", "NPS Score"} <= record["properties"].keys()


@pytest.mark.parametrize(
    ("path", "body", "fits"),
    [
        ("/rulesets/tiny/score", {"record": ACCOUNT}, True),
        ("/rulesets/tiny/score", {"records": [ACCOUNT]}, True),
        ("/rulesets/tiny/score", {"record": ACCOUNT, "records": []}, False),
        ("/rulesets/tiny/score", {}, False),
        ("/rulesets/tiny/score", {"record": {"seats": -1}}, False),
        ("/rulesets/tiny/score", {"record": {}, "other": 1}, False),
        ("/rulesets/dated/score", {"record": {}}, False),
        ("/rulesets/dated/score", {"record": {}, "as_of": "2026-03-31"}, True),
        ("/score", {"ruleset": "tiny", "record": ACCOUNT}, True),
        ("/score", {"ruleset": "none", "record": ACCOUNT}, False),
        ("/score", {"ruleset": "tiny", "record": {"NPS Score": 101}}, False),
        ("/score", {"record": ACCOUNT}, False),
        ("/score", {"ruleset": "dated", "record": {}}, False),
        ("/rulesets/tiny/score", {"ruleset": "tiny", "record": ACCOUNT}, True),
        ("/rulesets/tiny/score", {"ruleset": "dated", "record": ACCOUNT}, False),
    ],
)
def test_the_schema_admits_what_the_service_does(desk: Desk, path: str, body: Any, fits: bool) -> None:
    assert schema_of(document(desk), path).is_valid(body) is fits
    assert (desk.post(path, body).status == 200) is fits


def test_a_service_with_a_day_does_not_ask_for_one(tmp_path: Path) -> None:
    found = document(Desk.of(tmp_path, Settings(tmp_path, as_of="today")))
    assert schema_of(found, "/rulesets/dated/score").is_valid({"record": {}})


def test_references_lead_somewhere(desk: Desk) -> None:
    found = document(desk)
    names = set(found["components"]["schemas"])
    wanted = {each.removeprefix("#/components/schemas/") for each in references(found)}
    assert wanted <= names
    assert {"record_tiny", "Explanation", "Problem", "RulesetList"} <= wanted


def references(part: Any) -> set[str]:
    match part:
        case dict():
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        case list():
            return set().union(*map(references, part))
        case _:
            return set()
