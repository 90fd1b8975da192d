"""`score --history`: what a run holds, how it is replaced, and who may read it meanwhile."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas
import pytest

from healthdsl import load
from healthdsl.batch.bad_cells import BadCellsError
from healthdsl.records.errors import FileError
from tests.history.program import RULESET, Program, keep, lines

RICH = """\
ruleset rich
  language 1

signal seats count
  default 3
signal asked date
signal nps number from -100 to 100
  expires 30 days after asked
signal plan one of basic, pro

rows tickets dated opened
  opened date
  urgent yes/no

signal recent = count of tickets in last 30 days

measure nps ladder
  below 0   -> 0
  otherwise -> 100

measure seats = seats * 10

group usage lowest
  nps
  seats

score health average
  by plan  basic, otherwise
  usage -> 60,    100
  seats -> 40,    0
  -5 when any of tickets aged up to 7 days where urgent  "Urgent"
  -1 per recent
  within 0 to 100
"""
RICH_ACCOUNTS = """\
account_id,seats,asked,nps,plan
A,,2026-02-20,50,basic
B,20,2025-01-01,-50,pro
C,7,,,
"""
TICKETS = "account_id,opened,urgent\nA,2026-02-27,yes\nA,2026-02-10,no\nB,2026-02-28,no\n"


def part(row: dict[str, object], name: str, parent: str | None) -> dict[str, object]:
    parts = row["parts"]
    assert isinstance(parts, list)
    (found,) = [each for each in parts if (each["name"], each["parent"]) == (name, parent)]
    return dict(found)


@pytest.mark.parametrize("engine", ["record", "duckdb"])
def test_a_run_holds_scores_parts_and_signals(healthdsl: Program, engine: str) -> None:
    keep(healthdsl, "2026-03-01", "--engine", engine)
    row = lines(healthdsl)["2026-03-01", "A-2"]
    assert (row["ruleset"], row["version"], len(row["fingerprint"])) == ("tiny", "1.2.0", 12)
    assert (row["account_name"], row["score"], row["band"], row["coverage"]) == ("Birch", 20.0, "poor", 1.0)
    assert (row["flags"], row["plays"], row["bad_cells"]) == ([], ["call"], None)
    nps = part(row, "nps", "health")
    assert (nps["points"], nps["share"]) == (0.0, 0.6)
    assert row["signals"] == [
        {"name": "seats", "number": 8.0, "text": None},
        {"name": "nps", "number": -20.0, "text": None},
    ]
    missing = lines(healthdsl)["2026-03-01", "A-3"]
    assert (missing["score"], missing["band"], part(missing, "nps", "health")["share"]) == (None, None, 0.0)


def rich(program: Program, history: str, *options: str) -> None:
    program.file("rich.health", RICH)
    program.file("rich.csv", RICH_ACCOUNTS)
    program.file("tickets.csv", TICKETS)
    common = ("score", "rich.health", "rich.csv", "--rows", "tickets=tickets.csv", "--as-of", "2026-03-01")
    ran = program(*common, "--history", history, *options)
    assert ran.code == 0, ran.err


def test_what_a_run_holds_of_groups_steps_defaults_and_rows(healthdsl: Program) -> None:
    rich(healthdsl, "runs")
    row = lines(healthdsl)["2026-03-01", "A"]
    # seats 3 by default: 30 points, the lowest; 0.6 * 30 + 0.4 * 30 - 5 - 2
    assert row["score"] == 23.0
    assert part(row, "seats", "usage")["share"] == 1.0
    assert part(row, "nps", "usage")["share"] == 0.0
    assert part(row, "usage", "health")["share"] == 0.6
    assert [(each["node"], each["change"]) for each in row["steps"]] == [("health", -5.0), ("health", -2.0)]
    assert row["steps"][0]["rule"] == "Urgent"
    signals = {
        each["name"]: each["number"] if each["text"] is None else each["text"] for each in row["signals"]
    }
    assert signals == {"seats": 3.0, "asked": "2026-02-20", "nps": 50.0, "plan": "basic", "recent": 2.0}
    read = {each["name"]: each for each in row["read"]}
    assert (read["seats"]["number"], read["nps"]["number"]) == (None, 50.0)
    assert read["given:tickets"]["text"] == "yes"
    assert sorted(each["number"] for name, each in read.items() if name.startswith("rows:")) == [1.0, 2.0]
    expired = lines(healthdsl)["2026-03-01", "B"]
    assert {each["name"]: each["number"] for each in expired["read"]}["nps"] == -50.0
    assert {each["name"]: each["number"] for each in expired["signals"]}["nps"] is None


@pytest.mark.parametrize(
    "options",
    [pytest.param(("--format", "csv"), marks=pytest.mark.slow), ("--explain", "full", "-o", "out.parquet")],
)
def test_both_engines_keep_the_same(healthdsl: Program, options: tuple[str, ...]) -> None:
    rich(healthdsl, "one", "--engine", "record")
    rich(healthdsl, "two", "--engine", "duckdb", *options)
    assert lines(healthdsl, "one") == lines(healthdsl, "two")


def test_score_many_keeps_what_the_command_keeps(healthdsl: Program) -> None:
    rich(healthdsl, "one", "--engine", "duckdb")
    ruleset, folder = load(healthdsl.folder / "rich.health"), healthdsl.folder
    given = (str(folder / "rich.csv"), {"tickets": str(folder / "tickets.csv")})
    plain = ruleset.score_many(*given, as_of="2026-03-01", explain="none")
    for options in ({}, {"result": "duckdb"}, {"out": folder / "scores.parquet"}):
        shutil.rmtree(folder / "two", ignore_errors=True)
        found = ruleset.score_many(
            *given, as_of="2026-03-01", explain="none", history=folder / "two", **options
        )
        assert lines(healthdsl, "one") == lines(healthdsl, "two")
        if "result" in options:
            assert found.columns == plain.column_names
        elif "out" in options:
            assert duckdb.read_parquet(found.path).columns == plain.column_names
        else:
            assert found == plain


def test_score_many_keeps_no_run_that_it_refuses(healthdsl: Program) -> None:
    ruleset = load(healthdsl.folder / "tiny.health")
    runs, bad = (
        healthdsl.folder / "runs",
        pandas.DataFrame({"account_id": ["A"], "seats": [1], "NPS Score": [-200]}),
    )
    with pytest.raises(ValueError, match="by its day, so it needs one: as_of"):
        ruleset.score_many(bad, history=runs)
    with pytest.raises(BadCellsError):
        ruleset.score_many(bad, as_of="2026-03-01", history=runs, strict=True)
    with pytest.raises(FileError, match="this is no folder"):
        ruleset.score_many(bad, as_of="2026-03-01", history=healthdsl.folder / "tiny.health")
    assert not runs.exists()
    for nps in (-200, 50):  # the second takes the place of the first
        ruleset.score_many(bad.assign(**{"NPS Score": nps}), as_of="2026-03-01", history=runs)
    assert lines(healthdsl)["2026-03-01", "A"]["bad_cells"] is None


@pytest.mark.slow
def test_what_is_written_is_the_same_with_a_history(healthdsl: Program) -> None:
    for engine in ("record", "duckdb"):
        rich(healthdsl, "runs", "--engine", engine, "-o", f"{engine}.csv")
        rich(healthdsl, "runs", "--engine", engine, "-o", f"{engine}.json")
    plain = healthdsl(
        "score",
        "rich.health",
        "rich.csv",
        "--rows",
        "tickets=tickets.csv",
        "--as-of",
        "2026-03-01",
        "-o",
        "plain.csv",
    )
    assert plain.code == 0
    for engine in ("record", "duckdb"):
        assert (healthdsl.folder / f"{engine}.csv").read_text() == (
            healthdsl.folder / "plain.csv"
        ).read_text()


def test_pandas_reads_the_runs_as_they_are(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01")
    keep(healthdsl, "2026-03-02")
    found = pandas.read_parquet(healthdsl.folder / "runs")
    assert len(found) == 6
    assert set(found["as_of"].astype(str)) == {"2026-03-01", "2026-03-02"}


def test_a_run_of_the_same_day_replaces_the_first(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01")
    keep(healthdsl, "2026-03-01", accounts="account_id,seats,NPS Score\nA-9,50,10\n")
    assert list(lines(healthdsl)) == [("2026-03-01", "A-9")]
    assert [path.name for path in (healthdsl.folder / "runs" / "as_of=2026-03-01").iterdir()] == [
        "tiny.parquet"
    ]


@pytest.mark.slow
def test_another_ruleset_stands_beside(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01")
    healthdsl.file("tiny.health", RULESET.replace("ruleset tiny", "ruleset other"))
    keep(healthdsl, "2026-03-01")
    names = sorted(path.name for path in (healthdsl.folder / "runs" / "as_of=2026-03-01").iterdir())
    assert names == ["other.parquet", "tiny.parquet"]


def test_a_run_needs_its_day_and_a_folder(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--history", "runs")
    assert (ran.code, ran.out) == (2, "")
    assert "--history keeps a run by its day, so it needs one: --as-of" in ran.err
    for folder, said in [("tiny.health", "this is no folder"), ("a/b", "there is no folder")]:
        ran = healthdsl("score", "tiny.health", "accounts.csv", "--as-of", "2026-03-01", "--history", folder)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err


@pytest.mark.slow
def test_a_strict_run_with_bad_cells_keeps_nothing(healthdsl: Program) -> None:
    healthdsl.file("accounts.csv", "account_id,seats,NPS Score\nA,many,1\n")
    for engine in ("record", "duckdb"):
        ran = healthdsl(
            "score",
            "tiny.health",
            "accounts.csv",
            "--as-of",
            "2026-03-01",
            "--history",
            "runs",
            "--strict",
            "--engine",
            engine,
        )
        assert ran.code == 2
        assert not (healthdsl.folder / "runs").exists()


# Two at once, and stopped ----------------------------------------------------

WRITER = """
import sys
from datetime import date
from pathlib import Path
from healthdsl.history.store import Place, put_run
place = Place("runs", "tiny", date(2026, 3, 1))
while True:
    for written in sys.argv[1:]:
        put_run(Path(written), place)
        print(flush=True)
