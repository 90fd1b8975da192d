"""Concrete accounts: the values worth trying for each input, and what an account looks like to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from healthdsl.checks.reads import all_comparisons
from healthdsl.checks.solve import NEVER, UNTOLD, Solver, Wish
from healthdsl.checks.terms import OTHER, representatives
from healthdsl.explain.words import join_words, plural, show_value
from healthdsl.model.expressions import Aggregate, ColumnValue, Expression, SignalValue
from healthdsl.model.ruleset import Column, RowTable, Ruleset, Signal
from healthdsl.model.types import DATE, Kind, Type

TODAY = date(2026, 3, 31).toordinal()
"""The day of every made account, the one of the examples in the docs."""

Row = Mapping[str, object]
_DAYS = (0, 1, 30, 60, 90, 183, 365, 800)
_NUMBERS = (1, 0, 10, 100, 1000)
_SHARES = (Fraction(1, 2), Fraction(0), Fraction(1))
_MOST_VALUES = 12
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Account:
    """Inputs by signal and rows by table, as the graph has them: numbers float, dates ordinals.

    What is not there is missing, or a table that was not supplied.
    """

    facts: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def having(self, name: str, value: object) -> Account:
        """The same account with another value; None: missing."""
        facts = {key: old for key, old in self.facts.items() if key != name}
        if value is not None:
            facts[name] = typed(value)
        return replace(self, facts=facts)

    def with_rows(self, table: str, rows: Sequence[Row] | None) -> Account:
        tables = {key: old for key, old in self.tables.items() if key != table}
        if rows is not None:
            tables[table] = rows
        return replace(self, tables=tables)


def typed(value: object) -> object:
    """A constant of the model as the graph has it."""
    return float(value) if isinstance(value, Fraction) else value


# What to try -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trials:
    """The values worth trying, by input signal, and the rows, by table; the plainest first."""

    values: Mapping[str, tuple[object, ...]]
    rows: Mapping[str, tuple[Sequence[Row], ...]]


def find_trials(ruleset: Ruleset, solver: Solver) -> Trials:
    constants: dict[Expression, dict[object, None]] = {}
    for term, compared in all_comparisons(ruleset):
        constants.setdefault(term, {}).update(dict.fromkeys(compared))
    days = _days_spoken_of(constants)
    values = {
        signal.name: tuple(_values_of(signal, solver, constants, days))
        for signal in ruleset.signals
        if signal.formula is None
    }
    gathered = _gathered(ruleset, constants)
    rows = {
        table.name: tuple(_rows_of(table, solver, gathered.get(table.name, {}), days))
        for table in ruleset.tables
    }
    return Trials(values, rows)


def _days_spoken_of(constants: Mapping[Expression, Iterable[object]]) -> list[int]:
    """Numbers of days that anything is compared with, and their neighbours, smallest first."""
    found = {
        int(value) + offset
        for term, compared in constants.items()
        if term.type.kind in (Kind.DAYS, Kind.COUNT)
        for value in compared
        if isinstance(value, Fraction) and abs(value) < 100_000
        for offset in (0, 1, -1)
    }
    return sorted(found | set(_DAYS), key=lambda day: (abs(day), -day))[:30]


def _values_of(
    signal: Signal, solver: Solver, constants: Mapping[Expression, Iterable[object]], days: Sequence[int]
) -> Iterator[object]:
    term = SignalValue(signal.name, signal.type)
    compared = tuple(constants.get(term, ()))
    domain = solver.domains.domain(term)
    if signal.type.is_date:
        yield from (TODAY - day for day in days)
        yield from (TODAY + day for day in days[1:])
        return
    if not signal.type.is_numeric:
        found = representatives(term, domain, compared)
        yield from sorted((v for v in found if v is not None), key=lambda v: v == OTHER)
        return
    plain = _SHARES if signal.type.kind is Kind.PERCENT else tuple(map(Fraction, _NUMBERS))
    ends = [end for end in (signal.low, signal.high) if end is not None]
    found = representatives(term, domain, compared)[: 2 * _MOST_VALUES]
    for value in dict.fromkeys([*plain, *found, *ends]):
        if isinstance(value, Fraction) and _is_legal(signal, value):
            yield value


def _is_legal(declared: Signal | Column, value: Fraction) -> bool:
    least = Fraction(0) if declared.type.kind is Kind.COUNT and declared.low is None else declared.low
    return (
        (least is None or least <= value)
        and (declared.high is None or value <= declared.high)
        and (not declared.type.is_whole or value.denominator == 1)
    )


def _gathered(
    ruleset: Ruleset, constants: Mapping[Expression, Iterable[object]]
) -> dict[str, dict[Aggregate, list[int]]]:
    """The aggregates of each table, with the numbers of rows that their values are compared with."""
    found: dict[str, dict[Aggregate, list[int]]] = {}
    for signal in ruleset.signals:
        if isinstance(signal.formula, Aggregate):
            compared = constants.get(SignalValue(signal.name, signal.type), ())
            found.setdefault(signal.formula.table, {})[signal.formula] = _counts(compared)
    for term, compared in constants.items():
        if isinstance(term, Aggregate):
            found.setdefault(term.table, {}).setdefault(term, _counts(compared))
    return found


def _counts(compared: Iterable[object]) -> list[int]:
    whole = {int(value) + more for value in compared if isinstance(value, Fraction) for more in (0, 1)}
    return sorted(number for number in whole | {1} if 0 < number <= _MOST_ROWS)


def _rows_of(
    table: RowTable, solver: Solver, aggregates: Mapping[Aggregate, Sequence[int]], days: Sequence[int]
) -> Iterator[Sequence[Row]]:
    """No rows; then as many as count for each aggregate; then single rows of other ages."""
    yield ()
    for aggregate, counts in aggregates.items():
        row = _row_for(table, solver, aggregate)
        if row is not None:
            yield from ([row] * count for count in counts)
    if table.dated is not None:
        for day in days:
            yield [{**_plain_row(table), table.dated: TODAY - day}]


def _plain_row(table: RowTable) -> dict[str, object]:
    row = {column.name: _plain_cell(column) for column in table.columns if column.formula is None}
    return row if table.dated is None else {**row, table.dated: TODAY}


def _plain_cell(column: Column) -> object:
    type_ = column.type
    if type_.is_date:
        return TODAY
    if type_.is_text:
        return type_.choices[0] if type_.choices else OTHER
    if not type_.is_numeric:
        return True
    plain = [Fraction(1), *(end for end in (column.low, column.high) if end is not None)]
    return next((float(value) for value in plain if _is_legal(column, value)), None)


def _row_for(table: RowTable, solver: Solver, aggregate: Aggregate) -> Row | None:
    """A row that counts; None where none is found."""
    row = _plain_row(table)
    if table.dated is not None and aggregate.window is not None:
        youngest, oldest = aggregate.window.youngest, aggregate.window.oldest
        age = max(0, youngest or 0) if oldest is None or oldest >= 0 else oldest
        row[table.dated] = TODAY - age
    if aggregate.condition is not None:
        found = solver.solve([Wish(aggregate.condition)])
        if found is NEVER or found is UNTOLD:
            return None
        assert not isinstance(found, type(NEVER))
        for term, value in found.items():
            if isinstance(term, ColumnValue) and term.column in row:
                row[term.column] = typed(value)
    return row


# In words --------------------------------------------------------------------


def told(ruleset: Ruleset, account: Account) -> str:
    """`r 1, f 4 and m 4`; `nothing known`."""
    words = [
        f"{signal.name} {_quoted(account.facts[signal.name], signal.type)}"
        for signal in ruleset.signals
        if signal.name in account.facts
    ]
    words += [
        _told_rows(table, account.tables[table.name])
        for table in ruleset.tables
        if table.name in account.tables
    ]
    return join_words(words) or "nothing known"


def _quoted(value: object, type_: Type) -> str:
    shown = show_value(value, type_, 9)
    return f'"{shown}"' if type_.kind is Kind.TEXT else shown


def _told_rows(table: RowTable, rows: Sequence[Row]) -> str:
    if not rows:
        return f"no {table.name}"
    columns = {column.name: column.type for column in table.columns}
    first = ", ".join(
        f"{name} {_quoted(value, columns.get(name, DATE))}"
        for name, value in rows[0].items()
        if value is not None
    )
    return f"{plural(len(rows), 'row')} of {table.name}" + (f" ({first})" if first else "")
