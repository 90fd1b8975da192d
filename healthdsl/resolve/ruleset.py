"""From syntax to the Ruleset: the order of the passes, and what they make together.

In: a parsed file and its source. Out: the `Ruleset`, None when there is an error, and every diagnostic in
text order. Each pass goes on past mistakes; what is broken is left out and what refers to it stays silent.
"""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.model import ruleset as r
from healthdsl.resolve.bands import build_bands, build_level_sets
from healthdsl.resolve.collect import collect
from healthdsl.resolve.cycles import report_cycles
from healthdsl.resolve.definitions import define_values
from healthdsl.resolve.flags import build_flags
from healthdsl.resolve.gaps import check_gaps
from healthdsl.resolve.graphs import reachable
from healthdsl.resolve.header import Header, read_header
from healthdsl.resolve.limits import check_heights, check_lengths, check_variants
from healthdsl.resolve.nodes import build_nodes
from healthdsl.resolve.problems import Problems
from healthdsl.resolve.scope import Scope
from healthdsl.resolve.signals import build_signals, build_tables
from healthdsl.resolve.tests import build_tests
from healthdsl.resolve.wording import title_of
from healthdsl.source import Source
from healthdsl.syntax import nodes as n

DEFAULT_VERSION = "0.0.0"


def resolve_ruleset(file: n.RulesetFile, source: Source) -> tuple[r.Ruleset | None, tuple[Diagnostic, ...]]:
    """What a file means; never raises for a user's mistake."""
    problems = Problems()
    scope = collect(file, source, problems)
    define_values(scope)
    header = read_header(scope, file)
    ruleset = _build(scope, file, header)
    report_cycles(scope)
    check_lengths(scope, file)
    check_variants(scope, file)
    if not problems.any_errors:
        check_heights(scope)
    if ruleset is None or problems.any_errors:
        return None, problems.in_order()
    if not file.broken:  # a row that could not be read may be the one that is missing
        check_gaps(problems, ruleset)
    return ruleset, problems.in_order()


def _build(scope: Scope, file: n.RulesetFile, header: Header) -> r.Ruleset | None:
    """Every declaration of the model; tests last, since they depend on whether anything asks for `today`."""
    signals, tables = build_signals(scope), build_tables(scope)
    levels = build_level_sets(scope)
    nodes = build_nodes(scope, header.policy)
    declared = [one for one in file.declarations if isinstance(one, n.BandsDeclaration)]
    bands = tuple(found for one in declared for found in build_bands(scope, one))
    flags = build_flags(scope)
    tests = build_tests(scope, file)
    if header.declaration is None:
        return None
    values = header.values
    return r.Ruleset(
        span=header.declaration.span,
        text=scope.clause(header.declaration.span),
        name=header.declaration.name.name,
        title=title_of(header.declaration.title, header.declaration.name.name),
        version=values.get("version", DEFAULT_VERSION),
        owner=values.get("owner"),
        account_id=values.get("account id"),
        account_name=values.get("account name"),
        signals=signals,
        tables=tables,
        levels=levels,
        nodes=nodes,
        bands=bands,
        flags=flags,
        tests=tests,
        main_score=_main_score(scope, nodes),
        source_name=scope.source.name,
    )


def _main_score(scope: Scope, nodes: tuple[r.RuleNode, ...]) -> str | None:
    """The first score that no other score uses, at any distance."""
    scores = [node.name for node in nodes if node.word == "score"]
    edges = scope.edges()
    used = reachable(edges, [("node", score) for score in scores])
    return next((score for score in scores if ("node", score) not in used), None)
