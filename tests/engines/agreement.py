"""Sets what an engine answers beside the oracle and the record evaluator, for every output of every account.

A number is compared with the record evaluator's to the last bit; where a logarithm or a power of the engine's
own stands before the snap, by what is left after the snap. With the oracle's exact fraction it is compared as
`tests.oracle.compare` says, unless the account came too near a cut for doubles to tell.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from healthdsl import CompiledRuleset, RulesetError, loads
from healthdsl.backends.sql.compile import compile_sql
from healthdsl.backends.sql.sources import BadCells, Column, Source, Wanted
from healthdsl.backends.sql.text import text_of
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive
from tests.engines.accounts import Accounts, Record, bad_cells, found, legal, oddities
from tests.engines.book import account_id, book_of, kind_of
from tests.engines.engine import Answer, Engine, Kind
from tests.oracle.compare import ROUGH_FROM, agree, is_unsnapped, smallest
from tests.oracle.evaluate import Account
from tests.oracle.expressions import Value
from tests.oracle.trial import LAST_PLACES

PATIENCE = 60
"""Seconds spent on making one difference small."""

CURVED = (Primitive.LN, Primitive.LOG2, Primitive.LOG10, Primitive.POWER)
HUGE_FROM = 2.0**40
"""An average of what was added beyond 2**53 is at least this: these accounts have a handful of rows."""

Change = Callable[[exp.Expression], exp.Expression]


@dataclass(frozen=True)
class Expected:
    """What one account must give. `exact` is None when it came too near a cut to tell; `curved`: there are
    logarithms or powers.
    """

    curved: bool
    exact: Mapping[str, Value] | None
    evaluated: Mapping[str, object]
    bad: str | None


@dataclass(frozen=True)
class Difference:
    """An output of one account on which an engine disagrees with `who`."""

    number: int
    output: str
    who: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.output}: the {self.who} says {self.expected!r}, the engine says {self.found!r}"


@dataclass
class Tally:
    """What was compared."""

    scores: int = 0
    outputs: int = 0
    ties: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list, repr=False)


def as_it_is(query: exp.Expression) -> exp.Expression:
    return query


def expected_of(compiled: CompiledRuleset, record: Record, as_of: date) -> Expected:
    """By the oracle and by the record evaluator; both see the same cells as bad."""
    account = Account.of(compiled.ruleset, legal(record), as_of)
    exact = dict(account.outputs())
    result = compiled.score(found(record), as_of=as_of, on_invalid="missing")
    bad = bad_cells(compiled.graph, record)
    signals = {re.sub(r", row \d+, ", ".", error.signal) for error in result.errors or ()}
    assert signals == set(bad.split("; ") if bad else ()), result.notes
    curved = any(op.primitive in CURVED for op in compiled.graph.ops)
    return Expected(curved, exact if account.nearest_tie >= LAST_PLACES else None, result.values, bad)


def sql_of(graph: Graph, source: Source, dialect: str, as_of: date, change: Change = as_it_is) -> str:
    """The query for every output of the graph, by its own name, and the bad cells."""
    columns: list[Wanted] = [Column(output.name, output.name) for output in graph.outputs]
    columns.append(BadCells())
    query = compile_sql(graph, source, columns, dialect=dialect, today=as_of)
    return text_of(change(query), dialect)


def answers_of(
    engine: Engine, accounts: Accounts, change: Change = as_it_is, *, complete: bool = False
) -> list[Answer]:
    """What the engine answers, in the order of the records; `complete` as `book_of` takes it."""
    compiled = accounts.compiled
    book = book_of(compiled.graph, accounts.records, complete=complete)
    book.load(engine)
    graph = compiled.graph
    kinds: dict[str, Kind] = {o.name: kind_of(graph.ops[o.op].type) for o in graph.outputs}
    rows = engine.query(sql_of(graph, book.source, engine.dialect, accounts.as_of, change), kinds)
    by_id = {row.pop("account_id"): row for row in rows}
    wanted = [account_id(number) for number in range(len(accounts.records))]
    assert len(rows) == len(by_id) == len(wanted), f"{len(rows)} rows for {len(wanted)} accounts"
    return [by_id[one] for one in wanted]


def differences(expected: Sequence[Expected], given: Sequence[Answer]) -> Iterator[Difference]:
    """Every output that is not the same, account by account."""
    for number, (wanted, row) in enumerate(zip(expected, given, strict=True)):
        answer = dict(row)
        bad = answer.pop("bad_cells", "no such column")
        if bad != wanted.bad:
            yield Difference(number, "bad_cells", "contract", wanted.bad, bad)
        assert answer.keys() == wanted.evaluated.keys()
        for name, value in wanted.evaluated.items():
            exact = wanted.exact
            if exact is not None and not (
                agree(name, exact[name], answer[name]) or _cancels(name, value, answer)
            ):
                yield Difference(number, name, "oracle", exact[name], answer[name])
            elif not _same(name, value, answer[name]) and not _is_open(wanted, name, value):
                yield Difference(number, name, "record evaluator", value, answer[name])


def _same(name: str, one: object, other: object) -> bool:
    """Equal and of one kind: True is not 1. 0.0 is not -0.0 once it is snapped; before, the sign is open."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float | int) and isinstance(other, float | int):
        return one == other and (is_unsnapped(name) or repr(float(one)) == repr(float(other)))
    return type(one) is type(other) and one == other


