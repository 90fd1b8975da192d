"""The table from primitive to SQL, over one traversal: the dialect's differences are its row in `dialects`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import snaps
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.backends.sql.shape import Shapes
from healthdsl.graph.arithmetic import LAST_DAY
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

FIRST_DATE, LAST_DATE = "0001-01-01", date.fromordinal(LAST_DAY).isoformat()
_LOGIC = frozenset({Primitive.AND, Primitive.OR, Primitive.IS_TRUE})


class Emitter:
    """Writes operations as SQL, reading those in `columns` from the relation below.

    `today` is the as-of date as an expression, `supplied` whether the rows of a table were given, by table.
    `lenient` are conditions of which nobody asks whether they are false or unknown.
    """

    def __init__(
        self,
        shapes: Shapes,
        dialect: Dialect,
        columns: Mapping[int, exp.Expression],
        today: exp.Expression,
        supplied: Mapping[str, exp.Expression],
        lenient: frozenset[int] = frozenset(),
    ) -> None:
        self.shapes = shapes
        self.ops = shapes.graph.ops
        self.facts = shapes.facts
        self.dialect = dialect
        self.columns = columns
        self.today = today
        self.supplied = supplied
        self.lenient = lenient

    def over(self, columns: Mapping[int, exp.Expression]) -> Emitter:
        """The same over another relation."""
        return Emitter(self.shapes, self.dialect, columns, self.today, self.supplied, self.lenient)

    def value(self, index: int) -> exp.Expression:
        """The operation as an expression, NULL when its result is missing."""
        if index in self.columns:
            return self.columns[index].copy()
        return self.formula(index)

    def formula(self, index: int) -> exp.Expression:
        """The same, written out even where there is a column of it."""
        op = self.ops[index]
        if index in self.lenient:
            return self._when_formula(index) if op.primitive in _LOGIC else _EMIT[op.primitive](self, op)
        if op.primitive in _LOGIC and not self.facts[index].roots and self._leans(index):
            # Never unknown itself, though what it tests can be.
            return b.coalesce(self._when_formula(index), b.truth(False))
        if step := self.shapes.step(index):
            zero = b.number(0.0, self.dialect)
            moved = b.when(self.when(step.condition), self.value(step.amount), zero)
            return b.add(self._as_double(step.before, step.amount), moved)
        if within := self.shapes.within(index):
            return self._within(within.value, within.low, within.high)
        written = _EMIT[op.primitive](self, op)
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
        told = [each for each in op.operands if not (self._knows(each) and self._is_implied(each, given))]
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

    def _as_double(self, index: int, other: int | None = None) -> exp.Expression:
        """The number as an operand: cast, unless it or the other operand is a double."""
        value = self.value(index)
        is_double = self.is_double(index) or (other is not None and self.is_double(other))
        return value if is_double else b.double(value)

    def result(self, index: int) -> exp.Expression:
        """The operation as a column of a result: numbers are doubles, a bare NULL has a type."""
        op = self.ops[index]
        written = self.value(index)
        if op.primitive is Primitive.CONSTANT and op.value is None:
            return b.cast(written, self._type_of(op))
        return b.double(written) if op.type.is_numeric and not self.is_double(index) else written

    def column(self, index: int) -> exp.Expression:
        """The operation as it defines its own column."""
        columns = {at: written for at, written in self.columns.items() if at != index}
        return self.over(columns).result(index)

    def _type_of(self, op: Op) -> str:
        if op.type.is_numeric:
            return "DOUBLE"
        return "DATE" if op.type.is_date else "TEXT" if op.type.is_text else "BOOLEAN"

    # Arithmetic ---------------------------------------------------------------

    def _binary(self, kind: type[exp.Binary], op: Op) -> exp.Expression:
        left, right = op.operands
        if kind is exp.Add and (amount := self._negative(right)) is not None:
            return b.subtract(self._as_double(left, None), b.number(-amount, self.dialect))
        return b.binary(kind, self._as_double(left, right), self.value(right))

    def _negative(self, index: int) -> float | None:
        op = self.ops[index]
        is_negative = op.primitive is Primitive.CONSTANT and isinstance(op.value, float) and op.value < 0.0
        return op.value if is_negative else None  # type: ignore[return-value]

    def _divide(self, op: Op) -> exp.Expression:
        left, right = op.operands
        low, high = self.facts[right].bounds
        divisor = self.value(right)
        if low <= 0.0 <= high:
            divisor = exp.Nullif(this=divisor, expression=b.number(0.0, self.dialect))
        return b.divide(self._as_double(left, None), divisor)

    def _extreme(self, op: Op) -> exp.Expression:
        """LEAST and GREATEST skip what is missing in some engines, so they are only for what never is."""
        left, right = op.operands
        least = op.primitive is Primitive.MINIMUM
        if not self.facts[left].roots and not self.facts[right].roots:
            kind = exp.Least if least else exp.Greatest
            return kind(this=self._as_double(left, right), expressions=[self.value(right)])
        beyond, within = (exp.LT, exp.GTE) if least else (exp.GT, exp.LTE)
        if self.ops[right].primitive is Primitive.CONSTANT:
            other = exp.GT if least else exp.LT
            return b.when(
                b.binary(other, self.value(left), self.value(right)), self.value(right), self.value(left)
            )
        return b.case(
            [
                (b.binary(beyond, self.value(left), self.value(right)), self.value(left)),
                (b.binary(within, self.value(left), self.value(right)), self.value(right)),
            ]
        )

    def _within(self, value: int, low: int, high: int) -> exp.Expression:
        below = b.binary(exp.LT, self.value(value), self.value(low))
        above = b.binary(exp.GT, self.value(value), self.value(high))
        return b.case([(below, self.value(low)), (above, self.value(high))], self.value(value))

    def _floor(self, op: Op) -> exp.Expression:
        (operand,) = op.operands
        return b.floor(lambda: self._as_double(operand), self.dialect, self._largest(operand))

    def _ceiling(self, op: Op) -> exp.Expression:
        """As a floor, since a ceiling can be -0."""
        (operand,) = op.operands
        denied = b.floor(
            lambda: exp.Neg(this=b.tight(self._as_double(operand))), self.dialect, self._largest(operand)
        )
        return b.subtract(b.number(0.0, self.dialect), denied)

    def _largest(self, index: int) -> float:
        low, high = self.facts[index].bounds
        return max(abs(low), abs(high))

    def _snap(self, op: Op) -> exp.Expression:
        (operand,) = op.operands
        return snaps.snap(lambda: self._as_double(operand), self.facts[operand].bounds, self.dialect)

    def _round(self, op: Op) -> exp.Expression:
        (operand,) = op.operands
        facts = self.facts[operand]
        assert isinstance(op.value, int)
        return snaps.round_to(
            lambda: self._as_double(operand), op.value, facts.bounds, facts.grid, self.dialect
        )

    def _logarithm(self, op: Op) -> exp.Expression:
        (operand,) = op.operands
        base = {Primitive.LN: None, Primitive.LOG2: math.log(2.0), Primitive.LOG10: math.log(10.0)}[
            op.primitive
        ]
        logarithm: exp.Expression = exp.Ln(this=self._as_double(operand))
        if base is not None:
            logarithm = b.divide(logarithm, b.number(base, self.dialect))
        positive = b.binary(exp.GT, self.value(operand), b.number(0.0, self.dialect))
        return b.when(positive, logarithm)

    def _power(self, op: Op) -> exp.Expression:
        """Undefined powers are missing; those that leave the doubles, too, before an engine raises an error."""
        base, exponent = op.operands
        zero = b.number(0.0, self.dialect)

        def of(kind: type[exp.Binary], index: int, other: exp.Expression) -> exp.Expression:
            return b.binary(kind, self._as_double(index), other)

        floored = b.floor(lambda: self._as_double(exponent), self.dialect, self._largest(exponent))
        whole = of(exp.EQ, exponent, floored)
        at_zero = b.both(of(exp.EQ, base, zero.copy()), of(exp.GTE, exponent, zero.copy()))
        defined = b.either(of(exp.GT, base, zero.copy()), b.both(of(exp.LT, base, zero.copy()), whole))
        size = exp.Ln(this=exp.Abs(this=self._as_double(base)))
        logarithm = b.multiply(self._as_double(exponent), size)
        powered = exp.Pow(this=self._as_double(base), expression=self._as_double(exponent))
        # ln of the largest double is 709.78, of the smallest normal one -708.4.
        reach = b.case(
            [
                (b.binary(exp.LT, logarithm.copy(), b.number(-708.0, self.dialect)), zero.copy()),
                (b.binary(exp.LT, logarithm, b.number(709.78, self.dialect)), powered),
            ]
        )
        return b.case([(at_zero, powered.copy()), (defined, reach)])

    # Dates --------------------------------------------------------------------

    def _days_between(self, op: Op) -> exp.Expression:
        start, end = op.operands
        return self.dialect.days_between(self.value(start), self.value(end))

    def _months_between(self, op: Op) -> exp.Expression:
        start, end = op.operands

        def part(name: str, index: int) -> exp.Expression:
            return self.dialect.part(name, self.value(index))

        years = b.subtract(part("YEAR", end), part("YEAR", start))
        months = b.add(b.multiply(b.tight(years), b.number(12.0, self.dialect)), part("MONTH", end))
        months = b.subtract(months, part("MONTH", start))
        forward = b.both(
            b.binary(exp.GTE, self.value(end), self.value(start)),
            b.binary(exp.LT, part("DAY", end), part("DAY", start)),
        )
        backward = b.both(
            b.binary(exp.LT, self.value(end), self.value(start)),
            b.binary(exp.GT, part("DAY", end), part("DAY", start)),
        )
        one = b.number(1.0, self.dialect)
        begun = b.case(
            [(forward, b.number(-1.0, self.dialect)), (backward, one)], b.number(0.0, self.dialect)
        )
        return b.add(months, begun)

    def _add_days(self, op: Op) -> exp.Expression:
        day, days = op.operands
        ends = [
            self.dialect.days_between(self.value(day), self.dialect.date(end))
            for end in (FIRST_DATE, LAST_DATE)
        ]

        def whole() -> exp.Expression:
            facts = self.facts[days]
            if facts.whole:
                return self._as_double(days)
            snapped = snaps.snap(lambda: self._as_double(days), facts.bounds, self.dialect)
            return b.floor(snapped.copy, self.dialect, self._largest(days))

        inside = b.both(
            b.binary(exp.GTE, whole(), b.tight(ends[0])), b.binary(exp.LTE, whole(), b.tight(ends[1]))
        )
        moved = self.dialect.add_days(self.value(day), b.cast(whole(), "INT"))
        return b.when(inside, b.cast(moved, "DATE") if self.dialect.name != "sqlite" else moved)

    # Conditions and choice ----------------------------------------------------

    def _compare(self, kind: type[exp.Binary], op: Op) -> exp.Expression:
        left, right = op.operands
        turned = {exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ}
        if (
            self.ops[left].primitive is Primitive.CONSTANT
            and self.ops[right].primitive is not Primitive.CONSTANT
        ):
            return b.binary(turned[kind], self.value(right), self.value(left))
        return b.binary(kind, self.value(left), self.value(right))

    def _not(self, op: Op) -> exp.Expression:
        (operand,) = op.operands
        inner = self.ops[operand]
        if operand in self.columns:
            return b.denied(self.value(operand))
        if inner.primitive is Primitive.IS_KNOWN:
            return b.is_null(self.value(inner.operands[0]))
        if inner.primitive is Primitive.EQUAL:
            return self._compare_not(inner)
        return b.denied(b.tight(self.value(operand)))

    def _compare_not(self, op: Op) -> exp.Expression:
        return b.binary(exp.NEQ, self.value(op.operands[0]), self.value(op.operands[1]))

    def _is_true(self, op: Op) -> exp.Expression:
        return b.coalesce(self.value(op.operands[0]), b.truth(False))

    def _select(self, op: Op) -> exp.Expression:
        operands = op.operands
        branches = [
            (self.when(operands[k]), self.value(operands[k + 1])) for k in range(0, len(operands) - 1, 2)
        ]
        rest = self.ops[operands[-1]]
        is_missing = rest.primitive is Primitive.CONSTANT and rest.value is None
        return b.case(branches, None if is_missing else self.value(operands[-1]))

    def _constant(self, op: Op) -> exp.Expression:
        value = op.value
        if value is None:
            return exp.Null()
        if op.type.is_date:
            assert isinstance(value, int | float)
            return self.dialect.date(date.fromordinal(int(value)).isoformat())
        if isinstance(value, bool):
            return b.truth(value)
        if isinstance(value, str):
            return b.text(value)
        assert isinstance(value, int | float)
        return b.number(float(value), self.dialect)

    def _member(self, op: Op) -> exp.Expression:
        assert isinstance(op.value, tuple)
        return exp.In(
            this=b.tight(self.value(op.operands[0])), expressions=[b.text(each) for each in op.value]
        )


def _absent(emitter: Emitter, op: Op) -> exp.Expression:
    """A source that is no column below: the field, or the aggregate, of which nothing was given."""
    return b.cast(exp.Null(), emitter._type_of(op))


Emit = Callable[[Emitter, Op], exp.Expression]

_EMIT: dict[Primitive, Emit] = {
    Primitive.INPUT: _absent,
    Primitive.COLUMN: _absent,
    Primitive.AGGREGATE: _absent,
    Primitive.SUPPLIED: lambda e, op: e.supplied.get(str(op.value), b.truth(False)).copy(),
    Primitive.TODAY: lambda e, _: e.today.copy(),
    Primitive.CONSTANT: Emitter._constant,
    Primitive.ADD: lambda e, op: e._binary(exp.Add, op),
    Primitive.SUBTRACT: lambda e, op: e._binary(exp.Sub, op),
    Primitive.MULTIPLY: lambda e, op: e._binary(exp.Mul, op),
    Primitive.DIVIDE: Emitter._divide,
    Primitive.MINIMUM: Emitter._extreme,
    Primitive.MAXIMUM: Emitter._extreme,
    Primitive.FLOOR: Emitter._floor,
    Primitive.CEILING: Emitter._ceiling,
    Primitive.SNAP: Emitter._snap,
    Primitive.ROUND: Emitter._round,
    Primitive.LN: Emitter._logarithm,
    Primitive.LOG2: Emitter._logarithm,
    Primitive.LOG10: Emitter._logarithm,
    Primitive.POWER: Emitter._power,
    Primitive.DAYS_BETWEEN: Emitter._days_between,
    Primitive.MONTHS_BETWEEN: Emitter._months_between,
    Primitive.ADD_DAYS: Emitter._add_days,
    Primitive.LESS: lambda e, op: e._compare(exp.LT, op),
    Primitive.AT_MOST: lambda e, op: e._compare(exp.LTE, op),
    Primitive.EQUAL: lambda e, op: e._compare(exp.EQ, op),
    Primitive.MEMBER: Emitter._member,
    Primitive.FOLD_CASE: lambda e, op: e.dialect.fold(e.value(op.operands[0])),
    Primitive.AND: lambda e, op: b.joined(exp.And, [e.value(operand) for operand in op.operands]),
    Primitive.OR: lambda e, op: b.joined(exp.Or, [e.value(operand) for operand in op.operands]),
    Primitive.NOT: Emitter._not,
    Primitive.IS_KNOWN: lambda e, op: b.is_known(e.value(op.operands[0])),
    Primitive.IS_TRUE: Emitter._is_true,
    Primitive.SELECT: Emitter._select,
    Primitive.COALESCE: lambda e, op: b.coalesce(*[e.value(operand) for operand in op.operands]),
}
TABLE = frozenset(_EMIT)
"""The primitives that the table has."""
