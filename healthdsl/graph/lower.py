"""The Ruleset lowered to the evaluation graph.

In: a resolved Ruleset. Out: a Graph whose outputs carry the names of the written contract. All the
language's meaning is here and in the topic files beside: afterwards there are only primitives.
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from healthdsl.graph.arithmetic import snap
from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.graph import Graph, InputField, TableField
from healthdsl.graph.lower_bands import lower_bands
from healthdsl.graph.lower_expressions import lower_expression
from healthdsl.graph.lower_nodes import lower_node
from healthdsl.graph.lower_signals import lower_signal
from healthdsl.graph.order import Declaration, Sort, evaluation_order
from healthdsl.graph.scope import Scope, WorkedOut
from healthdsl.model.ruleset import Bands, Column, Flag, RowTable, RuleNode, Ruleset, Signal


def lower_ruleset(ruleset: Ruleset) -> Graph:
    """The evaluation graph of a ruleset; resolving has settled that names are bound and nothing goes in
    circles.
    """
    builder = GraphBuilder(*contract_of(ruleset))
    scope = Scope(ruleset, builder)
    declared = worked_out(ruleset)
    for place in evaluation_order(ruleset):
        lower_declaration(scope, declared[place])
    return builder.graph()


def contract_of(ruleset: Ruleset) -> tuple[tuple[InputField, ...], tuple[TableField, ...]]:
    """The fields and tables that a ruleset reads from a record."""
    inputs = tuple(input_field(signal) for signal in ruleset.signals if signal.formula is None)
    return inputs, tuple(_table_field(table) for table in ruleset.tables)


def worked_out(ruleset: Ruleset) -> dict[Declaration, WorkedOut]:
    """The declarations that become operations, by place."""
    return {
        **{Declaration(Sort.SIGNAL, signal.name): signal for signal in ruleset.signals},
        **{Declaration(Sort.NODE, node.name): node for node in ruleset.nodes},
        **{Declaration(Sort.BANDS, bands.node): bands for bands in ruleset.bands},
        **{Declaration(Sort.FLAG, flag.name): flag for flag in ruleset.flags},
    }


def lower_declaration(scope: Scope, declared: WorkedOut) -> None:
    """Enter a declaration into `scope`, which has all that it reads, and name its outputs."""
    match declared:
        case Signal():
            lower_signal(scope, declared)
        case RuleNode():
            lower_node(scope, declared)
        case Bands():
            lower_bands(scope, declared)
        case Flag():
            _lower_flag(scope, declared)
        case _:
            assert_never(declared)


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
        tuple(_stands_for_missing(value, declared.scale) for value in declared.absent),
    )


def _stands_for_missing(value: Fraction | int | str, scale: Fraction) -> float | int | str:
    """As a value read from the record would be: a number scaled and snapped."""
    return snap(float(value) * scale.numerator / scale.denominator) if isinstance(value, Fraction) else value


def _bound(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _table_field(table: RowTable) -> TableField:
    columns = tuple(input_field(column) for column in table.columns if column.formula is None)
    return TableField(table.name, table.dated, columns)
