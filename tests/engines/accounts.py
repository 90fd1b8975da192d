"""Random accounts for one ruleset, scored on one day: random records with values at the edge put in, and with
illegal values.

An illegal value is a `Planted`. It counts as missing: the oracle is given nothing in its place (`legal`), the
record evaluator the value itself (`found`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from math import isfinite, isnan
from random import Random

from healthdsl import CompiledRuleset, loads
from healthdsl.graph.graph import Graph, InputField
from tests.engines.oddities import BLANKS, TEXTS, Planted, edge, illegal
from tests.oracle.records import gather_constants, random_day, random_record
from tests.oracle.rulesets import random_ruleset

Record = dict[str, object]


@dataclass(frozen=True)
class Accounts:
    """Records of several accounts, all to be scored on the day `as_of`."""

    text: str
    compiled: CompiledRuleset
    as_of: date
    records: list[Record]


def random_accounts(seed: str, size: int) -> Accounts:
    """A random ruleset, of a few lines or a hundred, with `size` accounts."""
    rng = Random(seed)
    text = random_ruleset(rng, rng.choice([1, 2, 3, 4, 4]))
    return accounts_of(text, rng, size)


def accounts_of(text: str, rng: Random, size: int) -> Accounts:
    """Random accounts for a ruleset; a few sets are scored on the first or the last day there is."""
    compiled = loads(text)
    constants = gather_constants(compiled.ruleset)
    day = date.fromordinal(random_day(constants, rng))
    made = [random_record(compiled.ruleset, constants, rng, day)[0] for _ in range(size)]
    wrong = rng.choice([0.0, 0.0, 0.02, 0.1])
    records = [_spiced(compiled.graph, record, wrong, rng) for record in made]
    return Accounts(text, compiled, rng.choice([day] * 24 + [date.min, date.max]), records)


def _spiced(graph: Graph, record: Record, wrong: float, rng: Random) -> Record:
    """The record with some of its values replaced."""
    edges = rng.choice([0.0, 0.0, 0.1, 0.5])

    def replaced(field: InputField, holder: Record) -> None:
        chosen = rng.random()
        if chosen < wrong:
            holder[field.column] = illegal(field, rng)
        elif chosen < wrong + edges:
            holder[field.column] = edge(field, rng)

    for field in graph.inputs:
        replaced(field, record)
    for table in graph.tables:
        rows = record.get(table.name)
        for row in rows if isinstance(rows, list) else ():
            for field in table.columns:
                replaced(field, row)
    return record


def legal(record: Record) -> Record:
    """The record without its illegal values."""
    return _replaced(record, lambda _: None)


def found(record: Record) -> Record:
    """The record with its illegal values as they stand there."""
    return _replaced(record, lambda planted: planted.value)


def _replaced(record: Record, value: Callable[[Planted], object]) -> Record:
    def plain(one: object) -> object:
        if isinstance(one, list):
            return [_replaced(row, value) for row in one]
        return value(one) if isinstance(one, Planted) else one

    return {key: plain(one) for key, one in record.items()}


def oddities(record: Record) -> Iterator[str]:
    """What in a record is out of the ordinary."""
    for value in record.values():
        match value:
            case list():
                for row in value:
                    yield from oddities(row)
            case None:
                yield "missing"
            case Planted():
                yield "illegal"
            case float() if not isfinite(value):
                yield "NaN" if isnan(value) else "infinity"
            case date() if value in (date.min, date.max):
                yield "first day" if value == date.min else "last day"
            case str() if value in TEXTS:
                yield "odd text"
            case str() if value in BLANKS:
                yield "blank text"


EXPECTED = ("missing", "illegal", "NaN", "infinity", "first day", "last day", "odd text", "blank text")


def bad_cells(graph: Graph, record: Record) -> str | None:
    """The names of the fields that hold an illegal value, in the order of the contract; None: no field."""
    names = [field.name for field in graph.inputs if isinstance(record.get(field.column), Planted)]
    for table in graph.tables:
        rows = record.get(table.name)
        for column in table.columns:
            cells = [row.get(column.column) for row in rows] if isinstance(rows, list) else []
            names += [f"{table.name}.{column.name}"] * any(isinstance(cell, Planted) for cell in cells)
    return "; ".join(names) or None