"""


def writer(folder: Path, *written: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *map(str, written)], cwd=folder, stdout=subprocess.PIPE
    )


def contents(folder: Path, *sizes: int) -> list[Path]:
    """Files that are each one letter many times over: one that is mixed or cut short is seen."""
    paths = []
    for size, letter in zip(sizes, b"abc", strict=False):
        paths.append(folder / f"written-{size}")
        paths[-1].write_bytes(bytes([letter]) * size)
    return paths


def test_two_writers_at_once_leave_one_whole_run(tmp_path: Path) -> None:
    written = contents(tmp_path, 3_000_000, 2_000_000)
    whole = {path.read_bytes() for path in written}
    place = tmp_path / "runs" / "as_of=2026-03-01" / "tiny.parquet"
    writers = [writer(tmp_path, each) for each in written]
    try:
        for each in writers:
            assert each.stdout is not None
            each.stdout.readline()
        seen = set()
        for _ in range(60):
            found = place.read_bytes()
            assert found in whole
            seen.add(found)
        assert seen == whole  # both were at it while we looked
    finally:
        for each in writers:
            each.kill()
            each.communicate()
    assert place.read_bytes() in whole


def test_a_writer_that_is_stopped_leaves_a_whole_run(tmp_path: Path) -> None:
    written = contents(tmp_path, 3_000_000)
    (content,) = [path.read_bytes() for path in written]
    folder = tmp_path / "runs" / "as_of=2026-03-01"
    for delay in (0.0, 0.003, 0.006):
        running = writer(tmp_path, *written)
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(delay)
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
        assert (folder / "tiny.parquet").read_bytes() == content
        # What is left over has no name that DuckDB, Spark or pandas takes for a run.
        others = [path.name for path in folder.iterdir() if path.name != "tiny.parquet"]
        assert all(name.startswith(".") and name.endswith(".tmp") for name in others)


@pytest.mark.slow
def test_two_programs_at_once(healthdsl: Program) -> None:
    """The whole command, twice at once: one of both runs is there, and nothing else."""
    other = "account_id,seats,NPS Score\n" + "".join(f"B-{k},5,{k % 90}\n" for k in range(500))
    healthdsl.file("other.csv", other)
    command = [sys.executable, "-m", "healthdsl", "score", "tiny.health", "{}", "--as-of", "2026-03-01"]
    running = [
        subprocess.Popen(
            [*(part.replace("{}", name) for part in command), "--history", "runs"],
            cwd=healthdsl.folder,
            stdout=subprocess.DEVNULL,
        )
        for name in ("accounts.csv", "other.csv")
    ]
    assert [each.wait() for each in running] == [0, 0]
    assert len(lines(healthdsl)) in {3, 500}
    assert len(list((healthdsl.folder / "runs" / "as_of=2026-03-01").iterdir())) == 1
