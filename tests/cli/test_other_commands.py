"""`test`, `schema`, `new` and `demo`."""

import csv
import io
import json

import pytest

from healthdsl.cli.new import kinds
from tests.cli.program import RULESET, Program
from tests.shared import ROOT


def test_tests_that_pass(healthdsl: Program) -> None:
    ran = healthdsl("test", "tiny.health")
    assert (ran.code, ran.out, ran.err) == (0, "tiny.health: 1 test passed\n", "")


def test_a_failed_expectation_shows_its_values(healthdsl: Program) -> None:
    healthdsl.file(
        "bad.health", RULESET.replace("expect health is 20", "expect health is 30 and points of nps is 0")
    )
    ran = healthdsl("test", "tiny.health", "bad.health")
    assert ran.code == 1
    assert "bad.health: 1 test, 1 failed" in ran.out
    assert 'failed: "unhappy and small is poor" (bad.health:28)' in ran.out
    assert "bad.health:31: expect health is 30 and points of nps is 0" in ran.out
    for line in ("points of health is 30 = no", "points of health = 20", "points of nps is 0 = yes"):
        assert line in " ".join(ran.out.split())
    assert "2 tests in 2 files, 1 failed" in ran.out


def test_a_file_without_tests(healthdsl: Program) -> None:
    healthdsl.file("none.health", RULESET.partition("test ")[0])
    ran = healthdsl("test", "none.health")
    assert (ran.code, ran.out) == (0, "none.health: no tests\n")


def test_schema(healthdsl: Program) -> None:
    schema = json.loads(healthdsl("schema", "tiny.health").out)
    assert "NPS Score" in schema["properties"]
    assert healthdsl("schema", "tiny.health", "-o", "s.json").out == ""
    assert json.loads((healthdsl.folder / "s.json").read_text()) == schema


@pytest.mark.parametrize("name", ["our_health", "our_health.health"])
def test_the_starter_passes_its_own_check_fmt_and_test(healthdsl: Program, name: str) -> None:
    ran = healthdsl("new", name)
    assert ran.code == 0
    assert (healthdsl.folder / "our_health.health").read_text().startswith("ruleset our_health ")
    for command in (["check"], ["fmt", "--check"], ["test"]):
        assert healthdsl(*command, "our_health.health").code == 0
    assert "3 tests passed" in healthdsl("test", "our_health.health").out


def test_new_never_overwrites(healthdsl: Program) -> None:
    ran = healthdsl("new", "tiny")
    assert ran.code == 2
    assert "tiny.health: there is a file of this name already" in ran.err
    assert (healthdsl.folder / "tiny.health").read_text() == RULESET


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Our Health", "our_health"),
        ("ourHealth", "our_health"),
        ("9lives", "lives"),
        ("é", "account_health"),
        ("a__b", "a_b"),
    ],
)
def test_new_suggests_a_name(healthdsl: Program, name: str, suggested: str) -> None:
    ran = healthdsl("new", name)
    assert ran.code == 2
    assert f"such as `{suggested}`" in ran.err


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_new_like_a_kind_of_business(healthdsl: Program, kind: str) -> None:
    original = (ROOT / "rulesets" / "starter" / f"{kind}.health").read_text("utf-8")
    assert healthdsl("new", "ours", "--like", kind).code == 0
    written = (healthdsl.folder / "ours.health").read_text("utf-8")
    assert written == original.replace(f"\nruleset {kind} ", "\nruleset ours ")
    assert written != original
    assert healthdsl("check", "ours.health").code == 0


def test_new_like_something_unknown(healthdsl: Program) -> None:
    ran = healthdsl("new", "ours", "--like", "../starter")
    assert (ran.code, (healthdsl.folder / "ours.health").exists()) == (2, False)
    assert "there is no starter `../starter`; there are ecommerce_merchant, enterprise_saas, " in ran.err


def test_the_help_of_new_names_every_kind(healthdsl: Program) -> None:
    shown = " ".join(healthdsl("new", "--help").out.split())
    assert all(kind in shown for kind in kinds())


def test_new_into_a_folder(healthdsl: Program) -> None:
    assert healthdsl("new", "no/such").code == 2
    (healthdsl.folder / "rules").mkdir()
    assert healthdsl("new", "rules/trial").code == 0
    assert (healthdsl.folder / "rules" / "trial.health").is_file()


def test_demo(healthdsl: Program) -> None:
    ran = healthdsl("demo")
    assert (ran.code, ran.err) == (0, "")
    for word in ("made up", "Harbourlight Logistics", "Invoices over 60 days late", "B-060.html", "Try next"):
        assert word in ran.out
    page = (healthdsl.folder / "healthdsl-demo" / "B-060.html").read_text()
    assert "Harbourlight Logistics" in page
    scores = (healthdsl.folder / "healthdsl-demo" / "scores.csv").read_text()
    assert len(list(csv.DictReader(io.StringIO(scores)))) == 60
    assert healthdsl("demo").out == ran.out


def test_demo_shows_commands_that_work_here(healthdsl: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = healthdsl.folder / "my tools"
    programs.mkdir()
    program = programs / "healthdsl"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    assert "\n  healthdsl check healthdsl-demo/" in healthdsl("demo").out
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", [str(program), "demo"])
    out = healthdsl("demo").out
    for command in ("\n  {} check h", "\n$ {} explain h", "and run {} demo again"):
        assert command.format("'my tools/healthdsl'") in out
    monkeypatch.setattr("sys.argv", ["-c"])
    monkeypatch.setattr("sys.executable", "/opt/bin/python3")
    assert "\n  /opt/bin/python3 -m healthdsl test h" in healthdsl("demo").out


def test_demo_keeps_what_people_changed(healthdsl: Program) -> None:
    healthdsl("demo")
    ruleset = healthdsl.folder / "healthdsl-demo" / "saas_health.health"
    ruleset.write_text(ruleset.read_text().replace("cap at 40", "cap at 10"))
    ran = healthdsl("demo")
    assert ran.code == 0
    assert "cap at 10" in ruleset.read_text()
    row = next(line for line in ran.out.splitlines() if line.startswith("B-060"))
    assert " 10.0 " in row


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_demo_leaves_a_folder_of_other_people_alone(healthdsl: Program, kind: str) -> None:
    mine = healthdsl.folder / "healthdsl-demo"
    if kind == "folder":
        mine.mkdir()
        (mine / "accounts.csv").write_text("mine")
    else:
        mine.write_text("mine")
    ran = healthdsl("demo")
    assert (ran.code, ran.out) == (2, "")
    assert "was not made by" in ran.err
    assert (mine / "accounts.csv" if kind == "folder" else mine).read_text() == "mine"
