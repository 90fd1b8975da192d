"""`healthdsl score`: the score of every account of a file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TextIO, assert_never

import typer

from healthdsl.cli.common.accounts import Asked, ask, check_date, check_order, check_standard_input
from healthdsl.cli.common.columns import columns_of, row_of
from healthdsl.cli.common.options import (
    AccountsArgument,
    AsOfOption,
    IdOption,
    OnInvalid,
    OnInvalidOption,
    OutOption,
    RowsOption,
    RulesetArgument,
)
from healthdsl.cli.common.output import check_not_read, form_by_ending, output
from healthdsl.cli.common.rulesets import load_ruleset
from healthdsl.cli.common.scoring import Scoring

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset


class Format(StrEnum):
    """The form of the scored accounts."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


ENDINGS = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".txt": Format.TABLE,
}


def score(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    accounts: AccountsArgument,
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="Default: by the ending of OUT (.csv, .json, .jsonl, .txt)."),
    ] = None,
    out: OutOption = None,
    on_invalid: OnInvalidOption = OnInvalid.STOP,
    id_column: IdOption = None,
) -> None:
    """Score every account of a file: a row an account.

    ACCOUNTS has a column for each input signal, called as the ruleset says (or as the signal). Blank cells
    are missing. The account id is the column that the ruleset names, else account_id, else id.

    \b
    Examples:
      healthdsl score saas_health.health accounts.csv --as-of 2026-03-31
      healthdsl score saas_health.health accounts.csv --rows tickets=tickets.csv --rows logins=logins.csv \\
        --as-of today -o scores.csv
      healthdsl score saas_health.health accounts.jsonl --format jsonl | head

    \b
    Columns of CSV, and keys of JSON, in this order:
      account_id, account_name
      score, band, coverage  of the main score; coverage is the share of weight that was known, 0 to 1
      NAME__points           of each further score; with NAME__band when it has bands
      flags, plays           names of those raised: joined by "; " in CSV, a list in JSON
      NAME__points           of every measure and group; with NAME__level and NAME__band where it has them

    In JSON and JSON Lines rows may be nested: {"account_id": "A1", "tickets": [{"priority": "low"}]}.
    In CSV a text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    asked = ask(accounts, rows, as_of, id_column, on_invalid)
    inputs = [ruleset, *asked.files]
    check_order("score", ruleset, accounts)
    check_standard_input(inputs)
    check_not_read(out, inputs)
    form = format_ or Format(form_by_ending(out, ENDINGS, Format.TABLE))
    compiled = load_ruleset(ruleset)
    check_date(compiled, asked)
    with output(out, inputs) as stream:
        _write(stream, form, compiled, asked)


def _write(stream: TextIO, form: Format, compiled: CompiledRuleset, asked: Asked) -> None:
    columns = columns_of(compiled.ruleset)
    scoring = Scoring(compiled, asked)
    rows = (row_of(result, columns) for result in scoring.results())
    match form:
        case Format.TABLE:
            from healthdsl.cli.common.table import write_table

            write_table(stream, compiled.ruleset, columns, rows, scoring.seen.absent)
        case Format.CSV:
            from healthdsl.records.writers import write_csv

            write_csv(stream, columns, rows)
        case Format.JSON:
            from healthdsl.records.writers import write_json

            write_json(stream, rows)
        case Format.JSONL:
            from healthdsl.records.writers import write_json_lines

            write_json_lines(stream, rows)
        case _:
            assert_never(form)
