"""Collects the diagnostics of one run of `resolve`: in, what is wrong and where; out, the diagnostics in text
order.

Invariant: at most `LIMIT` are kept, and one place never has the same code twice.
"""

from __future__ import annotations

from collections.abc import Collection

from healthdsl.diagnostics.diagnostic import Diagnostic, Label, Severity
from healthdsl.source import Span

LIMIT = 100
# Names that one run holds unknown words against; beyond, a very long ruleset gets no more hints.
SEARCHED = 30_000


class Problems:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Span], Diagnostic] = {}
        self._searched = 0

    @property
    def full(self) -> bool:
        return len(self._found) >= LIMIT

    def near(self, known: Collection[str]) -> Collection[str]:
        """The names a hint may be looked for among: none once enough was searched or told."""
        self._searched += len(known)
        return () if self.full or self._searched > SEARCHED else known

    @property
    def any_errors(self) -> bool:
        return any(problem.is_error for problem in self._found.values())

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        advice: str | None = None,
        labels: tuple[Label, ...] = (),
    ) -> None:
        self._add(Diagnostic(code, message, span, advice, labels))

    def warn(self, code: str, span: Span, message: str, advice: str, labels: tuple[Label, ...] = ()) -> None:
        self._add(Diagnostic(code, message, span, advice, labels, Severity.WARNING))

    def _add(self, problem: Diagnostic) -> None:
        if not self.full:
            self._found.setdefault((problem.code, problem.span), problem)

    def retract(self, code: str, span: Span) -> None:
        """Takes a problem back."""
        self._found.pop((code, span), None)

    def in_order(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found.values(), key=lambda problem: (problem.span.start, problem.code)))
