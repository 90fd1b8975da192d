"""Where a result goes: standard output, or a file written whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import TextIO

from healthdsl.cli.common.messages import MisuseError


@contextmanager
def output(out: str | None, inputs: Iterable[str]) -> Iterator[TextIO]:
    """A stream to `out`, or standard output without one; MisuseError when `out` is one of the input files."""
    if out is None or out == "-":
        yield sys.stdout
        return
    from healthdsl.records.whole_file import whole_file

    check_not_read(out, inputs)
    with whole_file(out) as stream:
        yield stream


def check_not_read(out: str | None, inputs: Iterable[str]) -> None:
    """MisuseError when `out` is one of the input files."""
    from healthdsl.records.apart import is_read

    if out is not None and is_read(out, inputs):
        raise MisuseError(
            f"{out}: this file is read by the command, so it is not written over. Choose another."
        )


def check_written_once(out: str | None, option: str, second: str | None) -> None:
    """MisuseError when the file of an option is `out` itself: one would be lost."""
    from healthdsl.records.apart import is_written_twice

    if out != "-" and is_written_twice(out, second):
        raise MisuseError(f"{option} {second}: this is the file of -o too. Choose another.")


def form_by_ending(out: str | None, forms: Mapping[str, str], otherwise: str) -> str:
    """The form that the name of the output file asks for; `otherwise` for the screen and names without an
    ending. MisuseError for an ending of something else: the file would not be what its name says.
    """
    ending = PurePath(out or "").suffix
    form = forms.get(ending.lower(), None if ending else otherwise)
    if form is None:
        stem = str(out).removesuffix(ending)
        first, *others = forms
        advice = f"Write -o {stem}{first} (or {', '.join(others)}), or say the form with --format."
        raise MisuseError(f"{out}: files that end in {ending} are not written here. {advice}")
    return form
