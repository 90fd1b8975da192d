"""Signals to operations: expiry, then the default; a derived signal is its formula, snapped."""

from __future__ import annotations

from healthdsl.graph.lower_expressions import Divisors, lower_constant, lower_expression
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.reading import DirectInput, walk
from healthdsl.graph.scope import Scope
from healthdsl.model.expressions import (
    Aggregate,
    BandOf,
    Expression,
    LevelOf,
    PointsOf,
    SignalValue,
)
from healthdsl.model.ruleset import Expiry, Signal
from healthdsl.model.types import DATE, NUMBER


def lower_signal(scope: Scope, signal: Signal) -> None:
    """Enter the signal's value and whether it is supplied into `scope`, and name both as outputs."""
    graph = scope.builder
    if signal.formula is None:
        value = graph.make(Primitive.INPUT, (), signal.name, kind=signal.type)
        supplied = graph.known(value)
    else:
        value = _derived(scope, signal, signal.formula)
        supplied = scope.any_supplied(_everything_read(scope, signal.formula))
    if signal.expiry is not None:
        expired = _expired(scope, value, signal.expiry)
        graph.output(signal.name, "expired", expired)
        value = graph.select([(expired, graph.missing(signal.type))], value)
        supplied = graph.both(supplied, graph.negate(expired))
    if signal.default is not None:
        value = graph.make(Primitive.COALESCE, (value, lower_constant(scope, signal.default, signal.type)))
    scope.signals[signal.name] = value
    scope.supplied[signal.name] = supplied
    graph.output(signal.name, "value", value)
    graph.output(signal.name, "supplied", supplied)


def _derived(scope: Scope, signal: Signal, formula: Expression) -> int:
    """The formula's value; `divided by zero -> V` answers where all it reads is known and a divisor is 0."""
    graph = scope.builder
    divisors = Divisors([])
    value = graph.snap(lower_expression(scope, formula, divisors))
    if signal.on_zero is None or not divisors.ops:
        return value
    zero = graph.number(0.0)
    by_zero = graph.either(*[graph.make(Primitive.EQUAL, (divisor, zero)) for divisor in divisors.ops])
    read = [lower_expression(scope, each) for each in _everything_read(scope, formula)]
    fits = graph.both(*[graph.known(each) for each in read], by_zero)
    return graph.select([(fits, lower_constant(scope, signal.on_zero, NUMBER))], value)


def _everything_read(scope: Scope, formula: Expression) -> list[DirectInput]:
    """What a derived signal reads. Asking whether a signal is missing reads it, too, where nothing else is
    read.
    """
    direct = scope.direct_inputs([formula])
    if direct:
        return direct
    kinds = SignalValue | PointsOf | LevelOf | BandOf | Aggregate
    return [expression for expression in walk([formula]) if isinstance(expression, kinds)]


def _expired(scope: Scope, value: int, expiry: Expiry) -> int:
    """Whether there is a value, and its date is missing or more than `days` days before today."""
    graph = scope.builder
    days = graph.make(
        Primitive.DAYS_BETWEEN,
        (scope.signals[expiry.after], graph.make(Primitive.TODAY, kind=DATE)),
        kind=NUMBER,
    )
    fresh = graph.is_true(graph.make(Primitive.AT_MOST, (days, graph.number(float(expiry.days)))))
    return graph.both(graph.known(value), graph.negate(fresh))
