"""`healthdsl check`: every mistake in a ruleset and what it cannot mean, each with its place and advice."""

from __future__ import annotations

from typing import Annotated

import typer

from healthdsl.cli.common.checking import CheckForm, CheckOptions, check_files
from healthdsl.cli.common.options import RootOption


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Rulesets, or folders of them; - is standard input.")
    ],
    root: RootOption = None,
    form: Annotated[CheckForm, typer.Option("--format", help="How the findings are told.")] = CheckForm.TEXT,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell what is allowed, and how low and high scores go.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend in place what has one safe answer.")] = False,
) -> None:
    """Show every mistake in rulesets, and what they say and cannot mean: rows that nothing reaches, holes,
    weights that do not add up. Accounts that show it are replayed before they are named.

    A finding is allowed by a comment on its line: # healthdsl: allow W508 because the source has it

    Exit code 0: nothing found. 1: mistakes or findings. 2: a file could not be read.

    \b
    Examples:
      healthdsl check saas_health.health
      healthdsl check rulesets --format github
      healthdsl check --fix --verbose saas_health.health
      healthdsl check --root rulesets rulesets/emea/health.health
      cat saas_health.health | healthdsl check -
    """
    raise typer.Exit(check_files(files, CheckOptions(root, form, verbose, fix)))
