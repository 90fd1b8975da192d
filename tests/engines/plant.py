"""Faults to plant in what is emitted: each takes the finished query apart and spells one thing wrongly.

They keep every type as it is, so that an engine runs the faulty query and its answer has to be found wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from tests.engines.agreement import Change

Node = exp.Expression


@dataclass(frozen=True)
class Fault:
    """A named mistake in a query."""

    name: str
    change: Change


def everywhere(change: Callable[[Node], Node]) -> Change:
    return lambda query: query.transform(change)


def spelled(one: type[Node], other: type[Node]) -> Change:
    """One operator in place of another."""

    def change(node: Node) -> Node:
        if not isinstance(node, one):
            return node
        return other(this=node.this, expression=node.expression)

    return everywhere(change)


def _no_half(node: Node) -> Node:
    """A snap that cuts off in place of going to the nearest."""
    is_half = isinstance(node, exp.Literal) and not node.is_string and node.this.startswith("0.5009765625")
    return exp.Literal.number("0.0001e0") if is_half else node


def _first_only(node: Node) -> Node:
    return node.this if isinstance(node, exp.Coalesce) else node


def _largest(node: Node) -> Node:
    return exp.Max(this=node.this) if isinstance(node, exp.Sum) else node


def _no_rest(node: Node) -> Node:
    """What no branch catches is missing. NULL or a value stays: without the value it would have no type."""
    if not isinstance(node, exp.Case) or all(
        isinstance(one.args["true"], exp.Null) for one in node.args["ifs"]
    ):
        return node
    return exp.Case(ifs=node.args["ifs"])


def _first_branch_last(node: Node) -> Node:
    """Branches tried from the last to the first."""
    if not isinstance(node, exp.Case):
        return node
    return exp.Case(ifs=list(reversed(node.args["ifs"])), default=node.args.get("default"))


FAULTS = (
    Fault("`up to` read as `below`", spelled(exp.LTE, exp.LT)),
    Fault("a snap cuts off", everywhere(_no_half)),
    Fault("no value stands in for a missing one", everywhere(_first_only)),
    Fault("a sum is the largest of its values", everywhere(_largest)),
    Fault("`and` read as `or`", spelled(exp.And, exp.Or)),
    Fault("`otherwise` is forgotten", everywhere(_no_rest)),
    Fault("the last row that fits wins", everywhere(_first_branch_last)),
)
