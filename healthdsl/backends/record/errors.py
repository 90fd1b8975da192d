"""What is wrong with an account record."""

from __future__ import annotations

from reprlib import Repr

_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def shown(found: object) -> str:
    """A value as a message shows it: short, whatever it is."""
    try:
        return _SHOWN.repr(found)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return f"<{type(found).__name__} that cannot be shown>"


class RecordError(ValueError):
    """A record holds a value that the ruleset's contract does not allow.

    `account` is the account's id (None when the record has none), `signal` the signal or the place in a row
    table, `found` the value as shown in messages, `expected` what would be legal, in words.
    """

    def __init__(self, account: str | None, signal: str, found: str, expected: str) -> None:
        self.account = account
        self.signal = signal
        self.found = found
        self.expected = expected
        super().__init__(account, signal, found, expected)

    @property
    def problem(self) -> str:
        """The sentence without the account."""
        return f"`{self.signal}` is {self.found}, expected {self.expected}"

    def __str__(self) -> str:
        return self.problem if self.account is None else f"account {self.account}: {self.problem}"
