"""`compile` and `conform`."""

import duckdb
import pytest

from healthdsl.batch.sql_text import TITLES
from healthdsl.cli.common.dialects import DialectName
from tests.cli.program import Program

ROWS = """\
ruleset visits
  language 1
rows logins dated at
  at   timestamp
  user text
signal people = distinct user of logins in last 30 days
play greet when people above 3
"""


def test_sql_for_every_dialect(healthdsl: Program) -> None:
    assert list(TITLES) == [each.value for each in DialectName]
    for dialect, title in TITLES.items():
        ran = healthdsl("compile", "tiny.health", "--dialect", dialect, "--source", "crm.accounts")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("-- Tiny health (tiny), version 1.2.0, fingerprint ")
        assert f"-- SQL for {title}, written by healthdsl 0.1.0." in ran.out
        assert "  FROM crm.accounts\n" in ran.out


def test_the_query_scores_as_score_does(healthdsl: Program) -> None:
    assert healthdsl("compile", "tiny.health", "-o", "tiny.sql").out == ""
    assert healthdsl("score", "tiny.health", "accounts.csv", "-o", "scores.csv").code == 0
    engine = duckdb.connect(str(healthdsl.folder / "book.duckdb"))
    engine.execute(f"CREATE TABLE accounts AS FROM '{healthdsl.folder}/accounts.csv'")
    sql = (healthdsl.folder / "tiny.sql").read_text("utf-8")
    found = engine.execute(sql).fetchall()
    expected = engine.execute(
        f"SELECT account_id, score, band FROM '{healthdsl.folder}/scores.csv'"
    ).fetchall()
    names = [each[0] for each in engine.execute(sql).description or ()]
    picked = [tuple(row[names.index(name)] for name in ("account_id", "score", "band")) for row in found]
    assert picked == expected


def test_how_much_is_explained(healthdsl: Program) -> None:
    def columns(explain: str) -> set[str]:
        told = healthdsl("compile", "tiny.health", "--explain", explain).out
        told = told.partition("-- Gives a line for every account\n")[2].partition("-- Scores for")[0]
        return {line.split()[1] for line in told.splitlines()}

    none, parts, full = columns("none"), columns("parts"), columns("full")
    assert none == {"account_id", "score", "band", "coverage", "big", "call", "bad_cells"}
    assert none < parts < full
    assert {"nps__points", "seats"} <= parts


def test_rows_need_a_table(healthdsl: Program) -> None:
    healthdsl.file("visits.health", ROWS)
    ran = healthdsl("compile", "visits.health")
    assert ran.err == (
        "warning: no table for the rows `logins`, so nothing is known about them: --rows logins=TABLE\n"
    )
    ran = healthdsl("compile", "visits.health", "--rows", "logins=crm.logins", "--id", "Account Id")
    assert ran.err == ""
    assert "  FROM crm.logins\n" in ran.out
    assert '"Account Id"' in ran.out
    assert "CURRENT_DATE" in ran.out
    ran = healthdsl("compile", "visits.health", "--rows", "logins=l", "--as-of", "2026-03-31")
    assert "CURRENT_DATE" not in ran.out
    assert "2026-03-31" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "a; DROP TABLE b"], "is no name of a table"),
        (["--rows", "logins"], "write the rows, = and their table"),
        (["--rows", "login=l"], "has no rows `login` (did you mean `logins`?)"),
        (["--rows", "logins=a b"], "is no name of a table"),
        (["--as-of", "soon"], "this is no date"),
        (["--dialect", "oracle"], "oracle"),
        (["--to", "dbt", "--source", "crm.a.b"], "is no table of a dbt project"),
        (["--to", "dbt", "-o", "-"], "name the folder"),
        (["--to", "dbt", "-o", "no/such/models"], "there is no folder"),
        (["-o", "visits.health"], "is read by the command"),
    ],
)
def test_misuse(healthdsl: Program, arguments: list[str], told: str) -> None:
    healthdsl.file("visits.health", ROWS)
    ran = healthdsl("compile", "visits.health", *arguments)
    assert ran.code == 2
    assert told in " ".join(ran.err.split())
    assert ran.out == ""
    assert (healthdsl.folder / "visits.health").read_text("utf-8") == ROWS


def test_what_a_dialect_cannot_say_is_refused(healthdsl: Program) -> None:
    healthdsl.file("long.health", f'ruleset long\n  language 1\nsignal x text\n  column "{"a" * 64}"\n')
    ran = healthdsl("compile", "long.health", "--dialect", "postgres", "-o", "long.sql")
    assert ran.code == 2
    assert "has more than 63 bytes" in ran.err
    assert not (healthdsl.folder / "long.sql").exists()


def test_a_dbt_model(healthdsl: Program) -> None:
    ran = healthdsl("compile", "tiny.health", "--to", "dbt", "--source", "source:crm.accounts")
    assert (ran.code, ran.out) == (0, "models: tiny.sql and tiny.yml written\n")
    assert "{{ source('crm', 'accounts') }}" in (healthdsl.folder / "models" / "tiny.sql").read_text("utf-8")
    assert "  - name: tiny\n" in (healthdsl.folder / "models" / "tiny.yml").read_text("utf-8")
    ran = healthdsl("compile", "tiny.health", "--to", "dbt", "-o", "models")
    assert "{{ ref('accounts') }}" in (healthdsl.folder / "models" / "tiny.sql").read_text("utf-8")


def test_conform_writes_a_script_that_runs(healthdsl: Program) -> None:
    ran = healthdsl("conform", "tiny.health", "--dialect", "duckdb", "--accounts", "60", "-o", "c.sql")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    found = duckdb.connect().execute((healthdsl.folder / "c.sql").read_text("utf-8")).fetchall()
    assert found == [("conform: 60 accounts, 0 differences",)]
    again = healthdsl("conform", "tiny.health", "--dialect", "duckdb", "--accounts", "60").out
    assert again == (healthdsl.folder / "c.sql").read_text("utf-8")


def test_conform_takes_a_sensible_number(healthdsl: Program) -> None:
    assert healthdsl("conform", "tiny.health", "--dialect", "duckdb", "--accounts", "0").code == 2
    assert healthdsl("conform", "tiny.health").code == 2
