"""One finding: a diagnostic, the accounts that show it, and the change that mends it if there is just one."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.checks.accounts import Account
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class Shown:
    """An account that was replayed, and what it got: `r 1, f 4 and m 4` `is at_risk`."""

    account: Account
    told: str
    outcome: str
    today: int

    def __str__(self) -> str:
        return f"{self.told}: {self.outcome}"


@dataclass(frozen=True, slots=True)
class Fix:
    """The one safe answer: `text` in the place of `span`, and `said`, what that does."""

    span: Span
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is what it is about: a signal, a node, a level. `shown` may be empty: not all can be shown."""

    diagnostic: Diagnostic
    name: str
    shown: tuple[Shown, ...] = ()
    fix: Fix | None = None

    @property
    def code(self) -> str:
        return self.diagnostic.code

    @property
    def span(self) -> Span:
        return self.diagnostic.span
