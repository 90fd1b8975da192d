"""An older run scored again from what it kept, against the accounts themselves; causes that add up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from healthdsl import load
from healthdsl.history.account import changes_of
from healthdsl.history.pair import make_pair
from healthdsl.history.rescore import UntriedError, rescore
from healthdsl.history.runs import History, open_history, two_runs
from tests.history.program import Program
from tests.history.test_keep import RICH, rich
from tests.shared import ROOT

COLUMNS = "account_id, account_name, score, band, coverage, scores, flags, plays, parts, steps, signals, read"
EDITS = {
    "weights": ("usage -> 60,    100", "usage -> 90,    10"),
    "a threshold": ("below 0   -> 0", "below 60   -> 20"),
    "a step": ("-1 per recent", "-7 when recent above 1"),
    "expiry": ("expires 30 days", "expires 3000 days"),
    "a default": ("default 3", "default 5"),
    "a new signal of the same": ("measure nps", "signal doubled = seats * 2\n\nmeasure nps"),
    "a limit": ("within 0 to 100", "within 30 to 60"),
}


@contextmanager
def history(folder: Path) -> Iterator[History]:
    with open_history(str(folder)) as opened:
        yield opened


def rows(opened: History, relation: str) -> list[tuple[Any, ...]]:
    return opened.engine.ask(f"SELECT {COLUMNS} FROM {relation} ORDER BY account_id")


@pytest.mark.parametrize(
    "edits", [list(EDITS), *(pytest.param([each], marks=pytest.mark.slow) for each in EDITS)], ids="+".join
)
def test_a_run_scored_again_is_as_if_the_accounts_were(healthdsl: Program, edits: list[str]) -> None:
    rich(healthdsl, "old")
    newer = RICH
    for edit in edits:
        before, newer = newer, newer.replace(*EDITS[edit])
        assert newer != before
    rich_with(healthdsl, newer)
    ruleset = load(healthdsl.folder / "rich.health")
    with history(healthdsl.folder / "old") as old:
        tried = rescore(old, old.runs[0], ruleset.ruleset, ruleset.graph)
        found = rows(old, tried.relation)
        assert tried.lacking == ()
    with history(healthdsl.folder / "new") as new:
        assert found == rows(new, new.runs[0].sql)


def rich_with(program: Program, text: str) -> None:
    program.file("rich.health", text)
    ran = program(
        "score",
        "rich.health",
        "rich.csv",
        "--rows",
        "tickets=tickets.csv",
        "--as-of",
        "2026-03-01",
        "--history",
        "new",
    )
    assert ran.code == 0, ran.err


def test_rows_gathered_otherwise_are_not_kept(healthdsl: Program) -> None:
    rich(healthdsl, "old")
    rich_with(healthdsl, RICH.replace("in last 30 days", "in last 60 days"))
    ruleset = load(healthdsl.folder / "rich.health")
    said = r"gathers rows as the older run did not \(Recent\)"
    with history(healthdsl.folder / "old") as old, pytest.raises(UntriedError, match=said):
        rescore(old, old.runs[0], ruleset.ruleset, ruleset.graph)


def test_causes_add_up_for_a_whole_book(healthdsl: Program) -> None:
    book = ROOT / "examples" / "b2b_book"
    text = (book / "saas_health.health").read_text()
    newer = text.replace("  40 usage", "  55 usage").replace("-10 when", "-20 when")
    healthdsl.file("old.health", text)
    healthdsl.file("new.health", newer)
    for name, day in (("old", "2026-02-28"), ("new", "2026-03-31")):
        ran = healthdsl(
            "score",
            f"{name}.health",
            str(book / "accounts.csv"),
            "--rows",
            f"tickets={book / 'tickets.csv'}",
            "--rows",
            f"logins={book / 'logins.csv'}",
            "--as-of",
            day,
            "--history",
            "runs",
        )
        assert ran.code == 0, ran.err
    rules = load(healthdsl.folder / "new.health")
    with history(healthdsl.folder / "runs") as opened:
        pair = make_pair(opened, *two_runs(opened, None, date(2026, 3, 31)), (rules.ruleset, rules.graph))
        found = changes_of(pair, [f"B-{number:03}" for number in range(1, 61)])
    assert len(found) == 60
    scored = [each for each in found if each.split is not None]
    assert len(scored) > 50
    for each in scored:
        split = each.split
        assert split is not None
        assert split.account is not None
        assert split.ruleset is not None
        assert split.account + split.ruleset == split.total == (each.after or 0) - (each.before or 0)
        assert sum((cause.change for cause in each.causes), Decimal(0)) == split.account
        assert sum((cause.change for cause in each.rule_causes), Decimal(0)) == split.ruleset
