"""What of a model makes a difference: its canonical form, in which equal meaning is equal.

In: a Ruleset or any part of one. Out: lists, mappings and texts that `json` can write. Left out are places
and source wording, tests, the types of expressions (they follow from the declarations), whatever has its
default, and the order of what has no order: declarations, columns, `and` and `or`, keys, and rows of which at
most one can fit.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.grids import OTHERWISE
from healthdsl.model.ruleset import Cell, EdgeRung, Rest, Row, Side, Table, TableKind, When

Form = list["Form"] | dict[str, "Form"] | str

UNORDERED = frozenset(
    {
        ("Ruleset", "signals"),
        ("Ruleset", "tables"),
        ("Ruleset", "levels"),
        ("Ruleset", "nodes"),
        ("Ruleset", "bands"),
        ("Ruleset", "flags"),
        ("RowTable", "columns"),
        ("Bands", "bands"),
        ("And", "operands"),
        ("Or", "operands"),
        ("CountTrue", "conditions"),
        ("Member", "choices"),
        ("Keys", "values"),
        ("WeightCase", "keys"),
    }
)
"""Fields whose items mean the same in any order."""

SAID_ELSEWHERE = frozenset({("Missing", "written")})
"""Fields that tell how something was written, and nothing more."""

_EXPRESSIONS = Expression.__args__
_FAR = Fraction(10) ** 30


def meaning(value: object) -> Form:
    """The canonical form; TypeError for what no ruleset holds."""
    match value:
        case tuple() | list():
            return [meaning(item) for item in value]
        case Enum():
            return ["enum", type(value).__name__, str(value.value)]
        case None | bool() | int() | str():
            return [type(value).__name__, str(value)]
        case Fraction():
            return ["number", str(value)]
        case Table():
            kept = dataclasses.replace(value, rows=settled_rows(value.kind, value.rows))
            return _of_fields(kept)
        case _:
            if not dataclasses.is_dataclass(value) or isinstance(value, type):
                raise TypeError(f"a ruleset holds no {type(value).__name__}")
            return _of_fields(value)


def same(one: object, other: object) -> bool:
    """Whether two parts of rulesets mean the same."""
    return one == other or meaning(one) == meaning(other)


def written(form: Form) -> str:
    """A canonical form as one line of ASCII."""
    return json.dumps(form, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def _of_fields(value: object) -> Form:
    """The fields that count and do not have their default, by name."""
    name = type(value).__name__
    form: dict[str, Form] = {"": name}
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        if not field.compare or (name, field.name) in SAID_ELSEWHERE:
            continue
        if field.name == "type" and isinstance(value, _EXPRESSIONS):
            continue
        found = getattr(value, field.name)
        if field.default is not dataclasses.MISSING and found == field.default:
            continue
        if name == "Bands" and field.name == "rows":
            found = settled_bands(found)
        inner = meaning(found)
        if (name, field.name) in UNORDERED and isinstance(inner, list):
            inner = sorted(inner, key=written)
        form[field.name] = inner
    return form


# Rows whose order says nothing -----------------------------------------------


def settled_rows(kind: TableKind, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows in one order for all orders that mean the same: `when` rows as written, then rungs, keys or
    points (sorted where at most one can fit), then `otherwise` and `missing`.
    """
    first = [row for row in rows if isinstance(row.key, When)]
    last = [row for row in rows if isinstance(row.key, Rest)]
    between = [row for row in rows if not isinstance(row.key, When | Rest)]
    if kind is TableKind.GRID:
        between = _settled_cells(between)
    elif order_is_free(kind, between):
        between = _sorted(between)
    return (*first, *between, *_sorted(last))


def settled_bands(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Bands are tried as they are written up to their last `when` row; from there on they are a ladder."""
    tried = [row for row in rows if not isinstance(row.key, Rest)]
    end = max((at for at, row in enumerate(tried, 1) if isinstance(row.key, When)), default=0)
    below = [*tried[end:], *(row for row in rows if isinstance(row.key, Rest))]
    return (*tried[:end], *settled_rows(TableKind.LADDER, below))


def order_is_free(kind: TableKind, rows: Sequence[Row]) -> bool:
    """Whether rungs, keys or points give the same in any order, as at most one of them fits a value."""
    match kind:
        case TableKind.LOOKUP | TableKind.CURVE:
            return True
        case TableKind.FIRST_MATCH | TableKind.GRID:
            return False  # of a grid each side by itself may be free
        case TableKind.LADDER:
            return _are_apart(row.key for row in rows if isinstance(row.key, EdgeRung))


def is_free(sides: Iterable[Side]) -> bool:
    """Whether at most one row, or column, of a grid fits a value."""
    rungs = [side.test for side in dict.fromkeys(sides) if isinstance(side.test, EdgeRung)]
    return len(rungs) < 2 or _are_apart(rungs)


def _settled_cells(rows: Sequence[Row]) -> list[Row]:
    """The cells row by row, rows and columns sorted where at most one can fit; `otherwise` last."""
    cells = [(row, row.key) for row in rows if isinstance(row.key, Cell)]
    down = _places_of([cell.row for _, cell in cells])
    across = _places_of([cell.column for _, cell in cells])
    return [row for row, _ in sorted(cells, key=lambda each: (down[each[1].row], across[each[1].column]))]


def _places_of(sides: Sequence[Side]) -> dict[Side, int]:
    listed = list(dict.fromkeys(sides))
    if is_free(listed):
        listed.sort(key=lambda side: (side.test == OTHERWISE, written(meaning(side.test))))
    return {side: place for place, side in enumerate(listed)}


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: written(meaning(row.key)))


def _are_apart(rungs: Iterable[EdgeRung]) -> bool:
    """Whether no value is on two rungs; rungs with edges that are no constants count as if there were one."""
    ranges = []
    for rung in rungs:
        low, high = _edge(rung.low, -_FAR), _edge(rung.high, _FAR)
        if low is None or high is None:
            return False
        ranges.append((low, high, rung))
    ranges.sort(key=lambda each: (each[0], each[1]))
    return all(
        one[1] < other[0] or (one[1] == other[0] and not (one[2].high_included and other[2].low_included))
        for one, other in pairwise(ranges)
    )


def _edge(bound: Expression | None, end: Fraction) -> Fraction | None:
    if bound is None:
        return end
    if isinstance(bound, Constant) and isinstance(bound.value, Fraction | int):
        return Fraction(bound.value)
    return None
