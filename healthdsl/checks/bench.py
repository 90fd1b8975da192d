"""What every check is given: the ruleset, its text, what terms can be, and a place to try accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from healthdsl.checks.accounts import TODAY, Account, told
from healthdsl.checks.domains import Domains
from healthdsl.checks.finding import Finding, Fix, Shown
from healthdsl.checks.lab import Claim, Lab
from healthdsl.checks.solve import NEVER, Outcome, Solver, Wish
from healthdsl.checks.terms import Conditions
from healthdsl.diagnostics.diagnostic import Diagnostic, Label, Severity
from healthdsl.model.ruleset import Ruleset
from healthdsl.source import Source, Span


@dataclass(frozen=True, slots=True)
class Bench:
    """One ruleset on the bench. `told_before` are the warnings of the compiler."""

    ruleset: Ruleset
    source: Source
    domains: Domains
    conditions: Conditions
    solver: Solver
    lab: Lab
    told_before: Sequence[Diagnostic] = ()

    def never(self, wishes: Sequence[Wish]) -> bool:
        """Whether it is certain that no account fulfils the wishes."""
        return self.solver.solve(wishes) is NEVER

    def shown(
        self, wishes: Sequence[Wish], names: Iterable[str], claim: Claim, outcome: str
    ) -> tuple[Shown, ...]:
        """An account that fulfils the wishes and was replayed; none where none was found."""
        found = self.solver.solve(wishes)
        if isinstance(found, Outcome):
            return ()
        account = self.lab.witness(found, wishes, names, claim)
        return () if account is None else (self.show(account, outcome),)

    def show(self, account: Account, outcome: str) -> Shown:
        return Shown(account, told(self.ruleset, account), outcome, TODAY)


def find(  # noqa: PLR0913 -- the parts of a diagnostic
    code: str,
    name: str,
    span: Span,
    message: str,
    advice: str,
    *,
    labels: tuple[Label, ...] = (),
    shown: tuple[Shown, ...] = (),
    fix: Fix | None = None,
) -> Finding:
    """A finding; the accounts that show it stand in the notes of its diagnostic."""
    notes = tuple(f"shown by {each}" for each in shown)
    diagnostic = Diagnostic(code, message, span, advice, labels, Severity.WARNING, notes)
    return Finding(diagnostic, name, shown, fix)


def in_order(findings: Iterable[Finding]) -> Iterator[Finding]:
    """By place, each message once."""
    seen = set()
    for finding in sorted(findings, key=lambda each: (each.span, each.code)):
        key = (finding.code, finding.span, finding.diagnostic.message)
        if key not in seen:
            seen.add(key)
            yield finding
