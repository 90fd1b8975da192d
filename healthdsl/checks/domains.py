"""Which values a term of a condition can have: a signal, points, a level, an aggregate, any formula.

In: the ruleset and its graph. Out: a `Domain` for each expression that is compared. Everything that a legal
account can have lies in the domain; it may hold more, so that "no value fits" is certain and "some value
fits" is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from healthdsl.checks.point_sets import point_sets
from healthdsl.explain import ranges
from healthdsl.explain.abstract import Abstract, Numbers, Texts, Truth
from healthdsl.explain.amounts import exact
from healthdsl.explain.intervals import interpret
from healthdsl.graph.graph import Graph
from healthdsl.graph.slice import slice_graph
from healthdsl.model.expressions import (
    Aggregate,
    Apply,
    BandOf,
    ColumnValue,
    Constant,
    CountTrue,
    Expression,
    Function,
    Gather,
    LevelOf,
    PointsOf,
    Product,
    SignalValue,
    Sum,
)
from healthdsl.model.ruleset import Column, Ruleset, Signal
from healthdsl.model.types import Kind, Type

ANY = Numbers(-math.inf, math.inf, missing=True)
_WHOLE = (Function.DAYS_BETWEEN, Function.MONTHS_BETWEEN, Function.FLOOR, Function.CEILING)
_ROLES = frozenset({"value", "points", "level", "band"})


@dataclass(frozen=True, slots=True)
class Domain:
    """Numbers and dates from `low` to `high` (None: no end), or one of `values`; perhaps missing.

    `whole`: whole numbers only. `open_text`: any text besides `values`.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    values: tuple[object, ...] | None = None
    missing: bool = True
    open_text: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether a number is one of these."""
        if self.values is not None:
            return value in self.values
        if self.whole and value.denominator != 1:
            return False
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Domains:
    """The domains of one ruleset, each worked out when it is first asked for."""

    ruleset: Ruleset
    outputs: Mapping[str, Abstract]
    signals: Mapping[str, Signal]
    columns: Mapping[tuple[str, str], Column]
    point_sets: Mapping[str, frozenset[Fraction]]
    _found: dict[Expression, Domain] = field(default_factory=dict)

    @staticmethod
    def of(ruleset: Ruleset, graph: Graph) -> Domains:
        wanted = [output for output in graph.outputs if output.role in _ROLES]
        piece = slice_graph(graph, wanted)
        values = interpret(piece, open_ended=True, depth=1)
        return Domains(
            ruleset,
            {output.name: values[output.op] for output in piece.outputs},
            {signal.name: signal for signal in ruleset.signals},
            {(table.name, column.name): column for table in ruleset.tables for column in table.columns},
            point_sets(ruleset),
        )

    def domain(self, term: Expression) -> Domain:
        found = self._found.get(term)
        if found is None:
            found = self._found[term] = self._domain(term)
        return found

    def _domain(self, term: Expression) -> Domain:
        value = self.abstract(term)
        match value:
            case Texts(choices=choices, missing=missing):
                texts = [] if choices is None else _ordered(choices, term.type)
                return Domain(values=tuple(texts), missing=missing, open_text=choices is None)
            case Truth(true=true, false=false, missing=missing):
                known = [answer for answer, can in ((True, true), (False, false)) if can]
                return Domain(values=tuple(known), missing=missing)
            case Numbers(missing=missing):
                if value.empty:
                    return Domain(values=(), missing=True)
                if isinstance(term, PointsOf) and term.node in self.point_sets:
                    inside = sorted(self.point_sets[term.node])
                    return Domain(values=tuple(inside), missing=missing)
                low, high = _bound(value.low), _bound(value.high)
                return Domain(low, high, self._is_whole(term), None, missing)

    def _is_whole(self, term: Expression) -> bool:
        """Whether every value is a whole number: inputs of such a type, and what only counts."""
        match term:
            case SignalValue(name=name):
                formula = self.signals[name].formula
                return (term.type.is_whole and formula is None) or self._is_whole_formula(formula)
            case ColumnValue(table=table, column=name):
                column = self.columns.get((table, name))
                return term.type.is_whole and column is not None and column.formula is None
            case _:
                return self._is_whole_formula(term)

    def _is_whole_formula(self, formula: Expression | None) -> bool:
        match formula:
            case Aggregate(gather=gather):
                return gather in (Gather.COUNT, Gather.DISTINCT)
            case Apply(function=function):
                return function in _WHOLE
            case _:
                return isinstance(formula, CountTrue)

    # What an expression can be ------------------------------------------------

    def abstract(self, term: Expression) -> Abstract:
        """Every value that an expression can have."""
        match term:
            case Constant(value=value) if isinstance(value, Fraction | int) and not isinstance(value, bool):
                return Numbers(float(value), float(value))
            case SignalValue(name=name):
                return self.outputs.get(name, _any_of(term.type))
            case PointsOf(node=node):
                return self.outputs.get(f"{node}__points", ANY)
            case LevelOf(node=node):
                return self.outputs.get(f"{node}__level", Texts(None, missing=True))
            case BandOf(node=node):
                return self.outputs.get(f"{node}__band", Texts(None, missing=True))
            case ColumnValue(table=table, column=column):
                return self._of_column(table, column, term.type)
            case CountTrue(conditions=conditions):
                return Numbers(0.0, float(len(conditions)))
            case Aggregate(gather=gather) if gather in (Gather.COUNT, Gather.DISTINCT):
                return Numbers(0.0, math.inf, missing=True)
            case Sum() | Product() | Apply():
                return self._arithmetic(term)
            case _:
                return _any_of(term.type)

    def _of_column(self, table: str, name: str, type_: Type) -> Abstract:
        column = self.columns.get((table, name))
        found = _any_of(type_)
        if column is None or column.formula is not None or not isinstance(found, Numbers):
            return found
        low = found.low if column.low is None else float(column.low)
        high = found.high if column.high is None else float(column.high)
        return Numbers(low, high, missing=True)

    def _arithmetic(self, term: Sum | Product | Apply) -> Abstract:
        match term:
            case Sum(terms=pairs):
                found = [(sign, self.abstract(inner)) for sign, inner in pairs]
            case Product(factors=pairs):
                found = [(sign, self.abstract(inner)) for sign, inner in pairs]
            case Apply(operands=operands):
                found = [("", self.abstract(inner)) for inner in operands]
        numbers = [(sign, value) for sign, value in found if isinstance(value, Numbers)]
        if len(numbers) < len(found) or any(value.empty for _, value in numbers) or term.type.is_date:
            return ANY
        if isinstance(term, Apply):
            return _applied(term.function, [value for _, value in numbers])
        return _folded(numbers)


def _folded(numbers: list[tuple[str, Numbers]]) -> Numbers:
    result = numbers[0][1]
    if numbers[0][0] == "-":
        result = ranges.subtract(Numbers(0.0, 0.0), result)
    for sign, value in numbers[1:]:
        match sign:
            case "+":
                result = ranges.add(result, value)
            case "-":
                result = ranges.subtract(result, value)
            case "*":
                result = ranges.multiply(result, value)
            case _:
                result = ranges.divide(result, value)
        if result.empty:
            return ANY
    return _loosened(result)


def _applied(function: Function, values: list[Numbers]) -> Numbers:
    first = values[0]
    match function:
        case Function.MINIMUM | Function.MAXIMUM:
            join = ranges.minimum if function is Function.MINIMUM else ranges.maximum
            for value in values[1:]:
                first = join(first, value)
            return first
        case Function.ABSOLUTE:
            low = 0.0 if first.low <= 0.0 <= first.high else min(abs(first.low), abs(first.high))
            return Numbers(low, max(abs(first.low), abs(first.high)), first.missing)
        case _:
            return ANY


def _loosened(value: Numbers) -> Numbers:
    """A little more on both sides: sums are snapped afterwards."""
    size = max(abs(end) for end in (value.low, value.high) if math.isfinite(end) or end == value.low)
    slack = 2e-9 + (size * 1e-12 if math.isfinite(size) else 0.0)
    return Numbers(value.low - slack, value.high + slack, value.missing)


def _any_of(type_: Type) -> Abstract:
    if type_.kind is Kind.CATEGORY and type_.choices:
        return Texts(frozenset(type_.choices), missing=True)
    if type_.is_text:
        return Texts(None, missing=True)
    if type_.is_numeric or type_.is_date:
        return Numbers(0.0 if type_.kind is Kind.COUNT else -math.inf, math.inf, missing=True)
    return Truth(true=True, false=True, missing=True)


def _bound(end: float) -> Fraction | None:
    return exact(end) if math.isfinite(end) and abs(end) < 1e12 else None


def _ordered(choices: frozenset[str], type_: Type) -> list[str]:
    """The choices as they are declared."""
    written = [choice for choice in type_.choices if choice in choices]
    return written + sorted(choices.difference(written))
