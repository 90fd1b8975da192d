"""Which engine `healthdsl score` takes, and what the options about it refuse."""

from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest

from healthdsl.cli.common import book, progress
from tests.cli.program import ACCOUNTS, Program


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The engines that were asked to score."""
    engines: list[str] = []
    chosen = book.engine_for

    def noted(engine: book.Engine, request: book.BookRequest) -> book.Engine:
        found = chosen(engine, request)
        engines.append(found.value)
        return found

    monkeypatch.setattr("healthdsl.cli.score.engine_for", noted)
    return engines


def test_small_text_files_and_standard_input_are_for_the_record_engine(
    healthdsl: Program, taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert healthdsl("score", "tiny.health", "accounts.csv").code == 0
    assert healthdsl("score", "tiny.health", "-", stdin=ACCOUNTS).code == 0
    monkeypatch.setattr(book, "LARGE", len(ACCOUNTS) - 1)
    assert healthdsl("score", "tiny.health", "-", stdin=ACCOUNTS).code == 0
    assert taken == ["record"] * 3


def test_large_files_patterns_and_parquet_are_for_duckdb(
    healthdsl: Program, taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv")
    assert healthdsl("score", "tiny.health", "accounts.csv", "-o", "s.parquet").code == 0
    assert pq.read_table(healthdsl.folder / "s.parquet").column("score").to_pylist() == [100, 20, None]
    assert healthdsl("score", "tiny.health", "acc*.csv", "--format", "csv").out == plain.out
    assert healthdsl("score", "tiny.health", "accounts.csv", "--memory", "1GB").code == 0
    assert healthdsl("score", "tiny.health", "accounts.csv", "--rejects", "r.parquet").code == 0
    monkeypatch.setattr(book, "LARGE", len(ACCOUNTS) - 1)
    assert healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv").out == plain.out
    assert taken == ["record"] + ["duckdb"] * 5


def test_parquet_in_and_out(healthdsl: Program) -> None:
    healthdsl("score", "tiny.health", "accounts.csv", "-o", "s.parquet")
    ran = healthdsl("score", "tiny.health", "s.parquet", "--format", "csv", "--explain", "none")
    assert ran.code == 0
    assert "`NPS Score`" in ran.err  # the scored book calls it nps
    assert ran.out.splitlines()[1] == "A-1,Acme,100,good,0.4,big,,yes,no,"


def test_standard_input_for_duckdb(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "-", "--engine", "duckdb", "--format", "csv", stdin=ACCOUNTS)
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("A-1,Acme,100,good")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "s.parquet", "--engine", "record"], "--engine record: Parquet is written by DuckDB."),
        (["--engine", "record", "--threads", "2"], "--memory and --threads are DuckDB's"),
        (["--format", "parquet"], "Parquet is not for the screen"),
        (["--memory", "much"], "--memory is 'much', expected an amount such as 500MB or 2GB"),
        (["--threads", "0"], "--threads is 0, expected 1 to 1024; more than the processors gains nothing"),
        (["--threads", "1000000"], "--threads is 1000000, expected 1 to 1024"),
        (["--rejects", "accounts.csv"], "this file is read by the command"),
        (
            ["-o", "y.csv", "--rejects", "y.csv"],
            "--rejects y.csv: this is the file of -o too.",
        ),
        (["-o", "y.csv", "--rejects", "./y.csv"], "--rejects ./y.csv: this is the file of -o too."),
        (["--rejects", "no/r.csv"], "there is no folder"),
    ],
)
def test_what_an_engine_cannot_do_is_said(healthdsl: Program, arguments: list[str], said: str) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert (healthdsl.folder / "accounts.csv").read_text() == ACCOUNTS


def test_a_file_of_a_pattern_is_not_written_over(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "acc*.csv", "-o", "accounts.csv")
    assert (ran.code, ran.err) == (
        2,
        "error: accounts.csv: this file is read by the command, so it is not written over. Choose another.\n",
    )
    assert (healthdsl.folder / "accounts.csv").read_text() == ACCOUNTS


@pytest.mark.parametrize("engine", ["record", "duckdb"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing.csv", "nothing.csv: there is no such file."),
        ("accountz.csv", "accountz.csv: there is no such file (did you mean `accounts.csv`?)."),
        (".", ".: this is a folder. Name a file in it."),
        ("no/a.csv", "no/a.csv: there is no folder no."),
    ],
)
def test_files_that_are_not_there(healthdsl: Program, engine: str, path: str, said: str) -> None:
    ran = healthdsl("score", "tiny.health", path, "--engine", engine)
    assert (ran.code, ran.err) == (2, f"error: {said}\n")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_shown_after_a_while_and_to_people_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress.progress_bar() as told:
        assert told is None
    for patience, shown in ((1000.0, False), (0.0, True)):
        screen = Screen()
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setattr(progress, "PATIENCE", patience)
        monkeypatch.setenv("TERM", "xterm")
        with progress.progress_bar() as told:
            assert told is not None
            told(0.5)
        assert ("50%" in screen.getvalue()) == shown
