"""Where a result goes: standard output, or a file written whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from healthdsl.cli.common.messages import MisuseError


@contextmanager
def output(out: str | None, inputs: Iterable[str]) -> Iterator[TextIO]:
    """A stream to `out`, or standard output without one; MisuseError when `out` is one of the input files."""
    if out is None or out == "-":
        yield sys.stdout
        return
    from healthdsl.records.whole_file import whole_file

    for path in inputs:
        if _same_file(out, path):
            raise MisuseError(
                f"{out}: this file is read by the command, so it is not written over. Choose another."
            )
    with whole_file(out) as stream:
        yield stream


def _same_file(out: str, path: str) -> bool:
    try:
        return Path(out).samefile(path)
    except (OSError, ValueError):
        return False
