"""One problem in a ruleset, as a value.

A pass returns diagnostics beside its result; it never prints and never raises for a user's mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from healthdsl.source import Source, Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a problem, such as `first declared here`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`code` stands in the catalogue; `message` is one sentence, found before expected; `help` says what to
    do next; `notes` are further sentences, such as an account that shows it.
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    labels: tuple[Label, ...] = ()
    severity: Severity = Severity.ERROR
    notes: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class RulesetError(Exception):
    """The ruleset has mistakes. `diagnostics` holds them all, in the order of the text; `str()` shows them
    with carets.
    """

    def __init__(self, source: Source, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.source = source
        self.diagnostics = diagnostics
        super().__init__(source, diagnostics)

    def __str__(self) -> str:
        from healthdsl.diagnostics.render import render_diagnostics

        return render_diagnostics(self.source, self.diagnostics)
