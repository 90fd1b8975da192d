"""Accounts to tell two rulesets apart by: those of the tests, and a thousand and more at the edges.

Made in five ways, all of them the same at every run: an account of a test with one value changed; with one
value changed so that something worked out from it comes to an edge exactly; with other rows; with rows at the
edges of windows; with several values changed at random.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from healthdsl.graph.evaluate import Row
from healthdsl.graph.graph import Graph, InputField, TableField
from healthdsl.graph.primitives import Primitive
from healthdsl.testing.mutants.columns import Case, Columns, Numbering
from healthdsl.testing.mutants.trials import Trials, around, constants_beside, find_trials, is_legal

BASES = 6
SINGLE = 600
AIMED = 700
ROWS = 400
EDGES = 400
RANDOM = 1000
_ROUNDS = 4
_MOST_INPUTS = 4  # of what is aimed at: more are left to chance
_MOST_KINDS, _MOST_AGES, _MOST_COUNTS = 6, 15, 5
_SEED = 20260331


@dataclass(frozen=True, slots=True)
class Pool:
    """`cases` begin with the accounts of the tests, `tests` of them."""

    cases: tuple[Case, ...]
    tests: int


def make_pool(graph: Graph, numbering: Numbering, tests: Sequence[Case], today: int) -> Pool:
    """The accounts to try for a graph."""
    blank = Case({}, {}, next((case.today for case in tests), today))
    trials = find_trials(graph, tests, blank.today or today)
    bases = [*_diverse(tests), blank, _plain(blank, trials)]
    chance = random.Random(_SEED)  # noqa: S311 -- not a secret
    made = [
        *_thinned(list(_single(bases, trials)), SINGLE, chance),
        *_thinned(list(_aimed(graph, numbering, bases)), AIMED, chance),
        *_thinned([case for base in bases for case in _with_rows(graph, base, trials, tests)], ROWS, chance),
        *_thinned(list(_at_edges_of_windows(graph, bases[0], trials)), EDGES, chance),
        *_at_random(graph, [*tests, *bases], trials, chance),
    ]
    chance.shuffle(made)  # so that the first of them are of all ways
    return Pool((*tests, *made), len(tests))


def _diverse(tests: Sequence[Case]) -> list[Case]:
    """The accounts of which most is known, not all alike."""
    ranked = sorted(tests, key=lambda case: -sum(v is not None for v in case.inputs.values()))
    found: dict[tuple[object, ...], Case] = {}
    for case in ranked:
        found.setdefault(tuple(sorted((k, str(v)) for k, v in case.inputs.items())), case)
    return list(found.values())[:BASES]


def _plain(blank: Case, trials: Trials) -> Case:
    """Everything known, the first value of each."""
    return replace(blank, inputs={name: values[0] for name, values in trials.inputs.items()})


def _thinned(cases: list[Case], most: int, chance: random.Random) -> list[Case]:
    return cases if len(cases) <= most else chance.sample(cases, most)


# One value --------------------------------------------------------------------


def _single(bases: Sequence[Case], trials: Trials) -> Iterator[Case]:
    for base in bases:
        for name, values in trials.inputs.items():
            for value in values:
                if base.inputs.get(name) != value:
                    yield having(base, name, value)


def having(case: Case, name: str, value: object) -> Case:
    return replace(case, inputs={**case.inputs, name: value})


# One value so that another comes to an edge -----------------------------------


def _aimed(graph: Graph, numbering: Numbering, bases: Sequence[Case]) -> Iterator[Case]:
    """Secants from two values of an input to where what is worked out from it has the value of an edge."""
    numbers = numbering.numbers(graph)
    fields = {field.name: field for field in graph.inputs if field.type.is_numeric or field.type.is_date}
    aims: dict[int, dict[float, None]] = {}
    for subject, constant in constants_beside(graph):
        if graph.ops[subject].primitive is not Primitive.INPUT and graph.ops[subject].type.is_numeric:
            whole = graph.ops[subject].type.is_whole
            aims.setdefault(subject, {}).update(dict.fromkeys(around(constant, whole=whole)))
    for subject, targets in aims.items():
        reads = _inputs_behind(graph, subject)
        if len(reads) <= _MOST_INPUTS:
            for name in reads:
                if name in fields:
                    yield from _secants(numbering, numbers[subject], fields[name], bases, tuple(targets))


def _inputs_behind(graph: Graph, at: int) -> list[str]:
    """The inputs that an operation of the account depends on."""
    seen, stack = {at}, [at]
    found: set[str] = set()
    while stack:
        op = graph.ops[stack.pop()]
        if op.primitive is Primitive.INPUT:
            found.add(str(op.value))
        for operand in op.operands:
            if operand >= 0 and operand not in seen:
                seen.add(operand)
                stack.append(operand)
    return sorted(found)


def _secants(
    numbering: Numbering, number: int, field: InputField, bases: Sequence[Case], targets: Sequence[float]
) -> Iterator[Case]:
    runs = [(base, target) for base in bases for target in targets]
    olds = [_start(base, field) for base, _ in runs]
    news = [old + 1 for old in olds]
    at_old = _values(numbering, number, field, runs, olds)
    for _ in range(_ROUNDS):
        at_new = _values(numbering, number, field, runs, news)
        for k, (_, target) in enumerate(runs):
            f_old, f_new = at_old[k], at_new[k]
            if f_old is None or f_new is None or f_new == f_old or abs(f_new - target) < 1e-12:
                continue
            step = (target - f_new) * (news[k] - olds[k]) / (f_new - f_old)
            if math.isfinite(step) and abs(step) < 1e12:
                olds[k], at_old[k], news[k] = news[k], f_new, news[k] + step
    for (base, _), end in zip(runs, news, strict=True):
        ends = (
            {math.floor(end), math.ceil(end)}
            if field.type.is_whole or field.type.is_date
            else {round(end, 9)}
        )
        for value in sorted(ends):
            typed = int(value) if field.type.is_date else float(value)
            if (field.type.is_date and 1 <= typed <= 3_650_000) or is_legal(field, typed):
                yield having(base, field.name, typed)


def _start(base: Case, field: InputField) -> float:
    value = base.inputs.get(field.name)
    if isinstance(value, int | float):
        return float(value)
    if field.type.is_date:
        return float(base.today or 0)
    return field.low if field.low is not None else 10.0


def _values(
    numbering: Numbering,
    number: int,
    field: InputField,
    runs: Sequence[tuple[Case, float]],
    values: Sequence[float],
) -> list[float | None]:
    whole = field.type.is_date
    cases = [
        having(base, field.name, int(value) if whole else value)
        for (base, _), value in zip(runs, values, strict=True)
    ]
    return Columns(numbering, cases).column(number)


# Rows -------------------------------------------------------------------------


def _with_rows(graph: Graph, base: Case, trials: Trials, tests: Sequence[Case]) -> Iterator[Case]:
    for table in graph.tables:
        for rows in _other_rows(table, base, trials, tests):
            yield replace(base, tables={**base.tables, table.name: rows})


def _other_rows(
    table: TableField, base: Case, trials: Trials, tests: Sequence[Case]
) -> Iterator[Sequence[Row] | None]:
    yield from (None, ())
    yield from (case.tables.get(table.name) for case in tests if case.tables.get(table.name) is not None)
    today = base.today or 0
    rows = [dict(row) for row in base.tables.get(table.name) or ()] or [_row(table, trials, today)]
    yield rows[1:]
    if table.dated is not None:
        for age in trials.ages:
            row = {**rows[0], table.dated: today - age}
            yield from ([row, *rows[1:]], [row])
    for (name, column), values in trials.columns.items():
        if name == table.name:
            for value in values:
                yield [{**rows[0], column: value}, *rows[1:]]
                yield [{**rows[0], column: value}]
    for row in [*rows[:3], *_kinds(table, rows[0], trials)]:
        yield from ([row] * count for count in trials.counts)
    yield from _scaled(table, rows)


def _kinds(table: TableField, row: Row, trials: Trials) -> list[dict[str, object]]:
    """The row with another value in one of its columns."""
    return [
        {**row, column: value}
        for (name, column), values in trials.columns.items()
        if name == table.name
        for value in values[:4]
    ]


def _at_edges_of_windows(graph: Graph, base: Case, trials: Trials) -> Iterator[Case]:
    """Several rows of one kind, one of which is as old as a window reaches, or a day older or younger."""
    today = base.today or 0
    for table in graph.tables:
        if table.dated is not None:
            for row in _kinds(table, _row(table, trials, today), trials)[:_MOST_KINDS]:
                for age in trials.ages[:_MOST_AGES]:
                    for count in trials.counts[:_MOST_COUNTS]:
                        rows = [{**row, table.dated: today - age}, *[row] * (count - 1)]
                        yield replace(base, tables={**base.tables, table.name: rows})


def _row(table: TableField, trials: Trials, today: int) -> dict[str, object]:
    cells = {
        field.name: trials.columns[table.name, field.name][0]
        for field in table.columns
        if field.name != table.dated
    }
    return cells if table.dated is None else {**cells, table.dated: today}


def _scaled(table: TableField, rows: Sequence[Mapping[str, object]]) -> Iterator[Sequence[Row]]:
    """The first row with other numbers: sums and averages come past their edges by them."""
    for field in table.columns:
        value = rows[0].get(field.name)
        if isinstance(value, float):
            for other in (value + 1, value - 1, value * 2, value * 1.1, value * 0.9, value / 2):
                if is_legal(field, other):
                    yield [{**rows[0], field.name: other}, *rows[1:]]


# Several values ---------------------------------------------------------------


def _at_random(graph: Graph, bases: Sequence[Case], trials: Trials, chance: random.Random) -> Iterator[Case]:
    names = list(trials.inputs)
    rows = {
        table.name: [rows for base in bases[:BASES] for rows in _other_rows(table, base, trials, bases)]
        for table in graph.tables
    }
    for _ in range(RANDOM):
        case = chance.choice(bases)
        changed = chance.sample(names, min(len(names), chance.randint(1, 6)))
        inputs = {**case.inputs, **{name: chance.choice(trials.inputs[name]) for name in changed}}
        tables = dict(case.tables)
        for name, several in rows.items():
            if chance.random() < 0.3:
                tables[name] = chance.choice(several)
        yield Case(inputs, tables, case.today)
