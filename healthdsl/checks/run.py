"""All checks over one ruleset, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from healthdsl.checks.allow import Sorted, sort_out
from healthdsl.checks.attain import Attained, attained
from healthdsl.checks.bands_of_none import check_bands_of_none
from healthdsl.checks.bench import Bench, in_order
from healthdsl.checks.dead_rows import check_rows
from healthdsl.checks.direction import check_directions
from healthdsl.checks.domains import Domains
from healthdsl.checks.finding import Finding
from healthdsl.checks.gaps import check_gaps, with_account
from healthdsl.checks.grids import check_grids
from healthdsl.checks.lab import Lab
from healthdsl.checks.never_always import check_conditions, check_variants
from healthdsl.checks.overlaps import check_overlaps
from healthdsl.checks.overrides import check_overrides
from healthdsl.checks.reads import named_conditions
from healthdsl.checks.silence import check_silence
from healthdsl.checks.solve import Solver
from healthdsl.checks.twice_missing import check_twice_missing
from healthdsl.checks.unused import check_unused
from healthdsl.checks.weights import check_weights
from healthdsl.checks.zero import check_zero
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.graph.graph import Graph
from healthdsl.model.ruleset import Ruleset
from healthdsl.source import Source

CHECKS: tuple[Callable[[Bench], Iterator[Finding]], ...] = (
    check_unused,
    check_weights,
    check_rows,
    check_gaps,
    check_grids,
    check_overlaps,
    check_conditions,
    check_variants,
    check_silence,
    check_overrides,
    check_zero,
    check_directions,
    check_twice_missing,
    check_bands_of_none,
)


UNUSED = frozenset({"W511", "W512", "W513"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: `found` with the warnings of the compiler, and what comments allow."""

    found: Sorted
    bench: Bench

    def scores(self) -> tuple[Attained, ...]:
        """The range of each score, worked out when it is asked for."""
        return tuple(attained(self.bench))


def check_ruleset(
    ruleset: Ruleset,
    graph: Graph,
    source: Source,
    told_before: Sequence[Diagnostic] = (),
    *,
    dictionary: bool = False,
) -> Checked:
    """Every finding about a ruleset without mistakes; `told_before` are the compiler's warnings.

    `dictionary`: it is a file for others to use, so that what it declares need not be read in it.
    """
    bench = make_bench(ruleset, graph, source, told_before)
    findings = [
        finding
        for check in CHECKS
        if not (dictionary and check is check_unused)
        for finding in check(bench)
        if not _is_shared(source, finding)
    ]
    before = [with_account(bench, diagnostic) for diagnostic in told_before]
    return Checked(sort_out(source, [*before, *in_order(findings)]), bench)


def _is_shared(source: Source, finding: Finding) -> bool:
    """Whether something unused stands in a file that other rulesets use, too, or in a dictionary."""
    return finding.code in UNUSED and source.place_of(finding.span.line)[0] != source.name


def make_bench(
    ruleset: Ruleset, graph: Graph, source: Source, told_before: Sequence[Diagnostic] = ()
) -> Bench:
    """What the checks are given."""
    domains = Domains.of(ruleset, graph)
    conditions = named_conditions(ruleset)
    solver = Solver(domains, conditions, frozenset(flag.name for flag in ruleset.raised))
    return Bench(ruleset, source, domains, conditions, solver, Lab(ruleset, graph, solver), told_before)
