"""Whole books in Spark: the same columns and values as the record engine, lazily, and nothing left behind."""

from __future__ import annotations

import csv
import importlib.util
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas
import pytest

from healthdsl import BackendUnavailable, BookWarning, load, loads
from healthdsl.batch.columns import score_columns
from tests.backends.spark.books import Record, by_record, by_spark, differences

ROOT = Path(__file__).parents[3]
BOOK = ROOT / "examples" / "b2b_book"
AS_OF = "2026-03-31"
COMPILED = load(BOOK / "saas_health.health")
SMALL = """\
ruleset small
  language 1

signal logins count
signal plan   one of basic, pro, "{x} it's"

rows tickets dated opened
  opened    date
  hours     number
  priority  one of low, high

signal urgent = count of tickets in last 30 days where priority is high
signal hours  = sum hours of tickets

measure m = logins + urgent
score s average
  1 m
bands s
  below 5   -> low
  otherwise -> high
flag busy when urgent above 0
"""
PANDAS = pandas.DataFrame({"id": ["A"], "logins": [1]})
TICKETS = "array<struct<opened: string, hours: string, priority: string>>"


def table(name: str) -> list[dict[str, str]]:
    with (BOOK / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def records() -> list[Record]:
    """The accounts of the example with their rows."""
    rows: dict[str, defaultdict[str, list[dict[str, str]]]] = {}
    for name in ("tickets", "logins"):
        rows[name] = defaultdict(list)
        for row in table(name):
            rows[name][row["account_id"]].append(row)
    return [
        {**one, **{name: of[one["account_id"]] for name, of in rows.items()}} for one in table("accounts")
    ]


def read(session: Any, name: str) -> Any:
    return session.read.csv(str(BOOK / f"{name}.csv"), header=True, quote='"', escape='"')


def test_the_example_book(session: Any) -> None:
    rows = {name: read(session, name) for name in ("tickets", "logins")}
    frame = COMPILED.on_spark(read(session, "accounts"), rows, as_of=AS_OF)
    assert not differences(by_spark(frame), by_record(COMPILED, records(), AS_OF, "parts"))


@pytest.mark.slow
def test_the_example_book_in_full(session: Any) -> None:
    rows = {name: read(session, name) for name in ("tickets", "logins")}
    frame = COMPILED.on_spark(read(session, "accounts"), rows, as_of=AS_OF, explain="full")
    assert not differences(by_spark(frame), by_record(COMPILED, records(), AS_OF))


def test_rows_within_the_accounts(session: Any) -> None:
    compiled = loads(SMALL)
    tickets = [("2026-03-30", "1.5", "high"), ("2026-01-02", " 2 ", "low"), ("x", "?", "High")]
    given = [
        ("A", 3, "pro", tickets),
        ("B", None, "basic", []),
        ("C", 4, " ", None),
        ("D", -1, "x", tickets[:1]),
    ]
    frame = session.createDataFrame(given, f"id string, logins int, plan string, tickets {TICKETS}")
    names = ("opened", "hours", "priority")
    expected = [
        {
            "id": one,
            "logins": logins,
            "plan": plan,
            "tickets": None if rows is None else [dict(zip(names, row, strict=True)) for row in rows],
        }
        for one, logins, plan, rows in given
    ]
    found = by_spark(compiled.on_spark(frame, as_of=AS_OF, explain="full"))
    assert not differences(found, by_record(compiled, expected, AS_OF))
    assert found["A"]["bad_cells"] == "tickets.opened; tickets.hours; tickets.priority"
    assert found["D"]["bad_cells"] == "logins; plan"


def test_the_columns_and_their_types(ansi_session: Any) -> None:
    rows = {name: read(ansi_session, name) for name in ("tickets", "logins")}
    frame = COMPILED.on_spark(read(ansi_session, "accounts"), rows, as_of=AS_OF)
    wanted = [each.name for each in score_columns(COMPILED.ruleset, COMPILED.graph, "parts")]
    assert frame.columns == ["account_id", "account_name", *wanted]
    kinds = dict(frame.dtypes)
    assert (kinds["account_id"], kinds["score"], kinds["band"], kinds["coverage"]) == (
        *("string", "double"),
        *("string", "double"),
    )
    assert kinds["bad_cells"] == "string"
    assert kinds["renewal_on"] == "date"
    assert {kinds[name] for name in frame.columns if name.endswith("__fired")} == {"bigint"}
    assert {kinds[flag.name] for flag in COMPILED.ruleset.flags} == {"boolean"}


@pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")
def test_nothing_is_run_and_nothing_is_left_behind(ansi_session: Any) -> None:
    tracker, context = ansi_session.sparkContext.statusTracker(), ansi_session.sparkContext
    boom = ansi_session.range(3).selectExpr(
        "CAST(id AS STRING) AS id", "CAST(raise_error('read') AS INT) AS logins"
    )
    settings = ansi_session.sql("SET").collect()
    context.setJobGroup("laziness", "none may run")
    frame = loads(SMALL).on_spark(boom, as_of=AS_OF)
    assert list(tracker.getJobIdsForGroup("laziness")) == []
    context.setJobGroup("other", "the rest")
    assert ansi_session.catalog.listTables() == []
    assert ansi_session.sql("SET").collect() == settings
    with pytest.raises(Exception, match="read"):
        frame.collect()


@pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")
def test_a_book_can_be_joined_with_itself_and_its_accounts(ansi_session: Any) -> None:
    accounts = ansi_session.createDataFrame([("A", 3), ("B", 9)], "id string, logins int")
    scored = loads(SMALL).on_spark(accounts, as_of=AS_OF)
    both = scored.join(accounts, scored["account_id"] == accounts["id"]).where(scored["logins"] > 4)
    assert [row["account_id"] for row in both.collect()] == ["B"]


@pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")
def test_odd_columns_of_others_do_no_harm(ansi_session: Any) -> None:
    names = ["account id", "a.b", "Logins", "logins", "{x}", "`q`", "account_id"]
    frame = ansi_session.createDataFrame([("x", 1, 2, 3, 4, 5, "A")]).toDF(*names)
    assert by_spark(loads(SMALL).on_spark(frame, as_of=AS_OF))["A"]["logins"] == 3.0


@pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")
@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"df": 3}, TypeError, "accounts: found int, expected a DataFrame of Spark"),
        (
            {"df": PANDAS},
            TypeError,
            r"found DataFrame of pandas, .* spark\.createDataFrame\(frame\) makes one",
        ),
        ({"df": "twice"}, ValueError, "accounts: two columns are called `logins`, and the ruleset reads one"),
        ({"id_column": 5}, TypeError, "id_column is 5, expected the name of a column"),
        ({"rows": {"tickets": "undated"}}, ValueError, "tickets: there is no column `opened`, which dates"),
        (
            {"rows": {"tickets": PANDAS}},
            TypeError,
            "tickets: found DataFrame of pandas, expected a DataFrame",
        ),
        ({"rows": {"tickets": []}}, TypeError, "tickets: found list"),
        ({"rows": {"ticket": "df"}}, ValueError, "did you mean `tickets`"),
        ({"rows": {"tickets": "other"}}, ValueError, "rows tickets: no column account_id to join"),
        ({"df": "other"}, ValueError, "no column account_id or id, which names the account"),
        ({"id_column": "nr"}, ValueError, "no column nr, which names the account"),
        ({"explain": "all"}, ValueError, 'explain is \'all\', expected "none", "parts" or "full"'),
        ({"as_of": None}, ValueError, "looks at dates"),
        ({"df": "text rows"}, ValueError, "the column `tickets` holds int, expected lists of rows"),
    ],
)
def test_what_does_not_fit_is_told(ansi_session: Any, change: Any, error: Any, told: str) -> None:
    frames = {
        "df": ansi_session.createDataFrame([("A", 1)], "id string, logins int"),
        "other": ansi_session.createDataFrame([(1,)], "logins int"),
        "twice": ansi_session.createDataFrame([("A", 1, 2)], "id string, logins int, x int").toDF(
            "id", "logins", "logins"
        ),
        "undated": ansi_session.createDataFrame([("A", 1)], "account_id string, hours int"),
        "text rows": ansi_session.createDataFrame([("A", 1)], "id string, tickets int"),
    }
    options: dict[str, Any] = {"df": "df", "rows": {}, "as_of": AS_OF, **change}

    def given(value: Any) -> Any:
        return frames.get(value, value) if isinstance(value, str) else value

    rows = {name: given(value) for name, value in options.pop("rows").items()}
    with pytest.raises(error, match=told):
        loads(SMALL).on_spark(given(options.pop("df")), rows, **options)


