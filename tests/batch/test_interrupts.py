"""Whatever stops a run at whatever moment: the output is the old file or the whole new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from healthdsl.backends.duckdb.engine import Engine
from tests.cli.program import RULESET
from tests.shared import ROOT

NUMBER = 400_000
TRIES = 6
SAID = {"SIGINT": b"stopped\n", "SIGTERM": b""}
OURS = {"tiny.health", "a.parquet", "first.csv", "rejects.csv", "scores.csv", "scores.parquet"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    (folder / "tiny.health").write_text(RULESET)
    frame = pl.DataFrame({"account_id": range(NUMBER)}).with_columns(
        (pl.col("account_id") % 200).alias("seats"), (pl.col("account_id") % 90).alias("NPS Score")
    )
    frame.write_parquet(folder / "a.parquet")
    return folder


def start(book: Path, out: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "healthdsl", "score", "tiny.health", "a.parquet", "-o", out]
    more = ["--explain", "full", "--rejects", "rejects.csv"]
    return subprocess.Popen([*command, *more], cwd=book, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole(path: Path) -> bool:
    """Whether all accounts are in the file."""
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows == NUMBER
    return path.read_bytes().count(b"\n") == NUMBER + 1


@pytest.fixture(scope="module")
def seconds(book: Path) -> float:
    """What a run takes that nobody stops."""
    began = time.monotonic()
    running = start(book, "first.csv")
    running.communicate()
    assert running.returncode == 0
    assert whole(book / "first.csv")
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("SIGINT", "scores.parquet"),
        ("SIGKILL", "scores.csv"),
        ("SIGINT", "scores.csv"),
        ("SIGTERM", "scores.csv"),
        ("SIGTERM", "scores.parquet"),
        ("SIGKILL", "scores.parquet"),
    ],
)
def test_a_stopped_run_leaves_nothing_half_written(book: Path, seconds: float, name: str, out: str) -> None:
    target = book / out
    stopped = 0
    for turn in range(TRIES):
        target.write_text("old")
        running = start(book, out)
        time.sleep(seconds * (0.2 + 0.6 * turn / TRIES))
        running.send_signal(getattr(signal, name))
        _, said = running.communicate()
        assert b"Traceback" not in said
        if running.returncode == 0:
            assert whole(target)
            continue
        stopped += 1
        left = {path.name for path in book.iterdir()} - OURS
        assert target.read_bytes() == b"old" or whole(target)
        if name == "SIGKILL":
            # Nobody could clean up: what is left hides behind a dot and says whose it is.
            assert all(each.startswith(".healthdsl-") for each in left)
            for each in left:
                subprocess.run(["rm", "-r", str(book / each)], check=True)
        else:
            assert not left
            # Negative: the signal came before Python had begun with the program.
            number = int(getattr(signal, name))
            assert running.returncode in {128 + number, -number}, said
    assert stopped


def test_a_plain_write_would_be_seen(book: Path) -> None:
    target = book / "half.csv"
    target.write_text("account_id,score\n1,5\n")
    assert not whole(target)
    os.unlink(target)  # noqa: PTH108


LONG_QUERY = "SELECT sum(sqrt(a.range) * b.range) FROM range(1_000_000) AS a, range(1_000_000) AS b"


def test_an_interrupt_while_the_query_is_started_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[threading.Thread] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)
        begin(thread)
        raise KeyboardInterrupt

    begin = threading.Thread.start
    engine = Engine(str(tmp_path), [])
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt):
        engine.ask(LONG_QUERY)
    monkeypatch.undo()
    started[0].join(timeout=10)
    assert not started[0].is_alive()
    assert engine.ask("SELECT 1") == [(1,)]
    engine.close()


def test_an_interrupt_before_the_query_is_started_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise KeyboardInterrupt

    engine = Engine(str(tmp_path), [])
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt):
        engine.ask(LONG_QUERY)
    monkeypatch.undo()
    assert engine.ask("SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_within_a_callback_ends_the_run(name: str) -> None:
    """Python drops whatever is raised there."""
    program = f"""
import os, signal, time, weakref
from healthdsl.cli import main
class Held: ...
def run(arguments):
    held = Held()
    kept = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.{name}))
    del held
    for _ in range(200):
        time.sleep(0.01)
    return 0
main.run = run
main.main()
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=20)
    assert (ran.returncode, ran.stderr) == (128 + getattr(signal, name), SAID[name])


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_while_an_extension_is_imported_ends_the_run_after_it(name: str) -> None:
    """DuckDB's makes enumerations as it is imported, and ends the process when that fails."""
    program = f"""
import enum, os, signal, time
from healthdsl.cli import main
def run(arguments):
    before = enum.EnumType.__call__
    def call(*arguments, **options):
        enum.EnumType.__call__ = before
        os.kill(os.getpid(), signal.{name})
        return before(*arguments, **options)
    enum.EnumType.__call__ = call
    import _duckdb
    for _ in range(500):
        time.sleep(0.01)
    return 0
main.run = run
main.main()
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    said = b"stopped\n" if name == "SIGINT" else b""
    assert (ran.returncode, ran.stderr) == (128 + getattr(signal, name), said)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_a_library_makes_another_error_ends_the_run_all_the_same(name: str) -> None:
    """As an extension module does with whatever is raised while it is imported."""
    program = f"""
import os, signal, sys
from healthdsl.cli import main
def run(arguments):
    try:
        os.kill(os.getpid(), signal.{name})
        signal.pause()
    except BaseException as ended:
        raise ImportError("Encountered an error while initializing the extension.") from ended
main.run = run
main.main()
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (128 + getattr(signal, name), SAID[name])


def test_little_is_imported_before_the_signals_are_heard() -> None:
    program = """
import os, signal, sys
before = set(sys.modules)
import healthdsl.cli.main
print(*sorted(set(sys.modules) - before))
"""
    ran = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, check=True, cwd=ROOT)
    assert ran.stdout.split() == [b"__future__", b"healthdsl", b"healthdsl.cli", b"healthdsl.cli.main"]


@pytest.mark.parametrize(
    "when", ["typing", "healthdsl.cli.common.messages", "typer", "healthdsl.api", "the end"]
)
def test_an_interrupt_says_the_same_at_any_moment(tmp_path: Path, when: str) -> None:
    """While a module is imported, and when all is done."""
    program = f"""
import atexit, os, signal, sys
def stop():
    os.kill(os.getpid(), signal.SIGINT)
class Finder:
    def find_spec(self, name, path, target=None):
        if name == {when!r}:
            stop()
sys.meta_path.insert(0, Finder())
if {when!r} == "the end":
    atexit.register(stop)
sys.argv[1:] = ["score", "tiny.health", "few.csv"]
from healthdsl.cli.main import main
main()
"""
    (tmp_path / "tiny.health").write_text(RULESET)
    (tmp_path / "few.csv").write_text("account_id,seats,NPS Score\nA,1,2\n")
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, cwd=tmp_path)
    assert ran.stderr == b"stopped\n"
    # Where SIGINT meets an `exec`, as in making a dataclass, Python ends itself by it: 130 in a shell.
    assert ran.returncode in {130, -signal.SIGINT}
