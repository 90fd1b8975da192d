"""Loads a whole service on this machine: how fast, how late, and what a reload loses.

    python -m tests.serve.load
    python -m tests.serve.load --seconds 60 --reloads 20

The service is `healthdsl serve` in a process of its own, on a folder made here; server and client share the
machine. The score is the 12-signal scorecard of the benchmarks. CPU time a request is the server's own
count, and says more than the rate does on a machine that is doing other things as well. Not a test: what it
prints is compared by people. The exit code is 1 when a request was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.scorecard import RULESET, random_records
from tests.serve.client import Sent, paced, request, unpaced

RATE = 1_000
CONNECTIONS = 32
RELOADS = 100
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running service: its port and the folder it serves."""

    port: int
    folder: Path

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        found = re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, found))

    def write(self, version: int) -> None:
        """Put another version of the ruleset into the folder in one step."""
        fresh = self.folder / ".next"
        fresh.write_text(ruleset(version), "utf-8")
        fresh.replace(self.folder / "scorecard.health")


def ruleset(version: int) -> str:
    return RULESET.replace("version  1.0.0", f"version  1.0.{version}")


@contextmanager
def running() -> Iterator[Server]:
    """`healthdsl serve` on a free port, ended by SIGTERM, which has to work."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        server = Server(0, Path(folder))
        server.write(0)
        options = ["--port", "0", "--drain", "0"]
        command = [sys.executable, "-m", "healthdsl", "serve", folder, *options]
        with log.open("wb") as stream:
            process = subprocess.Popen(command, stderr=stream)
        try:
            yield Server(_port(log, process), Path(folder))
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
        assert code == 0, f"the service ended with {code}"


def _port(log: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that the log tells."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text("utf-8").splitlines():
            found = re.search(r'"event":"serving","address":"http://127.0.0.1:(\d+)"', line)
            if found:
                return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"the service did not start: {log.read_text('utf-8')}")


def messages(count: int, path: str = "/score", size: int = 0) -> list[bytes]:
    """Requests about random accounts; with a `size`, of so many records each."""
    records = random_records(max(500, size), seed=1)
    made = []
    for start in range(0, len(records), size or 1):
        chosen = records[start : start + (size or 1)]
        about: dict[str, object] = {"records": chosen} if size else {"record": chosen[0]}
        made.append(request(path, json.dumps({"ruleset": "scorecard_12", **about}).encode()))
    return [made[number % len(made)] for number in range(count)]


def measure(server: Server, name: str, run: Coroutine[Any, Any, Sent]) -> int:
    """Run, and print what it gave; the number of requests lost."""
    before = server.metric("process_cpu_seconds_total")
    sent = asyncio.run(run)
    busy = 1000 * (server.metric("process_cpu_seconds_total") - before) / len(sent.latencies)
    show(f"{name}: {sent.line()}; {busy:.2f} ms of the server's CPU a request")
    return sent.lost


async def reloads(server: Server, count: int) -> Sent:
    """Load at full pace while the folder changes `count` times, each time when the last change is served.

    An answer names the version it was made by: none may be older than what was served when it was asked for.
    """
    written = served = 0
    floors: list[int] = []
    versions: set[int] = set()
    ended = asyncio.Event()

    def endless() -> Iterator[bytes]:
        made = messages(500)
        while not ended.is_set():
            for message in made:
                floors.append(served)
                yield message

    def see(number: int, body: bytes) -> None:
        if body:
            version = int(json.loads(body)["ruleset"]["version"].rpartition(".")[2])
            assert floors[number] <= version <= written, f"version {version}, {floors[number]} was served"
            versions.add(version)

    loading = asyncio.create_task(paced(server.port, endless(), RATE, CONNECTIONS, see))
    for version in range(1, count + 1):
        written = version
        await asyncio.to_thread(server.write, version)
        while await asyncio.to_thread(server.metric, "healthdsl_reloads_total") <= version:
            await asyncio.sleep(0.1)
        served = version
    ended.set()
    sent = await loading
    show(f"reloads: {count} written, {len(versions)} versions seen in answers")
    return sent


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Load the HTTP service on this machine.")
    parser.add_argument("--seconds", type=int, default=20, help="how long the paced run takes")
    parser.add_argument("--reloads", type=int, default=100)
    asked = parser.parse_args()
    lost = 0
    with running() as server:
        many = messages(asked.seconds * RATE)
        lost += measure(server, "as fast as it goes", unpaced(server.port, messages(5_000), 16))
        lost += measure(server, f"{RATE} a second", paced(server.port, many, RATE, CONNECTIONS))
        batches = messages(50, size=500)
        lost += measure(server, "batches of 500", unpaced(server.port, batches, 2))
        pages = messages(50, path="/explain")
        lost += measure(server, "explanations", unpaced(server.port, pages, 2))
        lost += measure(server, f"{RATE} a second while it reloads", reloads(server, asked.reloads))
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
