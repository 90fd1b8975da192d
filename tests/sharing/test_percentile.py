"""The rank of an account in a frozen distribution: worked out, explained, and the same from every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import healthdsl
from tests.cli.program import Program

RANKS = """dictionary ranks
  language 1

distribution mrr_2026 "Monthly revenue of all accounts"
{}  -50    -> 0.5%
  1_200  -> 35.5%
  5_000  -> 99%
"""
RULESET = """ruleset ranked
  language 1

use "ranks.health"

signal mrr  money in USD
signal arr  money in USD

measure spend percentile in mrr_2026 of mrr
  +1 when mrr above 4_000
  missing -> {}

measure yearly like spend of arr

score health average
  spend
"""
DATED = RANKS.format("  as of 2026-03-31\n")


def ranked(missing: str = "skip", ranks: str = DATED) -> healthdsl.CompiledRuleset:
    return healthdsl.loads(RULESET.format(missing), files={"ranks.health": ranks})


@pytest.mark.parametrize(
    ("mrr", "rank"),
    [
        (-50, 0.5),
        (-51, 0.5),
        (1_200, 35.5),
        (575, 18),
        (3_100, 67.25),
        (5_000, 100),
        (90_000, 100),
        (None, None),
    ],
)
def test_lines_between_points_and_flat_outside(mrr: float | None, rank: float | None) -> None:
    """575 is half way from -50 to 1,200, 3,100 from 1,200 to 5,000; 1 more point above 4,000."""
    assert ranked().score({"mrr": mrr}).parts["spend"] == rank


@pytest.mark.parametrize(("policy", "points"), [("50", 50), ("worst", 0.5), ("best", 99), ("unscored", None)])
def test_a_missing_value_goes_to_the_policy(policy: str, points: float | None) -> None:
    assert ranked(policy).score({}).parts["spend"] == points


def reasons(result: Any) -> list[str]:
    return [part.reason for part in result.scores[0].parts]


def test_an_explanation_says_the_rank_in_words() -> None:
    assert reasons(ranked().score({"mrr": 575}).explain()) == [
        "Higher than 18% of the accounts of 2026-03-31"
    ]
    undated = ranked(ranks=RANKS.format(""))
    assert reasons(undated.score({"mrr": 3_100}).explain()) == [
        "Higher than 67.3% in Monthly revenue of all accounts"
    ]
    assert undated.fingerprint != ranked().fingerprint
    above = reasons(ranked().score({"mrr": 90_000}).explain())
    assert above == ["Higher than 99% of the accounts of 2026-03-31; Mrr: USD 90,000, above USD 4,000"]


def test_a_scored_book_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path, capsys, monkeypatch)
    program.file("ranked.health", RULESET.format("skip"))
    program.file("ranks.health", DATED)
    program.file("book.csv", "account_id,mrr,arr\na,575,\nb,90000,\nc,,5\n")
    told = {
        program("score", "ranked.health", "book.csv", "--engine", engine, "--format", "csv").out
        for engine in ("record", "duckdb")
    }
    assert len(told) == 1
    scored = told.pop().split("\n")
    assert [line.split(",")[:2] for line in scored[1:4]] == [["a", "18"], ["b", "100"], ["c", ""]]
    line = dict(zip(scored[0].split(","), scored[1].split(","), strict=True))
    found = ranked().explain_line({name: _cell(cell) for name, cell in line.items()})
    assert reasons(found) == ["Higher than 18% of the accounts of 2026-03-31"]


def _cell(text: str) -> object:
    """A cell of a CSV file as a value."""
    try:
        return float(text)
    except ValueError:
        return text or None
