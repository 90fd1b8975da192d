"""What is odd but usable about a book, for Python: a warning where the caller stands."""

from __future__ import annotations

import inspect
import warnings

_PACKAGE = __name__.partition(".")[0]


class BookWarning(UserWarning):
    """Something about a book of accounts is odd: a column that nobody has, accounts without an id column,
    rows that belong to no account. It is scored all the same.
    """


def warn_caller(text: str) -> None:
    """A `BookWarning` at the line that called into this package."""
    level, found, frame = 1, 1, inspect.currentframe()
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == _PACKAGE:
            found = level + 1
        frame, level = frame.f_back, level + 1
    warnings.warn(text, BookWarning, stacklevel=found)
