"""Runs tests by the machinery that scores accounts: there is no second evaluator.

Every expectation and every value it reads becomes a derived signal of a copy of the ruleset, which is lowered
and compiled as usual; the facts of a test are a record like any other. Names of users never hold `__`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.record.program import RecordProgram, Scored, Snapshot, compile_record
from healthdsl.explain.words import show_value
from healthdsl.graph.graph import InputField
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Expression, PointsOf
from healthdsl.model.ruleset import Expectation, Ruleset, Signal, Test, Value
from healthdsl.testing.outcome import Failure, SubValue, TestOutcome
from healthdsl.testing.sides import two_sides
from healthdsl.testing.tree import Roots, grow_tree
from healthdsl.testing.wording import expression_text, values_read

Asked = dict[Expression, str]
"""The name under which each expectation, and each value read by one, is worked out."""


class HasRuleset(Protocol):
    """A compiled ruleset, as far as its tests are concerned."""

    @property
    def ruleset(self) -> Ruleset: ...


@dataclass(frozen=True, slots=True)
class RanTest:
    """A test that was run. `snapshot` and `values` are None where it could not be.

    `values` are all outputs of its account by name, with those that were asked for.
    """

    test: Test
    outcome: TestOutcome
    snapshot: Snapshot | None = None
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """The tests of a ruleset, run. `asked` has the name of the output for each expression asked about."""

    ruleset: Ruleset
    program: RecordProgram
    asked: Asked
    tests: tuple[RanTest, ...]

    @property
    def outcomes(self) -> tuple[TestOutcome, ...]:
        return tuple(each.outcome for each in self.tests)


def run_tests(compiled: HasRuleset) -> tuple[TestOutcome, ...]:
    """The outcome of each `test` declaration, in the order of the text."""
    return run(compiled.ruleset).outcomes if compiled.ruleset.tests else ()


def run(ruleset: Ruleset, also: Iterable[Expression] = ()) -> Ran:
    """The tests of a ruleset, run, with what became of each account; `also` is worked out for each of them,
    too.
    """
    asked: Asked = {}
    for test in ruleset.tests:
        for expectation in test.expectations:
            for expression in (expectation.condition, *values_read(expectation.condition)):
                asked.setdefault(expression, f"asked__{len(asked)}")
    for expression in also:
        asked.setdefault(expression, f"asked__{len(asked)}")
    program = compile_record(lower_ruleset(asking(ruleset, asked)))
    return Ran(ruleset, program, asked, tuple(_run(ruleset, test, program, asked) for test in ruleset.tests))


def asking(ruleset: Ruleset, asked: Asked) -> Ruleset:
    """The ruleset with a derived signal for each expression asked for."""
    derived = (
        Signal(name=name, type=expression.type, title=name, column=name, formula=expression)
        for expression, name in asked.items()
    )
    return replace(ruleset, signals=(*ruleset.signals, *derived))


def _run(ruleset: Ruleset, test: Test, program: RecordProgram, asked: Asked) -> RanTest:
    outcome = TestOutcome(test.title, test.span.line)
    if test.as_of is None and any(op.primitive is Primitive.TODAY for op in program.graph.ops):
        problem = "the ruleset looks at dates: say the day in the test, as of 2026-03-31"
        return RanTest(test, replace(outcome, problem=problem))
    try:
        scored: Scored = program.run(None, _record(test, program), test.as_of, None)
    except RecordError as error:
        return RanTest(test, replace(outcome, problem=str(error)))
    values = program.full(scored.snapshot, test.as_of)
    failures = tuple(_failures(ruleset, test, values, asked))
    return RanTest(test, replace(outcome, failures=failures), scored.snapshot, values)


def outputs_of(program: RecordProgram, test: Test) -> Mapping[str, object]:
    """Every output of a test's account by name; RecordError for facts that are not legal."""
    scored: Scored = program.run(None, _record(test, program), test.as_of, None)
    return program.full(scored.snapshot, test.as_of)


def _record(test: Test, program: RecordProgram) -> dict[str, object]:
    """The facts of a test as an account record."""
    inputs = {field.name: field for field in program.graph.inputs}
    record: dict[str, object] = {
        inputs[name].column: _stored(inputs[name], fact) for name, fact in test.facts
    }
    tables = {table.name: {column.name: column for column in table.columns} for table in program.graph.tables}
    for name, rows in test.tables:
        columns = tables[name]
        record[name] = [
            {columns[key].column: _stored(columns[key], cell) for key, cell in row} for row in rows
        ]
    return record


def _stored(field: InputField, fact: Value) -> object:
    """A fact as a record holds it: 45 for 45% where percents are stored so, dates as dates."""
    match fact:
        case Fraction():
            return float(fact / field.scale)
        case int() if field.type.is_date and not isinstance(fact, bool):
            return date.fromordinal(fact)
        case _:
            return fact


def _failures(ruleset: Ruleset, test: Test, values: Mapping[str, object], asked: Asked) -> Iterator[Failure]:
    roots: Roots | None = None
    for expectation in test.expectations:
        outcome = values[asked[expectation.condition]]
        if outcome is not True:
            roots = roots or Roots.of(ruleset, values, test.as_of)
            expected, found = two_sides(expectation.condition, lambda each: values[asked[each]])
            yield Failure(
                text=_written(expectation),
                line=expectation.span.line,
                unknown=outcome is None,
                values=tuple(_sub_values(expectation.condition, values, asked)),
                expected=expected,
                found=found,
                tree=grow_tree(roots, expectation.condition),
            )


def _written(expectation: Expectation) -> str:
    text = expectation.text or expression_text(expectation.condition)
    return text if text.startswith("expect ") else f"expect {text}"


def _sub_values(condition: Expression, values: Mapping[str, object], asked: Asked) -> Iterator[SubValue]:
    for expression in values_read(condition):
        found = values[asked[expression]]
        text = show_value(found, expression.type, decimals=9)
        if found is None and isinstance(expression, PointsOf):
            text += _why_no_points(expression.node, values)
        yield SubValue(expression_text(expression), text)


def _why_no_points(node: str, values: Mapping[str, object]) -> str:
    if values.get(f"{node}__unscored") is True:
        return " (unscored)"
    return " (does not apply)" if values.get(f"{node}__applies") is False else ""
