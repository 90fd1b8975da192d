"""SQL over the tables of a warehouse: names of tables, casts, the comment; and what a dialect cannot say."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from sqlglot import exp, parse_one

from healthdsl import loads
from healthdsl.backends.sql.errors import SqlError
from healthdsl.batch.sql_text import TITLES, Order, sql_text
from healthdsl.batch.table_names import parse_table
from healthdsl.batch.warehouse import Tables
from tests.cli.program import RULESET

MOMENTS = """\
ruleset moments
  language 1
signal seen   timestamp
signal on     date
signal agreed yes/no
signal size   number

play agrees when agreed
play late when seen after 2026-03-31
"""


def order_of(text: str, dialect: str, accounts: str = "accounts") -> Order:
    compiled = loads(text)
    tables = Tables(
        parse_table(accounts, dialect),
        {each.name: parse_table(each.name, dialect) for each in compiled.graph.tables},
    )
    return Order(compiled.ruleset, compiled.graph, compiled.fingerprint, dialect, tables)


# Names of tables ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dialect", "written"),
    [
        ("accounts", "postgres", "accounts"),
        ("crm.accounts", "bigquery", "crm.accounts"),
        ('"Our CRM".accounts', "postgres", '"Our CRM".accounts'),
        ('"say ""x"""', "duckdb", '"say ""x"""'),
        ("`my-project`.crm.accounts", "bigquery", "`my-project`.crm.accounts"),
        ("CRM.Accounts", "postgres", "crm.accounts"),
        ("CRM.Accounts", "bigquery", "`CRM`.`Accounts`"),
        ("crm.table", "snowflake", 'crm."TABLE"'),
        ("crm.table", "postgres", 'crm."table"'),
    ],
)
def test_a_name_is_written_as_the_dialect_has_it(text: str, dialect: str, written: str) -> None:
    assert f"  FROM {written}\n" in sql_text(order_of(RULESET, dialect, text))


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "a.", ".a", "a..b", "a.b.c.d", "a b", "a;b", "a)", "1a", "a-b", "a--b", "(select 1)"),
        *('"a', '""', 'a"b"', '"a\nb"', "a/**/b", "'a'", "a, b", "{{ a }}", "a\u2028b", '"a\x00"'),
    ],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(SqlError, match="is no name of a table"):
        parse_table(text, "duckdb")


# Texts of strangers ------------------------------------------------------------

ODD = """\
ruleset odd "-- it's */ ; DROP TABLE x"
  language 1
signal kind one of "it's", "back\\\\slash", "${env:HOME}", "a -- b", "{{ x }}"
  column "Kind; DROP"
signal other text

play odd when kind is "${env:HOME}"
play slash when kind is "back\\\\slash"
"""


@pytest.mark.parametrize("dialect", [each for each in TITLES if each != "bigquery"])
def test_texts_stay_texts(dialect: str) -> None:
    text = sql_text(order_of(ODD, dialect))
    query = parse_one(
        "".join(line for line in text.splitlines(keepends=True) if line[:2] != "--"), dialect=dialect
    )
    assert isinstance(query, exp.Select)
    texts = {each.name for each in query.find_all(exp.Literal) if each.is_string}
    back = next(each.type.choices[1] for each in loads(ODD).graph.inputs if each.name == "kind")
    assert {"it's", back, "a -- b", "{{ x }}"} <= texts
    if dialect in {"spark", "databricks"}:
        assert "${" not in text
    else:
        assert "${env:HOME}" in texts


def test_spark_variables_in_names_are_refused() -> None:
    text = ODD.replace("Kind; DROP", "${env:HOME}")
    with pytest.raises(SqlError, match="for a variable"):
        sql_text(order_of(text, "spark"))


def test_columns_that_bigquery_cannot_have_are_refused() -> None:
    with pytest.raises(SqlError, match="bigquery has no columns with `;`"):
        sql_text(order_of(ODD, "bigquery"))


def test_names_that_are_too_long_are_refused() -> None:
    long = "a" * 64
    text = RULESET.replace('column "NPS Score"', f'column "{long}"')
    with pytest.raises(SqlError, match=r"more than 63 bytes.*postgres"):
        sql_text(order_of(text, "postgres"))
    assert long in sql_text(order_of(text, "snowflake"))


# Casts -------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("kind", ["TIMESTAMPTZ", "TIMESTAMP"])
def test_a_moment_counts_on_its_day_in_utc_whatever_the_session(zone: str, kind: str) -> None:
    engine = duckdb.connect()
    engine.execute(f"SET TimeZone = '{zone}'")
    at = "2026-03-31 23:30:00" + ("-05:00" if kind == "TIMESTAMPTZ" else "")
    engine.execute(
        f"CREATE TABLE accounts AS SELECT 1 AS account_id, '{at}'::{kind} AS seen, "
        "DATE '2026-01-01' AS \"on\", TRUE AS agreed, 0.5 AS size"
    )
    found = engine.execute(sql_text(order_of(MOMENTS, "duckdb"))).fetchdf().to_dict("records")[0]
    assert found["seen"].date() == (date(2026, 4, 1) if kind == "TIMESTAMPTZ" else date(2026, 3, 31))
    assert found["late"] == (kind == "TIMESTAMPTZ")


