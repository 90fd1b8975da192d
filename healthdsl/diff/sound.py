"""Whether a ruleset that was put together from two versions holds together.

In: a Ruleset from `blend`. Out: yes or no. A sound one can be lowered and scored like any that was resolved.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from healthdsl.diff.references import Sort, declared, parts, references
from healthdsl.model.expressions import Aggregate, BandOf, ColumnValue, SignalValue
from healthdsl.model.ruleset import (
    Bands,
    CurvePoint,
    Flag,
    Keys,
    RowTable,
    RuleNode,
    Ruleset,
    Signal,
    Table,
    TableKind,
    ToLevel,
)
from healthdsl.model.types import Type

Place = tuple[str, str]


def is_sound(ruleset: Ruleset) -> bool:
    """Whether every name stands for something of the right type, tables are in order and nothing goes in
    circles.
    """
    return (
        _names_are_there(ruleset)
        and _types_fit(ruleset)
        and all(_table_is_in_order(part) for part in parts(ruleset.nodes) if isinstance(part, Table))
        and all(_ends_are_in_order(signal) for signal in ruleset.signals)
        and _results_are_there(ruleset)
        and not _goes_in_circles(ruleset)
    )


def _names_are_there(ruleset: Ruleset) -> bool:
    known = {sort: declared(ruleset, sort) for sort in Sort}
    banded = {bands.node for bands in ruleset.bands}
    named = all(name in known[sort] for sort, name in references(ruleset))
    return named and all(part.node in banded for part in parts(ruleset) if isinstance(part, BandOf))


def _ends_are_in_order(signal: Signal) -> bool:
    return signal.low is None or signal.high is None or signal.low <= signal.high


# Types -----------------------------------------------------------------------


def _family(kind: Type) -> str:
    """What can be compared with each other."""
    if kind.is_numeric:
        return "number"
    return "date" if kind.is_date else "text" if kind.is_text else "yes/no"


def _types_fit(ruleset: Ruleset) -> bool:
    """Signals, columns and dates are of the family that their readers take them for."""
    signals = {signal.name: signal.type for signal in ruleset.signals}
    tables = {table.name: table for table in ruleset.tables}
    for part in parts(ruleset):
        if isinstance(part, SignalValue) and _family(signals[part.name]) != _family(part.type):
            return False
        if isinstance(part, ColumnValue) and not _column_fits(part, tables[part.table]):
            return False
        if isinstance(part, Aggregate) and part.window is not None and tables[part.table].dated is None:
            return False
    after = [signal.expiry.after for signal in ruleset.signals if signal.expiry is not None]
    return all(signals[name].is_date for name in after)


def _column_fits(value: ColumnValue, table: RowTable) -> bool:
    columns = {column.name: column.type for column in table.columns}
    if value.column not in columns:
        return value.column == "age" and table.dated is not None
    return _family(columns[value.column]) == _family(value.type)


# Tables ----------------------------------------------------------------------


def _table_is_in_order(table: Table) -> bool:
    if table.kind is TableKind.CURVE:
        points = [row.key.at for row in table.rows if isinstance(row.key, CurvePoint)]
        return len(points) > 1 and all(one < other for one, other in pairwise(points))
    keys: list[Fraction | int | str | bool] = []
    for row in table.rows:
        keys += row.key.values if isinstance(row.key, Keys) else ()
    return bool(table.rows) and len(keys) == len(set(keys))


def _results_are_there(ruleset: Ruleset) -> bool:
    """Levels and bands that rows give are declared."""
    levels = {each.name: {level.name for level in each.levels} for each in ruleset.levels}
    return all(
        _gives(node.variants) <= levels.get(node.levels or "", set()) for node in ruleset.nodes
    ) and all(_gives(bands.rows) <= {band.name for band in bands.bands} for bands in ruleset.bands)


def _gives(value: object) -> set[str]:
    return {part.name for part in parts(value) if isinstance(part, ToLevel)}


# Circles ---------------------------------------------------------------------


def _goes_in_circles(ruleset: Ruleset) -> bool:
    """Whether a declaration reads itself by way of others."""
    reads = _readings(ruleset)
    state: dict[Place, bool] = {}
    for first in reads:
        stack = [(first, iter(reads[first]))] if first not in state else []
        state.setdefault(first, False)
        while stack:
            place, waiting = stack[-1]
            behind = next((each for each in waiting if each in reads and state.get(each) is not True), None)
            if behind is None:
                state[place] = True
                stack.pop()
            elif behind in state:
                return True
            else:
                state[behind] = False
                stack.append((behind, iter(reads[behind])))
    return False


def _readings(ruleset: Ruleset) -> dict[Place, list[Place]]:
    """What each signal, node, band and flag reads, row columns included."""
    tables = {table.name: list(_read_by(table.columns)) for table in ruleset.tables}
    found: dict[Place, list[Place]] = {}
    readers: list[Signal | RuleNode | Flag | Bands] = [
        *ruleset.signals,
        *ruleset.nodes,
        *ruleset.flags,
        *ruleset.bands,
    ]
    for declaration in readers:
        read = list(_read_by(declaration))
        read += [
            each for sort, name in references(declaration) if sort is Sort.TABLE for each in tables[name]
        ]
        found[_place_of(declaration)] = read
    return found


def _place_of(declaration: Signal | RuleNode | Flag | Bands) -> Place:
    match declaration:
        case Signal(name=name):
            return Sort.SIGNAL, name
        case RuleNode(name=name):
            return Sort.NODE, name
        case Flag(name=name):
            return Sort.FLAG, name
        case Bands(node=node):
            return "bands", node


def _read_by(value: object) -> Iterator[Place]:
    yield from references(value)
    yield from (("bands", part.node) for part in parts(value) if isinstance(part, BandOf))
