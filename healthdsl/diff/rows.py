"""Tables: the rows of measures, groups, scores and bands, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from healthdsl.diff.change import Effect
from healthdsl.diff.facts import from_to
from healthdsl.diff.grids import merge_cells
from healthdsl.diff.say_lines import say_body, say_key, say_result, say_row, subject_type
from healthdsl.diff.sequences import Words, by_likeness, merge_sequence
from healthdsl.diff.walk import Teller, Walk, code, goes, now, quoted
from healthdsl.model.meaning import meaning, order_is_free, same, written
from healthdsl.model.ruleset import (
    Cell,
    CurvePoint,
    Distribution,
    Key,
    Keys,
    Rest,
    Row,
    Table,
    TableKind,
    When,
)
from healthdsl.model.types import NUMBER, Type


def merge_body_table(walk: Walk, before: Table, after: Table) -> Table:
    """Both versions of a table as one; another kind of table is told as a whole."""
    if before.kind is not after.kind:
        said = f"it is worked out by {say_body(after)} instead of {say_body(before)}"
        return walk.pick(Effect.SCORE, said, before, after)
    if before.ranks_in is not None and after.ranks_in is not None:
        return _merge_ranks(walk, before, after)
    if before.kind is TableKind.GRID:
        return _merge_grids(walk, before, after)
    return walk.fields(before, after, table_tellers(before, after))


def _merge_grids(walk: Walk, before: Table, after: Table) -> Table:
    """A table of two keys: its cells, and what stands above and below them."""
    if not same(before.subjects, after.subjects):
        said = f"it is worked out by {say_body(after)} instead of {say_body(before)}"
        return walk.pick(Effect.SCORE, said, before, after)
    others = [[row for row in table.rows if not isinstance(row.key, Cell)] for table in (before, after)]
    above, _, below = _segments(merge_rows(walk, others[0], others[1], after.kind, (NUMBER, NUMBER)))
    return replace(after, rows=(*above, *merge_cells(walk, before, after), *below))


def _merge_ranks(walk: Walk, before: Table, after: Table) -> Table:
    """A curve that is a distribution: its points are told in one sentence."""
    found = after
    if not same(before.rows, after.rows):
        said = f"the distribution {_ranks(after)} has other values than {_ranks(before)}"
        found = walk.pick(Effect.SCORE, said, before, after)
    told = walk.fields(replace(before, rows=after.rows), after, table_tellers(before, after))
    return replace(told, rows=found.rows)


def _ranks(table: Table) -> str:
    ranked = table.ranks_in
    if ranked is None:
        return "none"
    day = f" of {date.fromordinal(ranked.day).isoformat()}" if ranked.day is not None else ""
    return f"{ranked.name}{day}"


def table_tellers(before: Table, after: Table) -> Mapping[str, Teller]:
    kinds = (subject_type(before), subject_type(after))
    return {
        "kind": now(Effect.SCORE, lambda old, new: f"it is a {new.value} instead of a {old.value}"),
        "subject": now(Effect.SCORE, lambda old, new: from_to("what the table is about", old, new)),
        "ranks_in": _tell_ranks,
        "rows": lambda walk, old, new: merge_rows(walk, old, new, after.kind, kinds),
    }


def _tell_ranks(walk: Walk, old: Distribution | None, new: Distribution | None) -> Distribution | None:
    if old is None or new is None:
        said = "it gives points, and no longer the rank in a distribution"
        if new is not None:
            said = f"its points are the rank in the distribution {new.name} now"
        return walk.pick(Effect.SCORE, said, old, new)
    return walk.fields(old, new, DISTRIBUTION)


DISTRIBUTION: Mapping[str, Teller] = {
    "name": goes("the name of the distribution", Effect.EXPLANATION, code),
    "title": goes("the title of the distribution", Effect.EXPLANATION, quoted),
    "day": goes(
        "the day of the distribution",
        Effect.EXPLANATION,
        lambda day: "none" if day is None else date.fromordinal(day).isoformat(),
    ),
}


def merge_rows(
    walk: Walk, old: Sequence[Row], new: Sequence[Row], kind: TableKind, types: tuple[Type, Type]
) -> tuple[Row, ...]:
    """`when` rows, then rungs, keys or points, then `otherwise` and `missing`: so they are tried, too. Order
    is told where it says something.
    """
    return _merge_segments(walk, [_segments(old), _segments(new)], kind, types)


def merge_bands(walk: Walk, old: Sequence[Row], new: Sequence[Row]) -> tuple[Row, ...]:
    """Bands are tried as they are written up to their last `when` row; from there on they are a ladder."""
    return _merge_segments(walk, [_banded(old), _banded(new)], TableKind.LADDER, (NUMBER, NUMBER))


Segments = tuple[Sequence[Row], Sequence[Row], Sequence[Row]]
"""Rows that are tried one after another, rows of which one fits or the first counts, and what catches all."""


def _segments(rows: Sequence[Row]) -> Segments:
    first = [row for row in rows if isinstance(row.key, When)]
    between = [row for row in rows if not isinstance(row.key, When | Rest)]
    return first, between, [row for row in rows if isinstance(row.key, Rest)]


def _banded(rows: Sequence[Row]) -> Segments:
    tried = [row for row in rows if not isinstance(row.key, Rest)]
    end = max((at for at, row in enumerate(tried, 1) if isinstance(row.key, When)), default=0)
    return tried[:end], tried[end:], [row for row in rows if isinstance(row.key, Rest)]


def _merge_segments(
    walk: Walk, sides: Sequence[Segments], kind: TableKind, types: tuple[Type, Type]
) -> tuple[Row, ...]:
    was, is_now = types
    ordered = Words[Row](
        lambda walk, before, after: walk.fields(before, after, row_tellers(before, types)),
        lambda row: f"the row {code(say_row(row, is_now))} is added",
        lambda row: f"the row {code(say_row(row, was))} is removed",
        lambda row, behind: f"the row {code(say_key(row.key, is_now))} is tried {_place(behind, is_now)}",
    )
    unordered = replace(ordered, moved=None)
    free = all(order_is_free(kind, side[1]) for side in sides)
    found: list[Row] = []
    for old, new, is_free in zip(*sides, (False, free, True), strict=True):
        pairs = by_likeness(old, new, LIKENESS)
        merged = merge_sequence(walk, old, new, pairs, unordered if is_free else ordered)
        found += sorted(merged, key=_along)
    return tuple(found)


def _along(row: Row) -> Fraction:
    """Points of a curve stand from left to right; other rows stay as they are."""
    return row.key.at if isinstance(row.key, CurvePoint) else Fraction(0)


def row_tellers(before: Row, types: tuple[Type, Type]) -> Mapping[str, Teller]:
    """What is told of a row. It is called by what it asked before."""
    row = f"the row {code(say_key(before.key, types[0]))}"
    return {
        "key": now(Effect.SCORE, lambda old, new: _asks(row, old, new, types)),
        "result": now(
            Effect.SCORE, lambda old, new: f"{row} gives {say_result(new)} instead of {say_result(old)}"
        ),
        "reason": now(
            Effect.EXPLANATION,
            lambda old, new: f"the reason of {row} goes from {quoted(old)} to {quoted(new)}",
        ),
        "code": now(
            Effect.EXPLANATION,
            lambda old, new: f"the code of {row} goes from {old or 'none'} to {new or 'none'}",
        ),
    }


def _asks(row: str, old: Key, new: Key, types: tuple[Type, Type]) -> str:
    one, other = say_key(old, types[0]), say_key(new, types[1])
    if one == other:
        return f"{row} means something else, as what it reads has changed"
    if isinstance(old, Keys) and isinstance(new, Keys):
        return f"{row} is for {code(other)} now"
    return f"{row} becomes {code(other)}"


def _place(behind: Row | None, kind: Type) -> str:
    return "last" if behind is None else f"before {code(say_key(behind.key, kind))}"


# What makes two rows one -----------------------------------------------------


def _all_of(row: Row) -> str:
    return written(meaning(row))


def _key_of(row: Row) -> str | None:
    return written(meaning(row.key))


def _outcome_of(row: Row) -> str | None:
    if isinstance(row.key, Rest) or row.reason is None:
        return None
    return written(meaning((type(row.key).__name__, row.result, row.reason)))


def _reason_of(row: Row) -> str | None:
    return (
        None if row.reason is None or isinstance(row.key, Rest) else f"{type(row.key).__name__} {row.reason}"
    )


def _result_of(row: Row) -> str | None:
    """Rows that ask alike and give the same; curves are known by where their points are."""
    if isinstance(row.key, Rest | CurvePoint):
        return None
    return written(meaning((type(row.key).__name__, row.result)))


def _catch_all(row: Row) -> str | None:
    """`otherwise` that became `otherwise or missing`."""
    return "otherwise" if isinstance(row.key, Rest) and row.key.otherwise else None


LIKENESS = (_all_of, _key_of, _outcome_of, _reason_of, _result_of, _catch_all)
