"""A score with its parts below it: each node's tally in its place.

A node that stands in two groups is opened at its first place only, and nothing is opened below `DEEPEST`
levels, so that the tree is never larger than the ruleset. A node that is not opened counts as one piece.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.explain.reading import Names, Values
from healthdsl.explain.tally import Counted, Tally, tally
from healthdsl.model.ruleset import RuleNode

DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Branch:
    """One place in the tree.

    `id` is `2.1` for the first part of the second part, None for the score itself.

    `tally` is None when no variant of the node fits; `children` is empty for what is not a combination or
    not opened.
    """

    id: str | None
    title: str
    node: RuleNode
    counted: Counted | None
    tally: Tally | None
    children: tuple[Branch, ...]


def grow(names: Names, values: Values, node: RuleNode) -> Branch:
    """The tree of a node."""
    return _Grower(names, values, set()).branch(node, None, ())


def lineage(part: str | None) -> list[str]:
    """The id of a part behind those above it: `2.1.3` -> `2`, `2.1`, `2.1.3`."""
    if part is None:
        return []
    steps = part.split(".")
    return [".".join(steps[: end + 1]) for end in range(len(steps))]


@dataclass(frozen=True, slots=True)
class _Grower:
    names: Names
    values: Values
    opened: set[str]

    def branch(self, node: RuleNode, counted: Counted | None, path: tuple[int, ...]) -> Branch:
        worked = tally(self.names, self.values, node)
        children: list[Branch] = []
        if worked is not None and node.name not in self.opened and len(path) < DEEPEST:
            self.opened.add(node.name)
            for k, inner in enumerate(worked.parts, 1):
                children.append(self.branch(inner.node, inner, (*path, k)))
        title = (counted.part.title if counted is not None else None) or self.names.title(node)
        id_ = ".".join(str(step) for step in path) or None
        return Branch(id_, title, node, counted, worked, tuple(children))
