"""Whether a file that is to be written is one that is read, or is written twice.

Every way to name a file counts: links, other spellings, and patterns that stand for it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable

from healthdsl.records.input_file import STANDARD_INPUT

WILD = frozenset("*?[")


def is_read(out: str, inputs: Iterable[str]) -> bool:
    """Whether the file at `out` is one of the input files; devices and standard input are none."""
    if not os.path.isfile(out):  # noqa: PTH113 -- any text may stand here
        return False
    return any(_same_file(out, path) for each in inputs if each != STANDARD_INPUT for path in _meant(each))


def is_written_twice(first: str | None, second: str | None) -> bool:
    """Whether two outputs would be one file, which need not be there yet."""
    if first is None or second is None:
        return False
    try:
        return os.path.realpath(first) == os.path.realpath(second) or _same_file(first, second)
    except ValueError:
        return False  # no file name: who writes it says so


def _meant(path: str) -> list[str]:
    """The files that a path stands for, as `healthdsl.batch.files` finds them."""
    if WILD & set(path) and not os.path.exists(path):  # noqa: PTH110
        return glob.glob(path, recursive=True)  # noqa: PTH207 -- a pattern may be absolute
    return [path]


def _same_file(first: str, second: str) -> bool:
    try:
        return os.path.samefile(first, second)  # noqa: PTH121
    except (OSError, ValueError):
        return False
