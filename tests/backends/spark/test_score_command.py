"""`healthdsl score --engine spark`: the same file and the same messages as from other engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from healthdsl import BackendUnavailable
from tests.batch.alike import without_places
from tests.cli.program import Program, Ran

RULESET = """\
ruleset book
  language 1

rows tickets dated opened
  opened    date
  priority  one of low, urgent

signal seats    count
signal share    percent
  stored as 45 for 45%
signal since    date
signal urgent   = count of tickets in last 30 days where priority is urgent

measure m = seats + urgent
score s average
  1 m
"""
ACCOUNTS = """\
account_id,name,seats,share,since
A-1,"Acme, ""Inc""
two lines",120,45,2026-01-02
A-2,Birch,-8,45%,2026-31-01
,,,,
A-3, ,1 000,,2026-01-02T23:30:00-01:00
"""
TICKETS = "account_id,opened,priority\nA-1,2026-03-30,urgent\nA-1,x,low\nA-9,2026-03-30,low\n"
RECORDS = [
    {"account_id": 1, "seats": 3, "tickets": [{"opened": "2026-03-30", "priority": "urgent"}]},
    {"account_id": "2", "seats": "4", "tickets": []},
    {"account_id": "3", "name": "x", "since": "2026-01-01", "tickets": None},
]


@pytest.fixture
def program(
    tmp_path: Path, spark_session: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    program = Program(tmp_path, capsys, monkeypatch)
    program.file("book.health", RULESET)
    program.file("accounts.csv", ACCOUNTS)
    program.file("tickets.csv", TICKETS)
    return program


def score(program: Program, engine: str, *arguments: str) -> Ran:
    return program("score", "book.health", *arguments, "--as-of", "2026-03-31", "--engine", engine)


@pytest.mark.parametrize(("form", "other"), [("csv", "record"), ("jsonl", "duckdb")])
def test_the_same_file_and_messages(program: Program, form: str, other: str) -> None:
    names = ["accounts.csv", "--rows", "tickets=tickets.csv"]
    runs, written = [], []
    for engine in (other, "spark"):
        rejects, out = f"{engine}-rejects.csv", f"{engine}.{form}"
        runs.append(score(program, engine, *names, "--rejects", rejects, "-o", out))
        written.append([sorted((program.folder / each).read_text().splitlines()) for each in (rejects, out)])
    assert runs[1].code == runs[0].code == 0
    assert without_places(runs[1].err) == without_places(runs[0].err)
    assert "4 cells" in runs[1].err
    assert written[1] == written[0]


def test_nested_rows_of_json(program: Program) -> None:
    program.file("accounts.jsonl", "".join(f"{json.dumps(record)}\n" for record in RECORDS))
    program.file("accounts.json", json.dumps(RECORDS))
    expected = score(program, "record", "accounts.jsonl", "--format", "csv")
    for name in ("accounts.jsonl", "accounts.json"):
        found = score(program, "spark", name, "--format", "csv")
        assert sorted(found.out.splitlines()) == sorted(expected.out.splitlines())


def test_parquet_is_one_file_and_nothing_is_left(program: Program) -> None:
    before = {each.name for each in program.folder.iterdir()}
    assert score(program, "spark", "accounts.csv", "-o", "scores.parquet").code == 0
    assert {each.name for each in program.folder.iterdir()} - before == {"scores.parquet"}
    table = pq.read_table(program.folder / "scores.parquet")
    assert table.column("account_id").to_pylist() == ["A-1", "A-2", "A-3"]
    assert table.column("seats").to_pylist() == [120.0, None, None]


def test_strict_writes_nothing(program: Program) -> None:
    ran = score(program, "spark", "accounts.csv", "--strict", "-o", "scores.parquet")
    assert ran.code != 0
    assert "`seats`: 2" in ran.err
    assert not (program.folder / "scores.parquet").exists()


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ("seats,share\n1,2\n", "Spark needs a column of account ids. Name it with --id COLUMN."),
        ("account_id,seats\nA,1\nA,2\n", "an account id stands there more than once"),
    ],
)
def test_files_that_cannot_be_used(program: Program, accounts: str, told: str) -> None:
    program.file("accounts.csv", accounts)
    ran = score(program, "spark", "accounts.csv", "-o", "scores.csv")
    assert ran.code != 0
    assert told in ran.err
    assert not (program.folder / "scores.csv").exists()


def test_names_with_signs_of_patterns(program: Program) -> None:
    program.file("a{b}, c.csv", ACCOUNTS)
    assert score(program, "spark", "a{b}, c.csv", "-o", "scores.csv").code == 0


@pytest.mark.slow
def test_without_java_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    from healthdsl.backends.spark.session import check_java

    told = r"Spark needs Java 17 or newer, which is not installed: install a JRE"
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(BackendUnavailable, match=told):
        check_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackendUnavailable, match=told):
        check_java()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("amount", "written"),
    [("1GB", "1024m"), ("1.5 GiB", "1536m"), ("700mb", "700m"), ("2TB", "2097152m"), ("100KB", "512m")],
)
def test_amounts_of_memory_as_java_takes_them(amount: str, written: str) -> None:
    pytest.importorskip("pyspark")
    from healthdsl.backends.spark.session import java_memory

    assert java_memory(amount) == written
