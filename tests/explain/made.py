"""Rulesets from text and accounts from records, through the stages below explaining and the evaluator of
the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.explain.changes import all_values
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.graph import Graph
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.parser import parse_ruleset
from tests.oracle.inputs import read_signals, read_tables
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset


@dataclass(frozen=True)
class Made:
    """A compiled ruleset."""

    ruleset: Ruleset
    graph: Graph

    def account(self, record: Mapping[str, object], as_of: date | None = None) -> "Account":
        """An account of it, typed as the input contract says."""
        inputs = {name: typed(value) for name, value in read_signals(self.ruleset, record).items()}
        tables = {
            name: None if rows is None else tuple({k: typed(v) for k, v in row.items()} for row in rows)
            for name, rows in read_tables(self.ruleset, record).items()
        }
        return Account(self, inputs, tables, None if as_of is None else as_of.toordinal())


@dataclass(frozen=True)
class Account:
    made: Made
    inputs: Mapping[str, object]
    tables: Mapping[str, tuple[Mapping[str, object], ...] | None]
    today: int | None

    def outputs(self) -> dict[str, object]:
        return evaluate(self.made.graph, self.inputs, self.tables, self.today)

    def all_values(self) -> list[object]:
        return all_values(self.made.graph, self.inputs, self.tables, self.today)


def typed(value: object) -> object:
    return float(value) if isinstance(value, Fraction) else value


def made(text: str) -> Made:
    """The ruleset of a text that has no mistakes."""
    found, wrong = _compiled(text)
    assert found is not None, wrong
    return found


def _compiled(text: str) -> tuple[Made | None, tuple[Diagnostic, ...]]:
    source = Source(text, "test.health")
    file, wrong = parse_ruleset(source)
    ruleset, more = resolve_ruleset(file, source)
    if ruleset is None or any(found.is_error for found in wrong):
        return None, (*wrong, *more)
    return Made(ruleset, lower_ruleset(ruleset)), ()


def random_text(seed: str) -> str:
    """A random ruleset that compiles; one with unlucky names is passed over."""
    for again in range(50):
        text = random_ruleset(Random(f"{seed} {again}"))
        if _compiled(text)[0] is not None:
            return text
    raise AssertionError("no random ruleset compiles")


def random_account(seed: str) -> tuple[Made, Account]:
    """A random ruleset and a random account of it."""
    one, rng = made(random_text(seed)), Random(seed)
    record, as_of = random_record(one.ruleset, gather_constants(one.ruleset), rng)
    return one, one.account(record, as_of)
