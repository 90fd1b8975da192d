"""SIGTERM: not ready any more, still serving, then an end that loses nothing."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

from tests.serve.client import request
from tests.serve.running import SECONDS, Running, get, read_all, running, status_of
from tests.serve.service import ACCOUNT, TINY

SCORE = request("/score", json.dumps({"ruleset": "tiny", "record": ACCOUNT}).encode())


def test_a_service_that_drains(tmp_path: Path) -> None:
    (tmp_path / "tiny.health").write_text(TINY, "utf-8")
    with running(tmp_path, "--drain", "600") as service, service.connect() as kept:
        assert status_of(answer_of(kept, get("/health/ready"))) == 200
        service.process.send_signal(signal.SIGTERM)
        while service.get("/health/ready") != 503:
            pass
        assert service.get("/health/live") == 200
        # A connection from before is answered, and told to be the last of its kind; so is a fresh one.
        for wire in (kept, service.connect()):
            with wire:
                wire.sendall(SCORE)
                head, _, body = read_all(wire).lower().partition(b"\r\n\r\n")
                assert status_of(head) == 200
                assert b"connection: close" in head
                assert json.loads(body)["score"] == 20.0
        assert draining(service) == 600
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(SECONDS) == 0


def draining(service: Running) -> float:
    """The seconds that the log tells."""
    line = service.line()
    while line["event"] != "draining":
        line = service.line()
    seconds: float = line["seconds"]
    return seconds


def answer_of(wire: socket.socket, message: bytes) -> bytes:
    """The answer on a connection that stays open; it fits in one part."""
    wire.sendall(message)
    return wire.recv(65_536)
