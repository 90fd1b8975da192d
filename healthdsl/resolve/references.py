"""What an expression refers to, read off its syntax: only to find an order in which types can be worked out.

A word behind `is` that is a value and the name of a signal too counts as a reference here, which can only
make the order stricter. The references that matter, to find cycles, are those that `names` binds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from healthdsl.resolve.scope import Scope, TableEntry, Vertex
from healthdsl.syntax import expressions as x


def references(scope: Scope, node: x.Expression, table: TableEntry | None) -> Iterator[Vertex]:
    """Signals, columns and sub-tables that `node` needs; `table`: inside whose rows it stands."""
    match node:
        case x.Name():
            yield from _name(scope, node.name, table)
        case x.Comparison():
            yield from references(scope, node.left, table)
            yield from _test(scope, node.test, node.left, table)
        case x.Count():
            if not isinstance(node.members, x.Name):
                for member in node.members:
                    yield from references(scope, member, table)
            if node.test is not None:
                yield from _test(scope, node.test, None, table)
        case x.Aggregate() | x.RowCount():
            yield from _rows(scope, node)
        case _:
            for operand in _operands(node):
                yield from references(scope, operand, table)


_Plain = (
    x.NumberLiteral
    | x.DateLiteral
    | x.TextLiteral
    | x.PointsOf
    | x.Negative
    | x.Not
    | x.Sum
    | x.Product
    | x.Call
    | x.And
    | x.Or
    | x.Halved
    | x.Fading
    | x.Losing
)


def _operands(node: _Plain) -> tuple[x.Expression, ...]:
    """What a node that names nothing itself is made of."""
    match node:
        case x.NumberLiteral() | x.DateLiteral() | x.TextLiteral() | x.PointsOf():
            return ()
        case x.Negative() | x.Not():
            return (node.operand,)
        case x.Sum():
            return tuple(term for _, term in node.terms)
        case x.Product():
            return tuple(factor for _, factor in node.factors)
        case x.Call():
            return node.arguments
        case x.And() | x.Or():
            return node.operands
        case x.Halved() | x.Fading():
            return (node.operand,) if node.since is None else (node.operand, node.since)
        case x.Losing():
            return (node.operand, node.share, node.quantity)
        case _:
            assert_never(node)


def _name(scope: Scope, word: str, table: TableEntry | None) -> Iterator[Vertex]:
    if table is not None and word in table.columns:
        yield ("column", f"{table.name}.{word}")
    elif word in scope.signals:
        yield ("signal", word)


def _test(
    scope: Scope, test: x.Test, left: x.Expression | None, table: TableEntry | None
) -> Iterator[Vertex]:
    match test:
        case x.EdgeTest():
            yield from references(scope, test.bound, table)
        case x.RangeTest():
            yield from references(scope, test.low, table)
            yield from references(scope, test.high, table)
        case x.IsTest():
            values = _declared_values(scope, left, table)
            for choice in test.choices:
                if not isinstance(choice, x.Name) or choice.name not in values:
                    yield from references(scope, choice, table)
        case x.StateTest() | x.ContainsTest():
            return
        case _:
            assert_never(test)


def _declared_values(scope: Scope, left: x.Expression | None, table: TableEntry | None) -> tuple[str, ...]:
    """The values of a category that says them itself."""
    if not isinstance(left, x.Name):
        return ()
    entry = (table.columns.get(left.name) if table else None) or scope.signals.get(left.name)
    return entry.type.choices if entry is not None and entry.type is not None else ()


def _rows(scope: Scope, node: x.Aggregate | x.RowCount) -> Iterator[Vertex]:
    table = scope.tables.get(node.table.name)
    if table is None:
        return
    if table.declaration.parent is not None:
        yield ("table", table.name)
    if table.base is None:
        return
    columns = [node.column, node.weight] if isinstance(node, x.Aggregate) else []
    for column in columns:
        if column is not None:
            yield from _name(scope, column.name, table.base)
    if node.where is not None:
        yield from references(scope, node.where, table.base)
