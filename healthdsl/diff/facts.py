"""Signals, tables of rows and levels: what is told of each of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from healthdsl.diff import change
from healthdsl.diff.change import Effect
from healthdsl.diff.say_expressions import say, say_constant, say_number
from healthdsl.diff.say_lines import say_type
from healthdsl.diff.sequences import Words, by_key, merge_sequence
from healthdsl.diff.walk import Teller, Walk, code, goes, now, quoted
from healthdsl.explain.words import join_words, show_value
from healthdsl.model.expressions import Aggregate, Expression
from healthdsl.model.ruleset import Column, Expiry, Level, LevelSet, RowTable, Signal
from healthdsl.model.types import DAYS, Kind, Type

LONG = 70
"""In characters: a longer formula is told by the piece of it that changed, where there is one."""

TITLE = goes("the title", Effect.EXPLANATION, quoted)


def merge_signal(walk: Walk, before: Signal, after: Signal) -> Signal:
    """Both versions of a signal as one."""
    if before.better is not after.better:
        was, is_now = (side.better or "not said" for side in (before, after))
        said = f"which values are better goes from {was} to {is_now}"
        walk.note(change.Kind.CHANGED, Effect.COSMETIC, said)
    tellers = input_tellers(after.type, before.type)
    if before.formula is not None and after.formula is not None:
        # Nothing is read for a formula: what stands there follows from the name.
        tellers = {**tellers, "column": lambda _walk, _old, new: new}
    return walk.fields(before, after, tellers)


def merge_column(walk: Walk, before: Column, after: Column) -> Column:
    with walk.within(f"for the column {after.name}, "):
        return walk.fields(before, after, input_tellers(after.type, before.type))


def input_tellers(kind: Type, was: Type) -> Mapping[str, Teller]:
    """What is told of a signal or column of a type."""
    return {
        "name": goes("the name", Effect.EXPLANATION, code),
        "type": _tell_type,
        "title": TITLE,
        "column": now(
            Effect.SCORE, lambda old, new: f"it is read from the column {code(new)} instead of {code(old)}"
        ),
        "formula": _tell_formula,
        "low": goes("the lowest legal value", Effect.SCORE, lambda value: _limit(value, kind)),
        "high": goes("the highest legal value", Effect.SCORE, lambda value: _limit(value, kind)),
        "scale": now(
            Effect.SCORE,
            lambda old, new: (
                f"45 in the data counts as {show_value(45 * new, kind, 9)} "
                f"instead of {show_value(45 * old, was, 9)}"
            ),
        ),
        "absent": goes(
            "what stands for a missing value",
            Effect.SCORE,
            lambda values: join_words([code(say_stored(value, kind)) for value in values]) or "nothing",
        ),
        "fixed": now(
            Effect.EXPLANATION,
            lambda _, new: (
                "nobody can move it, so reports leave it out of what would move the score"
                if new
                else "reports tell again what it would have to be to move the score"
            ),
        ),
        "expiry": now(Effect.SCORE, lambda old, new: f"it {_expiry(new)} (before: it {_expiry(old)})"),
        "default": now(
            Effect.SCORE,
            lambda old, new: f"a missing value {_stand_in(new, kind)} (before: it {_stand_in(old, was)})",
        ),
        "on_zero": goes(
            "what a division by zero gives",
            Effect.SCORE,
            lambda value: "nothing" if value is None else say_constant(value, kind),
        ),
    }


def _tell_type(walk: Walk, old: Type, new: Type) -> Type:
    if old.kind is new.kind is Kind.CATEGORY:
        more = [choice for choice in new.choices if choice not in old.choices]
        less = [choice for choice in old.choices if choice not in new.choices]
        said = [f"{_listed(more, new)} can be its value now"] * bool(more)
        said += [f"{_listed(less, old)} can no longer be its value"] * bool(less)
        if not said:
            return walk.pick(Effect.EXPLANATION, "its values are listed in another order", old, new)
        return walk.pick(Effect.SCORE, ", and ".join(said), old, new)
    effect = Effect.EXPLANATION if old.kind is new.kind else Effect.SCORE
    return walk.pick(effect, f"the type goes from {code(say_type(old))} to {code(say_type(new))}", old, new)


def _listed(choices: list[str], kind: Type) -> str:
    return join_words([code(say_constant(choice, kind)) for choice in choices])


def _tell_formula(walk: Walk, old: Expression | None, new: Expression | None) -> Expression | None:
    if old is None or new is None:
        said = "it is read from the data now"
        if new is not None:
            said = f"it is worked out as {code(say(new))} now, and no longer read from the data"
        elif old is not None:
            said += f", and no longer worked out as {code(say(old))}"
        return walk.pick(Effect.SCORE, said, old, new)
    return walk.pick(Effect.SCORE, from_to("the formula", old, new), old, new)


def from_to(what: str, old: Expression, new: Expression) -> str:
    """How an expression changed: whole, or where it is long the piece that differs."""
    one, other = say(old), say(new)
    if one == other:
        return f"{what} {code(one)} means something else, as what it reads has changed"
    if isinstance(old, Aggregate) and isinstance(new, Aggregate) and _only_window(old, new):
        return f"rows are gathered by {code(other)} instead of {code(one)}"
    if max(len(one), len(other)) <= LONG:
        return f"{what} goes from {code(one)} to {code(other)}"
    inner_old, inner_new = narrowed(old, new)
    return f"in {what}, {code(say(inner_old))} becomes {code(say(inner_new))}"


def _only_window(old: Aggregate, new: Aggregate) -> bool:
    return old.window != new.window and (old.gather, old.table) == (new.gather, new.table)


def narrowed(old: Expression, new: Expression) -> tuple[Expression, Expression]:
    """The smallest conditions or terms in which two expressions differ."""
    from healthdsl.graph.reading import operands_of

    while type(old) is type(new) and not isinstance(old, Aggregate):
        one, other = operands_of(old), operands_of(new)
        unlike = [k for k, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
        if len(one) != len(other) or len(unlike) != 1 or not operands_of(one[unlike[0]]):
            break
        old, new = one[unlike[0]], other[unlike[0]]
    return old, new


def say_stored(value: Fraction | int | str, kind: Type) -> str:
    """A value as the data has it."""
    return say_number(value) if isinstance(value, Fraction) else say_constant(value, kind)


def _limit(value: Fraction | None, kind: Type) -> str:
    return "none" if value is None else say_constant(value, kind)


def _expiry(expiry: Expiry | None) -> str:
    if expiry is None:
        return "does not expire"
    return f"expires {show_value(expiry.days, DAYS)} after {expiry.after}"


def _stand_in(value: Any, kind: Type) -> str:
    return "stays missing" if value is None else f"counts as {say_constant(value, kind)}"


# Rows ------------------------------------------------------------------------


def merge_table(walk: Walk, before: RowTable, after: RowTable) -> RowTable:
    return walk.fields(before, after, TABLE)


def _merge_columns(walk: Walk, old: tuple[Column, ...], new: tuple[Column, ...]) -> tuple[Column, ...]:
    words = Words(
        merge_column,
        lambda column: f"the column {column.name} is added",
        lambda column: f"the column {column.name} is removed",
        None,
        Effect.EXPLANATION,
    )
    return merge_sequence(walk, old, new, by_key(old, new, lambda column: column.name), words)


TABLE: Mapping[str, Teller] = {
    "name": goes("the name", Effect.SCORE, code),
    "title": TITLE,
    "dated": goes(
        "the column with the date of a row", Effect.SCORE, lambda name: "none" if name is None else code(name)
    ),
    "columns": _merge_columns,
}


# Levels ----------------------------------------------------------------------


def merge_level_set(walk: Walk, before: LevelSet, after: LevelSet) -> LevelSet:
    return walk.fields(before, after, LEVEL_SET)


def merge_level(walk: Walk, before: Level, after: Level) -> Level:
    return walk.fields(before, after, level_tellers(after.name))


def level_tellers(name: str) -> Mapping[str, Teller]:
    """What is told of a level or band."""
    return {
        "name": goes("the name", Effect.SCORE, code),
        "label": goes(f"the label of {name}", Effect.EXPLANATION, quoted),
        "colour": goes(f"the colour of {name}", Effect.EXPLANATION, lambda colour: colour or "none"),
        "points": goes(
            f"what {name} is worth",
            Effect.SCORE,
            lambda points: "no points" if points is None else f"{say_number(points)} points",
        ),
    }


def merge_levels(walk: Walk, old: tuple[Level, ...], new: tuple[Level, ...]) -> tuple[Level, ...]:
    """The words of a level set; their order is that of reports."""
    words = Words(
        merge_level,
        lambda level: f"the level {level.name} is added",
        lambda level: f"the level {level.name} is removed",
        lambda level, behind: f"{level.name} is listed {_before(behind)}",
        Effect.EXPLANATION,
        Effect.EXPLANATION,
    )
    return merge_sequence(walk, old, new, by_key(old, new, lambda level: level.name), words)


def _before(level: Level | None) -> str:
    return "last" if level is None else f"before {level.name}"


LEVEL_SET: Mapping[str, Teller] = {
    "name": goes("the name", Effect.EXPLANATION, code),
    "levels": merge_levels,
}
