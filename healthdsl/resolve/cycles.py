"""Cycles: declarations that need themselves, found over what names were bound to, at any length."""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.ruleset import NOWHERE
from healthdsl.resolve.graphs import loops
from healthdsl.resolve.scope import Scope, Vertex
from healthdsl.source import Span

_SHOWN = 8


def report_cycles(scope: Scope) -> None:
    """One message for each knot of declarations that need each other."""
    for loop in loops(scope.edges()):
        _report(scope, sorted_from_first(scope, loop))


def sorted_from_first(scope: Scope, loop: list[Vertex]) -> list[Vertex]:
    """The loop, turned so that it begins with what is declared first in the text."""
    start = min(range(len(loop)), key=lambda index: _span(scope, loop[index]).start)
    return loop[start:] + loop[:start]


def _report(scope: Scope, loop: list[Vertex]) -> None:
    names = list(dict.fromkeys(_shown(vertex) for vertex in loop))
    if any(name in scope.broken for name in names):
        return
    shown = [*names[:_SHOWN], "..", names[-1]] if len(names) > _SHOWN else names
    path = " -> ".join((*shown, names[0]))
    first = _span(scope, loop[0])
    spans = dict.fromkeys(_span(scope, vertex) for vertex in loop[1:])
    labels = tuple(Label(span, "needs the next one") for span in list(spans)[:_SHOWN] if span != first)
    if len(names) == 1:
        message, labels = f"`{names[0]}` is worked out from itself", ()
    else:
        message = f"`{names[0]}` is worked out from itself: {path}"
    scope.problems.error(
        "E220", first, message, "break the circle: one of them must do without the others", labels
    )


def _shown(vertex: Vertex) -> str:
    """The name a user knows; a column comes without its table."""
    return vertex[1].rpartition(".")[2]


def _span(scope: Scope, vertex: Vertex) -> Span:
    kind, name = vertex
    if kind == "column":
        table, _, column = name.rpartition(".")
        declaration = scope.tables[table].columns[column].declaration
        return declaration.name.span if declaration is not None else scope.tables[table].declaration.name.span
    if kind in ("node", "like", "bands") and name in scope.nodes:
        return scope.nodes[name].declarations[0].name.span
    return scope.declared_at(name) or NOWHERE
