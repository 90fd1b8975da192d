"""The steps of the GitHub Action: `steps.py check`, `test` or `plan`.

In: the inputs of the action as environment variables, a checkout of the pull request (merged into its base
branch, or its head) with the base in its history. Out: annotations and results on standard output; `plan`
writes what changed to a Markdown file, which `comment.py` puts on the pull request, and to the summary of
the run.

Inputs, file names and what a ruleset holds may come from a stranger. They are arguments of a program, behind
`--` where they name files, and never part of a shell line; and what is shown of them is no command to the
runner, however a line begins.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# -P: a file of the checkout called like a module of ours is not taken for it.
PROGRAM = [sys.executable, "-P", "-m", "healthdsl"]
ENDING = ".health"
COMMENT = "healthdsl-plan.md"
MOST_LETTERS = 60_000
"""GitHub takes comments of up to 65,536."""


def main() -> int:
    """Run the step that is named; the exit code of the job's step."""
    steps = {"check": check, "test": test, "plan": plan}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        print("usage: steps.py check|test|plan", file=sys.stderr)
        return 2
    return steps[sys.argv[1]]()


def check() -> int:
    """Findings as annotations; they fail the step unless `check` is false, mistakes always do."""
    found = _healthdsl("check", "--format", "github", "--", *_paths(), commands=True)
    if found.returncode == 1 and not _flag("CHECK"):
        return int("::error" in found.stdout)
    return found.returncode


def test() -> int:
    """The tests of the rulesets, with their coverage where a least share is asked for."""
    least = _input("MIN_COVERAGE")
    options = ["--coverage", "--min-coverage", least] if least else []
    return _healthdsl("test", *options, "--", *_paths()).returncode


# The plan --------------------------------------------------------------------


def plan() -> int:
    """What changed in each ruleset, and whom it moves; 1 when a limit is broken."""
    Path(os.environ.get("RUNNER_TEMP", "."), COMMENT).unlink(missing_ok=True)
    if _git("rev-parse", "--git-dir").returncode:
        print("::error::this folder is no git repository: put actions/checkout before, without `path`")
        return 2
    base = _base()
    if base is None:
        print("::error::the base of the pull request is not in the checkout: give checkout `fetch-depth: 0`")
        return 2
    renamed, removed = _gone(base)
    code, pieces = 0, ["## healthdsl", *(f"### {_code(path)}\n\nThe ruleset is removed." for path in removed)]
    for path in _rulesets():
        worst, text = _planned(base, path, renamed.get(path, path))
        code = max(code, worst)
        pieces += [text] if text else []
    if len(pieces) == 1:
        pieces.append("No ruleset means anything else than before.")
    _write("\n\n".join(pieces))
    return code


def _planned(base: str, path: str, before: str) -> tuple[int, str]:
    """What one ruleset changes, and how the step ends for it; no text for one that means the same.

    `before` is its path in the base.
    """
    old, title = f"{base[:12]}:{before}", f"### {_code(path)}"
    if not _is_there(old):
        return 0, f"{title}\n\nA new ruleset."
    if before != path:
        title += f"\n\nThe file was {_code(before)} before."
    compared = _healthdsl("diff", "--format", "json", "--", old, path, shown=False)
    if compared.returncode:
        return compared.returncode, f"{title}\n\n{_block(compared.stderr)}"
    if json.loads(compared.stdout)["effect"] is None:
        return 0, f"{title} It means the same." if before != path else ""
    changed = _healthdsl("diff", "--format", "md", "--", old, path, shown=False)
    code, pieces = 0, [title, changed.stdout.strip()]
    if _input("ACCOUNTS"):
        found = _healthdsl("plan", *_plan_options(), "--", old, path, _input("ACCOUNTS"), shown=False)
        code = found.returncode
        pieces.append(found.stdout.strip() or _block(found.stderr))
    return code, "\n\n".join(pieces)


def _plan_options() -> list[str]:
    names = ("AS_OF", "MAX_MOVED", "MAX_WORSE_BAND", "MOVERS")
    options = [f"--{name.lower().replace('_', '-')}={_input(name)}" for name in names if _input(name)]
    return ["--format=md", *options, *(f"--rows={line}" for line in _lines("ROWS"))]


