"""Scoring a whole book, Parquet to Parquet, against the same score in hand-written SQL.

One function a measurement. Each takes the engine under test as a `Run`, so another engine, or another setting
of one, is measured the same way; books are made once in `folder` and used again.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

import healthdsl
from tests.benchmarks import book_events, book_scorecard, scorecard
from tests.benchmarks.book_accounts import AS_OF, ROWS_EACH, write_accounts, write_events
from tests.benchmarks.book_engines import UNLIMITED, Limits, Run, duckdb_by_hand, healthdsl_in_duckdb
from tests.benchmarks.report import Line, table
from tests.benchmarks.timing import interleaved, seconds_of

MILLION = 1_000_000
EVENTS = "events"
MOST = {"parts": 1.3, "full": 1.5}
"""How much longer than by hand a level may take."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The engine under test and the hand-written text on the same machine; `name` as it is printed. `clock`:
    the seconds that all processors spent on either so far.
    """

    name: str
    engine: Run
    by_hand: Run
    clock: Callable[[], float] = process_time


def duckdb_pair(limits: Limits = UNLIMITED) -> Pair:
    """Scorecard-12 in DuckDB."""
    compiled = healthdsl.loads(scorecard.RULESET, "scorecard-12.health")
    by_hand = duckdb_by_hand(book_scorecard.by_hand, limits)
    return Pair("DuckDB", healthdsl_in_duckdb(compiled, None, limits), by_hand)


def events_pair(limits: Limits = UNLIMITED) -> Pair:
    """The score over child rows in DuckDB."""
    compiled = healthdsl.loads(book_events.RULESET, "events.health")
    by_hand = duckdb_by_hand(partial(book_events.by_hand, dialect="duckdb"), limits)
    return Pair("DuckDB", healthdsl_in_duckdb(compiled, AS_OF, limits), by_hand)


def accounts_file(folder: Path, count: int) -> Path:
    path = folder / f"accounts-{count}.parquet"
    if not path.exists():
        write_accounts(path, count)
    return path


def events_file(folder: Path, accounts: int) -> Path:
    path = folder / f"events-of-{accounts}.parquet"
    if not path.exists():
        write_events(path, accounts)
    return path


@dataclass(frozen=True, slots=True)
class Book:
    """Files of accounts and of their rows; results go to `folder`."""

    name: str
    accounts: Path
    rows: dict[str, str]
    folder: Path


def plain_book(folder: Path, count: int) -> Book:
    return Book(f"{count:,} accounts", accounts_file(folder, count), {}, folder)


def book_with_events(folder: Path, count: int) -> Book:
    rows = {EVENTS: str(events_file(folder, count))}
    name = f"{count:,} accounts with {ROWS_EACH * count:,} events"
    return Book(name, accounts_file(folder, count), rows, folder)


# Measurements ----------------------------------------------------------------


def scoring_a_book(pair: Pair, folder: Path, count: int = MILLION, rounds: int = 5) -> Iterator[Line]:
    """Scorecard-12 with part scores, and with the full explanation."""
    for level in MOST:
        yield from compared(pair, plain_book(folder, count), level, rounds)


def scoring_events(pair: Pair, folder: Path, count: int = MILLION, rounds: int = 3) -> Iterator[Line]:
    """Accounts with `ROWS_EACH` child rows each on average."""
    yield from compared(pair, book_with_events(folder, count), "parts", rounds)


def compared(pair: Pair, book: Book, level: str, rounds: int) -> Iterator[Line]:
    """Engine and hand-written text in turn, each keeping its best round, in seconds of all processors."""

    def task(run: Run, name: str) -> Callable[[], None]:
        out = book.folder / f"{pair.name.lower()}-{name}-{level}.parquet"
        return lambda: run(book.accounts, book.rows, out, level)

    tasks: dict[str, Callable[[], object]] = {
        "hand": task(pair.by_hand, "hand"),
        "engine": task(pair.engine, "engine"),
    }
    best = interleaved(tasks, rounds, pair.clock)
    hand, engine, most = best["hand"], best["engine"], MOST[level]
    what = f"{pair.name}, {book.name}, {level}"
    yield Line(f"{what}, by hand", f"{hand:.2f} s of processor time")
    yield Line(what, f"{engine / hand:.2f} times", f"at most {most}", engine <= most * hand)


def scoring_within_memory(folder: Path, count: int = 20 * MILLION, most: float = 1.0) -> Line:
    """The most memory a process of its own held, in GB, while it scored a large book."""
    accounts = accounts_file(folder, count)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as process:
        seconds, held = process.submit(_score_alone, accounts, folder / "within-memory.parquet").result()
    what = f"{count:,} accounts in {seconds:.0f} s, memory held"
    return Line(what, f"{held:.2f} GB", f"at most {most:.1f} GB", held <= most)


def _score_alone(accounts: Path, out: Path) -> tuple[float, float]:
    run = duckdb_pair(Limits(memory="350MB")).engine
    seconds = seconds_of(lambda: run(accounts, {}, out, "parts"))
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(folder: Path, count: int) -> int:
    """All in DuckDB; exit code 1 when a target is missed."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [*scoring_a_book(duckdb_pair(), folder, count), *scoring_events(events_pair(), folder, count)]
    lines.append(scoring_within_memory(folder, 20 * count))
    print(table(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else MILLION))
