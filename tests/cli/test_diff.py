"""`healthdsl diff`: forms, revisions in git, and what is no revision."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program

OLD = """\
ruleset small
  language 1
  version 1.0.0

signal x number

measure x = x

score health average
  2 x
"""
NEW = OLD.replace("2 x", "3 x").replace("1.0.0", "1.1.0")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "old.health").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.health").write_text(NEW, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit has the old ruleset as rules/x.health, and the worktree the new one."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (folder / "rules").mkdir()
    (folder / "rules" / "x.health").write_text(OLD, encoding="utf-8")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "rules"], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "rules" / "x.health").write_text(NEW, encoding="utf-8")
    return folder


def test_text(healthdsl: Program, folder: Path) -> None:
    done = healthdsl("diff", "old.health", "new.health")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "small: 1.0.0 to 1.1.0\n"
        "1 score-changing, 1 explanation-only.\n\n"
        "the ruleset\n"
        "  explanation-only  The version goes from 1.0.0 to 1.1.0.\n\n"
        "score health\n"
        "  score-changing    The weight of x goes from 2 to 3.\n"
    )


def test_json_and_markdown(healthdsl: Program, folder: Path) -> None:
    found = json.loads(healthdsl("diff", "old.health", "new.health", "--format", "json").out)
    assert found["effect"] == "score-changing"
    assert found["fingerprint_changed"] is True
    assert found["changes"][1]["sentence"] == "In score health, the weight of x goes from 2 to 3."
    assert found["changes"][1]["new_place"] == "new.health:10"
    assert healthdsl("diff", "old.health", "new.health", "-o", "out.md").code == 0
    assert "  - The weight of x goes from 2 to 3." in Path("out.md").read_text("utf-8").splitlines()


def test_layout_is_no_difference(healthdsl: Program, folder: Path) -> None:
    (folder / "spaced.health").write_text(OLD.replace("2 x", "2    x  # two"), encoding="utf-8")
    assert "The text differs, its meaning does not." in healthdsl("diff", "old.health", "spaced.health").out
    assert "No difference." in healthdsl("diff", "old.health", "old.health").out


def test_a_revision_and_a_file(healthdsl: Program, repository: Path) -> None:
    done = healthdsl("diff", "HEAD:rules/x.health", "rules/x.health")
    assert "The weight of x goes from 2 to 3." in done.out
    assert healthdsl("diff", "HEAD:rules/x.health", "HEAD:./rules/x.health").out.endswith("No difference.\n")


def test_a_revision_takes_what_it_uses_from_there(healthdsl: Program, repository: Path) -> None:
    shared = 'dictionary words\n  language 1\n\nsignal x number "Then"\n'
    (repository / "rules" / "words.health").write_text(shared, encoding="utf-8")
    using = OLD.replace("signal x number\n", 'use "words.health"\n')
    (repository / "rules" / "x.health").write_text(using, encoding="utf-8")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "add", "rules"], cwd=repository, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", "second"], cwd=repository, check=True)
    (repository / "rules" / "words.health").write_text(shared.replace("Then", "Now"), encoding="utf-8")
    done = healthdsl("diff", "HEAD:rules/x.health", "rules/x.health")
    assert 'The title goes from "Then" to "Now".' in done.out, done.err


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("HEAD:rules/none.health", "there is no such file in that revision. The path begins at the root"),
        ("HEAD:rules", "HEAD:rules: there is no such file in that revision."),
        ("gone:rules/x.health", "gone: git knows no such revision."),
        ("--output=stolen:rules/x.health", "--output=stolen: this is no revision."),
        ("HEAD\n:rules/x.health", "this is no revision."),
        ("none.health", "none.health"),
    ],
)
def test_what_is_no_version(healthdsl: Program, named: str, said: str, repository: Path) -> None:
    done = healthdsl("diff", "--", named, "rules/x.health")
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not (repository / "stolen").exists()


def test_outside_of_a_repository(healthdsl: Program, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    done = healthdsl("diff", "HEAD:old.health", "new.health")
    assert done.code == 2
    assert "a revision needs a git repository" in done.err


def test_without_git(healthdsl: Program, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    done = healthdsl("diff", "HEAD:old.health", "new.health")
    assert done.code == 2
    assert "git is not installed here" in done.err


def test_a_ruleset_with_mistakes(healthdsl: Program, folder: Path) -> None:
    (folder / "broken.health").write_text(OLD.replace("2 x", "2 y"), encoding="utf-8")
    done = healthdsl("diff", "old.health", "broken.health")
    assert done.code == 1
    assert "broken.health:10" in done.err
