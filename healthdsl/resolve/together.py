"""The files of a ruleset as one: what a file may hold that others use, and what of it becomes part of the
ruleset.

`merged` puts the declarations of used files before those of the ruleset, as they would stand in one file.
`without_unused` leaves out what came with a file and is mentioned by nothing that the ruleset itself says:
such declarations are checked, and cost nothing else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from healthdsl.model.types import Type
from healthdsl.resolve.graphs import reachable
from healthdsl.resolve.problems import Problems
from healthdsl.resolve.scope import Scope, Vertex
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

Brought = r.Signal | r.RowTable | r.LevelSet | r.RuleNode | r.Flag
_SHARED = "signals, conditions, rows, levels, distributions, measures and groups"
_OF_THE_FILE = ("language", "version", "owner")


def merged(file: n.RulesetFile) -> n.RulesetFile:
    """A ruleset with the declarations of the files that it uses; their headers and tests stay there."""
    if not file.used:
        return file
    left_out = n.RulesetHeader | n.UseDeclaration | n.TestDeclaration
    brought = [one for used in file.used for one in used.declarations if not isinstance(one, left_out)]
    broken = file.broken.union(*(used.broken for used in file.used))
    return replace(file, declarations=(*brought, *file.declarations), broken=broken)


def check_dictionary(problems: Problems, file: n.RulesetFile) -> None:
    """Reports what a file holds that belongs to a ruleset alone."""
    if file.header is None or not file.is_dictionary:
        return
    for clause in file.header.clauses:
        if isinstance(clause, n.StoredClause):
            continue
        if isinstance(clause, n.MissingClause) or clause.key not in _OF_THE_FILE:
            what = "missing" if isinstance(clause, n.MissingClause) else clause.key
            message = f"`{what}` stands in the header of a dictionary"
            problems.error("E608", clause.span, message, "write it in the rulesets that use the dictionary")
    for declaration in file.declarations:
        found = _of_a_ruleset(declaration)
        if found is not None:
            what, span = found
            message = f"a dictionary holds no {what}, it holds {_SHARED}"
            advice = "write it in each ruleset that uses the dictionary"
            if what == "flag":
                advice = "share it as a condition, `condition NAME when ..`, and raise the flag there"
            problems.error("E608", span, message, advice)


def _of_a_ruleset(declaration: n.Declaration) -> tuple[str, Span] | None:
    if isinstance(declaration, n.FlagDeclaration) and declaration.word != "condition":
        return declaration.word, declaration.span
    if isinstance(declaration, n.PartDeclaration) and declaration.word == "score":
        return "score", declaration.name.span
    return None


# What is left of used files --------------------------------------------------


def kept_vertices(scope: Scope, ruleset: r.Ruleset, end: int) -> set[Vertex]:
    """What the ruleset's own declarations mention, at any distance: those that begin before line `end`."""
    edges: dict[Vertex, list[Vertex]] = {}
    own: list[Vertex] = list(scope.uses.get(("ruleset", ruleset.name), ()))
    for vertex, thing in _things(ruleset):
        edges.setdefault(vertex, []).extend(_mentions(thing))
        if thing.span.line < end:
            own.append(vertex)
    for test in ruleset.tests:
        own += _mentions(test.expectations)
        own += [("signal", name) for name, _ in test.facts]
        own += [("table", name) for name, _ in test.tables]
    return {*own, *reachable(edges, own)}


def without_unused(ruleset: r.Ruleset, kept: set[Vertex]) -> r.Ruleset:
    """The ruleset with the declarations in `kept` alone."""
    return replace(
        ruleset,
        signals=tuple(one for one in ruleset.signals if ("signal", one.name) in kept),
        tables=tuple(one for one in ruleset.tables if ("table", one.name) in kept),
        levels=tuple(one for one in ruleset.levels if ("levels", one.name) in kept),
        nodes=tuple(one for one in ruleset.nodes if ("node", one.name) in kept),
        bands=tuple(one for one in ruleset.bands if ("node", one.node) in kept),
        flags=tuple(one for one in ruleset.flags if ("flag", one.name) in kept),
    )


def _things(ruleset: r.Ruleset) -> Iterator[tuple[Vertex, Brought | r.Bands]]:
    """Every declaration; the bands of a node count as part of it."""
    yield from ((("signal", one.name), one) for one in ruleset.signals)
    yield from ((("table", one.name), one) for one in ruleset.tables)
    yield from ((("levels", one.name), one) for one in ruleset.levels)
    yield from ((("node", one.name), one) for one in ruleset.nodes)
    yield from ((("node", one.node), one) for one in ruleset.bands)
    yield from ((("flag", one.name), one) for one in ruleset.flags)


REFERENCES = {"node": "node", "signal": "signal", "after": "signal", "table": "table", "levels": "levels"}
"""The fields of the model that name another declaration; a test holds all other texts against a list."""


def _mentions(thing: object) -> Iterator[Vertex]:
    """The declarations that a piece of the model names."""
    waiting = [thing]
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting += found
        elif isinstance(found, e.SignalValue):
            yield "signal", found.name
        elif isinstance(found, e.FlagValue):
            yield "flag", found.name
        elif dataclasses.is_dataclass(found) and not isinstance(found, type | Type | Span):
            for field in dataclasses.fields(found):
                value = getattr(found, field.name)
                if field.name in REFERENCES and isinstance(value, str):
                    yield REFERENCES[field.name], value
                else:
                    waiting.append(value)
