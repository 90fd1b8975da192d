"""A value is read alike by the record engine and by Spark: from texts, and from columns of every type.

The record engine's careful path is the definition. Each value stands in every column of a ruleset that has a
signal of every kind; every column of the scored book is compared, with the names of the bad ones.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from healthdsl import loads
from tests.backends.spark.books import Rows, by_record, by_spark, differences
from tests.batch.odd_values import RULESET, TEXTS

pytestmark = pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")  # one column at a time is there
ODD = loads(RULESET)
SIGNALS = [field.name for field in ODD.graph.inputs]
AS_OF = "2026-03-31"
NAN, INF = float("nan"), float("inf")
TYPED: dict[str, list[object]] = {
    "tinyint": [0, 1, -1, 2, 45, 121],
    "bigint": [0, 1, 5, -5, 10**15, 10**15 + 1, 10**16, 2**62],
    "double": [0.0, -0.0, 1.0, 0.5, 1e15, 1.1e15, 1e300, NAN, INF, -INF, 0.1, 9.9999999999, 5e-324, -1e-10],
    "float": [0.0, 1.0, 0.5, 45.0, 120.5, NAN, INF],
    "decimal(9,2)": [Decimal("1.00"), Decimal("0.00"), Decimal("45.25"), Decimal("-3.10")],
    "decimal(38,12)": [Decimal("0.300000000000"), Decimal("123456789012345.123456789012"), Decimal("0.1")],
    "decimal(18,17)": [Decimal("0.30000000000000004"), Decimal("1.00000000000000002")],
    "boolean": [True, False],
    "date": [dt.date(2026, 3, 31), dt.date.min, dt.date.max],
    "timestamp_ntz": [*map(dt.datetime.fromisoformat, ("2026-03-31T23:59", "1969-12-31T01:02:03"))],
}
"""By type of Spark; the record engine gets the same Python value."""


def records_of(values: list[Any]) -> list[dict[str, object]]:
    return [{"account_id": str(k), **dict.fromkeys(SIGNALS, value)} for k, value in enumerate(values)]


def compare(session: Any, kind: str, values: list[Any]) -> None:
    records = records_of(values)
    schema = ", ".join(["account_id string", *(f"{name} {kind}" for name in SIGNALS)])
    frame = session.createDataFrame([tuple(record.values()) for record in records], schema)
    found = by_spark(ODD.on_spark(frame, as_of=AS_OF, explain="full"))
    wrong = differences(found, by_record(ODD, records, AS_OF))
    assert not wrong, "\n" + "\n".join(f"{line} ({values[int(line.split(',')[0])]!r})" for line in wrong)


def test_texts(session: Any) -> None:
    compare(session, "string", [*TEXTS, None])


@pytest.mark.parametrize("kind", TYPED)
def test_typed_columns(session: Any, kind: str) -> None:
    compare(session, kind, [*TYPED[kind], None])


@pytest.mark.parametrize("kind", ["array<int>", "struct<a: int>", "binary", "map<string, int>"])
def test_what_no_signal_can_be_is_a_bad_cell(session: Any, kind: str) -> None:
    value: object = {"array<int>": [1], "struct<a: int>": (1,), "binary": b"5"}.get(kind, {"a": 1})
    frame = session.createDataFrame([("A", value), ("B", None)], f"account_id string, number {kind}")
    found = by_spark(ODD.on_spark(frame))
    assert [(found[name]["number"], found[name]["bad_cells"]) for name in "AB"] == [
        (None, "number"),
        (None, None),
    ]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "UTC"])
def test_days_of_moments_are_those_of_utc(session: Any, zone: str) -> None:
    session.conf.set("spark.sql.session.timeZone", zone)
    moments = {
        "2026-03-31T23:59:59.999999Z": dt.date(2026, 3, 31),
        "2026-04-01T00:00:00Z": dt.date(2026, 4, 1),
        "2026-04-01T04:00:00+05:30": dt.date(2026, 3, 31),
        "1969-12-31T23:59:59.5Z": dt.date(1969, 12, 31),
        "0001-01-01T00:00:00Z": dt.date(1, 1, 1),
    }
    frame = session.createDataFrame(
        [(text, text, text) for text in moments], "id string, day string, moment string"
    )
    typed = frame.selectExpr("id", "CAST(day AS timestamp) AS day", "CAST(moment AS timestamp) AS moment")
    for given in (frame, typed):
        found = by_spark(ODD.on_spark(given, as_of=AS_OF))
        assert {text: found[text]["day"] for text in moments} == moments
        assert {text: found[text]["moment"] for text in moments} == moments


def test_a_planted_difference_is_seen() -> None:
    values: Rows = {"0": {"number": 5.0, "truth": True}}
    assert differences(values, {"0": {"number": 5.0, "truth": 1.0}}) == ["0, truth: Spark True, record 1.0"]
    assert differences(values, {}) == ["account 0"]