def _cancels(name: str, value: object, answer: Answer) -> bool:
    """Whether a huge number is what the record evaluator says too. Weights of 2**22 that cancel but for a
    thousand-millionth leave less than doubles hold of it, and the exact fraction is another one.
    """
    return isinstance(value, float) and abs(value) >= HUGE_FROM and _same(name, value, answer[name])


def _is_open(wanted: Expected, name: str, value: object) -> bool:
    """Whether the last places of a number cannot be told: they come from a logarithm or a power, or perhaps
    from a sum beyond 2**53, where the order of the rows shows.
    """
    if not isinstance(value, float):
        return wanted.curved and wanted.exact is None
    rough = is_unsnapped(name) or abs(value) >= ROUGH_FROM
    return abs(value) >= HUGE_FROM or (wanted.curved and (wanted.exact is None or rough))


def compare(tally: Tally, engines: Sequence[Engine], seed: str, accounts: Accounts) -> None:
    """Asks every engine for the same accounts; a difference is made small before it is reported."""
    compiled, as_of = accounts.compiled, accounts.as_of
    expected = [expected_of(compiled, record, as_of) for record in accounts.records]
    tally.ties += sum(one.exact is None for one in expected)
    tally.seen.update(oddity for record in accounts.records for oddity in oddities(record))
    evaluated = [{**one.evaluated, "bad_cells": one.bad} for one in expected]
    for each in differences(expected, evaluated):
        tally.failures.append(f"seed {seed}, the record evaluator: {each}")
        return
    for engine in engines:
        started = time.perf_counter()
        given, first = asked(engine, accounts, expected)
        spent = time.perf_counter() - started
        tally.seconds[engine.name] = tally.seconds.get(engine.name, 0.0) + spent
        tally.scores += len(given)
        tally.outputs += sum(map(len, given))
        if first is not None:
            tally.failures.append(report(engine, seed, accounts, first))
            return


def asked(
    engine: Engine, accounts: Accounts, expected: Sequence[Expected], *, complete: bool = False
) -> tuple[list[Answer], Difference | None]:
    """The answers and the first difference, if there is one: a refused query is one in `the query`."""
    try:
        given = answers_of(engine, accounts, complete=complete)
    except engine.errors as problem:
        return [], Difference(0, "the query", "contract", "an answer", str(problem)[:600])
    return given, next(differences(expected, given), None)


def report(engine: Engine, seed: str, accounts: Accounts, first: Difference) -> str:
    """A difference with the smallest ruleset and account that still show it; with all accounts if one by
    itself does not.
    """
    deadline = time.monotonic() + PATIENCE
    as_of = accounts.as_of

    def difference(text: str, record: Record) -> Difference | None:
        try:
            compiled = loads(text)
        except RulesetError:
            return None
        one = Accounts(text, compiled, as_of, [record])
        expected = [expected_of(compiled, record, as_of)]
        for complete in (True, False):
            _, found = asked(engine, one, expected, complete=complete)
            if found is not None and (found.output == "the query") == (first.output == "the query"):
                return found
        return None

    def fails(text: str, record: Record) -> bool:
        return time.monotonic() < deadline and difference(text, record) is not None

    text, record = smallest(accounts.text, accounts.records[first.number], fails)
    told = difference(text, record) or f"only beside the other accounts: {first}"
    return "\n".join([f"{engine.name}, seed {seed}, as of {as_of}", text, f"record {record}", str(told)])
