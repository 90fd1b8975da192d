"""What `--fix` writes changes no result."""

from __future__ import annotations

import pytest

from healthdsl import loads
from healthdsl.checks.finding import Fix
from tests.checks.found import findings

HEAD = "ruleset example\n  language 1\n\nsignal nps number from -100 to 100\n\nscore health ladder of nps\n"


def fix_of(text: str) -> Fix | None:
    (finding,) = findings(text)
    assert finding.code == "W504"
    return finding.fix


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        ("  up to 0 -> 1\n  from 0 to 50 -> 2\n  otherwise -> 3\n", "up to 50 -> 2"),
        ('  below 10 -> 1\n  from 0 to 50 -> 2 "reason -> here"\n  otherwise -> 3\n', "up to 50 -> 2"),
        ("  at least 50 -> 1\n  from 0 to 50 -> 2\n  otherwise -> 3\n", "at least 0 -> 2"),
    ],
)
def test_the_fix_says_what_the_row_takes(rows: str, written: str) -> None:
    text = HEAD + rows
    fix = fix_of(text)
    assert fix is not None
    assert fix.text.startswith(written)
    mended = text[: fix.span.start] + fix.text + text[fix.span.end :]
    before, after = loads(text), loads(mended)
    assert after.warnings == ()
    assert findings(mended) == ()
    for tenth in range(-1000, 1001, 5):
        record = {"nps": tenth / 10}
        assert before.score(record).score == after.score(record).score


def test_a_row_with_one_edge_is_left_to_a_person() -> None:
    assert fix_of(HEAD + "  from -100 to 0 -> 1\n  at least -10 -> 2\n") is None
