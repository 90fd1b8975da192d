"""`healthdsl check`: every mistake in a ruleset, each with its place and what to write instead."""

from __future__ import annotations

from typing import Annotated

import typer

from healthdsl.cli.common.checking import check_files
from healthdsl.cli.common.options import RootOption


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Rulesets; - is standard input.")],
    root: RootOption = None,
) -> None:
    """Show every mistake in rulesets, with its place and what to write instead.

    Exit code 0: nothing found. 1: mistakes or warnings were found. 2: a file could not be read.

    \b
    Examples:
      healthdsl check saas_health.health
      healthdsl check rulesets/*.health
      healthdsl check --root rulesets rulesets/emea/health.health
      cat saas_health.health | healthdsl check -
    """
    raise typer.Exit(check_files(files, root))
