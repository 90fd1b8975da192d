"""Rulesets as they are in git: `HEAD~1:rulesets/x.health`, read without a shell, a filter or a checkout.

In: a path or `REVISION:PATH`. Out: the bytes with their name, and the root that used files come from. A path
that is there counts as a path, whatever it looks like.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from healthdsl.cli.common.messages import MisuseError
from healthdsl.cli.common.rulesets import MOST_BYTES, read_ruleset, root_for
from healthdsl.records.errors import FileError
from healthdsl.records.input_file import STANDARD_INPUT
from healthdsl.sharing.paths import folder_of
from healthdsl.sharing.roots import NotUsableError, Root

SECONDS = 30
_REVISION = re.compile(r"(?P<revision>[^:]+):(?P<path>.+)", re.DOTALL)
# Nothing is fetched, asked for or written for the sake of one file.
_QUIETLY = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def read_version(named: str, root: str | None = None) -> tuple[bytes, str, Root | None]:
    """The bytes of a version, the name to show, and where it takes used files from.

    FileError when it cannot be read, MisuseError for what cannot be a revision.
    """
    found = _REVISION.fullmatch(named)
    if found is None or named == STANDARD_INPUT or _is_there(named) or _is_drive(named):
        data, name = read_ruleset(named)
        return data, name, root_for(named, root)
    revision, path = found["revision"], found["path"]
    commit = _commit(revision)
    folder = folder_of(path)
    data = _blob(commit, path, named, MOST_BYTES)
    return data, named, Tree(commit, revision, folder, path.rpartition("/")[2])


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _is_drive(path: str) -> bool:
    """`C:\\x.health` is no revision."""
    return os.name == "nt" and bool(re.match(r"[A-Za-z]:[\\/]", path))


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit below the folder of the ruleset."""

    commit: str
    revision: str
    place: str
    own: str
    folder: str = ""

    def read(self, path: str, limit: int) -> bytes:
        try:
            return _blob(self.commit, self._whole(path), self.shown(path), limit)
        except FileError as problem:
            advice = "commit it together with the ruleset that uses it"
            raise NotUsableError("E603", str(problem).rstrip("."), advice) from None

    def shown(self, path: str) -> str:
        return f"{self.revision}:{self._whole(path)}"

    def beside(self, folder: str) -> Iterable[str]:  # noqa: ARG002 -- no hints from a commit
        return ()

    def _whole(self, path: str) -> str:
        return f"{self.place}/{path}" if self.place else path


# git -------------------------------------------------------------------------


def _commit(revision: str) -> str:
    """The commit that a person means; MisuseError when there is none."""
    if revision.startswith("-") or any(not char.isprintable() for char in revision):
        raise MisuseError(f"{revision}: this is no revision. Write it like HEAD~1, main or v2.0.")
    done = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = done.stdout.decode("ascii", "replace").strip()
    if done.returncode == 0 and re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return commit
    said = done.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in said or _git("rev-parse", "--git-dir").returncode:
        found = said.removeprefix("fatal: ") or "not a git repository"
        raise MisuseError(
            f"{revision}: a revision needs a git repository, and this folder is in none ({found})."
        )
    raise MisuseError(f"{revision}: git knows no such revision. `git log --oneline` lists the commits.")


def _blob(commit: str, path: str, shown: str, limit: int) -> bytes:
    """The file as it was committed, at most `limit` bytes; FileError when there is none."""
    spec = f"{commit}:{path}"
    size = _git("cat-file", "-s", spec)
    if size.returncode or _git("cat-file", "-t", spec).stdout.strip() != b"blob":
        raise FileError(
            f"{shown}: there is no such file in that revision. "
            "The path begins at the root of the repository, or with ./ at this folder."
        )
    if int(size.stdout) > MOST_BYTES:
        raise FileError(f"{shown}: this file is larger than any ruleset ({int(size.stdout):,} bytes).")
    return _git("cat-file", "blob", spec).stdout[:limit]


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 -- no shell; what a person wrote never begins an argument
            ["git", "--no-pager", "--literal-pathspecs", *arguments],  # noqa: S607 -- the one of the PATH
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            env={**os.environ, **_QUIETLY},
        )
    except FileNotFoundError:
        raise MisuseError("git is not installed here. Give two files instead of a revision.") from None
    except subprocess.TimeoutExpired:
        raise MisuseError(f"git gave no answer within {SECONDS} seconds.") from None
    except ValueError:
        raise MisuseError("a revision or path holds a character that git cannot take.") from None
