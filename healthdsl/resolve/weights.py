"""Weights that come from data: `usage weighted by usage_weight`.

In: the name behind `weighted by`. Out: the weight, of a signal that is a number or a count and can be seen
never to be below 0: by its type, by its range, or by its formula.
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from healthdsl.model import expressions as e
from healthdsl.model.ruleset import SignalWeight
from healthdsl.model.types import Kind
from healthdsl.resolve.names import bind_signal
from healthdsl.resolve.scope import ColumnEntry, Place, Scope, SignalEntry
from healthdsl.resolve.suggest import did_you_mean
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x

_NEVER_BELOW_0 = (
    e.Function.MINIMUM,
    e.Function.FLOOR,
    e.Function.CEILING,
    e.Function.ROUND,
)


def signal_weight(place: Place, part: str, name: x.Name) -> SignalWeight | None:
    """The weight of a part; None after a message."""
    word, scope = name.name, place.scope
    entry = scope.signals.get(word)
    if entry is None:
        _report_unknown(place, part, name)
        return None
    if bind_signal(place, word) is None:
        return None
    assert entry.type is not None
    label = scope.label(word, "declared here")
    if entry.type.kind not in (Kind.NUMBER, Kind.COUNT):
        message = f"`{word}` is {describe(entry.type)}, a weight is a number or a count"
        place.problems.error("E461", name.span, message, "name a signal that holds a plain number", label)
        return None
    if not _is_never_negative(scope, entry):
        message = f"`{word}` weighs `{part}`, and nothing says that it is never below 0"
        advice = f"add `from 0` behind the type of `{word}`"
        if entry.formula is not None:
            advice = f"write its formula as `max(.., 0)`, so that `{word}` cannot be below 0"
        place.problems.error("E460", name.span, message, advice, label)
        return None
    return SignalWeight(word)


def _report_unknown(place: Place, part: str, name: x.Name) -> None:
    word, scope = name.name, place.scope
    if scope.is_silent(name):
        return
    if word in scope.nodes:
        message = f"`{word}` is a {scope.nodes[word].word}, a part is weighted by a signal"
        advice = f"name the signal that holds the weight of `{part}`"
        place.problems.error("E461", name.span, message, advice, scope.label(word, "declared here"))
        return
    near = did_you_mean(word, place.problems.near(scope.signals))
    advice = near or f"declare it with `signal {word} number from 0`"
    scope.unknown("E201", name, f"unknown signal `{word}`", advice)


def _is_never_negative(scope: Scope, entry: SignalEntry) -> bool:
    if entry.formula is not None:
        return _stays_above(scope, entry.formula)
    return _is_input_above(entry)


def _is_input_above(entry: SignalEntry | ColumnEntry) -> bool:
    """Whether an input is a count, or never below 0 by its range. Of formulas in formulas nothing is said, so
    that no chain of them is followed.
    """
    if entry.formula is not None or entry.type is None or entry.declaration is None:
        return False
    written = entry.declaration.type
    low = written.within.low if written is not None and written.within is not None else None
    return entry.type.kind is Kind.COUNT or (isinstance(low, x.NumberLiteral) and low.value >= 0)


def _stays_above(scope: Scope, formula: e.Expression) -> bool:
    """Whether a formula can be seen never to be below 0."""

    def stays(inner: e.Expression) -> bool:
        return _stays_above(scope, inner)

    match formula:
        case e.Constant(value=value):
            return isinstance(value, Fraction) and value >= 0
        case e.SignalValue(name=name):
            return _is_input_above(scope.signals[name])
        case e.Sum(terms=terms):
            return all(sign == "+" and stays(term) for sign, term in terms)
        case e.Product(factors=factors):
            return all(stays(factor) for _, factor in factors)
        case e.Apply(function=e.Function.ABSOLUTE) | e.CountTrue():
            return True
        case e.Apply(function=e.Function.MAXIMUM, operands=operands):
            return any(stays(operand) for operand in operands)
        case e.Apply(function=function, operands=operands):
            return function in _NEVER_BELOW_0 and all(stays(operand) for operand in operands)
        case e.FirstKnown(operands=operands):
            return all(stays(operand) for operand in operands)
        case e.Aggregate(gather=gather, value=value):
            return gather in (e.Gather.COUNT, e.Gather.DISTINCT) or _is_column_above(scope, value)
        case e.ColumnValue() | e.Today() | e.PointsOf() | e.LevelOf() | e.BandOf() | e.FlagValue():
            return False
        case (
            e.Choice() | e.Compare() | e.Member() | e.Contains() | e.IsMissing() | e.Not() | e.And() | e.Or()
        ):
            return False
        case _:
            assert_never(formula)


def _is_column_above(scope: Scope, column: e.Expression | None) -> bool:
    if not isinstance(column, e.ColumnValue):
        return False
    entry = scope.tables[column.table].columns.get(column.column)
    return entry is not None and _is_input_above(entry)
