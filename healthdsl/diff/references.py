"""The names by which declarations refer to each other: where they stand, which there are, and other ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from healthdsl.model.ruleset import Bands, Flag, LevelSet, RowTable, RuleNode, Ruleset, Signal, Test
from healthdsl.model.types import Type
from healthdsl.source import Span

Declaration = Signal | RowTable | LevelSet | RuleNode | Bands | Flag


class Sort(StrEnum):
    """What can be referred to."""

    SIGNAL = "signal"
    TABLE = "rows"
    LEVELS = "levels"
    NODE = "node"
    FLAG = "flag"


REFERENCES: dict[tuple[str, str], Sort] = {
    ("SignalValue", "name"): Sort.SIGNAL,
    ("Expiry", "after"): Sort.SIGNAL,
    ("GridWeight", "signal"): Sort.SIGNAL,
    ("SignalWeight", "signal"): Sort.SIGNAL,
    ("ColumnValue", "table"): Sort.TABLE,
    ("Aggregate", "table"): Sort.TABLE,
    ("PointsOf", "node"): Sort.NODE,
    ("LevelOf", "node"): Sort.NODE,
    ("BandOf", "node"): Sort.NODE,
    ("Part", "node"): Sort.NODE,
    ("Bands", "node"): Sort.NODE,
    ("Ruleset", "main_score"): Sort.NODE,
    ("RuleNode", "levels"): Sort.LEVELS,
    ("FlagValue", "name"): Sort.FLAG,
}
"""Fields that hold the name of a declaration. Columns go by their table and are not here."""

NAMES: dict[str, Sort] = {
    "Signal": Sort.SIGNAL,
    "RowTable": Sort.TABLE,
    "LevelSet": Sort.LEVELS,
    "RuleNode": Sort.NODE,
    "Flag": Sort.FLAG,
}
"""Declarations that have a name of their own."""


def declared(ruleset: Ruleset, sort: Sort) -> dict[str, Declaration]:
    """The declarations of a sort by name, in written order."""
    found: dict[Sort, tuple[Any, ...]] = {
        Sort.SIGNAL: ruleset.signals,
        Sort.TABLE: ruleset.tables,
        Sort.LEVELS: ruleset.levels,
        Sort.NODE: ruleset.nodes,
        Sort.FLAG: ruleset.flags,
    }
    return {each.name: each for each in found[sort]}


def references(value: object) -> Iterator[tuple[Sort, str]]:
    """What a part of a ruleset refers to."""
    for part in parts(value):
        for name, sort in _references_of(type(part)):  # type: ignore[arg-type]  # a class can be hashed
            found = getattr(part, name)
            if isinstance(found, str):
                yield sort, found


def parts(value: object) -> Iterator[object]:
    """Every dataclass within, itself first."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif part.__class__ in _PLAIN:
            continue
        elif dataclasses.is_dataclass(part) and not isinstance(part, type):
            yield part
            waiting.extend([getattr(part, name) for name in _names_of(type(part))])


_PLAIN = frozenset({str, int, bool, Fraction, Span, Type, type(None)})
"""What holds no reference, and is met most often."""


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, last first."""
    return tuple(field.name for field in reversed(dataclasses.fields(kind)))


@cache
def _references_of(kind: type) -> tuple[tuple[str, Sort], ...]:
    """The fields of a dataclass that hold a name, with what is named."""
    found = ((name, REFERENCES.get((kind.__name__, name))) for name in reversed(_names_of(kind)))
    return tuple((name, sort) for name, sort in found if sort is not None)


# Other names -----------------------------------------------------------------

Rename = Callable[[Sort, str], str]


def renamed(ruleset: Ruleset, sort: Sort, old: str, new: str) -> Ruleset:
    """The ruleset with one declaration called otherwise, wherever it is named."""

    def rename(found: Sort, name: str) -> str:
        return new if (found, name) == (sort, old) else name

    changed: Ruleset = _mapped(ruleset, rename)
    return dataclasses.replace(changed, tests=tuple(_renamed_test(test, rename) for test in changed.tests))


def _mapped(value: Any, rename: Rename) -> Any:
    if isinstance(value, tuple):
        found = tuple(_mapped(item, rename) for item in value)
        return value if all(one is other for one, other in zip(value, found, strict=True)) else found
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    kind = type(value).__name__
    for field in dataclasses.fields(value):
        before = getattr(value, field.name)
        sort = NAMES.get(kind) if field.name == "name" else None
        sort = sort or REFERENCES.get((kind, field.name))
        if sort is not None and isinstance(before, str):
            after = rename(sort, before)
        else:
            after = _mapped(before, rename)
        if after is not before:
            changed[field.name] = after
    return dataclasses.replace(value, **changed) if changed else value


def _renamed_test(test: Test, rename: Rename) -> Test:
    facts = tuple((rename(Sort.SIGNAL, name), value) for name, value in test.facts)
    tables = tuple((rename(Sort.TABLE, name), rows) for name, rows in test.tables)
    return dataclasses.replace(test, facts=facts, tables=tables)
