"""Declared, and read by nothing: signals, conditions, columns, tables, levels, measures.

An input is used when something other than a test reads it. What is worked out is used when something reads it
or a test expects something of it: then it is there to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.graph.reading import parts_of, row_expressions, variant_expressions, walk
from healthdsl.model.expressions import (
    Aggregate,
    BandOf,
    ColumnValue,
    Compare,
    Constant,
    Expression,
    FlagValue,
    LevelOf,
    Member,
    PointsOf,
    SignalValue,
)
from healthdsl.model.ruleset import RuleNode, Ruleset, Table, ToLevel


@dataclass(frozen=True, slots=True)
class _Reads:
    """What the expressions of a ruleset read: signals, nodes, tables and (table, column)."""

    signals: set[str]
    nodes: set[str]
    tables: set[str]
    columns: set[tuple[str, str]]


def check_unused(bench: Bench) -> Iterator[Finding]:
    """One finding for each declaration that nothing reads."""
    ruleset = bench.ruleset
    read = _reads(_expressions(ruleset))
    tested = _reads(expectation.condition for test in ruleset.tests for expectation in test.expectations)
    for node in ruleset.nodes:
        for variant in node.variants:
            for part, weight in parts_of(variant):
                read.nodes.add(part)
                read.signals.update([weight] if weight is not None else [])
    for signal in ruleset.signals:
        if signal.expiry is not None:
            read.signals.add(signal.expiry.after)
    yield from _signals(ruleset, read, tested)
    yield from _conditions(ruleset, read, tested)
    yield from _tables(ruleset, read)
    yield from _nodes(ruleset, read, tested)
    yield from _levels(ruleset)


def _expressions(ruleset: Ruleset) -> Iterator[Expression | None]:
    for signal in ruleset.signals:
        yield signal.formula
    for table in ruleset.tables:
        yield from (column.formula for column in table.columns)
    for node in ruleset.nodes:
        for variant in node.variants:
            yield from variant_expressions(variant)
    for bands in ruleset.bands:
        yield from row_expressions(bands.rows)
    yield from (flag.condition for flag in ruleset.flags)


def _reads(expressions: Iterable[Expression | None]) -> _Reads:
    found = _Reads(set(), set(), set(), set())
    for expression in walk(expressions):
        match expression:
            case SignalValue(name=name) | FlagValue(name=name):
                found.signals.add(name)
            case PointsOf(node=node) | LevelOf(node=node) | BandOf(node=node):
                found.nodes.add(node)
            case ColumnValue(table=table, column=column):
                found.columns.add((table, column))
            case Aggregate(table=table):
                found.tables.add(table)
            case _:
                pass
    return found


def _signals(ruleset: Ruleset, read: _Reads, tested: _Reads) -> Iterator[Finding]:
    for signal in ruleset.signals:
        if signal.name in read.signals or (signal.formula is not None and signal.name in tested.signals):
            continue
        if signal.formula is None:
            message = f"nothing reads the signal `{signal.name}`"
            advice = "use it in a measure, a flag or a formula, or take it out"
        else:
            message = f"nothing reads the signal `{signal.name}`, and no test expects anything of it"
            advice = "use it, say in a test what it is to be, or take it out"
        yield find("W511", signal.name, signal.span, message, advice)


def _conditions(ruleset: Ruleset, read: _Reads, tested: _Reads) -> Iterator[Finding]:
    for flag in ruleset.flags:
        if not flag.is_shown and flag.name not in read.signals | tested.signals:
            message = f"nothing asks for the condition `{flag.name}`, and no test expects anything of it"
            advice = "use it, make it a flag if it is to be shown, or take it out"
            yield find("W511", flag.name, flag.span, message, advice)


def _tables(ruleset: Ruleset, read: _Reads) -> Iterator[Finding]:
    for table in ruleset.tables:
        if table.name not in read.tables:
            message = f"nothing reads the rows `{table.name}`"
            yield find("W511", table.name, table.span, message, "count them, or take them out")
            continue
        for column in table.columns:
            if (table.name, column.name) not in read.columns and column.name != table.dated:
                message = f"nothing reads the column `{column.name}` of `{table.name}`"
                advice = "use it in an aggregate or behind `where`, or take it out"
                yield find("W511", f"{table.name}.{column.name}", column.span, message, advice)


def _nodes(ruleset: Ruleset, read: _Reads, tested: _Reads) -> Iterator[Finding]:
    banded = {bands.node for bands in ruleset.bands}
    for node in ruleset.nodes:
        if (
            node.word == "score"
            or node.name in banded
            or node.name in read.nodes
            or node.name in tested.nodes
        ):
            continue
        message = f"no score counts the {node.word} `{node.name}`, and no test expects anything of it"
        advice = "list it in a score or group, say in a test what it is to be, or take it out"
        yield find("W513", node.name, node.span, message, advice)


# Levels ----------------------------------------------------------------------


def _levels(ruleset: Ruleset) -> Iterator[Finding]:
    for levels in ruleset.levels:
        nodes = [node for node in ruleset.nodes if node.levels == levels.name]
        if not nodes:
            message = f"nothing has the levels `{levels.name}`"
            yield find(
                "W512",
                levels.name,
                levels.span,
                message,
                "write `as` and their name behind a table, or take them out",
            )
            continue
        given = {name for node in nodes for name in _given(node)}
        asked = _asked({node.name for node in nodes}, ruleset)
        for level in levels.levels:
            if level.name not in given | asked:
                message = f"no row gives the level `{level.name}`"
                yield find("W512", level.name, level.span, message, "add a row that gives it, or take it out")


def _given(node: RuleNode) -> Iterator[str]:
    for variant in node.variants:
        results = [variant.missing.result]
        if isinstance(variant.body, Table):
            results += [row.result for row in variant.body.rows]
        yield from (result.name for result in results if isinstance(result, ToLevel))


def _asked(nodes: set[str], ruleset: Ruleset) -> set[str]:
    """The levels that conditions ask for."""
    found: set[str] = set()
    for expression in walk(_expressions(ruleset)):
        match expression:
            case Compare(left=LevelOf(node=node), right=Constant(value=str() as name)) if node in nodes:
                found.add(name)
            case Member(operand=LevelOf(node=node), choices=choices) if node in nodes:
                found.update(choices)
            case _:
                pass
    return found
