"""Rulesets of several files as one text: each file but the first stands behind a line `#--- NAME`."""

from __future__ import annotations

import re

from healthdsl.pipeline import Compilation, compile_source
from healthdsl.sharing.roots import Texts

_CUT = re.compile(r"^#--- (\S+)\n", re.MULTILINE)


def files_of(text: str) -> tuple[str, dict[str, str]]:
    """The ruleset, and the other files by name."""
    first, *rest = _CUT.split(text)
    return first, dict(zip(rest[::2], rest[1::2], strict=True))


def compiled(text: str, name: str = "example.health") -> Compilation:
    """What becomes of the ruleset with the other files beside it; without any, it lies in no folder."""
    first, files = files_of(text)
    return compile_source(first, name, Texts(files, own=name) if files else None)
