"""What every request meets: ids, tokens, logs, metrics, health, problems of the pages."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthdsl.serve.answers import encode
from healthdsl.serve.app import Service
from healthdsl.serve.logs import log_to
from healthdsl.serve.settings import Settings
from tests.serve.service import ACCOUNT, JSON, TINY, Desk, ask

TOKEN = "correct-horse-battery"
BODY = {"ruleset": "tiny", "record": ACCOUNT}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service logs, with the loggers as they were afterwards."""
    loggers = [logging.getLogger(name) for name in ("healthdsl.serve", "uvicorn", "asyncio")]
    before = [(each, each.handlers, each.level, each.propagate) for each in loggers]
    stream = io.StringIO()
    log_to(stream)
    yield stream
    for logger, handlers, level, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_sane_request_id_is_kept(desk: Desk) -> None:
    assert desk.post("/score", BODY, x_request_id="job-7:a.b").headers["x-request-id"] == "job-7:a.b"
    for odd in ("", "two words", "x" * 129, "\xe9", "a;b", "<script>"):
        given = desk.post("/score", BODY, x_request_id=odd)
        assert re.fullmatch("[0-9a-f]{32}", given.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/nowhere", "/rulesets/none", "/score", "/rulesets/tiny/score"])
def test_problems_have_the_request_id(desk: Desk, path: str) -> None:
    answer = desk.get(path, **{"x-request-id": "q1"})
    assert answer.status in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json["request_id"] == "q1"


def test_other_methods_are_told_which(desk: Desk) -> None:
    assert desk.get("/score").headers["allow"] == "POST"
    answer = desk.request("PUT", "/rulesets", [b"{}"], JSON)
    assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_log_line_names_the_request_and_nothing_of_the_account(desk: Desk, log: io.StringIO) -> None:
    desk.post("/score", BODY, x_request_id="q1")
    desk.post("/score", {"ruleset": "tiny", "record": ACCOUNT | {"seats": "secret"}})
    desk.post("/rulesets/A-2/score", BODY)
    desk.get("/A-2?account=A-2")
    first, second, third, fourth = lines(log)
    always = ["time", "level", "event", "request_id", "method", "status", "ms", "client"]
    assert list(first) == [*always[:5], "route", "ruleset", "records", *always[5:]]
    assert list(fourth) == [*always[:6], "problem", *always[6:]]
    assert (first["request_id"], first["route"], first["ruleset"]) == ("q1", "/score", "tiny")
    assert (second["status"], second["problem"]) == (422, "invalid-record")
    assert (third["status"], third["route"]) == (404, "/rulesets/{name}/score")
    assert (fourth["status"], fourth.get("route")) == (404, None)
    for value in ("A-2", "Birch", "secret", "-20"):
        assert value not in log.getvalue()


def test_what_nobody_foresaw_is_a_problem_without_a_word_of_it(
    desk: Desk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(content: object) -> str:
        raise ZeroDivisionError("Birch")

    monkeypatch.setattr("healthdsl.serve.scoring.encode", broken)
    headers = JSON | {"x-request-id": "q1"}
    asking = ask(desk.service.app, "POST /score", [json.dumps(BODY).encode()], headers, ZeroDivisionError)
    answer = asyncio.run(asking)
    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json["request_id"] == "q1"
    assert "Birch" not in answer.text + log.getvalue()
    assert 'status="500"' in desk.get("/metrics").text
    assert lines(log)[0]["status"] == 500


def test_an_exception_is_logged_by_its_type_and_way(log: io.StringIO) -> None:
    try:
        encode({"name": object()})
    except TypeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    (line,) = lines(log)
    assert line["exception"] == "TypeError"
    assert any("test_around.py" in str(each) for each in line["passed"])  # type: ignore[attr-defined]
    assert "not JSON serializable" not in log.getvalue()


def test_a_token_is_asked_of_all_but_health(tmp_path: Path) -> None:
    desk = Desk.of(tmp_path, Settings(tmp_path, token=TOKEN))
    for path in ("/rulesets", "/openapi.json", "/metrics", "/nowhere"):
        answer = desk.get(path)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for given in (
        "",
        "Bearer",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xe9",
    ):
        assert desk.post("/score", BODY, authorization=given).status == 401
    assert desk.post("/score", BODY, authorization=f"bearer {TOKEN}").status == 200
    assert desk.get("/metrics", authorization=f"Bearer {TOKEN}").status == 200
    for path in ("/health", "/health/live", "/health/ready"):
        assert desk.get(path).status == 200
        assert desk.request("HEAD", path, [b""], {}).status == 200
    assert TOKEN not in repr(Settings(tmp_path, token=TOKEN))


def test_it_is_ready_once_it_can_score(tmp_path: Path) -> None:
    (tmp_path / "bad.health").write_text("ruleset", "utf-8")
    service = Service(Settings(tmp_path))
    service.watcher.start()
    desk = Desk(service, tmp_path)
    assert desk.get("/health/live").status == 200
    assert desk.get("/health/ready").status == 503
    assert desk.get("/openapi.json").status == 200
    desk.write("tiny.health", TINY)
    assert desk.get("/health/ready").status == 200


def test_metrics_count(desk: Desk) -> None:
    desk.post("/score", {"ruleset": "tiny", "records": [ACCOUNT] * 5})
    desk.post("/score", {"ruleset": "nobody", "records": [ACCOUNT] * 5})
    desk.request("BREW", "/score", [], {})
    text = desk.get("/metrics").text
    assert 'healthdsl_requests_total{method="POST",route="/score",status="200"} 1.0' in text
    assert 'healthdsl_requests_total{method="other",route="/score",status="405"} 1.0' in text
    assert 'healthdsl_records_total{route="/score",ruleset="tiny"} 5.0' in text
    assert 'healthdsl_request_seconds_count{route="/score"} 3.0' in text
    assert re.search(
        r'healthdsl_ruleset_loaded\{fingerprint="[0-9a-f]{12}",ruleset="tiny",version="1.2.0"\} 1.0', text
    )
    assert 'healthdsl_ruleset_file_broken{file="tiny.health"} 0.0' in text
    assert "healthdsl_requests_in_work 1.0" in text  # this one
    assert "nobody" not in text
