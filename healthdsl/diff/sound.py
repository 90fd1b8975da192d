"""Whether a ruleset that was put together from two versions holds together.

In: a Ruleset from `blend`. Out: yes or no. A sound one can be lowered and scored like any that was resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from healthdsl.diff.references import Sort, declared, parts, references
from healthdsl.model.expressions import Aggregate, BandOf, ColumnValue, SignalValue
from healthdsl.model.ruleset import (
    Bands,
    CurvePoint,
    Flag,
    Keys,
    LevelSet,
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
Declared = Signal | RowTable | LevelSet | RuleNode | Bands | Flag


class Soundness:
    """Answers for many rulesets; a declaration that several have is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, _Found] = {}

    def holds(self, ruleset: Ruleset) -> bool:
        """Whether every name stands for something of the right type, tables are in order and nothing goes in
        circles. Tests are left out: they are those of the new version.
        """
        found = [self._of(declaration) for declaration in _declarations(ruleset)]
        return (
            all(each.is_in_order for each in found)
            and _names_are_there(ruleset, found)
            and _types_fit(ruleset, found)
            and _results_are_there(ruleset, found)
            and not _goes_in_circles(found)
        )

    def _of(self, declaration: Declared) -> _Found:
        known = self._known.get(id(declaration))
        if known is None:
            known = self._known[id(declaration)] = _Found.of(declaration)
        return known


def is_sound(ruleset: Ruleset) -> bool:
    """Whether one ruleset holds together."""
    return Soundness().holds(ruleset)


def _declarations(ruleset: Ruleset) -> Iterator[Declared]:
    yield from ruleset.signals
    yield from ruleset.tables
    yield from ruleset.levels
    yield from ruleset.nodes
    yield from ruleset.bands
    yield from ruleset.flags


# One declaration -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """What a declaration asks of the others, each thing once. `gives`: levels or bands that its rows give."""

    declaration: Declared
    references: tuple[tuple[Sort, str], ...]
    bands: tuple[str, ...]
    signals: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str, str], ...]
    windows: tuple[str, ...]
    gives: frozenset[str]
    is_in_order: bool

    @classmethod
    def of(cls, declaration: Declared) -> _Found:
        inner = list(parts(declaration))
        signals = [(part.name, _family(part.type)) for part in inner if isinstance(part, SignalValue)]
        columns = [
            (part.table, part.column, _family(part.type)) for part in inner if isinstance(part, ColumnValue)
        ]
        windows = [part.table for part in inner if isinstance(part, Aggregate) and part.window is not None]
        in_order = all(_table_is_in_order(part) for part in inner if isinstance(part, Table))
        return cls(
            declaration,
            tuple(dict.fromkeys(references(declaration))),
            tuple(dict.fromkeys(part.node for part in inner if isinstance(part, BandOf))),
            tuple(dict.fromkeys(signals)),
            tuple(dict.fromkeys(columns)),
            tuple(dict.fromkeys(windows)),
            frozenset(part.name for part in inner if isinstance(part, ToLevel)),
            in_order and (not isinstance(declaration, Signal) or _ends_are_in_order(declaration)),
        )


def _family(kind: Type) -> str:
    """What can be compared with each other."""
    if kind.is_numeric:
        return "number"
    return "date" if kind.is_date else "text" if kind.is_text else "yes/no"


def _ends_are_in_order(signal: Signal) -> bool:
    return signal.low is None or signal.high is None or signal.low <= signal.high


def _table_is_in_order(table: Table) -> bool:
    if table.kind is TableKind.CURVE:
        points = [row.key.at for row in table.rows if isinstance(row.key, CurvePoint)]
        return len(points) > 1 and all(one < other for one, other in pairwise(points))
    keys: list[Fraction | int | str | bool] = []
    for row in table.rows:
        keys += row.key.values if isinstance(row.key, Keys) else ()
    return bool(table.rows) and len(keys) == len(set(keys))


# All of them -----------------------------------------------------------------


def _names_are_there(ruleset: Ruleset, found: Sequence[_Found]) -> bool:
    known = {sort: declared(ruleset, sort) for sort in Sort}
    banded = {bands.node for bands in ruleset.bands}
    main = ruleset.main_score
    return (
        (main is None or main in known[Sort.NODE])
        and all(name in known[sort] for each in found for sort, name in each.references)
        and all(node in banded for each in found for node in each.bands)
    )


def _types_fit(ruleset: Ruleset, found: Sequence[_Found]) -> bool:
    """Signals, columns and dates are of the family that their readers take them for."""
    signals = {signal.name: signal.type for signal in ruleset.signals}
    tables = {table.name: table for table in ruleset.tables}
    after = [signal.expiry.after for signal in ruleset.signals if signal.expiry is not None]
    return (
        all(_family(signals[name]) == family for each in found for name, family in each.signals)
        and all(_column_fits(tables[table], *read) for each in found for table, *read in each.columns)
        and all(tables[name].dated is not None for each in found for name in each.windows)
        and all(signals[name].is_date for name in after)
    )


def _column_fits(table: RowTable, column: str, family: str) -> bool:
    columns = {each.name: each.type for each in table.columns}
    if column not in columns:
        return column == "age" and table.dated is not None
    return _family(columns[column]) == family


def _results_are_there(ruleset: Ruleset, found: Sequence[_Found]) -> bool:
    """Levels and bands that rows give are declared."""
    levels = {each.name: {level.name for level in each.levels} for each in ruleset.levels}
    for each in found:
        match each.declaration:
            case RuleNode(levels=named):
                known = levels.get(named or "", set())
            case Bands(bands=bands):
                known = {band.name for band in bands}
            case _:
                continue
        if not each.gives <= known:
            return False
    return True


# Circles ---------------------------------------------------------------------


def _goes_in_circles(found: Sequence[_Found]) -> bool:
    """Whether a declaration reads itself by way of others."""
    reads = _readings(found)
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


def _readings(found: Sequence[_Found]) -> dict[Place, list[Place]]:
    """What each signal, node, band and flag reads, row columns included."""
    tables = {
        each.declaration.name: _read_by(each) for each in found if isinstance(each.declaration, RowTable)
    }
    return {
        place: _read_by(each)
        + [inner for sort, name in each.references if sort is Sort.TABLE for inner in tables[name]]
        for each in found
        if (place := _place_of(each.declaration)) is not None
    }


def _place_of(declaration: Declared) -> Place | None:
    """Where a declaration that is worked out stands; None for what only describes."""
    match declaration:
        case Signal(name=name):
            return Sort.SIGNAL, name
        case RuleNode(name=name):
            return Sort.NODE, name
        case Flag(name=name):
            return Sort.FLAG, name
        case Bands(node=node):
            return "bands", node
        case RowTable() | LevelSet():
            return None


def _read_by(found: _Found) -> list[Place]:
    return [*found.references, *(("bands", node) for node in found.bands)]
