"""Whether a file that is to be written is one that is read, or is written twice.

Every way to name a file counts: links, other spellings, and patterns that stand for it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable

from healthdsl.records.input_file import STANDARD_INPUT

WILD = frozenset("*?[")
"""Signs that make a path a pattern."""


def is_pattern(path: str) -> bool:
    """Whether a path stands for several files: it has a sign for that, and no file is called so."""
    return bool(WILD & set(path)) and not os.path.exists(path)  # noqa: PTH110 -- any text may stand here


def matches(pattern: str) -> list[str]:
    """The files that a pattern stands for, in the order of their names."""
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 -- a pattern may be absolute


def is_read(out: str, inputs: Iterable[str]) -> bool:
    """Whether the file at `out` is one of the input files; devices and standard input are none."""
    if not os.path.isfile(out):  # noqa: PTH113 -- any text may stand here
        return False
    named = [each for each in inputs if each != STANDARD_INPUT]
    meant = [path for each in named for path in (matches(each) if is_pattern(each) else [each])]
    return any(_same_file(out, path) for path in meant)


def is_written_twice(first: str | None, second: str | None) -> bool:
    """Whether two outputs would be one file, which need not be there yet."""
    if first is None or second is None:
        return False
    try:
        return os.path.realpath(first) == os.path.realpath(second) or _same_file(first, second)
    except ValueError:
        return False  # no file name: who writes it says so


def _same_file(first: str, second: str) -> bool:
    try:
        return os.path.samefile(first, second)  # noqa: PTH121
    except (OSError, ValueError):
        return False
