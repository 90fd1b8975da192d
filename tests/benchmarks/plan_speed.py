"""A plan against one run of `score` on the same book.

Run it as `python -m tests.benchmarks.plan_speed FOLDER [ACCOUNTS]`.

Both go from Parquet; `score` writes its file with `parts`, the default. A plan may take 2.5 times as long,
whatever the change: the cases are one weight, six changes that all move somebody, and changes all over the
ruleset.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import healthdsl
from healthdsl.batch.plan import Book, Planned, make_plan
from healthdsl.batch.scoring import Limits
from healthdsl.diff.compare import compare
from healthdsl.reports.plan.model import Plan
from tests.benchmarks import scorecard
from tests.benchmarks.book_accounts import write_accounts
from tests.benchmarks.report import Line, table
from tests.benchmarks.timing import interleaved

MILLION = 1_000_000
MOST = 2.5
ROUNDS = 3
SIX = [
    ("40 usage", "35 usage"),
    ("below 40 ", "below 45 "),
    ("-15 when renewal", "-20 when renewal"),
    ("+20 when csat", "+15 when csat"),
    ("20 sentiment", "25 sentiment"),
    ("cap at 40", "cap at 45"),
]
CHANGES: dict[str, list[tuple[str, str]]] = {
    "one weight": SIX[:1],
    "six changes": SIX,
    "changes all over": [(" 5 ", " 6 "), ("20%", "25%"), ("-> 100", "-> 95"), ("100)", "90)"), *SIX],
}


def changed(name: str) -> str:
    """The scorecard with the changes of a case, each wherever it fits."""
    text = scorecard.RULESET
    for before, after in CHANGES[name]:
        assert before in text or len(before) < 7, f"{before} is not in the scorecard"
        text = text.replace(before, after)
    return text


def plan_once(old: str, new: str, accounts: Path, folder: Path) -> Plan:
    """A plan as the command makes it, compiling included."""
    before, after = healthdsl.loads(old, "old.health"), healthdsl.loads(new, "new.health")
    planned = Planned(before.ruleset, after.ruleset, compare(before.ruleset, after.ruleset))
    with TemporaryDirectory(dir=folder) as inner:
        return make_plan(planned, Book(str(accounts)), Limits(), Path(inner), lambda _: None)


def score_once(text: str, accounts: Path, folder: Path) -> None:
    healthdsl.loads(text, "new.health").score_many(str(accounts), out=folder / "scored.parquet")


def lines_of(accounts: Path, folder: Path) -> list[Line]:
    """The ratio for each case."""
    lines = []
    for name in CHANGES:
        old, new = scorecard.RULESET, changed(name)
        tasks: dict[str, Callable[[], object]] = {
            "score": partial(score_once, new, accounts, folder),
            "plan": partial(plan_once, old, new, accounts, folder),
        }
        best = interleaved(tasks, ROUNDS)
        ratio = best["plan"] / best["score"]
        edits = len(plan_once(old, new, accounts, folder).edits)
        what = f"plan, {name} ({edits} edits): {best['plan']:.2f} s, score {best['score']:.2f} s"
        lines.append(Line(what, f"{ratio:.2f}x", f"at most {MOST}x", ratio <= MOST))
    return lines


def main() -> int:
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else MILLION
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / f"accounts-{count}.parquet"
    if not accounts.exists():
        write_accounts(accounts, count)
    lines = lines_of(accounts, folder)
    print(f"{count:,} accounts\n\n{table(lines)}")
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
