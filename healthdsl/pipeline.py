"""The compiler on one page: text -> syntax nodes -> Ruleset -> evaluation graph, with all that is wrong on
the way.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cyclic garbage collection meanwhile, unless it was off before.

    Compiling makes many small objects that stay; walking them again and again takes a third of the time of a
    2,000-line ruleset (`make bench`). What is garbage at the end is collected as usual, and it is bounded by
    the size a ruleset may have.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compile_source(data: bytes | str, name: str) -> Compilation:
    """Compile a ruleset; `name` is what messages call it. Never raises for a mistake in the ruleset."""
    with collector_paused():
        return _compile(data, name)


def _compile(data: bytes | str, name: str) -> Compilation:
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
