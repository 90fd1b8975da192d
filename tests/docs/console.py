"""Transcripts: the commands of a `console` block, run, and their output compared.

In: the text of a block and the folder to run in. Out: what differs. A line that begins with `$ ` is a
command; the lines below it, up to the next command, are what it prints, errors included. Only the commands
below may stand in a transcript, and no shell runs them. `make TARGET` is not run: the target must exist in
the Makefile.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from healthdsl.cli.main import run as healthdsl
from tests.docs.compare import difference
from tests.shared import ROOT

SECONDS = 60
WIDTH = "100"
WHO = {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-03-31T12:00:00Z"}


@dataclass(frozen=True)
class Command:
    """One command of a transcript with the output shown below it; `line` counts from the fence."""

    line: int
    text: str
    shown: str


@dataclass(frozen=True)
class Ran:
    output: str
    exit_code: int


def commands(text: str) -> list[Command]:
    """The commands of a transcript in order; ValueError when it begins with output."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("$ "):
            found.append((number, line[2:], []))
        elif found:
            found[-1][2].append(line)
        else:
            raise ValueError("a transcript begins with a command, written `$ command`")
    return [
        Command(number, command, "".join(f"{each}\n" for each in shown)) for number, command, shown in found
    ]


def check_transcript(text: str, folder: Path, exit_code: int) -> Iterator[tuple[int, str]]:
    """What differs, with its line in the block. The last command ends in `exit_code`, those before in 0."""
    every = commands(text)
    for command in every:
        ran = run(command.text, folder)
        if ran is None:
            yield from ((command.line, problem) for problem in make_problems(command.text))
            continue
        if "Traceback (most recent call last)" in ran.output:
            yield command.line, f"`{command.text}` ends in a traceback\n{ran.output}"
        elif differs := difference(command.shown, ran.output):
            yield command.line, f"`{command.text}` prints something else\n{differs}"
        wanted = exit_code if command is every[-1] else 0
        if ran.exit_code != wanted:
            yield command.line, f"`{command.text}` ends in exit code {ran.exit_code}, not {wanted}"


def run(command: str, folder: Path) -> Ran | None:
    """Run one command in `folder`; None for `make`, ValueError for one that a transcript may not hold."""
    name, *arguments = shlex.split(command)
    if name == "make":
        return None
    if name == "healthdsl":
        return run_healthdsl(arguments, folder)
    if name == "git":
        return run_git(arguments, folder)
    if name not in PLAIN:
        raise ValueError(f"a transcript runs healthdsl, git, make, {', '.join(PLAIN)}; found `{name}`")
    return Ran(PLAIN[name]([folder / argument for argument in arguments]), 0)


def run_healthdsl(arguments: list[str], folder: Path) -> Ran:
    """The command in this process: no input, a terminal of fixed width, no colours, both outputs in one.

    An interpreter for each of some hundred commands would take longer than all that they do.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HEALTHDSL_", "PYTEST_"))}
    environment = {**kept, "COLUMNS": WIDTH, "NO_COLOR": "1"}
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True, newline="\n")
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO())),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        contextlib.chdir(folder),
    ):
        code = healthdsl(arguments)
    return Ran(printed.buffer.getvalue().decode(), code)


def run_git(arguments: list[str], folder: Path) -> Ran:
    """Git with nobody's settings, in a repository of the page's own, at a time that does not pass."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in WHO.items()}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        **who,
        **alone,
        "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
        "GIT_PAGER": "cat",
        "LC_ALL": "C.UTF-8",
    }
    return run_program(["git", "-c", "init.defaultBranch=main", *arguments], folder, environment)


def run_program(command: list[str], folder: Path, environment: dict[str, str]) -> Ran:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return Ran(done.stdout, done.returncode)


def show(paths: list[Path]) -> str:
    return "".join(path.read_text("utf-8") for path in paths)


def copy(paths: list[Path]) -> str:
    source, target = paths
    shutil.copy(source, target)
    return ""


PLAIN: dict[str, Callable[[list[Path]], str]] = {"cat": show, "cp": copy}


def make_problems(line: str) -> list[str]:
    """Targets of a `make` line that the Makefile does not have."""
    targets = [word for word in shlex.split(line, comments=True)[1:] if "=" not in word]
    return [f"the Makefile has no target `{target}`" for target in targets if target not in make_targets()]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
