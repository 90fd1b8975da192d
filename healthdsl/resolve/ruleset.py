"""From syntax to the Ruleset: the order of the passes, and what they make together.

In: a parsed file and its source. Out: the `Ruleset`, None when there is an error, and every diagnostic in
text order. Each pass goes on past mistakes; what is broken is left out and what refers to it stays silent.
"""

from __future__ import annotations

from dataclasses import replace

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.model import ruleset as r
from healthdsl.resolve.bands import build_bands, build_level_sets
from healthdsl.resolve.collect import collect
from healthdsl.resolve.cycles import report_cycles
from healthdsl.resolve.definitions import define_values
from healthdsl.resolve.distributions import check_distributions
from healthdsl.resolve.flags import build_flags
from healthdsl.resolve.gaps import check_gaps
from healthdsl.resolve.graphs import reachable
from healthdsl.resolve.header import Header, read_header
from healthdsl.resolve.limits import check_heights, check_lengths, check_variants
from healthdsl.resolve.nodes import build_nodes
from healthdsl.resolve.problems import Problems
from healthdsl.resolve.scope import Scope
from healthdsl.resolve.signals import build_signals, build_tables
from healthdsl.resolve.stored import with_stored
from healthdsl.resolve.tests import build_tests
from healthdsl.resolve.together import check_dictionary, kept_vertices, merged, without_unused
from healthdsl.resolve.wording import title_of
from healthdsl.source import Source
from healthdsl.syntax import nodes as n

DEFAULT_VERSION = "0.0.0"


def resolve_ruleset(file: n.RulesetFile, source: Source) -> tuple[r.Ruleset | None, tuple[Diagnostic, ...]]:
    """What a file means, with the files it uses; never raises for a user's mistake."""
    problems = Problems()
    file = with_stored(problems, file)
    whole = merged(file)
    scope = collect(whole, source, problems)
    define_values(scope)
    header = read_header(scope, file)
    for one in (file, *file.used):
        check_dictionary(problems, one)
    for one in file.used:
        if one.header is not None:
            read_header(scope, one)
    ruleset = _build(scope, whole, header)
    report_cycles(scope)
    check_lengths(scope, whole)
    check_variants(scope, whole)
    if not problems.any_errors:
        check_heights(scope)
    if ruleset is None or problems.any_errors or file.lost:
        return None, problems.in_order()
    if not whole.broken:  # a row that could not be read may be the one that is missing
        check_gaps(problems, ruleset)
    if file.used:
        ruleset = without_unused(ruleset, kept_vertices(scope, ruleset, _end_of(source)))
    return ruleset, problems.in_order()


def _end_of(source: Source) -> int:
    """The line behind the ruleset's own file, where the files begin that it uses."""
    return source.parts[1].first_line


def _build(scope: Scope, file: n.RulesetFile, header: Header) -> r.Ruleset | None:
    """Every declaration of the model; tests last, since they depend on whether anything asks for `today`."""
    signals, tables = build_signals(scope), build_tables(scope)
    levels = build_level_sets(scope)
    check_distributions(scope)
    nodes = build_nodes(scope, header.policy)
    declared = [one for one in file.declarations if isinstance(one, n.BandsDeclaration)]
    bands = tuple(found for one in declared for found in build_bands(scope, one))
    flags = build_flags(scope)
    declaration, values = header.declaration, header.values
    if declaration is None:
        build_tests(scope, file)
        return None
    ruleset = r.Ruleset(
        span=declaration.span,
        text=scope.clause(declaration.span),
        name=declaration.name.name,
        title=title_of(declaration.title, declaration.name.name),
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
        tests=(),
        main_score=_main_score(scope, nodes),
        source_name=scope.source.name,
        source_parts=scope.source.parts,
        is_dictionary=declaration.is_dictionary,
    )
    if file.used:
        scope.kept = kept_vertices(scope, ruleset, _end_of(scope.source))
    return replace(ruleset, tests=build_tests(scope, file))


def _main_score(scope: Scope, nodes: tuple[r.RuleNode, ...]) -> str | None:
    """The first score that no other score uses, at any distance."""
    scores = [node.name for node in nodes if node.word == "score"]
    edges = scope.edges()
    used = reachable(edges, [("node", score) for score in scores])
    return next((score for score in scores if ("node", score) not in used), None)
