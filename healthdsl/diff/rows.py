"""Tables: the rows of measures, groups, scores and bands, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from healthdsl.diff.change import Effect
from healthdsl.diff.facts import from_to
from healthdsl.diff.say_lines import say_body, say_key, say_result, say_row, subject_type
from healthdsl.diff.sequences import Words, by_likeness, merge_sequence
from healthdsl.diff.walk import Teller, Walk, code, now, quoted
from healthdsl.model.meaning import meaning, order_is_free, written
from healthdsl.model.ruleset import CurvePoint, EdgeRung, Key, Keys, Rest, Row, Table, TableKind, When
from healthdsl.model.types import Type


def merge_body_table(walk: Walk, before: Table, after: Table) -> Table:
    """Both versions of a table as one; another kind of table is told as a whole."""
    if before.kind is not after.kind:
        said = f"it is worked out by {say_body(after)} instead of {say_body(before)}"
        return walk.pick(Effect.SCORE, said, before, after)
    return walk.fields(before, after, table_tellers(before, after))


def table_tellers(before: Table, after: Table) -> Mapping[str, Teller]:
    kinds = (subject_type(before), subject_type(after))
    return {
        "kind": now(Effect.SCORE, lambda old, new: f"it is a {new.value} instead of a {old.value}"),
        "subject": now(Effect.SCORE, lambda old, new: from_to("what the table is about", old, new)),
        "rows": lambda walk, old, new: merge_rows(walk, old, new, after.kind, kinds),
    }


def merge_rows(
    walk: Walk, old: Sequence[Row], new: Sequence[Row], kind: TableKind, types: tuple[Type, Type]
) -> tuple[Row, ...]:
    """`when` rows, then rungs, keys or points, then `otherwise` and `missing`: so they are tried, too. Order
    is told where it says something.
    """
    was, is_now = types
    ordered = Words[Row](
        lambda walk, before, after: walk.fields(before, after, row_tellers(before, types)),
        lambda row: f"the row {code(say_row(row, is_now))} is added",
        lambda row: f"the row {code(say_row(row, was))} is removed",
        lambda row, behind: f"the row {code(say_key(row.key, is_now))} is tried {_place(behind, is_now)}",
    )
    unordered = replace(ordered, moved=None)
    found: list[Row] = []
    for asked in (When, EdgeRung | Keys | CurvePoint, Rest):
        one, other = ([row for row in rows if isinstance(row.key, asked)] for rows in (old, new))
        is_free = asked is Rest
        if asked not in (When, Rest):
            is_free = order_is_free(kind, one) and order_is_free(kind, other)
        pairs = by_likeness(one, other, LIKENESS)
        found += merge_sequence(walk, one, other, pairs, unordered if is_free else ordered)
    return tuple(found)


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