def test_what_is_missing_altogether_is_told(ansi_session: Any) -> None:
    frame = ansi_session.createDataFrame([("A", 1)], "id string, Logins int")
    tickets = ansi_session.createDataFrame([("A", "x", 1)], "account_id string, opened string, hour int")
    compiled = loads(SMALL.replace("measure m = logins", "signal seats count\nmeasure m = logins + seats"))
    frame = frame.withColumnRenamed("Logins", "logins")
    with pytest.warns(BookWarning) as told:
        compiled.on_spark(frame, {"tickets": tickets}, as_of=AS_OF)
    assert [str(each.message) for each in told] == [
        "accounts: no such column, so it is missing in every account:\n  `plan`\n  `seats`",
        "tickets: no column `hours`, so it is missing in every row (did you mean `hour`?)",
        "tickets: no column `priority`, so it is missing in every row",
    ]
    assert {each.filename for each in told} == {__file__}
    with pytest.warns(
        BookWarning, match=r'no rows `tickets` given, .*\(rows=\{"tickets": \.\.\} gives them\)'
    ):
        loads(SMALL).on_spark(frame.withColumn("plan", frame["id"]), as_of=AS_OF)


@pytest.mark.filterwarnings("ignore::healthdsl.BookWarning")
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("spark.sql.parser.escapedStringLiterals", "true", r"Literals=true\. Set it to false"),
        ("spark.sql.lateralColumnAlias.enableImplicitResolution", "false", r"tion=false\. Set it to true"),
    ],
)
def test_a_session_that_reads_sql_otherwise_is_refused(
    ansi_session: Any, name: str, value: str, told: str
) -> None:
    frame = ansi_session.createDataFrame([("A", 1)], "id string, logins int")
    ansi_session.conf.set(name, value)
    try:
        with pytest.raises(ValueError, match=told):
            loads(SMALL).on_spark(frame, as_of=AS_OF)
    finally:  # it stays the active session, which the command takes
        ansi_session.conf.unset(name)


def test_rows_that_are_no_mapping_are_refused(ansi_session: Any) -> None:
    frame = ansi_session.createDataFrame([("A", 1)], "id string, logins int")
    with pytest.raises(
        TypeError, match=r'rows: found DataFrame, expected a mapping .* rows=\{"tickets": \.\.\}'
    ):
        loads(SMALL).on_spark(frame, frame, as_of=AS_OF)


def test_without_pyspark_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        BackendUnavailable, match=r'on_spark needs pyspark, .*: pip install "healthdsl\[spark\]"'
    ):
        loads(SMALL).on_spark(None, as_of=AS_OF)
