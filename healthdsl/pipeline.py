"""The compiler on one page: text -> syntax nodes -> Ruleset -> evaluation graph, with all that is wrong on
the way.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.guards import read_source
from healthdsl.syntax.nodes import RulesetFile, UseDeclaration
from healthdsl.syntax.parser import parse_ruleset

if TYPE_CHECKING:
    from healthdsl.sharing.roots import Root


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling gave. `file` is None when the data is no text; `ruleset` and `graph` when there are
    errors.

    `diagnostics` are in the order of the text, warnings among them. `source` holds the texts of all files,
    `texts` and `names` those that were used, by path below the root; `asked` are all paths that were looked
    for.
    """

    source: Source
    file: RulesetFile | None
    ruleset: Ruleset | None
    graph: Graph | None
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()


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


def compile_source(data: bytes | str, name: str, root: Root | None = None) -> Compilation:
    """Compile a ruleset; `name` is what messages call it, `root` where the files come from that it uses.

    Never raises for a mistake in the ruleset.
    """
    with collector_paused():
        return _compile(data, name, root)


def _compile(data: bytes | str, name: str, root: Root | None) -> Compilation:
    source, unreadable = read_source(data, name)
    if source is None:
        return Compilation(Source("", name), None, None, None, unreadable)
    file, unparsed = parse_ruleset(source)
    if any(isinstance(declaration, UseDeclaration) for declaration in file.declarations):
        # most rulesets are one file: what looks for others is imported with the first that is not
        from healthdsl.sharing.gather import gather

        gathered = gather(source, file, root)
        together = Compilation(
            gathered.source,
            gathered.file,
            None,
            None,
            (*unparsed, *gathered.diagnostics),
            gathered.texts,
            gathered.names,
            gathered.asked,
        )
    else:
        together = Compilation(source, file, None, None, unparsed)
    return _resolved(together)


def dictionary_found(file: RulesetFile) -> Diagnostic:
    """What to say where a dictionary is loaded instead of a ruleset."""
    assert file.header is not None
    message = f"`{file.header.name.name}` is a dictionary, which rulesets use, and no ruleset"
    advice = 'load a ruleset that brings it in with a line such as `use "signals.health"`'
    return Diagnostic("E611", message, file.header.span, advice)


def _resolved(parsed: Compilation) -> Compilation:
    """The same with its meaning, unless there are errors."""
    assert parsed.file is not None
    ruleset, unresolved = resolve_ruleset(parsed.file, parsed.source)
    found = (*parsed.diagnostics, *unresolved)
    diagnostics = tuple(sorted(found, key=lambda diagnostic: diagnostic.span))
    if ruleset is None or any(diagnostic.is_error for diagnostic in diagnostics):
        return replace(parsed, diagnostics=diagnostics)
    return replace(parsed, ruleset=ruleset, graph=lower_ruleset(ruleset), diagnostics=diagnostics)
