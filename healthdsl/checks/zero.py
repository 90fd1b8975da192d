"""A division by what may be 0, where nobody says what is to come of it.

The result is missing then. That is told where a measure or score reads the signal and has no policy of its
own for missing data, so that 0 quietly takes it out of the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Outputs
from healthdsl.checks.wording import named
from healthdsl.explain.abstract import Numbers
from healthdsl.graph.reading import body_expressions, walk
from healthdsl.model.expressions import Constant, Expression, Product, SignalValue
from healthdsl.model.ruleset import Combination, Rest, Ruleset, Signal, Table, Variant


def check_zero(bench: Bench) -> Iterator[Finding]:
    """One finding for each signal."""
    quiet = _quietly_read(bench.ruleset)
    for signal in bench.ruleset.signals:
        if signal.formula is not None and not signal.zero_said and signal.name in quiet:
            divisor = next(_divisors(bench, signal.formula), None)
            if divisor is not None:
                yield from _finding(bench, signal, divisor)


def _quietly_read(ruleset: Ruleset) -> set[str]:
    """The signals read by bodies without a policy for missing data."""
    return {
        expression.name
        for node in ruleset.nodes
        for variant in node.variants
        if not _has_policy(variant) and not isinstance(variant.body, Combination)
        for expression in walk(body_expressions(variant.body))
        if isinstance(expression, SignalValue)
    }


def _has_policy(variant: Variant) -> bool:
    rows = variant.body.rows if isinstance(variant.body, Table) else ()
    return variant.missing.written or any(isinstance(row.key, Rest) and row.key.missing for row in rows)


def _divisors(bench: Bench, formula: Expression) -> Iterator[Expression]:
    """What is divided by and may be 0."""
    for expression in walk([formula]):
        if isinstance(expression, Product):
            for sign, factor in expression.factors:
                if sign == "/" and _may_be_zero(bench, factor):
                    yield factor


def _may_be_zero(bench: Bench, divisor: Expression) -> bool:
    if isinstance(divisor, Constant):
        return False
    value = bench.domains.abstract(divisor)
    return isinstance(value, Numbers) and value.low <= 0.0 <= value.high


def _finding(bench: Bench, signal: Signal, divisor: Expression) -> Iterator[Finding]:
    inputs = [e for e in walk([divisor]) if isinstance(e, SignalValue)]
    account = bench.lab.plain()
    for read in inputs:
        account = account.having(read.name, Fraction(0)) if _is_input(bench, read.name) else account

    reads = [e.name for e in walk([signal.formula]) if isinstance(e, SignalValue)]

    def lost(outputs: Outputs) -> bool:
        known = all(outputs.get(name) is not None for name in reads)
        zero = all(outputs.get(read.name) == 0.0 for read in inputs)
        return outputs.get(signal.name) is None and known and zero

    names = (signal.name, *dict.fromkeys(reads))
    if inputs and lost(bench.lab.look(account, names)):
        account = bench.lab.smaller(account, names, lost)
    found = bench.lab.confirmed(account, lost) if inputs else None
    shown = () if found is None else (bench.show(found, f"`{signal.name}` is missing"),)
    what = named(divisor) or "a formula"
    message = f"`{signal.name}` divides by {what}, which may be 0; then it is missing, and nothing says so"
    advice = "add `divided by zero -> 0` (or another value) below it; `-> missing` says that this is meant"
    yield find("W517", signal.name, signal.span, message, advice, shown=shown)


def _is_input(bench: Bench, name: str) -> bool:
    return any(signal.name == name and signal.formula is None for signal in bench.ruleset.signals)
