"""Whoever goes away, a client or the reader of the log: the service goes on."""

from __future__ import annotations

import signal
import struct
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET

from tests.serve.running import SECONDS, get, running
from tests.serve.service import TINY

HURRIED = 50


def test_clients_that_hang_up_and_a_log_that_nobody_reads(tmp_path: Path) -> None:
    (tmp_path / "tiny.health").write_text(TINY, "utf-8")
    with running(tmp_path, "--drain", "600") as service:
        for path, times in (("/openapi.json", 1), ("/health/live", 1), ("/rulesets", 20), ("/metrics", 3)):
            for number in range(HURRIED):
                wire = service.connect()
                wire.sendall(get(path) * times)
                if number % 2:  # a reset in place of a farewell
                    wire.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                wire.close()
        assert service.get("/health/ready") == 200
        assert service.process.stderr is not None
        service.process.stderr.close()
        for _ in range(3):
            assert service.get("/health/ready") == 200
        service.process.send_signal(signal.SIGINT)  # which waits for nobody
        assert service.process.wait(SECONDS) == 0
