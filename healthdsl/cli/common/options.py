"""Arguments and options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class OnInvalid(StrEnum):
    """What becomes of a value that is not legal."""

    STOP = "stop"
    MISSING = "missing"


RulesetArgument = Annotated[
    str, typer.Argument(metavar="RULESET", help="The ruleset, a .health file; - is standard input.")
]
AccountsArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNTS", help="CSV, JSON or JSON Lines file; - is standard input.")
]
RowsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rows",
        metavar="NAME=FILE",
        help="Rows of the table NAME, joined by account id; once for each table.",
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
OnInvalidOption = Annotated[
    OnInvalid,
    typer.Option(
        "--on-invalid", help="Values that are not legal: stop and tell them, or take them as missing."
    ),
]
OutOption = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="OUT", help="Write to this file, whole or not at all; - is the screen."
    ),
]
