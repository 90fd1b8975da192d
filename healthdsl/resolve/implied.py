"""`40 usage` in a list of parts where `usage` is a signal and no measure: as if `measure usage = usage` was
written.

Only a number and a count are points as they are; of anything else the measure to write is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.model.types import Kind
from healthdsl.resolve.scope import NodeEntry, Scope
from healthdsl.resolve.types import describe
from healthdsl.syntax import nodes as n
from healthdsl.syntax.expressions import Name

_PLAIN = frozenset((Kind.NUMBER, Kind.COUNT))
_ADVICE = {
    Kind.PERCENT: "write `measure {0} = 100 * {0}` for 0 to 100 points, or score it with `measure {0} curve`",
    Kind.DATE: "score what it tells, such as `measure {0} ladder of days from today to {0}`",
    Kind.TIMESTAMP: "score what it tells, such as `measure {0} ladder of days from {0} to today`",
    Kind.MONEY: "score it with `measure {0} ladder`, or a `curve`",
    Kind.DAYS: "score it with `measure {0} ladder`, or a `curve`",
}
_LOOKUP = "score its values with `measure {0} lookup`"


def imply_measures(scope: Scope) -> None:
    """Adds a measure for each signal that is a part, before the first node that it is a part of."""
    nodes: dict[str, NodeEntry] = {}
    for name, entry in scope.nodes.items():
        for part in _parts(entry):
            word = part.name
            if word in scope.signals and word not in scope.nodes and word not in scope.broken | nodes.keys():
                nodes[word] = NodeEntry(word, [_measure(part)], implied=True)
        nodes[name] = entry
    scope.nodes.clear()
    scope.nodes.update(nodes)


def check_implied(scope: Scope, entry: NodeEntry) -> bool:
    """Whether the signal is points as it is; a message when not."""
    type_ = scope.signals[entry.name].type
    if type_ is not None and type_.kind in _PLAIN:
        return True
    scope.broken.add(entry.name)
    if type_ is not None:
        message = f"`{entry.name}` is {describe(type_)}, and only a number or a count is points as it is"
        advice = _ADVICE.get(type_.kind, _LOOKUP).format(entry.name)
        labels = scope.label(entry.name, "declared here")
        scope.problems.error("E223", entry.declarations[0].name.span, message, advice, labels)
    return False


def _parts(entry: NodeEntry) -> Iterator[Name]:
    for declaration in entry.declarations:
        if isinstance(declaration.body, n.CombineBody):
            yield from (clause.name for clause in declaration.clauses if isinstance(clause, n.PartClause))


def _measure(part: Name) -> n.PartDeclaration:
    return n.PartDeclaration(
        span=part.span,
        word="measure",
        name=part,
        body=n.FormulaBody(span=part.span, formula=part),
        levels=None,
        variant=None,
        variant_when=None,
        title=None,
        clauses=(),
    )
