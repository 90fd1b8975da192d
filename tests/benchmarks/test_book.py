"""The hand-written SQL, the engines and the record engine give the same book, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

import healthdsl
from tests.benchmarks import book_events, book_scorecard, scorecard
from tests.benchmarks.book_accounts import AS_OF, write_accounts, write_events
from tests.benchmarks.book_check import differences
from tests.benchmarks.book_engines import Run, duckdb_by_hand, healthdsl_in_duckdb, spark_by_hand
from tests.engines.conftest import spark_session as spark_session  # noqa: PLC0414 -- a fixture

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCORECARD = healthdsl.loads(scorecard.RULESET, "scorecard-12.health")
FROM_EVENTS = healthdsl.loads(book_events.RULESET, "events.health")
COUNT = 3_000
FEWER = 500
DAY = date.fromisoformat(AS_OF)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "accounts.parquet"
    write_accounts(path, COUNT, seed=7)
    return path


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Fewer accounts, with events."""
    folder = tmp_path_factory.mktemp("events")
    write_accounts(folder / "accounts.parquet", FEWER, seed=8)
    write_events(folder / "events.parquet", FEWER, seed=8)
    return folder / "accounts.parquet", {"events": str(folder / "events.parquet")}


@pytest.mark.parametrize("level", book_scorecard.LEVELS)
def test_the_scorecard_by_hand_gives_the_same(level: str, accounts: Path, tmp_path: Path) -> None:
    out = tmp_path / "hand.parquet"
    duckdb_by_hand(book_scorecard.by_hand)(accounts, {}, out, level)
    assert not +differences(SCORECARD, accounts, {}, out)


@pytest.mark.parametrize("level", book_events.SHOWN)
def test_the_events_by_hand_give_the_same(
    level: str, few: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    out = tmp_path / "hand.parquet"
    duckdb_by_hand(partial(book_events.by_hand, dialect="duckdb"))(*few, out, level)
    assert not +differences(FROM_EVENTS, *few, out, DAY)


def test_the_engine_gives_the_same_of_events(few: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """All but the columns that only the making of explanations reads, which no result of a record has."""
    out, known = tmp_path / "all.parquet", tmp_path / "known.parquet"
    with pytest.warns(UserWarning, match="rows have no date in `day`"):
        healthdsl_in_duckdb(FROM_EVENTS, AS_OF)(*few, out, "parts")
    named = "COLUMNS(lambda c: NOT starts_with(c, 'rows__') AND NOT ends_with(c, '__given'))"
    duckdb.execute(f"COPY (SELECT {named} FROM '{out}') TO '{known}' (FORMAT parquet)")
    assert not +differences(FROM_EVENTS, *few, known, DAY)


@pytest.mark.slow
def test_spark_by_hand_gives_the_same(
    accounts: Path, few: tuple[Path, dict[str, str]], tmp_path: Path, spark_session: SparkSession
) -> None:
    out = tmp_path / "spark"
    for level in book_scorecard.LEVELS:
        spark_by_hand(book_scorecard.by_hand, spark_session)(accounts, {}, out, level)
        assert not +differences(SCORECARD, accounts, {}, out)
    for level in book_events.SHOWN:
        query = partial(book_events.by_hand, dialect="spark")
        spark_by_hand(query, spark_session)(*few, out, level)
        assert not +differences(FROM_EVENTS, *few, out, DAY)


def test_the_engine_gives_the_columns_that_are_there_by_hand(accounts: Path, tmp_path: Path) -> None:
    """What is compared has the same columns, but for the one that names bad cells."""
    for level in ("parts", "full"):
        columns = {}
        runs: dict[str, Run] = {
            "hand": duckdb_by_hand(book_scorecard.by_hand),
            "engine": healthdsl_in_duckdb(SCORECARD, None),
        }
        for name, run in runs.items():
            out = tmp_path / f"{name}-{level}.parquet"
            run(accounts, {}, out, level)
            columns[name] = {name for name, *_ in duckdb.execute(f"DESCRIBE FROM '{out}'").fetchall()}
        assert columns["engine"] - {"bad_cells"} == columns["hand"]


@pytest.mark.parametrize(
    ("column", "change"),
    [("score", "score + 1"), ("usage__points", "usage__points + 0.000000001"), ("band", "upper(band)")],
)
def test_the_check_sees_a_difference(column: str, change: str, accounts: Path, tmp_path: Path) -> None:
    def query(level: str) -> str:
        return f"SELECT * REPLACE ({change} AS {column}) FROM ({book_scorecard.by_hand(level)})"

    out = tmp_path / "hand.parquet"
    duckdb_by_hand(query)(accounts, {}, out, "points")
    found = +differences(SCORECARD, accounts, {}, out)
    assert set(found) == {column}
    assert found[column] > COUNT * 0.9


@pytest.mark.parametrize("limit", [COUNT - 1, 0])
def test_the_check_sees_an_account_that_is_not_there(limit: int, accounts: Path, tmp_path: Path) -> None:
    out = tmp_path / "hand.parquet"
    duckdb_by_hand(lambda level: f"{book_scorecard.by_hand(level)} LIMIT {limit}")(
        accounts, {}, out, "points"
    )
    assert +differences(SCORECARD, accounts, {}, out) == {"(missing)": COUNT - limit}


def test_books_are_the_same_for_the_same_seed(accounts: Path, tmp_path: Path) -> None:
    def same(write: Callable[[Path], None]) -> bool:
        other = tmp_path / "other.parquet"
        write(other)
        unlike = f"(FROM '{accounts}' EXCEPT ALL FROM '{other}')"
        return duckdb.execute(f"SELECT count(*) FROM {unlike}").fetchall() == [(0,)]

    assert same(lambda path: write_accounts(path, COUNT, seed=7))
    assert not same(lambda path: write_accounts(path, COUNT, seed=8))


def test_a_twentieth_of_the_values_is_missing(accounts: Path, few: tuple[Path, dict[str, str]]) -> None:
    for path, columns in ((accounts, ("plan", "csat")), (few[1]["events"], ("day", "amount"))):
        for column in columns:
            share = f"SELECT 1 - count({column}) / count(*) FROM '{path}'"
            assert duckdb.execute(share).fetchall()[0][0] == pytest.approx(0.05, abs=0.015)
