"""`healthdsl serve` as a process of its own, as a test asks it over a socket."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 60
"""More than anything takes on a busy machine: a limit for what hangs, no measure of speed."""


@dataclass(frozen=True)
class Running:
    """A service that listens at a port of this computer."""

    process: subprocess.Popen[bytes]
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), SECONDS)

    def get(self, path: str) -> int:
        """The status of a page, asked for on a connection of its own."""
        with self.connect() as wire:
            wire.sendall(get(path, "Connection: close\r\n"))
            return status_of(read_all(wire))

    def line(self) -> dict[str, Any]:
        """The next line of the log."""
        assert self.process.stderr is not None
        found: dict[str, Any] = json.loads(self.process.stderr.readline())
        return found


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """A service of a folder on a free port; killed at the end if it still runs."""
    command = [sys.executable, "-m", "healthdsl", "serve", str(folder), "--port", "0", *options]
    environment = {name: value for name, value in os.environ.items() if name != "HEALTHDSL_TOKEN"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    try:
        line: dict[str, Any] = {"event": ""}
        while line["event"] != "serving":
            line = json.loads(process.stderr.readline())
        yield Running(process, int(line["address"].rpartition(":")[2]))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def get(path: str, headers: str = "") -> bytes:
    """A GET as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()


def read_all(wire: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    answer = b""
    while part := wire.recv(65_536):
        answer += part
    return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])
