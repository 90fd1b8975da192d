"""`healthdsl serve`: what it refuses to start with, and one whole run on a socket."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from healthdsl.cli.main import run
from healthdsl.serve.server import is_loopback, listen, url_of
from tests.serve.service import ACCOUNT, DATED, TINY

SECONDS = 60


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and the message of a start that fails."""
    code = run(["serve", *arguments])
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return code, error


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HEALTHDSL_TOKEN", raising=False)
    (tmp_path / "tiny.health").write_text(TINY, "utf-8")
    return tmp_path


def test_a_folder_that_cannot_be_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, error = refused(capsys, str(tmp_path / "none"))
    assert (code, "cannot be read as a folder (No such file or directory)" in error) == (2, True)
    code, error = refused(capsys, str(tmp_path))
    assert (code, "no .health file in this folder" in error) == (2, True)
    (tmp_path / "bad.health").write_text(TINY.replace("count", "cuont"), "utf-8")
    code, error = refused(capsys, str(tmp_path))
    assert (code, "did you mean `count`?" in error) == (1, True)


@pytest.mark.parametrize("token", ["", "short", "spaces in the token here", "\u00e9" * 20, "x" * 15])
def test_a_token_that_protects_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("HEALTHDSL_TOKEN", token)
    code, error = refused(capsys, str(folder))
    assert (code, "HEALTHDSL_TOKEN: expected a token of 16 characters" in error) == (2, True)
    assert not token or token not in error
    monkeypatch.delenv("HEALTHDSL_TOKEN")
    file = folder / "token"
    file.write_text(token, "utf-8")
    code, error = refused(capsys, str(folder), "--token-file", str(file))
    assert (code, "expected a token of 16 characters" in error) == (2, True)


def test_one_token_and_no_more(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHDSL_TOKEN", "x" * 20)
    code, error = refused(capsys, str(folder), "--token-file", "token")
    assert (code, "Give one of them" in error) == (2, True)


def test_options_that_are_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, str(folder), "--as-of", "soon")[0] == 2
    assert refused(capsys, str(folder), "--port", "70000")[0] == 2
    assert refused(capsys, str(folder), "--max-body", "0")[0] == 2
    assert refused(capsys, str(folder), "--drain", "-1")[0] == 2


def test_an_address_that_cannot_be_had(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, error = refused(capsys, str(folder), "--port", str(port))
    assert (code, "cannot listen there (Address already in use)" in error) == (2, True)
    code, error = refused(capsys, str(folder), "--host", "no-such-host.invalid", "--port", "0")
    assert (code, "cannot listen there" in error) == (2, True)


def test_what_is_missing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthdsl.cli.serve.find_spec", lambda name: None if name == "uvicorn" else name)
    code, error = refused(capsys, str(folder))
    assert code == 2
    assert 'not here: uvicorn. Install them with: pip install "healthdsl[serve]"' in error


def test_which_addresses_are_loopback() -> None:
    for host, alone in (("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)):
        with listen(host, 0) as listening:
            assert is_loopback(listening) is alone
            assert url_of(listening).startswith("http://")
            # asyncio sends without delay on these alone.
            assert listening.proto == socket.IPPROTO_TCP


def test_a_whole_run(folder: Path) -> None:
    """Started, warned, asked, reloaded, ended by SIGTERM with code 0 while a request is on its way."""
    command = [
        sys.executable,
        "-m",
        "healthdsl",
        "serve",
        str(folder),
        "--port",
        "0",
        "--host",
        "0.0.0.0",
        "--drain",
        "0",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "HEALTHDSL_TOKEN"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    try:
        log: list[dict[str, str]] = []
        while not log or log[-1]["event"] != "serving":
            log.append(json.loads(process.stderr.readline()))
        assert [line["event"] for line in log] == [
            "ruleset loaded",
            "open to the network without a token",
            "serving",
        ]
        address = log[-1]["address"].replace("0.0.0.0", "127.0.0.1")
        assert score(address, "tiny") == 20.0
        assert not takes_all(address, b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        assert not takes_all(address, b"POST /score HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ")
        (folder / "dated.health").write_text(DATED, "utf-8")
        while log[-1]["event"] != "ruleset loaded":
            log.append(json.loads(process.stderr.readline()))
        assert log[-1]["file"] == "dated.health"
        ended_amid_a_request(address, process)
    finally:
        process.kill()
    last = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert [line["event"] for line in last if line["event"] != "request"] == ["draining", "stopped"]
    process.stderr.close()


def score(address: str, ruleset: str) -> float:
    body = json.dumps({"ruleset": ruleset, "record": ACCOUNT}).encode()
    request = urllib.request.Request(f"{address}/score", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        found: float = json.load(answer)["score"]
    return found


def takes_all(address: str, start: bytes) -> bool:
    """Whether the service goes on reading a head, or a trailer, that has no end."""
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), SECONDS) as wire:
        try:
            wire.sendall(start)
            for _ in range(640):
                wire.sendall(b"x" * 65_536)
        except OSError:
            return False
    return True


def ended_amid_a_request(address: str, process: subprocess.Popen[bytes]) -> None:
    """Half a body is sent, then SIGTERM, then the other half: it is answered, and then the process ends."""
    body = json.dumps({"ruleset": "tiny", "record": ACCOUNT}).encode()
    head = f"POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), SECONDS) as wire:
        # The server says that it has begun to read.
        wire.sendall(f"{head}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert wire.recv(1_000).startswith(b"HTTP/1.1 100")
        process.send_signal(signal.SIGTERM)
        wire.sendall(body[:10])
        wire.sendall(body[10:])
        answer = b""
        while part := wire.recv(10_000):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200")
    assert process.wait(SECONDS) == 0
