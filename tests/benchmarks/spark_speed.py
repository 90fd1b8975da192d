"""Scoring a whole book in Spark on this computer, Parquet to Parquet, against the same score in hand-written
Spark SQL. Both run in one session, started as `--engine spark` starts it.

Java compiles what it has run for a while, so some rounds go before those that count.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import healthdsl
from healthdsl.backends.spark.session import local_session
from tests.benchmarks import book_events, book_scorecard, scorecard
from tests.benchmarks.book_accounts import AS_OF
from tests.benchmarks.book_engines import healthdsl_in_spark, spark_by_hand
from tests.benchmarks.book_speed import MILLION, Pair, scoring_a_book, scoring_events
from tests.benchmarks.report import table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MEMORY = "3GB"
COLD, WARM = 4, 7
"""Rounds that only warm Java up, and rounds that count."""


def seconds_of_all(session: SparkSession) -> float:
    """Seconds that all processors spent on Java and on this process."""
    java = session.sparkContext._jvm.java.lang.ProcessHandle.current()
    return float(java.info().totalCpuDuration().get().toMillis()) / 1000.0 + process_time()


def scorecard_pair(session: SparkSession) -> Pair:
    """Scorecard-12 in Spark."""
    compiled = healthdsl.loads(scorecard.RULESET, "scorecard-12.health")
    by_hand = spark_by_hand(book_scorecard.by_hand, session)
    engine = healthdsl_in_spark(compiled, None, session)
    return Pair("Spark", engine, by_hand, partial(seconds_of_all, session))


def events_pair(session: SparkSession) -> Pair:
    """The score over child rows in Spark."""
    compiled = healthdsl.loads(book_events.RULESET, "events.health")
    by_hand = spark_by_hand(partial(book_events.by_hand, dialect="spark"), session)
    engine = healthdsl_in_spark(compiled, AS_OF, session)
    return Pair("Spark", engine, by_hand, partial(seconds_of_all, session))


def main(folder: Path, count: int) -> int:
    """Exit code 1 when a target is missed."""
    folder.mkdir(parents=True, exist_ok=True)
    with local_session(MEMORY) as session:
        pair = scorecard_pair(session)
        list(scoring_a_book(pair, folder, count, COLD))
        lines = [*scoring_a_book(pair, folder, count, WARM)]
        lines += scoring_events(events_pair(session), folder, count)
    print(table(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else MILLION))
