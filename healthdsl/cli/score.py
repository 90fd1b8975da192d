"""`healthdsl score`: the score of every account of a file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from healthdsl.cli.common.accounts import ask, check_date, check_order, check_standard_input
from healthdsl.cli.common.book import (
    BookRequest,
    Engine,
    Format,
    engine_for,
    score_by_duckdb,
    score_by_record,
)
from healthdsl.cli.common.keeping import check_keeping
from healthdsl.cli.common.messages import MisuseError
from healthdsl.cli.common.options import (
    AccountsArgument,
    AsOfOption,
    IdOption,
    OutOption,
    RootOption,
    RowsOption,
    RulesetArgument,
    StrictOption,
)
from healthdsl.cli.common.output import check_not_read, check_written_once, form_by_ending
from healthdsl.cli.common.rulesets import load_ruleset

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset


class Explain(StrEnum):
    """How much of the explanation stands beside the score."""

    NONE = "none"
    PARTS = "parts"
    FULL = "full"


ENDINGS = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".txt": Format.TABLE,
    ".parquet": Format.PARQUET,
}


def score(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    accounts: AccountsArgument,
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="Default: by the ending of OUT (.csv, .json, .jsonl, .parquet, .txt)."),
    ] = None,
    out: OutOption = None,
    explain: Annotated[
        Explain, typer.Option("--explain", help="Columns beside the score: its parts, or all there are.")
    ] = Explain.PARTS,
    strict: StrictOption = False,
    rejects: Annotated[
        str | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Write every cell that cannot be read to this file (.csv, .jsonl, .parquet).",
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What does the scoring; auto takes DuckDB for large files.")
    ] = Engine.AUTO,
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="At most so much at once, such as 1GB (DuckDB)."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", help="At most so many threads (DuckDB).")
    ] = None,
    history: Annotated[
        str | None,
        typer.Option(
            "--history",
            metavar="DIR",
            help="Keep the run in this folder of runs, by its day; an older run of the day is replaced.",
        ),
    ] = None,
    id_column: IdOption = None,
    root: RootOption = None,
) -> None:
    """Score every account of a file: a row an account.

    ACCOUNTS has a column for each input signal, called as the ruleset says (or as the signal). Blank cells
    are missing. The account id is the column that the ruleset names, else account_id, else id. A pattern in
    quotes stands for several files: 'accounts-*.parquet'.

    \b
    Examples:
      healthdsl score saas_health.health accounts.csv --as-of 2026-03-31
      healthdsl score saas_health.health accounts.csv --rows tickets=tickets.csv --rows logins=logins.csv \\
        --as-of today -o scores.csv
      healthdsl score saas_health.health accounts.parquet --as-of today -o scores.parquet --memory 1GB
      healthdsl score saas_health.health accounts.jsonl --format jsonl | head
      healthdsl score saas_health.health accounts.csv --as-of today --history runs

    \b
    Columns of CSV and Parquet, and keys of JSON, in this order:
      account_id, account_name (if there is one)
      score, band, coverage  of the main score; coverage is the share of weight that was known, 0 to 1
      NAME__points           of each further score; with NAME__band when it has bands
      flags, plays           names of those raised: joined by "; " in CSV, a list in JSON (not in Parquet)
      NAME                   yes or no, for each flag and play
      bad_cells              signals whose cell could not be read, joined by "; "
      --explain parts (default): of every measure and group NAME__points, __level, __band, the row
                             that fired and the lines that did (__fired: bit k for the k-th); the value of
                             every signal
      --explain full         every other line of the explanation

    A cell that cannot be read counts as missing: it is told, named in bad_cells, and written to --rejects.
    In JSON and Parquet rows may be nested: {"account_id": "A1", "tickets": [{"priority": "low"}]}.
    In CSV a text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    asked = ask(accounts, rows, as_of, id_column, strict)
    inputs = [ruleset, *asked.files]
    check_order("score", ruleset, accounts)
    check_standard_input(inputs)
    for written in (out, rejects):
        check_not_read(written, inputs)
    check_written_once(out, "--rejects", rejects)
    form = format_ or Format(form_by_ending(out, ENDINGS, Format.TABLE))
    if form is Format.PARQUET and out in {None, "-"}:
        raise MisuseError("Parquet is not for the screen: name a file with -o scores.parquet.")
    _check_limits(memory, threads)
    request = BookRequest(asked, explain.value, form, out, rejects, memory, threads, history)
    check_keeping(request)
    chosen = engine_for(engine, request)
    compiled = load_ruleset(ruleset, root)
    check_date(compiled, asked)
    _run(chosen, compiled, request)


def _check_limits(memory: str | None, threads: int | None) -> None:
    """MisuseError for an amount of memory or a number of threads that is none."""
    if memory is None and threads is None:
        return
    from healthdsl.batch.options import check_limits
    from healthdsl.batch.scoring import Limits

    try:
        check_limits(Limits(memory, threads))
    except ValueError as problem:
        raise MisuseError(f"--{problem}") from None


def _run(engine: Engine, compiled: CompiledRuleset, request: BookRequest) -> None:
    if engine in {Engine.DUCKDB, Engine.SPARK}:
        score_by_duckdb(compiled, request, on_spark=engine is Engine.SPARK)
    else:
        score_by_record(compiled, request)
