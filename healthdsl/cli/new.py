"""`healthdsl new`: a ruleset to begin with.

The plain starter lies beside this file. Those for a kind of business, and their sample accounts, are
rulesets/starter of the repository; the wheel carries that folder as healthdsl/cli/starter.
"""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Annotated

import typer

from healthdsl.cli.common.messages import MisuseError, say

ENDING = ".health"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
LONGEST_NAME = 60
LIKE = (
    "Begin with the ruleset of a kind of business: product_led_saas, enterprise_saas, usage_priced, "
    "ecommerce_merchant or services."
)


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the ruleset, or of its file.")],
    like: Annotated[str | None, typer.Option(metavar="KIND", help=LIKE)] = None,
) -> None:
    """Write a starter ruleset to NAME.health, ready to be changed. A file that is there is never touched.

    \b
    Examples:
      healthdsl new our_health                    writes our_health.health
      healthdsl new rulesets/trial.health         writes it into that folder
      healthdsl new our_health --like services    for a services firm
    """
    from healthdsl.records.whole_file import write_whole

    path = PurePath(name)
    stem = path.name.removesuffix(ENDING)
    if not _NAME.fullmatch(stem) or len(stem) > LONGEST_NAME or "__" in stem:
        raise MisuseError(
            f"{name}: a ruleset's name is lower case with underscores, such as `{_suggested(stem)}`."
        )
    file = str(path.with_name(f"{stem}{ENDING}"))
    write_whole(file, _named(stem, _starter(like)), replace=False)
    say(f"wrote {file}. Next:")
    say(f"  healthdsl check {file}    find mistakes")
    say(f"  healthdsl test {file}     run the tests at its end")
    say(f"  healthdsl score {file} accounts.csv")


def kinds() -> dict[str, Traversable]:
    """The starters for a kind of business by name."""
    packaged = files("healthdsl.cli").joinpath("starter")
    folder = packaged if packaged.is_dir() else files("healthdsl").joinpath("..", "rulesets", "starter")
    return {
        file.name.removesuffix(ENDING): file
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(ENDING)
    }


def _starter(like: str | None) -> str:
    """The text of a starter; MisuseError for a kind that there is not."""
    if like is None:
        return files("healthdsl.cli").joinpath("starter.health").read_text("utf-8")
    known = kinds()
    if like not in known:
        raise MisuseError(f"there is no starter `{like}`; there are {', '.join(known)}.")
    return known[like].read_text("utf-8")


def _named(name: str, starter: str) -> str:
    """The starter under another name; its title stays."""
    return re.sub(r"^ruleset \w+", f"ruleset {name}", starter, count=1, flags=re.MULTILINE)


def _suggested(stem: str) -> str:
    """The nearest name that may be used."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", stem).lower()).strip("_")
    words = words.lstrip("0123456789_")[:LONGEST_NAME]
    return words or "account_health"
