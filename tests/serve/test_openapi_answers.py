"""Every endpoint is asked for real, and its answer held against the schema that the document has for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from healthdsl.serve.app import Service
from healthdsl.serve.settings import Settings
from tests.effort import LONG
from tests.serve.service import ACCOUNT, JSON, Answer, Desk

RULESETS = Path(__file__).parents[2] / "rulesets"
FEW = [RULESETS / "starter/services.health", RULESETS / "published/apgar.health"]
"""In the long run all of them are served."""
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A service of rulesets of the checkout, and of one that is broken, which asks for a token."""
    folder = tmp_path_factory.mktemp("served")
    for file in RULESETS.rglob("*.health") if LONG else FEW:
        shutil.copy(file, folder)
    Desk.of(folder)
    (folder / "broken.health").write_text("ruleset broken\n  langauge 1\n", "utf-8")
    service = Service(Settings(folder, token=TOKEN))
    service.watcher.start()
    return Desk(service, folder)


@pytest.fixture(scope="module")
def document(desk: Desk) -> Any:
    """The document, its objects closed: they have no properties but those that are named."""
    return closed(ask(desk, "GET", "/openapi.json").json)


def ask(desk: Desk, method: str, path: str, body: bytes = b"", accept: str = "*/*") -> Answer:
    headers = JSON | {"authorization": f"Bearer {TOKEN}", "accept": accept}
    return desk.request(method, path, [body], headers)


def closed(part: Any) -> Any:
    """The same with objects that have no properties but those that they name."""
    match part:
        case {"type": "object", "properties": dict(properties), **rest} if "additionalProperties" not in rest:
            return {**part, "properties": closed(properties), "additionalProperties": False}
        case dict():
            return {key: closed(value) for key, value in part.items()}
        case list():
            return [closed(each) for each in part]
        case _:
            return part


def check(document: Any, method: str, template: str, answer: Answer) -> None:
    """The answer is one of those described, and holds what is described and nothing else."""
    told = document["paths"][template][method.lower()]["responses"]
    assert str(answer.status) in told, (method, template, answer)
    media = answer.headers["content-type"].partition(";")[0]
    schema = told[str(answer.status)]["content"][media]["schema"]
    content = answer.json if "json" in media else answer.text
    Draft202012Validator({**schema, "components": document["components"]}).validate(content)


def posts(document: Any) -> Iterator[tuple[str, str]]:
    for template, methods in document["paths"].items():
        for method in methods:
            if method == "post" and template not in ("/score", "/explain"):
                yield template, template.split("/")[2]


def test_every_schema_is_one(document: Any) -> None:
    Draft202012Validator.check_schema({"$defs": document["components"]["schemas"]})


def test_pages(desk: Desk, document: Any) -> None:
    pages = [path for path, methods in document["paths"].items() if "get" in methods]
    assert len(pages) == 7
    for template in pages:
        names = list(desk.service.library.shelf.rulesets) if "{name}" in template else [""]
        for name in names:
            check(document, "GET", template, ask(desk, "GET", template.replace("{name}", name)))
        if document["paths"][template]["get"].get("security") != []:
            check(document, "GET", template, desk.get(template.replace("{name}", names[0])))
    listed = ask(desk, "GET", "/rulesets").json
    assert [file["file"] for file in listed["broken"]] == ["broken.health"]
    assert {line["name"] for line in listed["rulesets"]} == desk.service.library.shelf.rulesets.keys()
    check(document, "GET", "/rulesets/{name}", ask(desk, "GET", "/rulesets/none"))


def test_every_ruleset_scores_and_explains(desk: Desk, document: Any) -> None:
    asked = 0
    for template, name in posts(document):
        for about in (b'"record": {"account_id": "A", "name": "Birch"}', b'"records": [{}, {"id": 7}]'):
            body = b'{"as_of": "2026-03-31", %s}' % about
            answer = ask(desk, "POST", template, body)
            assert answer.status == 200, (name, answer)
            check(document, "POST", template, answer)
            asked += 1
    assert asked == 4 * len(desk.service.library.shelf.rulesets) > 15


@pytest.mark.parametrize("path", ["/score", "/explain", "/rulesets/tiny/score", "/rulesets/tiny/explain"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"ruleset": "tiny", "record": {"seats": 4}}', 200),
        (b'{"ruleset": "tiny", "records": [{"seats": 4}]}', 200),
        (b'{"ruleset": "tiny", "records": [{}, {"account_id": "A", "seats": -1}]}', 422),
        (b'{"ruleset": "tiny", "record": 5}', 422),
        (b'{"ruleset": "tiny"}', 422),
        (b"{", 400),
        (b'{"ruleset": "tiny", "version": "9", "record": {}}', 404),
    ],
)
def test_answers_and_refusals(desk: Desk, document: Any, path: str, body: bytes, status: int) -> None:
    answer = ask(desk, "POST", path, body)
    assert answer.status == status
    check(document, "POST", path, answer)


def test_forms_of_an_explanation(desk: Desk, document: Any) -> None:
    for accept in ("text/plain", "text/markdown", "text/html", "application/pdf"):
        answer = ask(desk, "POST", "/rulesets/tiny/explain", b'{"record": {}}', accept)
        check(document, "POST", "/rulesets/tiny/explain", answer)


def test_what_is_not_ready_is_described(tmp_path: Path) -> None:
    service = Service(Settings(tmp_path))
    service.watcher.start()
    desk = Desk(service, tmp_path)
    found = closed(desk.get("/openapi.json").json)
    for path in ("/health", "/health/ready"):
        answer = desk.get(path)
        assert answer.status == 503
        check(found, "GET", path, answer)


def test_the_schema_takes_the_account_of_the_manual(document: Any) -> None:
    record = document["components"]["schemas"]["record_tiny"]
    assert ACCOUNT.keys() <= record["properties"].keys()
