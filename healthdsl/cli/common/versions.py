"""Two versions of a ruleset named on the command line, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from healthdsl.cli.common.messages import FoundError, MisuseError

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.reports.diff import Compared, Version

OldArgument = Annotated[
    str,
    typer.Argument(
        metavar="OLD", help="The old version: a .health file, or REVISION:PATH as in HEAD~1:x.health."
    ),
]
NewArgument = Annotated[
    str, typer.Argument(metavar="NEW", help="The new version, likewise; - is standard input.")
]


@dataclass(frozen=True, slots=True)
class Versions:
    """Both versions, ready to score, and what changed."""

    old: CompiledRuleset
    new: CompiledRuleset
    compared: Compared


def load_versions(old: str, new: str, root: str | None) -> Versions:
    """Both versions compared; FoundError with its diagnostics when one has mistakes."""
    from healthdsl.diff.compare import compare
    from healthdsl.reports.diff import Compared

    if old == new == "-":
        raise MisuseError("Only one version can be standard input (-). Name the other.")
    one, other = _load(old, root), _load(new, root)
    texts = [(each.source.text, sorted(each.used.items())) for each in (one, other)]
    difference = compare(one.ruleset, other.ruleset)
    sides = (_version(one), _version(other))
    return Versions(one, other, Compared(*sides, difference, texts[0] == texts[1]))


def _load(named: str, root: str | None) -> CompiledRuleset:
    from healthdsl.api import CompiledRuleset
    from healthdsl.cli.common.revisions import read_version
    from healthdsl.diagnostics.diagnostic import RulesetError

    data, name, used = read_version(named, root)
    try:
        return CompiledRuleset(data, name, used)
    except RulesetError as problem:
        raise FoundError(str(problem).rstrip("\n")) from None


def _version(compiled: CompiledRuleset) -> Version:
    from healthdsl.reports.diff import Version

    return Version(compiled.source.name, compiled.name, compiled.version, compiled.fingerprint)
