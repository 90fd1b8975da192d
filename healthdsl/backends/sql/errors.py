"""What a dialect cannot say."""

from __future__ import annotations


class SqlError(ValueError):
    """A ruleset that a dialect of SQL cannot say; the message names what, and what to do."""
