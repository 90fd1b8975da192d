"""What stands before any command: `--version`, and the help that says where to start."""

from __future__ import annotations

from typing import Annotated

import typer

from healthdsl import __version__
from healthdsl.cli.common.messages import say


def _show_version(asked: bool) -> None:
    if asked:
        say(f"healthdsl {__version__}")
        raise typer.Exit


def healthdsl(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop."),
    ] = False,
) -> None:
    """Account health from rulesets written as text: score accounts, and explain every score.

    \b
    Start here:
      healthdsl demo                       see it work on a small made-up book of accounts
      healthdsl new our_health             write a ruleset to begin with
      healthdsl check our_health.health    find mistakes in it
      healthdsl COMMAND --help             examples of each command

    Exit codes: 0 fine, 1 findings (mistakes, failed tests), 2 misuse (wrong arguments, files that cannot be
    read, records with values that are not legal).
    """
