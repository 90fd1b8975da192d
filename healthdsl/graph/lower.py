"""The Ruleset lowered to the evaluation graph.

In: a resolved Ruleset. Out: a Graph whose outputs carry the names of the written contract. All the
language's meaning is here and in the topic files beside: afterwards there are only primitives.
"""

from __future__ import annotations

from fractions import Fraction

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.graph import Graph, InputField, TableField
from healthdsl.graph.lower_bands import lower_bands
from healthdsl.graph.lower_expressions import lower_expression
from healthdsl.graph.lower_nodes import lower_node
from healthdsl.graph.lower_signals import lower_signal
from healthdsl.graph.order import Sort, evaluation_order
from healthdsl.graph.scope import Scope
from healthdsl.model.ruleset import Column, Flag, RowTable, Ruleset, Signal


def lower_ruleset(ruleset: Ruleset) -> Graph:
    """The evaluation graph of a ruleset; resolving has settled that names are bound and nothing goes in
    circles.
    """
    inputs = tuple(input_field(signal) for signal in ruleset.signals if signal.formula is None)
    builder = GraphBuilder(inputs, tuple(_table_field(table) for table in ruleset.tables))
    scope = Scope(ruleset, builder)
    signals = {signal.name: signal for signal in ruleset.signals}
    nodes = {node.name: node for node in ruleset.nodes}
    bands = {each.node: each for each in ruleset.bands}
    flags = {flag.name: flag for flag in ruleset.flags}
    for declaration in evaluation_order(ruleset):
        match declaration.sort:
            case Sort.SIGNAL:
                lower_signal(scope, signals[declaration.name])
            case Sort.NODE:
                lower_node(scope, nodes[declaration.name])
            case Sort.BANDS:
                lower_bands(scope, bands[declaration.name])
            case Sort.FLAG:
                _lower_flag(scope, flags[declaration.name])
    return builder.graph()


def _lower_flag(scope: Scope, flag: Flag) -> None:
    """A flag or play is raised or not; a named condition stays unknown where what it says is."""
    found = lower_expression(scope, flag.condition)
    if flag.is_shown:
        found = scope.builder.is_true(found)
    scope.flags[flag.name] = found
    scope.builder.output(flag.name, "flag" if flag.is_shown else "condition", found)


def input_field(declared: Signal | Column) -> InputField:
    """The row of the input contract for a signal or column that comes from the record."""
    return InputField(
        declared.name,
        declared.column,
        declared.title,
        declared.type,
        _bound(declared.low),
        _bound(declared.high),
        declared.scale,
    )


def _bound(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _table_field(table: RowTable) -> TableField:
    columns = tuple(input_field(column) for column in table.columns if column.formula is None)
    return TableField(table.name, table.dated, columns)
