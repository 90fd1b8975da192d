"""Declarations that are called otherwise and are the same: found where there is only one way to read it.

A declaration that is gone and one that is new are one when nothing but the name (with what follows from it)
differs, and no other pair could be meant. An input has little to be known by: it must be used in the same
place, or be read from the same column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from healthdsl.diff.references import Declaration, Sort, declared, references, renamed
from healthdsl.model.meaning import meaning, written
from healthdsl.model.ruleset import Bands, Flag, LevelSet, RowTable, RuleNode, Ruleset, Signal

# Rows are given by name with the accounts: a table of another name is another table.
_SORTS = (Sort.LEVELS, Sort.SIGNAL, Sort.NODE, Sort.FLAG)


@dataclass(frozen=True, slots=True)
class Renamed:
    """`old` is called `new` now."""

    sort: Sort
    old: str
    new: str


def find_renames(old: Ruleset, new: Ruleset) -> tuple[tuple[Renamed, ...], Ruleset]:
    """What was renamed, and the old ruleset with the new names."""
    found: list[Renamed] = []
    searching = True
    while searching:
        searching = False
        for sort in _SORTS:
            for rename in _of_sort(sort, old, new):
                old = renamed(old, sort, rename.old, rename.new)
                found.append(rename)
                searching = True
    return tuple(found), old


def _of_sort(sort: Sort, old: Ruleset, new: Ruleset) -> list[Renamed]:
    before, after = declared(old, sort), declared(new, sort)
    gone = {name: _shape(each) for name, each in before.items() if name not in after}
    come = {name: _shape(each) for name, each in after.items() if name not in before}
    if not gone or not come:
        return []
    lost, won = Counter(gone.values()), Counter(come.values())
    found = []
    for name, shape in gone.items():
        if (lost[shape], won[shape]) != (1, 1):
            continue
        other = next(each for each, its in come.items() if its == shape)
        if not _needs_proof(before[name]) or _is_proven(name, other, old, new):
            found.append(Renamed(sort, name, other))
    return found


def _shape(declaration: Declaration) -> str:
    """All but the name and what follows from it."""
    match declaration:
        case Signal():
            return _written(replace(declaration, name="", title="", column=""))
        case RuleNode() | RowTable() | Flag():
            return _written(replace(declaration, name="", title=""))
        case LevelSet():
            return _written(replace(declaration, name=""))
        case Bands():
            return _written(declaration)


def _written(value: object) -> str:
    return written(meaning(value))


def _needs_proof(declaration: Declaration) -> bool:
    return isinstance(declaration, Signal) and declaration.formula is None


def _is_proven(name: str, other: str, old: Ruleset, new: Ruleset) -> bool:
    one, two = declared(old, Sort.SIGNAL)[name], declared(new, Sort.SIGNAL)[other]
    assert isinstance(one, Signal)
    assert isinstance(two, Signal)
    return one.column == two.column or bool(set(_users(name, old)) & set(_users(other, new)))


def _users(signal: str, ruleset: Ruleset) -> Iterator[str]:
    """The declarations that read a signal. A measure may be called as its signal, and be renamed with it."""
    for sort in Sort:
        for name, declaration in declared(ruleset, sort).items():
            if (Sort.SIGNAL, signal) in references(declaration):
                yield f"{sort} {'' if name == signal else name}"
