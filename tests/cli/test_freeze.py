"""`freeze`: the file it writes, the same from both engines, and what it refuses."""

from __future__ import annotations

from random import Random

import pytest

from tests.cli.program import Program

RULESET = """\
ruleset spend "Spend"
  language 1

signal mrr    money in USD  "Monthly revenue"
signal usage  percent
  stored as 45 for 45%
signal idle   days
signal plan   text
signal half   = mrr / 2
signal huge   = mrr * 1_000_000_000

score health = mrr
"""
# Six accounts with a value: 1 below 20, two that have 20, three above.
ACCOUNTS = """\
account_id,mrr,usage,idle,plan
a,10,5,-1,x
b,20,12.5,1,x
c,20,50,2,x
d,,50,3,x
e,1000000,100,40,x
f,70.25,,,x
g,oops,,,x
h,70.25,,,x
"""
FROZEN = """\
# Frozen by `healthdsl freeze`: mrr of 6 accounts on 2026-03-31; 2 accounts without a value are left out.
# Worked out by spend 0.0.0, fingerprint {}.
# The rank of a value is the share of accounts below it, and half of those that have the same value.
# 4 of 4 different values are points; between them no rank of these accounts is off by more than 0.01 points.

dictionary mrr_2026 "Monthly revenue, frozen"
  language    1

distribution mrr_2026 "Monthly revenue"
  as of 2026-03-31
  10          -> 8.3333%
  20          -> 33.3333%
  70.25       -> 66.6667%
  1_000_000   -> 91.6667%
"""


@pytest.fixture
def book(healthdsl: Program) -> Program:
    healthdsl.file("spend.health", RULESET)
    healthdsl.file("accounts.csv", ACCOUNTS)
    return healthdsl


@pytest.mark.parametrize("engine", ["record", "duckdb"])
def test_the_file(book: Program, engine: str) -> None:
    ran = book("freeze", "spend.health", "accounts.csv", "--signal", "mrr", "--as-of", "2026-03-31",
               "-o", "mrr_2026.health", "--engine", engine)  # fmt: skip
    assert ran.code == 0
    assert "oops" in ran.err
    text = (book.folder / "mrr_2026.health").read_text("utf-8")
    fingerprint = text.split("fingerprint ")[1][:12]
    assert text == FROZEN.format(fingerprint)
    assert book("check", "mrr_2026.health").out == "mrr_2026.health: no mistakes found\n"
    assert book("fmt", "--check", "mrr_2026.health").code == 0


def test_percents_days_and_formulas(book: Program) -> None:
    for signal, lines in (
        ("usage", ["5%", "12.5%", "50%", "100%"]),
        ("idle", ["-1 days", "1 days", "2 days", "3 days", "40 days"]),
        ("half", ["5", "10", "35.125", "500_000"]),
    ):
        out = book("freeze", "spend.health", "accounts.csv", "--signal", signal).out
        assert f"distribution {signal}_frozen" in out
        rows = [line.split("->")[0].strip() for line in out.split("\n") if " -> " in line]
        assert rows == lines


def test_a_frozen_file_ranks_an_account_alone(book: Program) -> None:
    book(
        "freeze",
        "spend.health",
        "accounts.csv",
        "--signal",
        "mrr",
        "--as-of",
        "2026-03-31",
        "-o",
        "q1.health",
    )
    text = RULESET.replace("\nsignal mrr", '\nuse "q1.health"\n\nsignal mrr').partition("score")[0]
    book.file(
        "ranked.health", text + "measure spent percentile in q1 of mrr\n\nscore health average\n  spent\n"
    )
    book.file("one.csv", "account_id,mrr\nz,45.125\n")
    # half way from 20 to 70.25, so half way from 33.3333 to 66.6667
    assert (
        book("score", "ranked.health", "one.csv", "--format", "csv", "--explain", "none")
        .out.split("\n")[1]
        .startswith("z,50,")
    )
    told = book("explain", "ranked.health", "one.csv", "--account", "z", "--where").out
    assert "Higher than 50% of the accounts of 2026-03-31 [q1.health:" in told


def test_a_dictionary_is_frozen_too(book: Program) -> None:
    book.file("signals.health", RULESET.replace("ruleset", "dictionary").partition("score")[0])
    ran = book("freeze", "signals.health", "accounts.csv", "--signal", "idle", "--name", "idle_q1")
    assert ran.code == 0
    assert "distribution idle_q1" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--signal", "mmr"], "has no such signal (did you mean `mrr`?)"),
        (["--signal", "huge"], "more than 15 digits"),
        (["--signal", "plan"], "only numbers have ranks, and this signal is `text`"),
        (["--signal", "mrr", "--name", "My Name"], "no name for a distribution"),
        (["--signal", "mrr", "-o", "2026.health"], "no name for a distribution"),
        (["--signal", "mrr", "--engine", "spark"], "DuckDB does"),
        (["--signal", "mrr", "--strict"], "cannot be read"),
        (["--signal", "mrr", "--name", "q1", "-o", "accounts.csv"], "this file is read"),
    ],
)
def test_what_is_refused(book: Program, arguments: list[str], told: str) -> None:
    ran = book("freeze", "spend.health", "accounts.csv", *arguments)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("path", ["spend.health", "accounts.csv"])
def test_what_is_read_is_not_written_over(book: Program, path: str) -> None:
    before = (book.folder / path).read_text()
    ran = book("freeze", "spend.health", "accounts.csv", "--signal", "mrr", "--name", "mrr", "-o", path)
    assert ran.code == 2
    assert f"{path}: this file is read by the command" in ran.err
    assert (book.folder / path).read_text() == before


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["5", "5", "5"], "all accounts have the same value"),
        (["", ""], "no account has a value"),
    ],
)
def test_what_has_no_ranks(book: Program, values: list[str], told: str) -> None:
    book.file("few.csv", "account_id,mrr\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values)))
    for engine in ("record", "duckdb"):
        ran = book("freeze", "spend.health", "few.csv", "--signal", "mrr", "--engine", engine)
        assert (ran.code, told in ran.err) == (2, True)


def test_both_engines_give_one_file(book: Program) -> None:
    rng = Random(3)
    lines = [f"a{i},{round(rng.lognormvariate(7, 1.5), 2) if i % 9 else ''}" for i in range(1_500)]
    book.file("many.csv", "account_id,mrr\n" + "\n".join(lines) + "\n")
    told = {
        book("freeze", "spend.health", "many.csv", "--signal", "mrr", "--engine", e).out
        for e in ("record", "duckdb")
    }
    assert len(told) == 1
    text = told.pop()
    assert " -> " in text
    assert text.count(" -> ") <= 101
