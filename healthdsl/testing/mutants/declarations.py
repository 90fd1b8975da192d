"""Every mutant of a ruleset, in the order of the text.

Those of signals, row columns, levels and flags are made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from healthdsl.diff.say_expressions import say, say_constant, say_number
from healthdsl.model.ruleset import Column, Flag, LevelSet, RowTable, Ruleset, Signal
from healthdsl.source import Source
from healthdsl.testing.mutants.expressions import condition_variations, variations
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.mutant import Line, Mutant, line_of_clause
from healthdsl.testing.mutants.nodes import Met, node_mutants
from healthdsl.testing.mutants.rows import other_points, row_mutants, rows_of_bands
from healthdsl.testing.mutants.steps import tenth
from healthdsl.testing.mutants.swap import swap_flag, swap_level, swap_signal


def mutants_of(ruleset: Ruleset, source: Source) -> list[Mutant]:
    """Every mutant, by line. A line that counts in several places (`like`) is changed in all of them."""
    found: list[Mutant] = []
    for signal in ruleset.signals:
        found += _of_signal(ruleset, signal, source)
    for table in ruleset.tables:
        for column in table.columns:
            found += _of_column(ruleset, table, column)
    for levels in ruleset.levels:
        found += _of_levels(ruleset, levels)
    met = Met()
    for node in ruleset.nodes:
        found += node_mutants(ruleset, node, source, met)
    for bands in ruleset.bands:
        found += row_mutants(ruleset, rows_of_bands(bands.rows), met.again)
    for flag in ruleset.flags:
        found += _of_flag(ruleset, flag)
    return sorted(found, key=lambda mutant: mutant.line)


# Signals and rows -------------------------------------------------------------


def _of_signal(ruleset: Ruleset, signal: Signal, source: Source) -> Iterator[Mutant]:
    line = Line.of(signal)
    if signal.formula is not None:
        for v in variations(signal.formula):
            said = (f"= {say(signal.formula)}", f"= {say(v.expression)}")
            changed = replace(signal, formula=v.expression)
            yield line.changed(v.kind, said, swap_signal(ruleset, signal, changed))
    if signal.expiry is not None:
        expires = line_of_clause(source, signal, "expires")
        yield expires.gone(Kind.EXPIRY, swap_signal(ruleset, signal, replace(signal, expiry=None)))
        for days in (signal.expiry.days + 1, signal.expiry.days - 1):
            changed = replace(signal, expiry=replace(signal.expiry, days=days))
            said = (f"{signal.expiry.days} days", f"{days} days")
            yield expires.changed(Kind.EXPIRY, said, swap_signal(ruleset, signal, changed))
    yield from _of_stand_ins(ruleset, signal, source)


def _of_stand_ins(ruleset: Ruleset, signal: Signal, source: Source) -> Iterator[Mutant]:
    """Of `default` and `divided by zero`."""
    if signal.default is not None:
        line = line_of_clause(source, signal, "default")
        yield line.gone(Kind.DEFAULT, swap_signal(ruleset, signal, replace(signal, default=None)))
        other = _other_value(signal.default)
        if other is not None:
            said = (say_constant(signal.default, signal.type), say_constant(other, signal.type))
            changed = swap_signal(ruleset, signal, replace(signal, default=other))
            yield line.changed(Kind.DEFAULT, (f"default {said[0]}", f"default {said[1]}"), changed)
    if signal.on_zero is not None:
        line = line_of_clause(source, signal, "divided by zero")
        yield line.gone(Kind.DEFAULT, swap_signal(ruleset, signal, replace(signal, on_zero=None)))


def _other_value(value: Fraction | int | str | bool) -> Fraction | int | str | bool | None:
    match value:
        case bool():
            return not value
        case Fraction():
            return value + tenth(value, value)
        case int():
            return value + 1
        case str():
            return None
        case _:
            assert_never(value)


def _of_column(ruleset: Ruleset, table: RowTable, column: Column) -> Iterator[Mutant]:
    if column.formula is None:
        return
    for v in variations(column.formula):
        said = (f"= {say(column.formula)}", f"= {say(v.expression)}")
        changed = replace(column, formula=v.expression)
        columns = tuple(changed if each is column else each for each in table.columns)
        tables = tuple(replace(table, columns=columns) if each is table else each for each in ruleset.tables)
        yield Line.of(column).changed(v.kind, said, replace(ruleset, tables=tables))


# Levels and flags -------------------------------------------------------------


def _of_levels(ruleset: Ruleset, levels: LevelSet) -> Iterator[Mutant]:
    points = [abs(level.points) for level in levels.levels if level.points is not None]
    scale = max(points, default=Fraction(0))
    for level in levels.levels:
        if level.points is not None:
            other = other_points(level.points, scale)
            said = (f"{level.name} {say_number(level.points)}", f"{level.name} {say_number(other)}")
            changed = swap_level(ruleset, levels, level, replace(level, points=other))
            yield Line.of(level).changed(Kind.POINTS, said, changed)


def _of_flag(ruleset: Ruleset, flag: Flag) -> Iterator[Mutant]:
    for v in condition_variations(flag.condition):
        said = (f"when {say(flag.condition)}", f"when {say(v.expression)}")
        changed = swap_flag(ruleset, flag, replace(flag, condition=v.expression))
        yield Line.of(flag).changed(v.kind, said, changed)
