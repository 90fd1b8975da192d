"""The compiler on one page: text -> syntax nodes -> Ruleset -> evaluation graph, with all that is wrong on
the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.guards import read_source
from healthdsl.syntax.nodes import RulesetFile
from healthdsl.syntax.parser import parse_ruleset


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling gave. `file` is None when the data is no text; `ruleset` and `graph` when there are
    errors.

    `diagnostics` are in the order of the text, warnings among them.
    """

    source: Source
    file: RulesetFile | None
    ruleset: Ruleset | None
    graph: Graph | None
    diagnostics: tuple[Diagnostic, ...]


def compile_source(data: bytes | str, name: str) -> Compilation:
    """Compile a ruleset; `name` is what messages call it. Never raises for a mistake in the ruleset."""
    source, unreadable = read_source(data, name)
    if source is None:
        return Compilation(Source("", name), None, None, None, unreadable)
    file, unparsed = parse_ruleset(source)
    ruleset, unresolved = resolve_ruleset(file, source)
    found = (*unreadable, *unparsed, *unresolved)
    diagnostics = tuple(sorted(found, key=lambda diagnostic: diagnostic.span))
    if ruleset is None or any(diagnostic.is_error for diagnostic in diagnostics):
        return Compilation(source, file, None, None, diagnostics)
    return Compilation(source, file, ruleset, lower_ruleset(ruleset), diagnostics)
