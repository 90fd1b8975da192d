"""Exit codes, and texts on their way to the terminal.

What is shown passes through here, so that nothing from a file can send the terminal an escape sequence.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

from healthdsl.records.cells import printable_lines

FINE = 0
FINDINGS = 1
MISUSE = 2
_PAINT = re.compile(r"(\x1b\[[0-9;]*m)")  # colours and bold, nothing else


class MisuseError(Exception):
    """The command cannot do what was asked: `str()` says where, what was found, what to do. Exit code 2."""


class FoundError(Exception):
    """What the command was to work with has mistakes: `str()` shows them. Exit code 1."""


def say(text: str, end: str = "\n") -> None:
    """Write a result to standard output."""
    sys.stdout.write(printable_lines(text) + end)


def say_painted(text: str, end: str = "\n") -> None:
    """Write a result that holds colours of our own to standard output."""
    pieces = _PAINT.split(text)
    pieces[::2] = map(printable_lines, pieces[::2])
    sys.stdout.write("".join(pieces) + end)


def tell(text: str) -> None:
    """Write a remark to standard error."""
    sys.stderr.write(f"{printable_lines(text)}\n")


def warn(text: str) -> None:
    tell(f"warning: {text}")


def count(number: int, word: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def wants_colour(stream: TextIO) -> bool:
    """Whether a person looks at the stream and has not asked for plain text (NO_COLOR)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def writes_unicode(stream: TextIO) -> bool:
    """Whether the stream can take signs such as a block or a dash."""
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")
