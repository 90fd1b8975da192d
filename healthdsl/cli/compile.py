"""`healthdsl compile`: a ruleset as SQL, or as a dbt model, for a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.accounts import day_of
from healthdsl.cli.common.dialects import DialectName
from healthdsl.cli.common.messages import MisuseError, say, warn
from healthdsl.cli.common.options import IdOption, RootOption, RulesetArgument
from healthdsl.cli.common.output import check_not_read, output
from healthdsl.cli.common.rulesets import load_ruleset

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.batch.sql_text import Order
    from healthdsl.batch.warehouse import Tables


class Form(StrEnum):
    """What a ruleset is compiled to."""

    SQL = "sql"
    DBT = "dbt"


class ExplainColumns(StrEnum):
    """How much of the explanation has columns."""

    NONE = "none"
    PARTS = "parts"
    FULL = "full"


DialectOption = Annotated[DialectName, typer.Option("--dialect", help="The SQL of which database.")]
SqlAsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="The day the score is for. Default: the day on which the SQL runs."
    ),
]


def compile_(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    to: Annotated[Form, typer.Option("--to", help="One query, or a dbt model with its tests.")] = Form.SQL,
    dialect: DialectOption = DialectName.DUCKDB,
    source: Annotated[
        str, typer.Option("--source", metavar="TABLE", help="The table of accounts.")
    ] = "accounts",
    rows: Annotated[
        list[str] | None,
        typer.Option("--rows", metavar="NAME=TABLE", help="The table with the rows NAME; once for each."),
    ] = None,
    explain: Annotated[
        ExplainColumns, typer.Option("--explain", help="How much of the explanation gets columns.")
    ] = ExplainColumns.PARTS,
    as_of: SqlAsOfOption = None,
    id_column: IdOption = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="Write to this file; with --to dbt, into this folder."
        ),
    ] = None,
    root: RootOption = None,
) -> None:
    """Compile a ruleset to SQL that scores a table of accounts inside your own database.

    TABLE has a column for each input signal, called as the ruleset says (or as the signal). Rows (tickets,
    logins ..) have tables of their own with the account id in each row; rows that no table is named for count
    as not supplied. A name is written as accounts, crm.accounts or "Our CRM".accounts.

    \b
    Examples:
      healthdsl compile saas_health.health --dialect postgres --source crm.accounts \\
        --rows tickets=crm.tickets --rows logins=crm.logins -o saas_health.sql
      healthdsl compile saas_health.health --dialect snowflake --explain none --as-of 2026-03-31
      healthdsl compile saas_health.health --to dbt --dialect bigquery --source source:crm.accounts \\
        --rows tickets=ref:stg_tickets --rows logins=ref:stg_logins -o models/
    """
    from healthdsl.backends.sql.errors import SqlError

    check_not_read(out, [ruleset])
    compiled = load_ruleset(ruleset, root)
    given = dict(map(_row_and_table, rows or ()))
    _check_rows(compiled, given)
    asked = Asked(ruleset, dialect, source, given, explain, day_of(as_of), id_column, out)
    try:
        match to:
            case Form.SQL:
                _write_sql(asked, compiled)
            case Form.DBT:
                _write_dbt(asked, compiled)
            case _:
                assert_never(to)
    except SqlError as problem:
        raise MisuseError(str(problem)) from None


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as values; tables as they were written."""

    ruleset: str
    dialect: DialectName
    source: str
    rows: Mapping[str, str]
    explain: ExplainColumns
    as_of: date | None
    id_column: str | None
    out: str | None


def _row_and_table(option: str) -> tuple[str, str]:
    name, separator, table = option.partition("=")
    if not (separator and name.strip() and table.strip()):
        raise MisuseError(f"--rows {option}: write the rows, = and their table: --rows tickets=crm.tickets")
    return name.strip(), table.strip()


def _check_rows(compiled: CompiledRuleset, given: Mapping[str, str]) -> None:
    """MisuseError for rows that the ruleset has not; a warning for those without a table."""
    from healthdsl.records.errors import hint

    names = [table.name for table in compiled.ruleset.tables]
    for name in given:
        if name not in names:
            known = f"It has: {', '.join(names)}." if names else "It has no rows at all."
            raise MisuseError(f"--rows {name}: the ruleset has no rows `{name}`{hint(name, names)}. {known}")
    for name in names:
        if name not in given:
            warn(f"no table for the rows `{name}`, so nothing is known about them: --rows {name}=TABLE")


def _order(asked: Asked, compiled: CompiledRuleset, tables: Tables) -> Order:
    from healthdsl import __version__
    from healthdsl.batch.sql_text import Order

    return Order(
        ruleset=compiled.ruleset,
        graph=compiled.graph,
        fingerprint=compiled.fingerprint,
        dialect=asked.dialect.value,
        tables=tables,
        explain=asked.explain.value,
        as_of=asked.as_of,
        writer=f"healthdsl {__version__}",
    )


def _write_sql(asked: Asked, compiled: CompiledRuleset) -> None:
    from healthdsl.batch.sql_text import sql_text

    text = sql_text(_order(asked, compiled, _tables(asked)))
    with output(asked.out, [asked.ruleset]) as stream:
        stream.write(text)


def _tables(asked: Asked) -> Tables:
    from healthdsl.batch.table_names import parse_table
    from healthdsl.batch.warehouse import Tables

    dialect = asked.dialect.value
    rows = {name: parse_table(text, dialect) for name, text in asked.rows.items()}
    return Tables(parse_table(asked.source, dialect), rows, asked.id_column)


def _write_dbt(asked: Asked, compiled: CompiledRuleset) -> None:
    from pathlib import Path

    from healthdsl.batch.dbt import dbt_model, parse_named
    from healthdsl.batch.table_names import parse_table
    from healthdsl.batch.warehouse import Tables
    from healthdsl.records.whole_file import write_whole

    folder = Path(asked.out or "models")
    if asked.out == "-":
        raise MisuseError("A dbt model is two files: name the folder for them, -o models")
    rows = {name: parse_named(text) for name, text in asked.rows.items()}
    tables = Tables(parse_table("accounts", asked.dialect.value), {}, asked.id_column)
    model = dbt_model(_order(asked, compiled, tables), parse_named(asked.source), rows)
    if folder.parent.is_dir():
        folder.mkdir(exist_ok=True)
    for ending, text in (("sql", model.sql), ("yml", model.schema)):
        write_whole(str(folder / f"{model.name}.{ending}"), text)
    say(f"{folder}: {model.name}.sql and {model.name}.yml written")
