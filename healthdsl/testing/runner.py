"""Runs tests by the machinery that scores accounts: there is no second evaluator.

Every expectation and every value it reads becomes a derived signal of a copy of the ruleset, which is lowered
and compiled as usual; the facts of a test are a record like any other. Names of users never hold `__`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.record.program import RecordProgram, Scored, compile_record
from healthdsl.explain.words import show_value
from healthdsl.graph.graph import InputField
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Expression, PointsOf
from healthdsl.model.ruleset import Expectation, Ruleset, Signal, Test, Value
from healthdsl.testing.outcome import Failure, SubValue, TestOutcome
from healthdsl.testing.wording import expression_text, values_read

Asked = dict[Expression, str]
"""The name under which each expectation, and each value read by one, is worked out."""


class HasRuleset(Protocol):
    """A compiled ruleset, as far as its tests are concerned."""

    @property
    def ruleset(self) -> Ruleset: ...


def run_tests(compiled: HasRuleset) -> tuple[TestOutcome, ...]:
    """The outcome of each `test` declaration, in the order of the text."""
    ruleset = compiled.ruleset
    if not ruleset.tests:
        return ()
    asked: Asked = {}
    for test in ruleset.tests:
        for expectation in test.expectations:
            for expression in (expectation.condition, *values_read(expectation.condition)):
                asked.setdefault(expression, f"asked__{len(asked)}")
    program = compile_record(lower_ruleset(_asking(ruleset, asked)))
    return tuple(_run(test, program, asked) for test in ruleset.tests)


def _asking(ruleset: Ruleset, asked: Asked) -> Ruleset:
    """The ruleset with a derived signal for each expression asked for."""
    derived = (
        Signal(name=name, type=expression.type, title=name, column=name, formula=expression)
        for expression, name in asked.items()
    )
    return replace(ruleset, signals=(*ruleset.signals, *derived))


def _run(test: Test, program: RecordProgram, asked: Asked) -> TestOutcome:
    outcome = TestOutcome(test.title, test.span.line)
    if test.as_of is None and any(op.primitive is Primitive.TODAY for op in program.graph.ops):
        return replace(
            outcome, problem="the ruleset looks at dates: say the day in the test, as of 2026-03-31"
        )
    try:
        scored: Scored = program.run(None, _record(test, program), test.as_of, None)
    except RecordError as problem:
        return replace(outcome, problem=str(problem))
    values = program.full(scored.snapshot, test.as_of)
    return replace(outcome, failures=tuple(_failures(test, values, asked)))


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


def _failures(test: Test, values: Mapping[str, object], asked: Asked) -> Iterator[Failure]:
    for expectation in test.expectations:
        found = values[asked[expectation.condition]]
        if found is not True:
            yield Failure(
                text=_written(expectation),
                line=expectation.span.line,
                unknown=found is None,
                values=tuple(_sub_values(expectation.condition, values, asked)),
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
