"""Rulesets named on the command line: read, compiled, or refused with their diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from healthdsl.cli.common.messages import FoundError, MisuseError
from healthdsl.records.input_file import STANDARD_INPUT, read_input

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.model.ruleset import Ruleset
    from healthdsl.sharing.roots import Folder
    from healthdsl.source import Source

# Far more than the compiler accepts, so that it can say how large a file is; no more than memory can take.
MOST_BYTES = 32 * 1_048_576


def read_ruleset(path: str) -> tuple[bytes, str]:
    """The bytes of a ruleset and the name to show for it; FileError when it cannot be read."""
    return read_input(path, MOST_BYTES), "<stdin>" if path == STANDARD_INPUT else path


def root_for(path: str, root: str | None) -> Folder | None:
    """Where the files come from that a ruleset uses; None for standard input. MisuseError when the ruleset
    does not lie in `root`.
    """
    from healthdsl.sharing.roots import Folder, root_of

    if path == STANDARD_INPUT:
        return None if root is None else Folder(Path(root), root)
    try:
        return root_of(path, root)
    except ValueError as problem:
        raise MisuseError(f"{problem}. Give a folder above it with --root.") from None


def load_ruleset(path: str, root: str | None = None, *, dictionary: bool = False) -> CompiledRuleset:
    """The ruleset, ready to score; FoundError with its diagnostics when it has mistakes. `dictionary`: a file
    that others use will do.
    """
    from healthdsl.api import CompiledRuleset
    from healthdsl.diagnostics.diagnostic import RulesetError

    data, name = read_ruleset(path)
    try:
        return CompiledRuleset(data, name, root_for(path, root), dictionary=dictionary)
    except RulesetError as problem:
        raise FoundError(str(problem).rstrip("\n")) from None


@dataclass(frozen=True, slots=True)
class Tested:
    """A ruleset or a dictionary, as far as its tests are concerned."""

    name: str
    ruleset: Ruleset
    source: Source


def load_tested(path: str, root: str | None = None) -> Tested:
    """The ruleset or dictionary with its tests; FoundError with its diagnostics when it has mistakes."""
    from healthdsl.diagnostics.render import render_diagnostics
    from healthdsl.pipeline import compile_source

    data, name = read_ruleset(path)
    compilation = compile_source(data, name, root_for(path, root))
    if compilation.ruleset is None:
        raise FoundError(render_diagnostics(compilation.source, compilation.diagnostics).rstrip("\n"))
    return Tested(name, compilation.ruleset, compilation.source)
