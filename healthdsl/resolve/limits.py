"""Bounds on what one declaration holds and on how high measures, groups and scores stand on each other.

No scorecard comes near them. They keep the generated code within what Python compiles, and its size in
proportion to the text.
"""

from __future__ import annotations

from collections import Counter

from healthdsl.resolve.graphs import in_order
from healthdsl.resolve.scope import Scope
from healthdsl.syntax import nodes as n

LINES_LIMIT = 1_000
CELLS_LIMIT = 1_000
VARIANTS_LIMIT = 100
HEIGHT_LIMIT = 100


def check_lengths(scope: Scope, file: n.RulesetFile) -> None:
    """One message for each measure, group, score or bands declaration with too many lines under it."""
    for declaration in file.declarations:
        if isinstance(declaration, n.PartDeclaration):
            name, lines = declaration.name, len(declaration.clauses)
        elif isinstance(declaration, n.BandsDeclaration):
            name, lines = declaration.names[0], len(declaration.rows)
        else:
            continue
        if lines > LINES_LIMIT:
            message = (
                f"`{name.name}` has {lines:,} lines, at most {LINES_LIMIT:,} can stand under one declaration"
            )
            scope.problems.error("E458", name.span, message, "split it, and combine the pieces in a group")


def check_variants(scope: Scope, file: n.RulesetFile) -> None:
    """One message for each measure, group or score with too many variants."""
    seen: Counter[str] = Counter()
    for declaration in file.declarations:
        if isinstance(declaration, n.PartDeclaration):
            name = declaration.name
            seen[name.name] += 1
            if seen[name.name] == VARIANTS_LIMIT + 1:
                message = f"`{name.name}` is declared more than {VARIANTS_LIMIT} times"
                scope.problems.error("E458", name.span, message, "use fewer variants")


def check_heights(scope: Scope) -> None:
    """One message, for the first node in order of need that stands too high. There must be no circle."""
    edges = scope.edges()
    heights: dict[tuple[str, str], int] = {}
    nodes = [("node", name) for name in scope.nodes]
    for vertex in in_order([*edges, *nodes], lambda one: edges.get(one, ())):
        below = max((heights.get(other, 0) for other in edges.get(vertex, ())), default=0)
        heights[vertex] = below + (vertex[0] == "node")
        if heights[vertex] > HEIGHT_LIMIT:
            name = scope.nodes[vertex[1]].declarations[0].name
            message = (
                f"`{name.name}` stands on more than {HEIGHT_LIMIT} measures and groups on top of each other"
            )
            scope.problems.error(
                "E459", name.span, message, "combine several in one group instead of a chain"
            )
            return
