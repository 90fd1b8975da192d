"""Types of everything that has a value, in an order in which each is known before it is used.

Afterwards every entry of the scope has its type (None: broken, and reported), its formula, and every
sub-table its conditions. Chains are walked without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.types import DATE, Kind, Type
from healthdsl.resolve.column_tables import resolve_table, written_in
from healthdsl.resolve.expressions import resolve_condition, resolve_value
from healthdsl.resolve.graphs import in_order
from healthdsl.resolve.names import find_table
from healthdsl.resolve.references import references
from healthdsl.resolve.scope import ColumnEntry, Place, Scope, SignalEntry, TableEntry, Vertex
from healthdsl.resolve.types import describe, family
from healthdsl.resolve.typespecs import spec_type
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

DEEPEST_SUB_TABLE = 20


def define_values(scope: Scope) -> None:
    """Works out the types and formulas of signals and columns and the conditions of sub-tables."""
    _written_types(scope)
    _bases(scope)
    vertices = [
        ("signal", name) for name, entry in scope.signals.items() if entry.declaration.formula is not None
    ]
    vertices += [
        ("table", name) for name, table in scope.tables.items() if table.declaration.parent is not None
    ]
    for table in scope.tables.values():
        vertices += [
            ("column", f"{table.name}.{name}") for name, column in table.columns.items() if _formula(column)
        ]
    for kind, name in in_order(vertices, lambda vertex: _needs(scope, vertex)):
        if kind == "signal":
            _define_signal(scope, scope.signals[name])
        elif kind == "table":
            _define_sub_table(scope, scope.tables[name])
        else:
            table_name, _, column_name = name.rpartition(".")
            _define_column(scope, scope.tables[table_name], scope.tables[table_name].columns[column_name])


def _written_types(scope: Scope) -> None:
    for name, entry in scope.signals.items():
        if entry.declaration.type is not None:
            entry.type = spec_type(Place(scope, ("signal", name)), entry.declaration.type)
        elif entry.declaration.formula is None and name not in scope.broken:
            _report_untyped(scope, entry.declaration.name.span, name, "signal")
    for table in scope.tables.values():
        for name, column in table.columns.items():
            place = Place(scope, ("column", f"{table.name}.{name}"))
            if column.declaration is None:
                column.type = DATE
            elif column.declaration.type is not None:
                column.type = spec_type(place, column.declaration.type)
            elif not column.declaration.is_derived and name not in scope.broken:
                _report_untyped(scope, column.declaration.name.span, name, "column")


def _report_untyped(scope: Scope, span: Span, name: str, what: str) -> None:
    begin = f"signal {name}" if what == "signal" else name
    advice = f"write its type, such as `{begin} count`, or its formula: `{begin} = ..`"
    scope.problems.error("E445", span, f"the {what} `{name}` has neither a type nor a formula", advice)


def _formula(column: ColumnEntry) -> bool:
    return column.declaration is not None and column.declaration.is_derived


def _needs(scope: Scope, vertex: Vertex) -> Iterator[Vertex]:
    """What the formula or condition of a vertex refers to."""
    kind, name = vertex
    if kind == "signal":
        formula = scope.signals[name].declaration.formula
        if formula is not None:
            yield from references(scope, formula, None)
    elif kind == "column":
        table_name, _, column_name = name.rpartition(".")
        table = scope.tables[table_name]
        declaration = table.columns[column_name].declaration if column_name in table.columns else None
        if declaration is not None:
            for node in written_in(declaration):
                yield from references(scope, node, table)
    else:
        table = scope.tables[name]
        if table.declaration.parent is not None:
            yield ("table", table.declaration.parent.name)
        if table.declaration.where is not None:
            yield from references(scope, table.declaration.where, table.base)


# Sub-tables ------------------------------------------------------------------


def _bases(scope: Scope) -> None:
    """Finds the base table of every sub-table; in a loop it stays None, and the cycle is reported."""
    baseless: set[str] = set()
    for table in scope.tables.values():
        seen = {table.name}
        chain = [table]
        while chain[-1].base is None and chain[-1].declaration.parent is not None:
            parent = scope.tables.get(chain[-1].declaration.parent.name)
            if parent is None or parent.name in seen or parent.name in baseless:
                break
            seen.add(parent.name)
            chain.append(parent)
        if chain[-1].base is None:
            baseless |= seen
        for distance, link in enumerate(reversed(chain)):
            link.base = chain[-1].base
            link.depth = max(link.depth, chain[-1].depth + distance)


def _define_sub_table(scope: Scope, table: TableEntry) -> None:
    declaration = table.declaration
    assert declaration.parent is not None
    place = Place(scope, ("table", table.name))
    parent = find_table(place, declaration.parent)
    _check_sub_table(place, declaration)
    table.conditions = None
    if parent is None or parent.base is None or declaration.where is None:
        return
    if table.depth > DEEPEST_SUB_TABLE:
        message = f"`{table.name}` is cut out of other sub-tables more than {DEEPEST_SUB_TABLE} deep"
        advice = f"cut it out of `{parent.base.name}` itself"
        place.problems.error("E449", declaration.name.span, message, advice)
        return
    condition = resolve_condition(declaration.where, place.within(parent))
    if condition is not None and parent.conditions is not None:
        table.conditions = (*parent.conditions, condition)


def _check_sub_table(place: Place, declaration: n.RowsDeclaration) -> None:
    assert declaration.parent is not None
    parent = declaration.parent.name
    if declaration.dated is not None:
        message = f"the rows of `{declaration.name.name}` are dated as those of `{parent}`"
        place.problems.error("E447", declaration.dated.span, message, f"write `dated` at `rows {parent}`")
    for column in declaration.columns:
        message = f"`{declaration.name.name}` has the columns of `{parent}` and none of its own"
        place.problems.error("E447", column.span, message, f"write the column under `rows {parent}`")


# Formulas --------------------------------------------------------------------


def _define_signal(scope: Scope, entry: SignalEntry) -> None:
    formula = entry.declaration.formula
    assert formula is not None
    value = resolve_value(formula, Place(scope, ("signal", entry.name)))
    if value is None:
        return
    if entry.declaration.type is None:
        entry.type, entry.formula = value.type, value
    elif entry.type is not None and _fits(scope, entry.declaration, entry.type, value):
        entry.formula = value


def _define_column(scope: Scope, table: TableEntry, entry: ColumnEntry) -> None:
    declaration = entry.declaration
    assert declaration is not None
    place = Place(scope, ("column", f"{table.name}.{entry.name}"), table)
    if declaration.formula is None:
        value = resolve_table(place, declaration)
    else:
        value = resolve_value(declaration.formula, place)
    if value is None:
        return
    if declaration.type is None:
        entry.type, entry.formula = value.type, value
    elif entry.type is not None and _fits(scope, declaration, entry.type, value):
        entry.formula = value


def _fits(
    scope: Scope, declaration: n.SignalDeclaration | n.RowColumn, type_: Type, value: Expression
) -> bool:
    """Whether a formula gives what its declaration says."""
    assert declaration.formula is not None
    assert declaration.type is not None
    problem = _misfit(type_, value)
    if problem is None:
        return True
    text = scope.clause(declaration.formula.span)
    message = (
        f"`{text}` is {describe(value.type)}, `{declaration.name.name}` is declared as {describe(type_)}"
    )
    labels = (Label(declaration.type.span, "declared here"),)
    scope.problems.error("E316", declaration.formula.span, message, problem, labels)
    return False


def _misfit(type_: Type, value: Expression) -> str | None:
    """What to do about a formula that gives something else; None when it fits."""
    found = value.type
    if family(type_) is not family(found):
        return "leave the type word out, and the formula says the type"
    if Kind.CATEGORY in (type_.kind, found.kind) and type_.kind is not Kind.TEXT:
        return None if set(found.choices) <= set(type_.choices) and found.choices else "declare it as `text`"
    if not type_.is_numeric or (type_.kind is found.kind and type_.currency == found.currency):
        return None if type_.currency == found.currency else "bring it to one currency first"
    bare = isinstance(value, Constant) and type_.kind is Kind.PERCENT and value.value != 0
    if Kind.NUMBER in (type_.kind, found.kind) and not bare:
        return None
    return "leave the type word out, and the formula says the type"
