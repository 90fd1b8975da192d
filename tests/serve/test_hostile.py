"""Bodies and headers from strangers: always a problem document, never a 500, never a hang."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from healthdsl.serve.json_text import MOST_LISTS, SMALL_BYTES, read_json
from healthdsl.serve.problems import Problem
from healthdsl.serve.settings import Limits, Settings
from tests.serve.service import ACCOUNT, JSON, Desk, ask, scope_of

GOOD = json.dumps({"ruleset": "tiny", "record": ACCOUNT}).encode()
DEEP = 16


def nested(levels: int) -> bytes:
    """A request whose record holds lists in lists; the body and the record are two levels of it."""
    inner = b"[" * (levels - 2) + b"]" * (levels - 2)
    return b'{"ruleset": "tiny", "record": {"x": %s}}' % inner


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty"),
        (b" \n ", "the body is empty"),
        (b"{", "Expecting property name"),
        (GOOD + b"}", "Extra data"),
        (b"\xef\xbb\xbf" + GOOD, "byte order mark"),
        (GOOD.decode().encode("utf-16"), "is not UTF-8"),
        (GOOD.replace(b"Birch", b"B\xffrch"), "(0xff) is not UTF-8"),
        (GOOD.replace(b"Birch", b"B\x00rch"), "Invalid control character"),
        (GOOD.replace(b"-20", b"NaN"), "NaN is no JSON number"),
        (GOOD.replace(b"-20", b"-Infinity"), "-Infinity is no JSON number"),
        (GOOD.replace(b"-20", b"1e999"), "the number 1e999 is too large"),
        (GOOD.replace(b"-20", b"9" * 5_000), "too many digits"),
        (GOOD.replace(b"-20", b'1, "seats": 9'), 'the key \\"seats\\" is given twice'),
        (b'{"ruleset": "tiny", "ruleset": "tiny", "record": {}}', "given twice"),
        (nested(DEEP + 1), "16 levels"),
        (b"[" * 1_000_000, "16 levels"),
        (b'{"a":' * 200_000, "16 levels"),
    ],
)
def test_what_is_no_json(desk: Desk, body: bytes, said: str) -> None:
    answer = desk.raw("/score", [body])
    assert answer.status == 400
    assert answer.json["type"] == "urn:problem-type:healthdsl:not-json"
    assert said in answer.body.decode()


def test_depth_is_counted_outside_of_texts() -> None:
    limit = b"[" * DEEP + b"]" * DEEP
    assert read_json(limit, DEEP) is not None
    with pytest.raises(Problem):
        read_json(b"[%s]" % limit, DEEP)
    brackets = json.dumps(["[" * 100, '\\"[{' * 40, "]" * 100]).encode()
    assert read_json(brackets, DEEP)[0] == "[" * 100
    wide = json.dumps([[[{}]]] * 1_000).encode()
    assert len(read_json(wide, 4)) == 1_000
    with pytest.raises(Problem):
        read_json(wide, 3)


@pytest.mark.parametrize(
    "text", [b'"' + b'\\"' * 500_000, b'["' + b"\\" * 999_999, b'"[' * 300_000, b"[]" * 10**6]
)
def test_no_body_takes_long(text: bytes) -> None:
    """A second on a busy machine; what is quadratic in the length would take many minutes."""
    from time import process_time

    began = process_time()
    with pytest.raises(Problem):
        read_json(text + b"[" * 40, DEEP)
    assert process_time() - began < 3


def test_lists_are_counted(desk: Desk) -> None:
    """The parser is one call while it reads lists of lists, so that nobody else would be answered."""
    lists = b'{"ruleset": "tiny", "record": {"x": [%s[]]}}'
    most = MOST_LISTS - 2
    assert desk.raw("/score", [lists % (b"[]," * most)]).status == 200
    answer = desk.raw("/score", [lists % (b"[]," * (most + 1))])
    assert (answer.status, answer.json["type"]) == (413, "urn:problem-type:healthdsl:too-large")
    texts = b'{"ruleset": "tiny", "record": {"x": ["%s"]}}' % (b"[" * 2 * MOST_LISTS)
    assert desk.raw("/score", [texts]).status == 200


def test_large_and_small_bodies_are_read_alike(desk: Desk) -> None:
    for number, status in ((b"7", 200), (b"7.5", 422), (b"-1", 422), (b"9" * 5_000, 400), (b"1e999", 400)):
        body = b'{"ruleset": "tiny", "record": {"seats": %s}}' % number
        large = body + b" " * SMALL_BYTES
        assert desk.raw("/score", [body]).status == desk.raw("/score", [large]).status == status


def test_a_lone_surrogate_comes_back(desk: Desk) -> None:
    body = b'{"ruleset": "tiny", "record": {"account_id": "\\ud800", "seats": "\\udfff"}}'
    answer = desk.raw("/score", [body])
    assert answer.status == 422
    assert answer.json["errors"][0]["account"] == "\ud800"
    fine = body.replace(b'"\\udfff"', b"3")
    assert desk.raw("/score", [fine]).json["account_id"] == "\ud800"
    for accept in ("application/json", "text/html", "text/plain", "text/markdown"):
        assert desk.raw("/explain", [fine], accept=accept).status == 200


def test_huge_numbers_are_the_ruleset_s_to_refuse(desk: Desk) -> None:
    for number in ("1e300", "9" * 4_000, "1e16"):
        body = b'{"ruleset": "tiny", "record": {"account_id": %s, "seats": %s}}' % ((number.encode(),) * 2)
        assert desk.raw("/score", [body]).status == 422


def test_long_texts_are_not_sent_back(desk: Desk) -> None:
    body = {"ruleset": "tiny", "record": {"account_id": "i" * 9_000, "seats": "s" * 9_000, "NPS Score": "n"}}
    assert len(desk.post("/score", body).body) < 2_000
    assert len(desk.post("/score", {"ruleset": "r" * 9_000, "record": {}}).body) < 1_000
    assert len(desk.post("/score", {"k" * 9_000: 1, "ruleset": "tiny", "record": {}}).body) < 1_000


def test_a_body_in_parts_is_counted(tmp_path: Path) -> None:
    """Chunked bodies announce no length."""
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=Limits(body_bytes=len(GOOD))))
    split = [GOOD[:10], b"", GOOD[10:]]
    assert desk.raw("/score", split).status == 200
    assert desk.raw("/score", [*split, b" "]).status == 413
    # Refused by its announced length, before a byte of it is read.
    assert desk.raw("/score", [], **{"content-length": str(len(GOOD) + 1)}).status == 413
    assert desk.raw("/score", [], **{"content-length": "9" * 30}).status == 413


def test_a_body_that_does_not_come(tmp_path: Path) -> None:
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=Limits(body_seconds=0.01)))
    sent: list[Any] = []

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(desk.service.app(scope_of("POST /score", JSON), never, send))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_client_that_goes_away_gets_no_answer(desk: Desk) -> None:
    assert desk.raw("/score", []).status == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/json; charset=UTF-8"}, 200),
        ({"content-type": "application/vnd.api+json"}, 200),
        ({"content-type": ""}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/json; charset=latin-1"}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"content-encoding": "identity"}, 200),
        ({"content-type": "\xff;;;=;charset"}, 415),
    ],
)
def test_media_types(desk: Desk, headers: dict[str, str], status: int) -> None:
    assert desk.raw("/score", [GOOD], **headers).status == status


def test_too_many_at_once_are_sent_away(tmp_path: Path) -> None:
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=Limits(requests=0)))
    assert desk.raw("/score", [GOOD]).status == 503
    assert desk.raw("/score", [GOOD]).headers["retry-after"] == "1"
    assert desk.get("/health/live").status == 200

    async def crowd(path: str, count: int) -> list[int]:
        answers = await asyncio.gather(
            *(ask(desk.service.app, f"POST {path}", [GOOD], JSON) for _ in range(count))
        )
        return sorted(answer.status for answer in answers)

    metrics = desk.service.metrics.text().decode()
    assert 'healthdsl_requests_total{method="POST",route="/score",status="503"} 2.0' in metrics
    limits = Limits(waiting=1)
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=limits))
    # One explanation has the only place for waiting.
    assert asyncio.run(crowd("/explain", 3)) == [200, 503, 503]
    assert asyncio.run(crowd("/explain", 1)) == [200]


def test_work_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=Limits(work_seconds=0)))
    answer = desk.raw("/explain", [GOOD])
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "no answer within 0 seconds" in answer.json["detail"]
    assert desk.raw("/score", [GOOD]).status == 200
