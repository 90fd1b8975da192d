"""The GitHub Action and the hooks: their YAML, and their scripts run on a git repository of a few files."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from healthdsl.cli.main import run
from tests.cli.program import ACCOUNTS, RULESET
from tests.shared import ROOT

STEPS, COMMENT = ROOT / "action" / "steps.py", ROOT / "action" / "comment.py"
NEWER = RULESET.replace("below 50  -> poor", "below 60  -> poor").replace("40 seats", "60 seats")


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load((ROOT / "action.yml").read_text())
    assert isinstance(found, dict)
    return found


# The YAML --------------------------------------------------------------------


@pytest.mark.slow
def test_every_input_is_described_and_used(action: dict[str, Any]) -> None:
    assert all(each["description"] for each in action["inputs"].values())
    text = json.dumps(action["runs"])
    used = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert used == set(action["inputs"])


@pytest.mark.slow
def test_no_expression_is_part_of_a_shell_line(action: dict[str, Any]) -> None:
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


@pytest.mark.slow
def test_each_step_runs_a_script_of_ours_with_what_it_reads(action: dict[str, Any]) -> None:
    read = {STEPS: set(re.findall(r'_(?:input|lines|flag)\("([A-Z_]+)"', STEPS.read_text()))}
    given = {name for step in action["runs"]["steps"] for name in step.get("env", {})}
    wanted = {f"INPUT_{name}" for name in read[STEPS]} | {"INPUT_AS_OF", "INPUT_MAX_MOVED", "INPUT_MOVERS"}
    assert wanted <= given
    scripts = [
        re.findall(r"\$GITHUB_ACTION_PATH/(action/\S+\.py)\" ?(\w*)", step["run"])
        for step in action["runs"]["steps"][1:]
    ]
    assert [found for each in scripts for found in each] == [
        ("action/steps.py", "check"),
        ("action/steps.py", "test"),
        ("action/steps.py", "plan"),
        ("action/comment.py", ""),
    ]


@pytest.mark.slow
def test_hooks_are_commands_of_the_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    yaml = pytest.importorskip("yaml")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [each["id"] for each in hooks] == ["healthdsl-check", "healthdsl-fmt"]
    path = tmp_path / "tiny.health"
    path.write_text(RULESET)
    for each in hooks:
        program, *arguments = each["entry"].split()
        assert program == "healthdsl"
        assert each["language"] == "python"
        assert re.search(each["files"], "rulesets/tiny.health")
        assert not re.search(each["files"], "accounts.csv")
        assert run([*arguments, str(path)]) == 0
    capsys.readouterr()


@pytest.mark.slow
def test_the_example_in_the_docs_asks_for_what_it_needs() -> None:
    yaml = pytest.importorskip("yaml")
    page = (ROOT / "docs" / "rulesets-in-git.md").read_text()
    (workflow,) = re.findall(r"```text\n(name: Rulesets.*?)```", page, re.DOTALL)
    found = yaml.safe_load(workflow)
    assert found["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert found[True] == "pull_request"  # `on` is a yes for YAML; never pull_request_target
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (step,) = [each for each in found["jobs"]["check"]["steps"] if "healthdsl" in each["uses"]]
    assert set(step["with"]) <= set(action["inputs"])
    (hooks,) = re.findall(r"```text\n(repos:.*?)```", page, re.DOTALL)
    known = {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {each["id"] for each in yaml.safe_load(hooks)["repos"][0]["hooks"]} == known


# The scripts -----------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    named = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    ran = subprocess.run(["git", *named, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A pull request that changes tiny.health and adds a ruleset; the base is the commit before."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "tiny.health").write_text(RULESET)
    (folder / "same.health").write_text(RULESET.replace("ruleset tiny", "ruleset same"))
    (folder / "accounts.csv").write_text(ACCOUNTS)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "base")
    (folder / "tiny.health").write_text(NEWER)
    (folder / "same.health").write_text(
        "# only a comment\n" + RULESET.replace("ruleset tiny", "ruleset same")
    )
    (folder / "more.health").write_text(RULESET.replace("ruleset tiny", "ruleset more"))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "change")
    return folder


def step(folder: Path, name: str, **inputs: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(folder.parent),
        "PYTHONPATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(folder.parent / "summary.md"),
        "PULL_REQUEST_BASE": git(folder, "rev-list", "--max-parents=0", "HEAD"),
        **{f"INPUT_{key}": value for key, value in inputs.items()},
    }
    return subprocess.run(
        [sys.executable, str(STEPS), name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_tells_by_annotations(repository: Path) -> None:
    ran = step(repository, "check", RULESETS="tiny.health\nsame.health")
    assert (ran.returncode, ran.stderr) == (0, "")
    (repository / "tiny.health").write_text(RULESET.replace('0    "Unhappy"', 'zero "Unhappy"'))
    ran = step(repository, "check", RULESETS="tiny.health", CHECK="false")
    assert ran.returncode == 1
    assert re.search(r"^::error file=tiny.health,line=10,", ran.stdout, re.MULTILINE)


@pytest.mark.slow
def test_test_runs_the_tests_with_a_least_coverage(repository: Path) -> None:
    assert step(repository, "test", RULESETS="same.health").returncode == 0
    ran = step(repository, "test", RULESETS="same.health", MIN_COVERAGE="100%")
    assert ran.returncode == 1
    assert "coverage" in ran.stdout


@pytest.mark.slow
def test_plan_tells_what_changed_and_whom_it_moves(repository: Path) -> None:
    ran = step(repository, "plan", RULESETS=".", ACCOUNTS="accounts.csv", MOVERS="1")
    assert ran.returncode == 0, ran.stdout
    # Between these two lines the runner takes nothing for a command.
    (token,) = re.findall(r"^::stop-commands::([0-9a-f]{32})$", ran.stdout, re.MULTILINE)
    assert ran.stdout.rstrip().endswith(f"::{token}::")
    text = (repository.parent / "healthdsl-plan.md").read_text()
    assert text == (repository.parent / "summary.md").read_text()
    assert "### `tiny.health`" in text
    assert "### `more.health`\n\nA new ruleset." in text
    assert "same.health" not in text  # a comment changes nothing
    assert "Score-changing" in text
    assert "accounts move" in text
    ran = step(repository, "plan", RULESETS=".", ACCOUNTS="accounts.csv", MAX_MOVED="0")
    assert ran.returncode == 1
    assert "Limit broken" in (repository.parent / "healthdsl-plan.md").read_text()


@pytest.mark.slow
def test_plan_without_accounts_or_base(repository: Path) -> None:
    assert step(repository, "plan", RULESETS="same.health").returncode == 0
    assert "No ruleset means anything else" in (repository.parent / "healthdsl-plan.md").read_text()
    ran = step(repository, "plan", BASE="--upload-pack=touch pwned")
    assert ran.returncode == 2
    assert "fetch-depth: 0" in ran.stdout
    assert not (repository / "pwned").exists()


def test_a_ruleset_with_mistakes_is_said(repository: Path) -> None:
    (repository / "tiny.health").write_text("ruleset tiny\n::error::boo\n")
    ran = step(repository, "plan", RULESETS="tiny.health")
    assert ran.returncode == 1
    assert "    error[" in (repository.parent / "healthdsl-plan.md").read_text()


@pytest.mark.slow
def test_names_of_strangers_are_names(repository: Path) -> None:
    for name in (
        "$(touch pwned).health",
        "a;touch pwned.health",
        "`touch pwned`.health",
        "--help.health",
        "two\nlines ::error::.health",
    ):
        shutil.copy(repository / "more.health", repository / name)
    git(repository, "add", ".")
    for name in ("check", "test", "plan"):
        ran = step(repository, name, RULESETS=".", AS_OF="2026-03-31; touch pwned", ROWS="a=$(touch pwned)")
        assert "Usage" not in ran.stdout
    assert not (repository / "pwned").exists()
    text = (repository.parent / "healthdsl-plan.md").read_text()
    assert "### `two?lines ::error::.health`" in text


def test_what_is_renamed_removed_or_new_is_said(repository: Path) -> None:
    git(repository, "mv", "same.health", "moved.health")
    git(repository, "rm", "-q", "tiny.health", "more.health")  # the latter was not there before
    (repository / "new.health").write_text("ruleset new\n  language 1\n\nsignal a count\n\nscore b = a\n")
    git(repository, "add", "new.health")
    ran = step(repository, "plan", RULESETS=".")
    assert ran.returncode == 0, ran.stdout
    text = (repository.parent / "healthdsl-plan.md").read_text()
    assert "### `moved.health`\n\nThe file was `same.health` before. It means the same." in text
    assert "### `tiny.health`\n\nThe ruleset is removed." in text
    assert "### `new.health`\n\nA new ruleset." in text
    assert "more.health" not in text
    step(repository, "plan", RULESETS="new.health")
    assert "removed" not in (repository.parent / "healthdsl-plan.md").read_text()


def test_files_of_the_checkout_are_no_modules_of_ours(repository: Path) -> None:
    for name in ("duckdb.py", "typer.py", "decimal.py", "healthdsl.py"):
        (repository / name).write_text("open('pwned', 'w').close()\n")
    assert step(repository, "check", RULESETS="tiny.health").returncode == 0
    assert not (repository / "pwned").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_checkout_of_another_user_as_in_a_container(repository: Path) -> None:
    base = git(repository, "rev-list", "--max-parents=0", "HEAD")
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 12345, 12345)
    ran = subprocess.run(
        [sys.executable, str(STEPS), "plan"],
        cwd=repository,
        env={
            **os.environ,
            "RUNNER_TEMP": str(repository.parent),
            "PYTHONPATH": str(ROOT),
            "INPUT_BASE": base,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "Score-changing" in ran.stdout


def test_a_folder_that_is_no_repository_is_said(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(tmp_path),
        "GIT_CEILING_DIRECTORIES": str(tmp_path.parent),
    }
    (tmp_path / "healthdsl-plan.md").write_text("of an earlier use\n")
    command = [sys.executable, str(STEPS), "plan"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "::error::this folder is no git repository" in ran.stdout
    assert not (tmp_path / "healthdsl-plan.md").exists()


# The whole, as a runner does it ----------------------------------------------


class Runner:
    """A job of GitHub: the checkout of a pull request, an event, and the steps of action.yml one by one."""

    def __init__(self, folder: Path, action: dict[str, Any], address: str) -> None:
        self.action, self.folder, self.work = action, folder, folder / "work"
        self.origin = folder / "origin"
        self.origin.mkdir()
        git(self.origin, "init", "-q")
        self.commit(**{"tiny.health": RULESET, "accounts.csv": ACCOUNTS})
        self.opened = self.main()
        git(self.origin, "switch", "-qc", "change")
        program = folder / "temp" / "healthdsl" / "bin" / "python"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        program.chmod(0o755)
        self.given = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": address,
            "GITHUB_BASE_REF": "main",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }

    def commit(self, **files: str | None) -> None:
        for name, text in files.items():
            if text is None:
                (self.origin / name).unlink()
            else:
                (self.origin / name).write_text(text)
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-qm", "change")

    def main(self) -> str:
        return git(self.origin, "rev-parse", "main")

    def run(self, **inputs: str) -> dict[str, "subprocess.CompletedProcess[str]"]:
        """Check the pull request out as actions/checkout does, and run the steps; the results by name."""
        head = git(self.origin, "rev-parse", "change")
        git(self.origin, "switch", "-q", "--detach", "main")
        git(self.origin, "merge", "-q", "--no-ff", "-m", "Merge", "change")
        git(self.origin, "update-ref", "refs/pull/7/merge", "HEAD")
        shutil.rmtree(self.work, ignore_errors=True)
        git(self.folder, "clone", "-q", "--no-checkout", str(self.origin), "work")
        git(self.work, "fetch", "-q", "origin", "refs/pull/7/merge")
        git(self.work, "switch", "-q", "--detach", "FETCH_HEAD")
        values = {f"inputs.{name}": str(each["default"]) for name, each in self.action["inputs"].items()}
        values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        values |= {"github.token": "secret", "github.event.pull_request.number": "7"}
        values |= {"github.event.pull_request.base.sha": self.opened}  # as old as the pull request
        values |= {"github.event.pull_request.head.sha": head}
        values["inputs.token"] = "secret"
        return {each["name"]: self.step(each, values) for each in self.action["runs"]["steps"][1:]}

    def step(self, step: dict[str, Any], values: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        given = {
            name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)
            for name, text in step["env"].items()
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            command, cwd=self.work, env={**self.given, **given}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def runner(tmp_path: Path, action: dict[str, Any], github: tuple[type["GitHub"], str]) -> Runner:
    return Runner(tmp_path, action, github[1])


def codes(ran: dict[str, "subprocess.CompletedProcess[str]"]) -> dict[str, int]:
    return {name: each.returncode for name, each in ran.items()}


@pytest.mark.slow
def test_a_pull_request_whose_base_went_on(runner: Runner, github: tuple[type["GitHub"], str]) -> None:
    kind, _ = github
    runner.commit(**{"tiny.health": NEWER, "more.health": RULESET.replace("ruleset tiny", "ruleset more")})
    git(runner.origin, "switch", "-q", "main")
    # Another pull request was merged meanwhile; it is none of this one's edits.
    runner.commit(**{"other.health": RULESET.replace("ruleset tiny", "ruleset other")})
    ran = runner.run(accounts="accounts.csv", min_coverage="1%")
    assert codes(ran) == {"Check": 0, "Test": 1, "Plan": 0, "Comment": 0}, ran  # NEWER breaks its own test
    (comment,) = kind.comments
    assert "### `more.health`\n\nA new ruleset." in comment["body"]
    assert "accounts move" in comment["body"]
    assert "other.health" not in comment["body"]
    ran = runner.run(accounts="accounts.csv", max_moved="0")
    assert (ran["Plan"].returncode, len(kind.comments)) == (1, 1)
    assert "Limit broken" in kind.comments[0]["body"]


@pytest.mark.slow
def test_a_pull_request_of_a_fork_that_renames_and_removes(
    runner: Runner, github: tuple[type["GitHub"], str]
) -> None:
    kind, _ = github
    kind.refuses = True
    runner.commit(**{"tiny.health": None, "renamed.health": NEWER})
    ran = runner.run(check="false")
    assert (ran["Comment"].returncode, kind.comments) == (0, [])
    assert "the summary has the plan" in ran["Comment"].stdout
    summary = (runner.folder / "summary.md").read_text()
    assert "### `renamed.health`\n\nThe file was `tiny.health` before.\n\n## tiny 1.2.0\n" in summary


# The comment -----------------------------------------------------------------


class GitHub(BaseHTTPRequestHandler):
    """As much of the API as the comment needs."""

    comments: list[dict[str, Any]]
    refuses: bool
    login: str | None

    def _answer(self, found: object) -> None:
        data = json.dumps(found).encode()
        self.send_response(403 if self.refuses or found is None else 200)
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> str:
        assert self.headers["Authorization"] == "Bearer secret"
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def do_GET(self) -> None:
        if self.path == "/user":
            self._answer(None if self.login is None else {"login": self.login})
            return
        assert self.path == "/repos/o/r/issues/7/comments?per_page=100&page=1"
        self._answer(self.comments)

    def do_POST(self) -> None:
        assert self.path == "/repos/o/r/issues/7/comments"
        user = {"type": "Bot"} if self.login is None else {"type": "User", "login": self.login}
        self.comments.append({"id": 5, "body": self._body(), "user": user})
        self._answer({})

    def do_PATCH(self) -> None:
        assert self.path == "/repos/o/r/issues/comments/5"
        self.comments[-1]["body"] = self._body()
        self._answer({})

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def github() -> Iterator[tuple[type[GitHub], str]]:
    kind = type("Fresh", (GitHub,), {"comments": [], "refuses": False, "login": None})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield kind, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def comment(folder: Path, address: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(folder),
        "GITHUB_API_URL": address,
        "GITHUB_TOKEN": "secret",
        "GITHUB_REPOSITORY": "o/r",
        "PULL_REQUEST": "7",
    }
    return subprocess.run(
        [sys.executable, str(COMMENT)], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("login", [None, "a-person-s-token"])
def test_one_comment_is_kept_up_to_date(
    tmp_path: Path, github: tuple[type[GitHub], str], login: str | None
) -> None:
    kind, address = github
    kind.login = login
    kind.comments.append({"id": 4, "body": "<!-- healthdsl plan -->\nmine", "user": {"type": "User"}})
    assert comment(tmp_path, address).returncode == 0
    assert len(kind.comments) == 1  # nothing to say yet
    for text in ("first\n", "second\n"):
        (tmp_path / "healthdsl-plan.md").write_text(text)
        ran = comment(tmp_path, address)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        assert [each["body"] for each in kind.comments[1:]] == [f"<!-- healthdsl plan -->\n{text}"]


def test_a_token_that_may_not_write_is_no_failure(tmp_path: Path, github: tuple[type[GitHub], str]) -> None:
    kind, address = github
    kind.refuses = True
    (tmp_path / "healthdsl-plan.md").write_text("text\n")
    ran = comment(tmp_path, address)
    assert ran.returncode == 0
    assert "::notice::the token may not comment (403)" in ran.stdout
    ran = comment(tmp_path, "http://127.0.0.1:9")
    assert ran.returncode == 1
    assert "::error::GitHub did not answer" in ran.stdout
