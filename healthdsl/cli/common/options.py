"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

RulesetArgument = Annotated[
    str, typer.Argument(metavar="RULESET", help="The ruleset, a .health file; - is standard input.")
]
AccountsArgument = Annotated[
    str,
    typer.Argument(
        metavar="ACCOUNTS",
        help="CSV, JSON or JSON Lines, each also as .gz, or Parquet; in quotes a pattern such as 'a-*.csv'"
        " that stands for several files; - is standard input.",
    ),
]
RootOption = Annotated[
    str | None,
    typer.Option(
        "--root",
        metavar="FOLDER",
        help="Files that a ruleset uses may lie anywhere in here, not only in its own folder.",
    ),
]
RowsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rows",
        metavar="NAME=FILE",
        help="Rows of the table NAME, joined by account id, in files of the same forms; once for each table.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day the score is for, such as 2026-03-31, or today."),
]
IdOption = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="Column of the account id, instead of the ruleset's."),
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Stop when any cell cannot be read, instead of counting it as missing."),
]
OutOption = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="OUT", help="Write to this file, whole or not at all; - is the screen."
    ),
]
HistoryOption = Annotated[
    str | None,
    typer.Option(
        "--history",
        metavar="DIR",
        help="The folder of the runs that `score --history` keeps: the pages of accounts get their score over"
        " time.",
    ),
]
