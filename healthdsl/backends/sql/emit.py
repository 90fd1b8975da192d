"""Operations as SQL, over one traversal: what is a column below is read, all else is written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.shape import Shapes, Within
from healthdsl.graph.bounds import Bounds
from healthdsl.graph.facts import Roots
from healthdsl.graph.graph import Op
from healthdsl.graph.narrow import Ranges, bounds_within, narrow
from healthdsl.graph.primitives import Primitive

_LOGIC = frozenset({Primitive.AND, Primitive.OR, Primitive.IS_TRUE})

Emit = Callable[["Emitter", Op], exp.Expression]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all of a query shares.

    `table`: the SQL of each primitive. `today`: the as-of date. `supplied`: whether the rows of a table were
    given, by table. `lenient`: conditions of which nobody asks whether they are false or unknown.
    """

    table: Mapping[Primitive, Emit]
    dialect: Dialect
    today: exp.Expression
    supplied: Mapping[str, exp.Expression]
    lenient: frozenset[int] = frozenset()


class Emitter:
    """Writes operations as SQL, reading those in `columns` from the relation below.

    Methods here know when a value is missing and when only truth matters; a primitive's own SQL is its row in
    the table of the setting.
    """

    def __init__(
        self,
        shapes: Shapes,
        setting: Setting,
        columns: dict[int, exp.Expression],
        ranges: Ranges | None = None,
    ) -> None:
        self.shapes = shapes
        self.ops = shapes.graph.ops
        self.facts = shapes.facts
        self.setting = setting
        self.dialect = setting.dialect
        self.columns = columns
        self.ranges: Ranges = ranges or {}

    def over(self, columns: dict[int, exp.Expression]) -> Emitter:
        """The same over another relation."""
        return Emitter(self.shapes, self.setting, columns)

    def where(self, condition: int, given: Roots, *, holds: bool = True) -> Emitter:
        """The same where a condition is true, or is not; `given` is known there."""
        ranges = narrow(condition, self.ranges, self.facts, self.ops, given=given, holds=holds)
        return self if ranges is self.ranges else Emitter(self.shapes, self.setting, self.columns, ranges)

    def bounds(self, index: int) -> Bounds:
        """No number that the operation gives here lies outside."""
        return (
            bounds_within(index, self.ranges, self.facts, self.ops)
            if self.ranges
            else self.facts[index].bounds
        )

    def value(self, index: int) -> exp.Expression:
        """The operation as an expression, NULL when its result is missing."""
        if index in self.columns:
            return self.columns[index].copy()
        return self.formula(index)

    def formula(self, index: int) -> exp.Expression:
        """The same, written out even where there is a column of it."""
        op = self.ops[index]
        if index in self.setting.lenient:
            return (
                self._when_formula(index)
                if op.primitive in _LOGIC
                else self.setting.table[op.primitive](self, op)
            )
        if op.primitive in _LOGIC and not self.facts[index].roots and self._leans(index):
            # Never unknown itself, though what it tests can be.
            return b.coalesce(self._when_formula(index), b.truth(False))
        if step := self.shapes.step(index):
            zero = b.number(0.0, self.dialect)
            moved = b.when(self.when(step.condition), self.value(step.amount), zero)
            return b.add(self.as_double(step.before, step.amount), moved)
        if within := self.shapes.within(index):
            return self._within(within)
        if filled := self.shapes.filled(index):
            return b.coalesce(self.value(filled.value), self.value(filled.rest))
        written = self.setting.table[op.primitive](self, op)
        return self._guarded(written) if self.facts[index].overflows else written

    def _guarded(self, written: exp.Expression) -> exp.Expression:
        return snaps.finite(written.copy)

    def _leans(self, index: int) -> bool:
        """Whether an unknown condition could show through when it is written as where only truth matters."""
        op = self.ops[index]
        if op.primitive is Primitive.IS_TRUE:
            return bool(self.facts[op.operands[0]].roots)
        inner = [each for each in op.operands if each not in self.columns]
        return any(self.ops[each].primitive in _LOGIC and self._leans(each) for each in inner)

    def when(self, index: int) -> exp.Expression:
        """The condition where unknown and false are the same."""
        if index in self.columns:
            return self.columns[index].copy()
        return self._when_formula(index)

    def _when_formula(self, index: int) -> exp.Expression:
        op = self.ops[index]
        match op.primitive:
            case Primitive.IS_TRUE:
                return self.when(op.operands[0])
            case Primitive.AND:
                return b.joined(exp.And, [self.when(operand) for operand in self._told(op)])
            case Primitive.OR:
                return b.joined(exp.Or, [self.when(operand) for operand in op.operands])
            case _:
                return self.formula(index)

    def _told(self, op: Op) -> list[int]:
        """The conditions of an AND, but for tests of being known that the others imply."""
        given = frozenset[int]().union(
            *(self.facts[operand].if_true for operand in op.operands if not self._knows(operand))
        )
        choices = [
            self.ops[each].operands for each in op.operands if self.ops[each].primitive is Primitive.OR
        ]

        def is_told(test: int) -> bool:
            return self._is_implied(test, given) or any(
                all(self._is_implied(test, given | self.facts[each].if_true) for each in choice)
                for choice in choices
            )

        told = [each for each in op.operands if not (self._knows(each) and is_told(each))]
        return told or list(op.operands)

    def _knows(self, index: int) -> bool:
        return self.ops[index].primitive is Primitive.IS_KNOWN

    def _is_implied(self, index: int, given: frozenset[int]) -> bool:
        """Whether IS_KNOWN holds once the operations in `given` are known. A value that is missing only where
        all of several are is known with any of them.
        """
        (operand,) = self.ops[index].operands
        op = self.ops[operand]
        if self.facts[operand].roots <= given:
            return True
        if op.primitive is not Primitive.SELECT or len(op.operands) != 3:
            return False
        missing, nothing, rest = op.operands
        if not self.facts[nothing].missing or not self.facts[rest].roots <= given:
            return False
        test = self.ops[missing]
        absent = test.operands if test.primitive is Primitive.AND else (missing,)
        return any((roots := self.facts[each].absent) is not None and roots <= given for each in absent)

    # Doubles ------------------------------------------------------------------

    def is_double(self, index: int) -> bool:
        """Whether the SQL of a number is a double by itself; a literal and a count of days are not."""
        if index in self.columns:
            return True
        op = self.ops[index]
        match op.primitive:
            case Primitive.CONSTANT | Primitive.DAYS_BETWEEN | Primitive.MONTHS_BETWEEN:
                return False
            case Primitive.SELECT:
                return any(self.is_double(value) for value in (*op.operands[1::2], op.operands[-1]))
            case Primitive.MINIMUM | Primitive.MAXIMUM | Primitive.COALESCE | Primitive.SNAP:
                return any(self.is_double(operand) for operand in op.operands)
            case Primitive.FLOOR | Primitive.CEILING | Primitive.ROUND:
                return self.is_double(op.operands[0])
            case _:
                return True

    def as_double(self, index: int, other: int | None = None) -> exp.Expression:
        """The number as an operand: cast, unless it or the other operand is a double."""
        value = self.value(index)
        is_double = self.is_double(index) or (other is not None and self.is_double(other))
        return value if is_double else b.double(value)

    def result(self, index: int) -> exp.Expression:
        """The operation as a column of a result: numbers are doubles, a bare NULL has a type."""
        op = self.ops[index]
        written = self.value(index)
        if op.primitive is Primitive.CONSTANT and op.value is None:
            return b.cast(written, self.type_of(op))
        return b.double(written) if op.type.is_numeric and not self.is_double(index) else written

    def column(self, index: int) -> exp.Expression:
        """The operation as it defines its own column."""
        columns = {at: written for at, written in self.columns.items() if at != index}
        return self.over(columns).result(index)

    def type_of(self, op: Op) -> str:
        if op.type.is_numeric:
            return "DOUBLE"
        return "DATE" if op.type.is_date else "TEXT" if op.type.is_text else "BOOLEAN"

    def largest(self, index: int) -> float:
        """No result of the operation is larger in size."""
        low, high = self.bounds(index)
        return max(abs(low), abs(high))

    def _within(self, within: Within) -> exp.Expression:
        """The number, or the end of the range that it lies beyond."""
        below = b.binary(exp.LT, self.value(within.value), self.value(within.low))
        above = b.binary(exp.GT, self.value(within.value), self.value(within.high))
        ends = [(below, self.value(within.low)), (above, self.value(within.high))]
        if within.snaps:
            inside = self.shapes.inside(within)
            return b.case(ends, snaps.snap(lambda: self.as_double(within.value), inside, self.dialect))
        return b.case(ends, self.value(within.value))
