"""What comes over the wire and is no request: a problem, an id and a line of the log, as for any other."""

from __future__ import annotations

import json

import pytest

from healthdsl.serve.protocol import MOST_HEAD_BYTES
from tests.serve.running import Running, read_all

START = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: "
COUNTED = len(START) - len(b"GET  HTTP/1.1\r\n") + len(b"\r\n")


def answer(service: Running, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what is sent back until the connection closes."""
    with service.connect() as wire:
        for part in parts:
            wire.sendall(part)
        head, _, body = read_all(wire).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split(" ")[1]), headers, body


def test_a_client_that_sends_all_of_too_much_gets_its_answer(service: Running) -> None:
    """As urllib and requests do: they listen when they have sent their body."""
    for announced in (True, False):
        size = 12_000_000
        length = b"Content-Length: %d" % size if announced else b"Transfer-Encoding: chunked"
        body = b"x" * size if announced else b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size)
        head = b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n\r\n" % length
        status, headers, told = answer(service, head, body)
        assert (status, headers["connection"]) == (413, "close")
        assert json.loads(told)["type"].endswith(":too-large")


@pytest.mark.parametrize(
    "sent",
    [
        b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /score HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http(service: Running, sent: bytes) -> None:
    status, headers, body = answer(service, sent)
    check(service, status, headers, body, (400, "malformed-request"))


def check(
    service: Running, status: int, headers: dict[str, str], body: bytes, wanted: tuple[int, str]
) -> None:
    problem = json.loads(body)
    assert (status, headers["content-type"]) == (wanted[0], "application/problem+json")
    assert problem["type"].endswith(f":{wanted[1]}")
    assert headers["x-request-id"] == problem["request_id"]
    line = service.line()
    while line.get("request_id") != problem["request_id"]:
        line = service.line()
    assert (line["status"], line["problem"], line["client"]) == (*wanted, "127.0.0.1")


def test_a_head_may_have_64_kib(service: Running) -> None:
    """Of path and headers, however it is cut into packets."""
    fits = START + b"x" * (MOST_HEAD_BYTES - COUNTED) + b"\r\n\r\n"
    assert answer(service, fits)[0] == 200
    longer = fits.replace(b"X: x", b"X: xx")
    half = len(longer) // 2
    for parts in ([longer], [longer[:half], longer[half:]]):
        check(service, *answer(service, *parts), (431, "head-too-long"))


def test_a_websocket_is_not_one(service: Running) -> None:
    upgrade = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13"
    )
    with service.connect() as wire:
        wire.sendall(b"GET /rulesets HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n" % upgrade)
        assert wire.recv(100).startswith(b"HTTP/1.1 200")
    while (line := service.line()).get("route") != "/rulesets":
        assert line["level"] == "info", line
