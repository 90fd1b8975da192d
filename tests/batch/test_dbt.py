"""A dbt model: its tables, its tests, and texts of a ruleset that are no Jinja.

`dbt build` itself was run by hand, see docs/sql.md; here dbt's own Jinja settings render the model.
"""

from __future__ import annotations

import re

import duckdb
import jinja2
import pytest

from healthdsl import loads
from healthdsl.backends.sql.errors import SqlError
from healthdsl.batch.dbt import Model, dbt_model, escaped, parse_named
from healthdsl.batch.sql_text import Order
from healthdsl.batch.table_names import parse_table
from healthdsl.batch.warehouse import Tables
from tests.cli.program import RULESET

HOSTILE = RULESET.replace('"Tiny health"', '"{{ 1/0 }} {% raw %} {# dbt_table_0_0 ""q"""').replace(
    '"Call them"', "\"{{ env_var('SECRET') }}\""
)


def model_of(text: str) -> Model:
    compiled = loads(text)
    tables = Tables(parse_table("accounts", "duckdb"))
    order = Order(compiled.ruleset, compiled.graph, compiled.fingerprint, "duckdb", tables)
    rows = {table.name: parse_named(f"ref:stg_{table.name}") for table in compiled.graph.tables}
    return dbt_model(order, parse_named("source:crm.accounts"), rows)


def rendered(text: str) -> str:
    """As dbt renders: `ref` and `source` give a table, all else is undefined."""

    def source(name: str, table: str) -> str:
        return f"{name}.{table}"

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    functions = {"config": lambda **_: "", "source": source, "ref": lambda name: name}
    return environment.from_string(text).render(functions)


def test_the_model_reads_its_tables_and_runs() -> None:
    engine = duckdb.connect()
    engine.execute("CREATE SCHEMA crm")
    engine.execute("CREATE TABLE crm.accounts AS SELECT 'A' AS account_id, 12 AS seats, 40 AS \"NPS Score\"")
    model = model_of(RULESET)
    assert model.name == "tiny"
    assert model.sql.startswith("{{ config(materialized='table') }}\n")
    assert "  FROM {{ source('crm', 'accounts') }}\n" in model.sql
    assert engine.execute(rendered(model.sql)).fetchone()[:3] == ("A", 100.0, "good")  # type: ignore[index]


def test_rows_are_read_from_their_models() -> None:
    text = "ruleset r\n  language 1\nrows logins\n  user text\nsignal n = count of logins\n"
    model = model_of(text + "play p when n above 3\n")
    assert "  FROM {{ ref('stg_logins') }}\n" in model.sql


def test_no_text_of_a_ruleset_is_run() -> None:
    model = model_of(HOSTILE)
    sql, schema = rendered(model.sql), rendered(model.schema)
    title = '{{ 1/0 }} {% raw %} {# dbt_table_0_0 "q"'
    assert f"-- {title} (tiny), version 1.2.0" in sql
    assert "{{ env_var('SECRET') }}" in sql
    assert "dbt_table_0_0" in sql
    assert "FROM crm.accounts" in sql
    assert "{{ env_var('SECRET') }}" in schema


@pytest.mark.parametrize("text", ["{{", "{%", "{#", "{{{", "{{{%", "a{{{{#}}b", "{", "}}", "{ {"])
def test_what_opens_a_tag_is_printed(text: str) -> None:
    assert rendered(escaped(text)) == text


@pytest.mark.slow
def test_the_schema_has_texts_and_tests() -> None:
    yaml = pytest.importorskip("yaml")
    limited = HOSTILE.replace("score health average", "score health average within 0 to 100")
    (model,) = yaml.safe_load(rendered(model_of(limited).schema))["models"]
    assert model["name"] == "tiny"
    columns = {column["name"]: column for column in model["columns"]}
    assert columns["account_id"]["data_tests"] == ["not_null", "unique"]
    assert columns["seats"]["description"] == "Seats"
    accepted = columns["band"]["data_tests"][0]["accepted_values"]["arguments"]["values"]
    assert accepted == ["poor", "good"]
    tests = {test["not_null"]["name"]: test["not_null"] for test in model["data_tests"]}
    score = tests["tiny__score__from_0_to_100"]
    assert score["arguments"]["column_name"] == "case when score between 0 and 100 then 1 end"
    assert score["config"]["where"] == "score is not null"


def test_the_schema_is_as_it_should_be() -> None:
    lines = model_of(RULESET).schema.splitlines()
    assert lines[0].startswith("# Written by healthdsl")
    assert '        description: "band of score Health: poor (Poor), good (Good)"' in lines
    assert '                values: ["poor", "good"]' in lines


@pytest.mark.parametrize(
    "text", ["", "ref:", "source:accounts", "crm.accounts.x", "ref:a'b", "macro:x", "ref:{{x}}", "ref:a.b.c"]
)
def test_what_is_no_table_of_dbt_is_refused(text: str) -> None:
    with pytest.raises(SqlError, match="is no table of a dbt project"):
        parse_named(text)


PERCENT = """\
ruleset shares
  language 1
signal seats_used percent "Seats in use"
  stored as 0.45 for 45%
signal renewal days "Days left"
measure seats_used curve
  20% -> 0
  90% -> 100
measure left ladder of renewal "Time left"
  below 30 -> 0 "Soon"
  otherwise -> 100
  -5 when renewal below 3
score health average
  1 seats_used
  1 left
"""


def test_points_are_told_in_points_whatever_the_unit_of_the_signal() -> None:
    columns = dict(re.findall(r'- name: (\w+)\n +description: "(.*)"', model_of(PERCENT).schema))
    assert columns["seats_used__points"] == "points of measure Seats in use"
    assert columns["left__points"] == "points of measure Time left"
    assert columns["seats_used"] == "Seats in use (0.45 is 45%)"
    assert columns["renewal"] == "Days left (days)"
    assert columns["left__fired"].startswith("lines of measure Time left that fired")
