"""Thousands of bodies that are wrong somewhere: each is answered, by a problem or a score, never by a 500.

The seed is HEALTHDSL_SEED, as everywhere; a failure shows the body.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.effort import LONG, effort
from tests.oracle.seed import SEED
from tests.serve.service import ACCOUNT, JSON, Answer, Desk, ask

BODIES = 10_000 if LONG else 500
TICKET = {"opened": "2026-03-20", "priority": "urgent"}
GOOD: list[tuple[str, Any]] = [
    ("/score", {"ruleset": "tiny", "version": "1.2.0", "on_invalid": "raise", "record": ACCOUNT}),
    ("/score", {"ruleset": "tiny", "records": [ACCOUNT, ACCOUNT]}),
    ("/score", {"ruleset": "dated", "as_of": "2026-03-31", "record": {"tickets": [TICKET, TICKET]}}),
    (
        "/rulesets/dated/score",
        {"as_of": "2026-03-31", "on_invalid": "missing", "records": [{"tickets": None}]},
    ),
    ("/explain", {"ruleset": "tiny", "record": ACCOUNT}),
]
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1e15, -1e300, 5e-324, 10**400, 0.1, [], [[]], {}, {"": {}}, [None], [{}]),
    *("", " ", "x", "\ud800", "\x00", "\u202e", "45%", "NaN", "2026-02-30", "1e999", "tiny", "missing"),
]
RAW = [
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 5_000, b"[" * 50, b'{"a":' * 50),
    *(b'"\\ud800"', b"\xff", b"\x00", b'"', b"\\"),
]


def spoiled(random: Random, content: Any) -> bytes:
    """A body that was good, after a few accidents: to its values, then to its bytes."""
    made = json.loads(json.dumps(content))
    for _ in range(random.choice((0, 1, 1, 2))):
        made = _with_odd_value(random, made)
    body = bytearray(json.dumps(made).encode())
    for _ in range(random.choice((0, 0, 1, 1, 3))):
        random.choice(ACCIDENTS)(random, body)
    return bytes(body)


def _with_odd_value(random: Random, value: Any) -> Any:
    """The value with one thing in it, or all of it, replaced, renamed, repeated or taken out."""
    if not value or not isinstance(value, (dict, list)) or random.random() < 0.15:
        return random.choice(ODD)
    if isinstance(value, list):
        place = random.randrange(len(value))
        return [
            *value[:place],
            _with_odd_value(random, value[place]),
            *value[place : place + random.choice((0, 1, 40))],
        ]
    key = random.choice(list(value))
    kept = {name: each for name, each in value.items() if name != key}
    match random.randrange(4):
        case 0:
            return kept
        case 1:
            return kept | {random.choice(["record", "records", "ruleset", "\ud800", ""]): value[key]}
        case _:
            return kept | {key: _with_odd_value(random, value[key])}


def _cut(random: Random, body: bytearray) -> None:
    del body[random.randrange(len(body) + 1) :]


def _drop(random: Random, body: bytearray) -> None:
    place = random.randrange(len(body) + 1)
    del body[place : place + random.randrange(1, 9)]


def _flip(random: Random, body: bytearray) -> None:
    if body:
        body[random.randrange(len(body))] = random.randrange(256)


def _repeat(random: Random, body: bytearray) -> None:
    start = random.randrange(len(body) + 1)
    body[start:start] = body[start : start + random.randrange(1, 60)] * random.randrange(1, 4)


def _insert(random: Random, body: bytearray) -> None:
    place = random.randrange(len(body) + 1)
    body[place:place] = random.choice(RAW)


ACCIDENTS: list[Callable[[Random, bytearray], None]] = [_cut, _drop, _flip, _repeat, _insert]


def check(answer: Answer, shown: object) -> None:
    """An answer that a client can work with."""
    assert answer.status in (200, 400, 404, 405, 406, 413, 415, 422), (answer, shown)
    assert b"Traceback" not in answer.body
    assert len(answer.body) < 200_000, (answer.status, shown)
    if answer.status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json
        assert problem["status"] == answer.status
        assert problem["request_id"] == answer.headers["x-request-id"]
        assert problem["detail"]
    elif answer.headers["content-type"] == "application/json":
        json.loads(answer.body, parse_constant=pytest.fail)


def test_spoiled_bodies(desk: Desk) -> None:
    random = Random(SEED)
    statuses: dict[int, int] = {}

    async def send_all() -> None:
        for _ in range(BODIES):
            path, content = random.choice(GOOD if random.random() < 0.3 else GOOD[:4])
            body = spoiled(random, content)
            split = random.randrange(len(body) + 1)
            parts = [body] if random.random() < 0.5 else [body[:split], body[split:]]
            answer = await ask(desk.service.app, f"POST {path}", parts, JSON)
            check(answer, (path, body))
            statuses[answer.status] = statuses.get(answer.status, 0) + 1

    asyncio.run(send_all())
    # The accidents reach the parser, the request and the record, and leave some requests good.
    assert {200, 400, 404, 422} <= statuses.keys(), statuses
    assert min(statuses[each] for each in (200, 400, 422)) > BODIES / 20, statuses


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "cases"),
    [
        ("/score", 500),
        ("/explain", 300),
        ("/rulesets/tiny/score", 6_000),
        ("/rulesets/tiny/explain", 1_300),
        ("/rulesets/dated/score", 1_000),
        ("/rulesets/dated/explain", 1_000),
    ],
)
def test_schemathesis(desk: Desk, path: str, cases: int) -> None:
    """Bodies made to break what the OpenAPI document says; 10,100 of them with HEALTHDSL_LONG=all, a fifth
    otherwise. Making one takes longer than the answer does.
    """
    cases = effort(0, cases // 5, cases)
    schemathesis = pytest.importorskip("schemathesis")
    operation = schemathesis.openapi.from_dict(desk.get("/openapi.json").json)[path]["POST"]
    tried = 0

    @seed(SEED)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    def attack(case: Any) -> None:
        nonlocal tried
        tried += 1
        line, body, headers = on_the_wire(case)
        check(asyncio.run(ask(desk.service.app, line, [body], headers)), (line, body))

    attack()
    assert tried >= cases


def on_the_wire(case: Any) -> tuple[str, bytes, dict[str, str]]:
    """The request of a schemathesis case as a client would send it."""
    import requests

    sent: Any = requests.Request(**case.as_transport_kwargs(base_url="http://x")).prepare()
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    headers = {name.lower(): str(value) for name, value in sent.headers.items()}
    return f"{sent.method} {sent.path_url}", body, headers
