"""The input contract: what is understood, what is missing, what is refused, and how that is said."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest

from healthdsl import RecordError
from tests.record.made import compiled, scored

SIGNALS = """\
signal number number from -100 to 100
signal free number
signal count count
signal percent percent
  stored as 45 for 45%
signal share percent
  stored as 0.45 for 45%
signal days days
signal money money in USD
signal agreed yes/no
signal date date
signal time timestamp
signal plan one of free, "Pro plus"
signal text text
measure m = 1
"""
COMPILED = compiled(SIGNALS)
DAY = date(2026, 3, 31)


class Plan(StrEnum):
    FREE = "free"


def read(signal: str, found: object) -> object:
    return COMPILED.score({signal: found}).values[signal]


@pytest.mark.parametrize(
    ("signal", "found", "value"),
    [
        ("number", 5, 5.0),
        ("number", 5.5, 5.5),
        ("number", -100, -100.0),
        ("number", 100.0000000001, 100.0),
        ("number", Decimal("12.5"), 12.5),
        ("number", "12.5", 12.5),
        ("number", " -3 ", -3.0),
        ("number", "1e1", 10.0),
        ("number", 0.1 + 0.2, 0.3),
        ("free", 10**15, 1e15),
        ("count", 7, 7.0),
        ("count", 7.0, 7.0),
        ("count", "7", 7.0),
        ("count", 10**12, 1e12),
        ("percent", 45, 0.45),
        ("percent", 45.5, 0.455),
        ("percent", "45", 0.45),
        ("percent", "45%", 0.45),
        ("percent", " 45.5 % ", 0.455),
        ("share", 0.45, 0.45),
        ("share", "45%", 0.45),
        ("share", 1, 1.0),
        ("days", -3, -3.0),
        ("money", 1234.56, 1234.56),
        ("agreed", True, True),
        ("agreed", False, False),
        ("agreed", 1, True),
        ("agreed", 0.0, False),
        ("agreed", "True", True),
        ("agreed", " no ", False),
        ("agreed", "0", False),
        ("date", DAY, DAY.toordinal()),
        ("date", datetime(2026, 3, 31, 23, 59), DAY.toordinal()),  # noqa: DTZ001
        ("date", "2026-03-31", DAY.toordinal()),
        ("time", "2026-03-31T23:30:00-05:00", DAY.toordinal() + 1),
        ("time", "2026-03-31 23:30:00Z", DAY.toordinal()),
        ("time", "2026-04-01T00:30+02:00", DAY.toordinal()),
        ("time", datetime(2026, 3, 31, 23, tzinfo=timezone(timedelta(hours=-5))), DAY.toordinal() + 1),
        ("time", datetime(2026, 3, 31, 23, tzinfo=UTC), DAY.toordinal()),
        ("plan", "Pro plus", "Pro plus"),
        ("plan", Plan.FREE, "free"),
        ("text", "as written ", "as written "),
    ],
)
def test_what_is_understood(signal: str, found: object, value: object) -> None:
    got = read(signal, found)
    assert got == value
    assert type(got) is (type(value) if not isinstance(found, Plan) else Plan)


MISSING = [
    None,
    "",
    "  ",
    "\t",
    float("nan"),
    float("inf"),
    -float("inf"),
    Decimal("NaN"),
    Decimal("Infinity"),
]


@pytest.mark.parametrize("signal", [field.name for field in COMPILED.graph.inputs])
@pytest.mark.parametrize("found", MISSING)
def test_what_is_missing(signal: str, found: object) -> None:
    assert read(signal, found) is None


@pytest.mark.parametrize(
    ("signal", "found", "expected"),
    [
        ("number", "1,234", "a number from -100 to 100"),
        ("number", "NA", "a number from -100 to 100"),
        ("number", "null", "a number"),
        ("number", "nan", "a number"),
        ("number", "45%", "a number"),
        ("number", "١٢", "a number"),
        ("number", True, "a number"),
        ("number", 100.5, "a number from -100 to 100"),
        ("number", -101, "a number from -100 to 100"),
        ("number", [1], "a number"),
        ("number", 1 + 2j, "a number"),
        ("free", 10**16, "a number"),
        ("free", 10**400, "a number"),
        ("free", "9" * 60, "a number"),
        ("count", 1.5, "a whole number, not negative"),
        ("count", -1, "a whole number, not negative"),
        ("count", "2.5", "a whole number, not negative"),
        ("count", False, "a whole number, not negative"),
        ("percent", "a lot", "a percent, stored as 45 for 45%"),
        ("share", "x", "a percent, stored as 0.45 for 45%"),
        ("days", 1.5, "a whole number of days"),
        ("money", "$5", "an amount of money as a plain number"),
        ("agreed", "maybe", "yes or no"),
        ("agreed", 2, "yes or no"),
        ("agreed", "y", "yes or no"),
        ("date", "31/03/2026", "a date such as 2026-03-31"),
        ("date", "2026-02-30", "a date such as 2026-03-31"),
        ("date", "20260331", "a date such as 2026-03-31"),
        ("date", 20260331, "a date such as 2026-03-31"),
        ("time", "yesterday", "a time such as 2026-03-31T14:05:00Z"),
        ("time", "9999-12-31T23:00:00-05:00", "a time such as"),
        ("plan", "Free", "one of free, Pro plus (compared as written)"),
        ("plan", "free ", "one of free"),
        ("plan", ["free"], "one of free"),
        ("plan", {"free"}, "one of free"),
        ("text", 5, "text"),
        ("text", b"x", "text"),
    ],
)
def test_what_is_refused(signal: str, found: object, expected: str) -> None:
    with pytest.raises(RecordError) as caught:
        COMPILED.score({"account_id": "A-1", signal: found})
    error = caught.value
    assert (error.account, error.signal) == ("A-1", signal)
    assert expected in error.expected
    assert error.found in str(error)
    assert str(error).startswith(f"account A-1: `{signal}` is ")
    assert len(error.found) <= 70


def test_the_names_in_errors_are_signals_and_records_go_by_column() -> None:
    body = 'signal nps number\n  column "NPS Score"\nmeasure m = nps\n'
    assert scored(body, {"NPS Score": 5, "nps": 7}).parts["m"] == 5
    with pytest.raises(RecordError, match="`nps` is 'high'"):
        scored(body, {"NPS Score": "high"})


def test_bad_values_taken_as_missing_are_told() -> None:
    result = COMPILED.score({"number": 500, "count": "x", "plan": [], "free": 3}, on_invalid="missing")
    assert result.values["number"] is None
    assert result.values["free"] == 3
    assert [note.split(" is ")[0] for note in result.notes] == ["`number`", "`count`", "`plan`"]
    assert all("expected" in note for note in result.notes)
    assert COMPILED.score({"free": 3}, on_invalid="missing").notes == ()


def test_on_invalid_is_one_of_two_words() -> None:
    with pytest.raises(ValueError, match="on_invalid is 'skip'"):
        COMPILED.score({}, on_invalid="skip")  # type: ignore[arg-type]


ROWS = "rows t\n  x number\n  k one of a, b\nsignal s = sum x of t\nmeasure m = s\n"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([{"x": 1}, {"x": "y"}], "t, row 2, x"),
        ([{"k": "c"}], "t, row 1, k"),
        ([{"k": []}], "t, row 1, k"),
        ([{"x": 1}, 5], "t, row 2"),
        (5, "t"),
        ("rows", "t"),
        ({"x": 1}, "t"),
    ],
)
def test_errors_in_rows_name_table_row_and_column(rows: object, place: str) -> None:
    with pytest.raises(RecordError) as caught:
        scored(ROWS, {"t": rows})
    assert caught.value.signal == place
    result = compiled(ROWS).score({"t": rows}, on_invalid="missing")
    assert [place in note for note in result.notes] == [True]


def test_rows_may_be_any_mappings_in_a_list_or_tuple() -> None:
    rows = (MappingProxyType({"x": 1}), OrderedDict(x="2"), {"x": None, "other": object()})
    assert scored(ROWS, {"t": rows}).parts["m"] == 3


@pytest.mark.parametrize("record", [5, "text", [("number", 1)], None])
def test_a_record_is_a_mapping(record: object) -> None:
    with pytest.raises(RecordError, match="expected a mapping"):
        COMPILED.score(record)  # type: ignore[arg-type]


def test_a_record_is_left_alone() -> None:
    grows: defaultdict[str, object] = defaultdict(lambda: 5, {"number": 1})
    assert COMPILED.score(grows).values["free"] is None
    assert dict(grows) == {"number": 1}
    assert COMPILED.score(MappingProxyType({"number": 2})).values["number"] == 2


def test_unknown_keys_are_ignored() -> None:
    assert COMPILED.score({"number": 1, "other": object(), 5: 6}).values["number"] == 1  # type: ignore[dict-item]


def test_two_signals_may_read_one_column() -> None:
    body = 'signal a number\n  column "x"\nsignal b count\n  column "x"\nmeasure m = a + b\n'
    assert scored(body, {"x": 4}).parts["m"] == 8
