"""The program as a whole: help, exit codes, and endings that are nobody's fault."""

import gzip
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random

import duckdb
import pytest

import healthdsl as package
from tests.cli.program import ACCOUNTS, RULESET, Program

WITH_ROWS = """\
ruleset gone
  language 1
rows tickets
  kind text
signal n = count of tickets
score health = 100
  -10 per n
"""
COMMANDS = ["score", "explain", "check", "fmt", "test", "schema", "new", "demo"]


def test_version(healthdsl: Program) -> None:
    ran = healthdsl("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"healthdsl {package.__version__}\n", "")


def test_help_names_every_command(healthdsl: Program) -> None:
    ran = healthdsl("--help")
    assert ran.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(healthdsl: Program, command: str) -> None:
    ran = healthdsl(command, "--help")
    assert ran.code == 0
    assert "Example" in ran.out
    assert f"    healthdsl {command}" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "gone.health", "a-*.parquet", "-o", "out.csv"),
        ("report", "gone.health", "a-*.parquet", "-o", "out.json"),
        ("explain", "gone.health", "a-*.parquet", "--account", "A-2", "-o", "out.md"),
        ("freeze", "gone.health", "a-*.parquet", "--signal", "n", "-o", "out.health"),
        ("plan", "gone.health", "gone.health", "a-*.parquet", "-o", "out.md"),
    ],
)
def test_help_names_the_forms_of_files_that_are_taken(healthdsl: Program, arguments: tuple[str, ...]) -> None:
    said = " ".join(healthdsl(arguments[0], "--help").out.split())
    assert (
        "CSV, JSON or JSON Lines, each also as .gz, or Parquet; in quotes a pattern such as 'a-*.csv'" in said
    )
    assert "of the same forms" in said
    healthdsl.file("gone.health", WITH_ROWS)
    duckdb.read_csv(healthdsl.file("a.csv", "account_id\nA-1\nA-2\n")).write_parquet("a-1.parquet")
    healthdsl.file("tickets.csv.gz", gzip.compress(b"account_id,kind\nA-2,x\nA-2,y\n"))
    ran = healthdsl(*arguments, "--rows", "tickets=tickets.csv.gz")
    assert (ran.code, ran.err) == (0, "")
    assert (healthdsl.folder / arguments[-1]).stat().st_size


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("check",),
        ("check", "--colour"),
        ("score", "tiny.health"),
        ("score", "tiny.health", "accounts.csv", "--format", "xml"),
        ("explain", "tiny.health", "accounts.csv"),
        ("fmt", "--check", "--diff", "tiny.health"),
    ],
)
def test_wrong_arguments_are_misuse(healthdsl: Program, arguments: tuple[str, ...]) -> None:
    ran = healthdsl(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err


@pytest.mark.parametrize("command", ["check", "fmt", "test", "schema"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("tiny.helth", "there is no such file (did you mean `tiny.health`?)"),
        ("folder", "this is a folder"),
        ("no/tiny.health", "there is no folder no"),
    ],
)
def test_a_ruleset_that_cannot_be_read(healthdsl: Program, command: str, path: str, said: str) -> None:
    (healthdsl.folder / "folder").mkdir()
    ran = healthdsl(command, path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {path}: ")
    assert said in ran.err


@pytest.mark.parametrize("command", ["check", "fmt", "test", "schema"])
@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"\x00" * 100, b"ruleset \xe9", Random(7).randbytes(5_000), b"x" * 2_000_000],
    ids=["bytes", "zeros", "latin", "random", "large"],
)
def test_a_ruleset_that_is_no_text(healthdsl: Program, command: str, content: bytes) -> None:
    healthdsl.file("bad.health", content)
    ran = healthdsl(command, "bad.health")
    assert ran.code == 1
    assert "bad.health" in ran.out + ran.err
    assert (healthdsl.folder / "bad.health").read_bytes() == content


@pytest.mark.parametrize("command", ["check", "test", "schema"])
def test_an_empty_ruleset(healthdsl: Program, command: str) -> None:
    healthdsl.file("empty.health", "")
    ran = healthdsl(command, "empty.health")
    assert ran.code == 1
    assert "empty.health:1:1" in ran.out + ran.err


def program(*arguments: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "healthdsl", *arguments]
    return subprocess.Popen(  # type: ignore[call-overload]
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_reader_that_goes_away_and_an_interrupt(tmp_path: Path, name: str) -> None:
    (tmp_path / "tiny.health").write_text(RULESET)
    with program("fmt", "--stdout", "tiny.health", folder=tmp_path) as gone:
        assert gone.stdout is not None
        gone.stdout.close()
        assert gone.stderr is not None
        assert gone.stderr.read() == ""
        assert gone.wait() == -signal.SIGPIPE
    number = signal.Signals[name]
    # A shell's background jobs ignore some signals, and so would a program that they start.
    heard = {"stdin": subprocess.PIPE, "preexec_fn": partial(signal.signal, number, signal.SIG_DFL)}
    with program("score", "tiny.health", "-", "-o", "out.csv", folder=tmp_path, **heard) as stopped:
        assert stopped.stdin is not None
        stopped.stdin.write(ACCOUNTS)
        stopped.stdin.flush()
        while not list(tmp_path.glob(".out.csv.*")):  # until it is in the middle of its work
            assert stopped.poll() is None
        stopped.send_signal(number)
        _, err = stopped.communicate(timeout=30)
        # Where SIGINT meets an `exec`, as in making a dataclass, Python ends itself by it: 130 in a shell.
        assert stopped.returncode in {128 + number, -signal.SIGINT}
        assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.health"]


HEAVY = {"typer", "pydantic", "rich", "jinja2", "lark"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["check"], set()),
        (["fmt", "--stdout"], {"typer", "pydantic"}),  # typer 0.29 loads pydantic to convert arguments
        (["test"], {"typer", "pydantic"}),
    ],
)
def test_what_commands_about_rulesets_load(tmp_path: Path, command: list[str], expected: set[str]) -> None:
    (tmp_path / "tiny.health").write_text(RULESET)
    script = (
        "import sys\nfrom healthdsl.cli.main import run\n"
        f"code = run({[*command, 'tiny.health']!r})\n"
        "print(code, *sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    assert code == "0"
    assert HEAVY & set(modules) <= expected
    assert "healthdsl" in modules


def test_check_says_the_same_by_both_doors(healthdsl: Program) -> None:
    """Names alone go straight in; behind `--` typer reads them (docs/adr/0010)."""
    Path("bad.health").write_text("ruleset r\n  language 1\nsignal a cuont\n", encoding="utf-8")
    straight, typed = healthdsl("check", "bad.health"), healthdsl("check", "--", "bad.health")
    assert straight.code == typed.code == 1
    assert straight.err + straight.out == typed.err + typed.out
    assert "cuont" in straight.err + straight.out
