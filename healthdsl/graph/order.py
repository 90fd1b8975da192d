"""The order in which declarations are worked out: whatever one reads stands before it.

Signals may read points and nodes read signals, so all declarations share one order. Resolving has refused
cycles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from healthdsl.graph.reading import parts_of, row_expressions, variant_expressions, walk
from healthdsl.model.expressions import (
    Aggregate,
    BandOf,
    ColumnValue,
    Expression,
    FlagValue,
    LevelOf,
    PointsOf,
    SignalValue,
)
from healthdsl.model.ruleset import RuleNode, Ruleset


class Sort(Enum):
    SIGNAL = auto()
    NODE = auto()
    BANDS = auto()
    FLAG = auto()
    TABLE = auto()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration by what it is and its name (bands go by the name of their node). Tables are read, and
    not worked out.
    """

    sort: Sort
    name: str


def evaluation_order(ruleset: Ruleset) -> list[Declaration]:
    """Every declaration after all those it reads, else in written order; no recursion, however long the
    chain.
    """
    reads = {
        reader: [each for each in read if each.sort is not Sort.TABLE]
        for reader, read in readings(ruleset).items()
    }
    ordered: dict[Declaration, None] = {}
    opened: set[Declaration] = set()
    for first in reads:
        stack = [first]
        while stack:
            declaration = stack[-1]
            if declaration in ordered:
                stack.pop()
                continue
            waiting = (
                [] if declaration in opened else [each for each in reads[declaration] if each not in ordered]
            )
            opened.add(declaration)
            if waiting:
                stack.extend(reversed(waiting))
            else:
                ordered[stack.pop()] = None
    return list(ordered)


def readings(ruleset: Ruleset) -> dict[Declaration, list[Declaration]]:
    """What every declaration reads directly, row tables too, and signals that row columns rest on."""
    return dict(_readers(ruleset))


Columns = dict[tuple[str, str], Expression]


def derived_columns(ruleset: Ruleset) -> Columns:
    """The formula of every derived row column, by table and name."""
    return {
        (table.name, column.name): column.formula
        for table in ruleset.tables
        for column in table.columns
        if column.formula is not None
    }


def _readers(ruleset: Ruleset) -> Iterator[tuple[Declaration, list[Declaration]]]:
    columns = derived_columns(ruleset)
    for signal in ruleset.signals:
        read = list(_references([signal.formula], columns))
        if signal.expiry is not None:
            read.append(Declaration(Sort.SIGNAL, signal.expiry.after))
        yield Declaration(Sort.SIGNAL, signal.name), read
    for node in ruleset.nodes:
        yield Declaration(Sort.NODE, node.name), list(_node_references(node, columns))
    for bands in ruleset.bands:
        read = [Declaration(Sort.NODE, bands.node), *_references(row_expressions(bands.rows), columns)]
        yield Declaration(Sort.BANDS, bands.node), read
    for flag in ruleset.flags:
        yield Declaration(Sort.FLAG, flag.name), list(_references([flag.condition], columns))


def _node_references(node: RuleNode, columns: Columns) -> Iterator[Declaration]:
    for variant in node.variants:
        yield from _references(variant_expressions(variant), columns)
        for part, signal_name in parts_of(variant):
            yield Declaration(Sort.NODE, part)
            if signal_name is not None:
                yield Declaration(Sort.SIGNAL, signal_name)


def _references(expressions: Iterable[Expression | None], columns: Columns) -> Iterator[Declaration]:
    """The declarations read, through the formulas of row columns too."""
    opened: set[tuple[str, str]] = set()
    waiting = list(expressions)
    while waiting:
        batch, waiting = waiting, []
        for expression in walk(batch):
            match expression:
                case SignalValue(name=name):
                    yield Declaration(Sort.SIGNAL, name)
                case PointsOf(node=node) | LevelOf(node=node):
                    yield Declaration(Sort.NODE, node)
                case BandOf(node=node):
                    yield Declaration(Sort.BANDS, node)
                case FlagValue(name=name):
                    yield Declaration(Sort.FLAG, name)
                case Aggregate(table=table):
                    yield Declaration(Sort.TABLE, table)
                case ColumnValue(table=table, column=column) if (table, column) not in opened:
                    opened.add((table, column))
                    yield Declaration(Sort.TABLE, table)
                    waiting.append(columns.get((table, column)))
                case _:
                    pass
