"""`healthdsl new`: a ruleset to begin with."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import PurePath
from typing import Annotated

import typer

from healthdsl.cli.common.messages import MisuseError, say

ENDING = ".health"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
LONGEST_NAME = 60


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the ruleset, or of its file.")],
) -> None:
    """Write a starter ruleset to NAME.health, ready to be changed. A file that is there is never touched.

    \b
    Examples:
      healthdsl new our_health             writes our_health.health
      healthdsl new rulesets/trial.health  writes it into that folder
    """
    from healthdsl.records.whole_file import write_whole

    path = PurePath(name)
    stem = path.name.removesuffix(ENDING)
    if not _NAME.fullmatch(stem) or len(stem) > LONGEST_NAME or "__" in stem:
        raise MisuseError(
            f"{name}: a ruleset's name is lower case with underscores, such as `{_suggested(stem)}`."
        )
    file = str(path.with_name(f"{stem}{ENDING}"))
    text = files("healthdsl.cli").joinpath("starter.health").read_text("utf-8")
    write_whole(file, text.replace("starter_health", stem, 1), replace=False)
    say(f"wrote {file}. Next:")
    say(f"  healthdsl check {file}    find mistakes")
    say(f"  healthdsl test {file}     run the tests at its end")
    say(f"  healthdsl score {file} accounts.csv")


def _suggested(stem: str) -> str:
    """The nearest name that may be used."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", stem).lower()).strip("_")
    words = words.lstrip("0123456789_")[:LONGEST_NAME]
    return words or "account_health"