def scored_by_sqlite(**cells: object) -> dict[str, object]:
    engine = sqlite3.connect(":memory:")
    engine.row_factory = sqlite3.Row
    row = {"account_id": 7, "seen": None, "on": None, "agreed": None, "size": None, **cells}
    engine.execute('CREATE TABLE accounts (account_id, seen, "on", agreed, size)')
    engine.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?)", list(row.values()))
    return dict(engine.execute(sql_text(order_of(MOMENTS, "sqlite"))).fetchone())


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("size", 2, 2.0),
        ("size", 2.5, 2.5),
        ("size", "abc", None),
        ("size", "12", None),
        ("agreed", 1, 1),
        ("agreed", 0, 0),
        ("agreed", 2, None),
        ("agreed", "yes", None),
        ("on", "2026-02-28", "2026-02-28"),
        ("on", "2026-02-30", None),
        ("on", "now", None),
        ("on", 12, None),
        ("on", "2026-02-28x", None),
        ("seen", "2026-03-31T23:30:00-05:00", "2026-04-01"),
        ("seen", "2026-03-31 23:30:00", "2026-03-31"),
        ("seen", "2026-02-30 10:00:00", None),
    ],
)
def test_sqlite_reads_no_wrong_cell_as_something_else(column: str, value: object, read: object) -> None:
    found = scored_by_sqlite(**{column: value})
    assert found[column] == read
    assert found["bad_cells"] == (column if read is None else None)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_blank_cells_are_missing_in_sqlite(value: object) -> None:
    found = scored_by_sqlite(size=value, on=value, agreed=value, seen=value)
    assert [found[each] for each in ("size", "on", "agreed", "seen", "bad_cells")] == [None] * 5


# Rows, ids, the comment ---------------------------------------------------------


def test_rows_without_a_table_are_not_supplied() -> None:
    text = "ruleset r\n  language 1\nrows logins\n  user text\nsignal n = count of logins\n"
    text += "measure n ladder\n  below 1 -> 0\n  otherwise -> 9\nscore health average\n  1 n\n"
    order = order_of(text, "duckdb")
    engine = duckdb.connect()
    engine.execute("CREATE TABLE accounts AS SELECT 'A' AS account_id")
    engine.execute('CREATE TABLE logins (account_id TEXT, "user" TEXT)')
    assert engine.execute(sql_text(order)).fetchdf()["score"].tolist() == [0.0]
    without = replace(order, tables=Tables(order.tables.accounts))
    found = engine.execute(sql_text(without)).fetchdf()
    assert found["score"].isna().all()
    assert not found["logins__given"].any()


def test_a_table_may_be_called_as_a_layer() -> None:
    engine = duckdb.connect()
    engine.execute("CREATE TABLE cells AS SELECT 'A' AS account_id, 12 AS seats, 40 AS \"NPS Score\"")
    assert engine.execute(sql_text(order_of(RULESET, "duckdb", "cells"))).fetchone()[:2] == ("A", 100.0)  # type: ignore[index]
    engine.execute("CREATE TABLE given AS FROM cells")
    assert engine.execute(sql_text(order_of(RULESET, "duckdb", "given"))).fetchone()[:2] == ("A", 100.0)  # type: ignore[index]


def test_the_day_is_the_one_that_was_given() -> None:
    text = "ruleset r\n  language 1\nsignal d date\nsignal age = days from d to today\n"
    order = order_of(text + "play p when age above 3\n", "duckdb")
    assert "CURRENT_DATE" in sql_text(order)
    dated = sql_text(replace(order, as_of=date(2026, 3, 31)))
    assert "CURRENT_DATE" not in dated
    assert "-- Scores for 2026-03-31, whenever it runs." in dated
    engine = duckdb.connect()
    engine.execute("CREATE TABLE accounts AS SELECT 1 AS account_id, DATE '2026-03-27' AS d")
    assert engine.execute(dated).fetchdf()["age"].tolist() == [4.0]


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery"])
def test_where_rows_are_joined_it_says_that_ids_are_compared_as_they_stand(dialect: str) -> None:
    head = "ruleset r\n  language 1\n"
    text = f"{head}rows logins\n  user text\nsignal n = count of logins\nplay p when n above 3\n"
    said = (
        "-- Ids are compared as they stand; `healthdsl score` takes blanks around them away: trim them\n"
        "-- in a view if yours have any.\n"
    )
    assert said in sql_text(order_of(text, dialect))
    assert "blanks" not in sql_text(order_of(RULESET, dialect))


def test_every_column_of_the_comment_is_one_of_the_result() -> None:
    order = order_of(RULESET, "duckdb")
    engine = duckdb.connect()
    engine.execute("CREATE TABLE accounts AS SELECT 'A' AS account_id, 12 AS seats, 40 AS \"NPS Score\"")
    text = sql_text(order)
    names = [each[0] for each in engine.execute(text).description or ()]
    told = text.partition("-- Gives a line for every account\n")[2].partition("-- Scores for")[0]
    assert [line.split()[1] for line in told.splitlines()] == names
