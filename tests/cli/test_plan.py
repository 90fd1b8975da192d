"""`healthdsl plan`: limits, forms, and a page that shows what a stranger wrote without obeying it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from healthdsl.cli.plan import parse_limit
from tests.cli.program import Program

OLD = """\
ruleset small "Small <b>"
  language 1
  version 1.0.0

signal x number "X | `y`"

measure x = x

score health average
  x

bands health
  below 50 -> poor red "Poor <script>alert(1)</script>"
  otherwise -> good green
"""
NEW = OLD.replace("below 50", "below 60").replace("1.0.0", "1.1.0")
ACCOUNTS = "account_id,name,x\nA-1,<img src=x>,55\nA-2,\x1b[31mred,70\nA-3,Plain,10\nA-4,|x|,59.5\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("old.health", OLD), ("new.health", NEW), ("book.csv", ACCOUNTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


PLAN = ("plan", "old.health", "new.health", "book.csv")


def test_text(healthdsl: Program) -> None:
    done = healthdsl(*PLAN)
    assert (done.code, done.err) == (0, "")
    assert "2 of 4 accounts move (50%): 2 to a worse band." in done.out
    assert "In bands of “Health”, the row `below 50` becomes `below 60`." in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("text", "count", "of", "kept"),
    [
        ("50%", 2, 4, True),
        ("49.9%", 2, 4, False),
        ("0%", 0, 0, True),
        ("100%", 4, 4, True),
        ("2", 2, 4, True),
        ("1", 2, 4, False),
        ("0", 1, 1_000_000, False),
        (" 5 %", 50_000, 1_000_000, True),
    ],
)
def test_a_limit(text: str, count: int, of: int, kept: bool) -> None:
    limit = parse_limit("--max-moved", text)
    assert limit is not None
    assert limit.keeps(count, of) is kept


@pytest.mark.parametrize("text", ["-1", "1.5", "101%", "few", "", "%", "1e3"])
def test_what_is_no_limit(text: str, healthdsl: Program) -> None:
    done = healthdsl(*PLAN, f"--max-moved={text}")
    assert done.code == 2
    assert "write a share such as 5%, or a whole number of accounts" in done.err


def test_limits(healthdsl: Program) -> None:
    done = healthdsl(*PLAN, "--max-moved", "50%", "--max-worse-band", "1")
    assert done.code == 1
    broken = "2 of 4 accounts go to a worse band or lose their score, at most 1 may"
    assert done.err == f"limit broken: {broken}\n"
    assert "Limit kept: 2 of 4 accounts move, at most 50% may." in done.out
    assert f"Limit broken: {broken}." in done.out


def test_json(healthdsl: Program) -> None:
    done = healthdsl(*PLAN, "--format", "json", "--max-moved", "1")
    found = json.loads(done.out)
    assert found["totals"]["moved"] == 2
    assert found["verdicts"] == [{"said": "2 of 4 accounts move, at most 1 may", "kept": False}]
    (moved,) = found["movers"]
    assert [mover["id"] for mover in moved["listed"]] == ["A-1", "A-4"]


def test_markdown_escapes_what_it_shows(healthdsl: Program) -> None:
    text = healthdsl(*PLAN, "--format", "md").out
    assert "&lt;img src=x&gt;" in text
    assert "\\|x\\|" in text
    assert "<img" not in text
    assert "<script" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows if "A-" in row}) == 1


def test_the_page_shows_and_does_not_obey(healthdsl: Program) -> None:
    assert healthdsl(*PLAN, "-o", "plan.html").code == 0
    page = Path("plan.html").read_text("utf-8")
    assert "&lt;img src=x&gt;" in page
    assert not re.search(r"<(?:script|img|b>alert)", page)
    assert "\x1b" not in page
    assert 'http-equiv="Content-Security-Policy"' in page
    assert "<code>below 60</code>" in page


def test_the_day_is_asked_for(healthdsl: Program, folder: Path) -> None:
    dated = NEW.replace(
        "signal x number", "signal day date\nsignal age = days from day to today\nsignal x number"
    )
    (folder / "new.health").write_text(dated, encoding="utf-8")
    done = healthdsl(*PLAN)
    assert done.code == 2
    assert "--as-of" in done.err


def test_no_file_is_written_over(healthdsl: Program, folder: Path) -> None:
    done = healthdsl(*PLAN, "-o", "book.csv", "--format", "md")
    assert done.code == 2
    assert (folder / "book.csv").read_text("utf-8") == ACCOUNTS
