"""Each starter is without mistakes, laid out, tested and listed; its sample accounts score and report."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import healthdsl
from healthdsl.pipeline import compile_source
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from tests.cli.program import Program
from tests.shared import ROOT

FOLDER = ROOT / "rulesets" / "starter"
FILES = sorted(FOLDER.glob("*.health"))
# Sample accounts with every part at its best, and those of which too little is known.
BEST = ("P-1", "P-3", "E-1", "U-1", "M-1", "S-1")
UNKNOWN = ("E-4", "M-4", "S-4")

each_starter = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    return Program(tmp_path, capsys, monkeypatch)


def rules(path: Path) -> str:
    """The file without its tests."""
    return path.read_text("utf-8").partition("\n# Tests")[0]


@each_starter
def test_check_finds_nothing(path: Path) -> None:
    assert compile_source(path.read_bytes(), path.name).diagnostics == ()


@each_starter
def test_its_own_tests_pass(path: Path) -> None:
    outcomes = run_tests(healthdsl.load(path))
    assert len(outcomes) > 20
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []


@each_starter
def test_fmt_leaves_the_file_unchanged(path: Path) -> None:
    text = path.read_text("utf-8")
    assert format_text(Source(text, path.name)) == text


@each_starter
def test_its_reader_is_told_what_it_needs(path: Path) -> None:
    text = rules(path)
    assert 80 <= text.count("\n") <= 160
    for said in ("# For whom: ", "# Data: ", "# Change first:", "# Where the numbers come from: "):
        assert said in text
    assert f"[{path.stem}]({path.name})" in (FOLDER / "README.md").read_text("utf-8")


@each_starter
def test_the_sample_accounts_are_scored(path: Path, program: Program) -> None:
    accounts = str(FOLDER / "accounts" / f"{path.stem}.json")
    ran = program("score", str(path), accounts, "--as-of", "2026-03-31", "--strict", "-o", "scores.csv")
    assert ran.code == 0, ran.err
    rows = list(csv.DictReader((program.folder / "scores.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 4
    for row in rows:
        assert (row["score"] == "100") == (row["account_id"] in BEST)
        assert (row["band"] == "unknown") == (row["account_id"] in UNKNOWN)


# A report takes seconds: one is enough where time counts.
REPORTED = [
    pytest.param(path, marks=() if path.stem == "product_led_saas" else pytest.mark.slow) for path in FILES
]


@pytest.mark.parametrize("path", REPORTED, ids=lambda path: path.stem)
def test_the_sample_accounts_are_reported(path: Path, program: Program) -> None:
    accounts = str(FOLDER / "accounts" / f"{path.stem}.json")
    ran = program("report", str(path), accounts, "--as-of", "2026-03-31", "-o", "book.html")
    assert ran.code == 0, ran.err
    assert "At risk" in (program.folder / "book.html").read_text("utf-8")