def _base() -> str | None:
    """What the pull request is compared with, as a commit that is in the checkout.

    GitHub checks out a merge of the pull request into the base branch: its first parent is that branch, and
    the base that the event names may be older. Where the head is checked out, it is where that branched off.
    """
    named, head = _input("BASE"), os.environ.get("PULL_REQUEST_HEAD", "")
    if not named:
        parents = _git("rev-parse", "HEAD^@").stdout.split()
        if len(parents) == 2 and parents[1] == head:
            return parents[0]
    branch = f"origin/{os.environ.get('GITHUB_BASE_REF', '')}"
    revisions = [named] if named else [branch, os.environ.get("PULL_REQUEST_BASE", "")]
    for revision in revisions:
        for asked in (["merge-base", revision, "HEAD"], ["rev-parse", "--verify", f"{revision}^{{commit}}"]):
            if revision and not revision.startswith("-"):
                found = _git(*asked)
                if found.returncode == 0:
                    return found.stdout.strip()
    return None


def _gone(base: str) -> tuple[dict[str, str], list[str]]:
    """The path that each renamed ruleset had before, and the rulesets that are removed."""
    asked = ("diff", "-z", "--name-status", "--diff-filter=RD", "--find-renames", "--relative", base)
    words = iter(_git(*asked).stdout.split("\0"))
    renamed, removed = {}, []
    for status in words:
        if status.startswith("R"):
            before = next(words)
            renamed[next(words)] = before
        elif status:
            removed.append(next(words))
    there = set(_git("ls-tree", "-r", "-z", "--name-only", base, "--", *_paths()).stdout.split("\0"))
    rulesets = [path for path in removed if path.endswith(ENDING) and path in there]
    return renamed, [
        path for path in rulesets if not _is_dictionary(_git("cat-file", "blob", f"{base}:{path}").stdout)
    ]


def _is_there(revision_and_path: str) -> bool:
    return _git("cat-file", "-e", revision_and_path).returncode == 0


def _rulesets() -> list[str]:
    """The rulesets of the checkout below the paths that are named, as git knows them."""
    found = _git("ls-files", "-z", "--", *_paths())
    return [
        path
        for path in sorted(found.stdout.split("\0"))
        if path.endswith(ENDING)
        and Path(path).is_file()
        and not _is_dictionary(Path(path).read_text("utf-8", "replace"))
    ]


def _is_dictionary(text: str) -> bool:
    """Whether a file holds what rulesets share: it has no scores to compare."""
    lines = (line.split("#")[0].split() for line in text.splitlines())
    return next((words[0] for words in lines if words), "") == "dictionary"


def _write(text: str) -> None:
    """The text for the comment and for the summary of the run."""
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS].rsplit("\n", 1)[0]
        text += "\n\n</details>" * (text.count("<details>") > text.count("</details>"))
        text += "\n\nMore stands in the log of the run."
    _show(text)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")
    folder = os.environ.get("RUNNER_TEMP")
    if folder:
        Path(folder, COMMENT).write_text(text + "\n", "utf-8")


# Running and inputs ----------------------------------------------------------


def _healthdsl(
    *arguments: str, shown: bool = True, commands: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the program; `shown` passes on what it says, `commands` as commands to the runner."""
    found = _run([*PROGRAM, *arguments])
    if commands:
        sys.stdout.write(found.stdout)
        sys.stdout.flush()
        _show(found.stderr)
    elif shown:
        _show(found.stdout + found.stderr)
    return found


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(["git", *arguments])


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # In a container the checkout belongs to another user, and git asks whether it may be trusted.
    more = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    trusted = {f"GIT_CONFIG_KEY_{more}": "safe.directory", f"GIT_CONFIG_VALUE_{more}": "*"}
    trusted["GIT_CONFIG_COUNT"] = str(more + 1)
    return subprocess.run(
        command,
        env={**os.environ, **trusted},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _show(text: str) -> None:
    """Some text in the log of the run; nothing in it is a command to the runner."""
    if not text.strip():
        return
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::", flush=True)


def _paths() -> Sequence[str]:
    return _lines("RULESETS") or ["."]


def _lines(name: str) -> list[str]:
    return [line.strip() for line in _input(name).splitlines() if line.strip()]


def _input(name: str) -> str:
    return os.environ.get(f"INPUT_{name}", "").strip()


def _flag(name: str) -> bool:
    return _input(name).lower() != "false"


def _code(text: str) -> str:
    """A name as code in Markdown, whatever it holds."""
    plain = "".join(letter if letter.isprintable() and letter != "`" else "?" for letter in text)
    return f"`{plain}`"


def _block(text: str) -> str:
    """Some lines as they are, indented so that none of them is markup."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[:200])


if __name__ == "__main__":
    sys.exit(main())
