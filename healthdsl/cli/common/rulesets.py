"""Rulesets named on the command line: read, compiled, or refused with their diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthdsl.cli.common.messages import FoundError
from healthdsl.records.input_file import STANDARD_INPUT, read_input

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset

# Far more than the compiler accepts, so that it can say how large a file is; no more than memory can take.
MOST_BYTES = 32 * 1_048_576


def read_ruleset(path: str) -> tuple[bytes, str]:
    """The bytes of a ruleset and the name to show for it; FileError when it cannot be read."""
    return read_input(path, MOST_BYTES), "<stdin>" if path == STANDARD_INPUT else path


def load_ruleset(path: str) -> CompiledRuleset:
    """The ruleset, ready to score; FoundError with its diagnostics when it has mistakes."""
    from healthdsl import RulesetError, loads

    data, name = read_ruleset(path)
    try:
        return loads(data, name)
    except RulesetError as problem:
        raise FoundError(str(problem).rstrip("\n")) from None
