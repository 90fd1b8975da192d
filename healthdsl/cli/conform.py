"""`healthdsl conform`: a script with which anyone can check that their own database scores alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from healthdsl.cli.common.accounts import day_of
from healthdsl.cli.common.dialects import DialectName
from healthdsl.cli.common.messages import MisuseError, warn
from healthdsl.cli.common.options import OutOption, RootOption, RulesetArgument
from healthdsl.cli.common.output import output
from healthdsl.cli.common.rulesets import load_ruleset

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.batch.conform import Scored

USUAL_DAY = date(2026, 3, 31)
BIGQUERY_MOST = 1_000_000
"""BigQuery takes no longer script, in characters."""


def conform(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    dialect: Annotated[DialectName, typer.Option("--dialect", help="The SQL of which database.")],
    accounts: Annotated[
        int, typer.Option("--accounts", min=1, max=100_000, metavar="N", help="How many accounts to make up.")
    ] = 3000,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help=f"The day the accounts are scored for. Default: {USUAL_DAY}."
        ),
    ] = None,
    out: OutOption = None,
    root: RootOption = None,
) -> None:
    """Write an SQL script that checks whether a database of yours scores accounts as healthdsl does.

    The script makes temporary tables of generated accounts (on thresholds and just beside them, with missing,
    extreme and wrong values) and of their scores, bands and points as healthdsl computes them. It runs the
    compiled query and ends with the number of differences, and a line for each account that differs.

    \b
    Examples:
      healthdsl conform saas_health.health --dialect snowflake -o conform.sql
      healthdsl conform saas_health.health --dialect postgres | psql crm
    """
    from healthdsl import __version__
    from healthdsl.backends.sql.errors import SqlError
    from healthdsl.batch.conform import Trial, conform_script
    from healthdsl.batch.sql_text import Order
    from healthdsl.batch.table_names import parse_table
    from healthdsl.batch.warehouse import Tables

    compiled = load_ruleset(ruleset, root)
    day = day_of(as_of) or USUAL_DAY
    order = Order(
        ruleset=compiled.ruleset,
        graph=compiled.graph,
        fingerprint=compiled.fingerprint,
        dialect=dialect.value,
        tables=Tables(parse_table("accounts", dialect.value)),
        writer=f"healthdsl {__version__}",
    )

    def score(record: dict[str, object]) -> Scored:
        return _scored(compiled, record, day)

    try:
        script = "\n".join(conform_script(Trial(order, day, accounts, score)))
    except SqlError as problem:
        raise MisuseError(str(problem)) from None
    if dialect is DialectName.BIGQUERY and len(script) > BIGQUERY_MOST:
        fewer = max(1, int(accounts * 0.9 * BIGQUERY_MOST / len(script)))
        warn(f"BigQuery takes scripts of 1 MB, this is {len(script) / 1e6:.1f} MB: try --accounts {fewer}")
    with output(out, [ruleset]) as stream:
        stream.write(script)


def _scored(compiled: CompiledRuleset, record: dict[str, object], day: date) -> Scored:
    """What the record evaluator says of one account."""
    result = compiled.score(record, as_of=day, on_invalid="missing")
    return result.values, [error.signal for error in result.errors or ()]
