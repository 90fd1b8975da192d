"""Whatever stops a run at whatever moment: the output is the old file or the whole new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.cli.program import RULESET

NUMBER = 400_000
TRIES = 6
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
