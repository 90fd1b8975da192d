"""The value of an expression, by walking it.

In: an expression and a `World` that knows the values of names. Out: Fraction, int (dates), str, bool or None.
Conditions are three-valued; everything else is missing as soon as one of its operands is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Protocol, assert_never

from healthdsl.model import expressions as e
from tests.oracle import exact

Value = Fraction | int | str | bool | None
Row = Mapping[str, Value]


class World(Protocol):
    """What an expression may ask for."""

    today: int | None

    def snap(self, x: Fraction) -> Fraction: ...
    def round_to(self, x: Fraction, decimals: int) -> Fraction: ...
    def note(self, situation: str) -> None: ...
    def blur(self) -> None: ...
    def signal(self, name: str) -> Value: ...
    def points(self, node: str) -> Fraction | None: ...
    def level(self, node: str) -> str | None: ...
    def band(self, node: str) -> str | None: ...
    def flag(self, name: str) -> Value: ...
    def flag_condition(self, name: str) -> e.Expression: ...
    def gather(self, aggregate: e.Aggregate) -> Value: ...


def evaluate(expression: e.Expression, world: World, row: Row | None = None) -> Value:
    """The value of `expression`; `row` holds the columns of the current row inside an aggregate."""
    match expression:
        case e.Constant():
            return expression.value
        case e.SignalValue():
            return world.signal(expression.name)
        case e.ColumnValue():
            assert row is not None, "a column outside its rows"
            return row[expression.column]
        case e.Today():
            return world.today
        case e.PointsOf():
            return world.points(expression.node)
        case e.LevelOf():
            return world.level(expression.node)
        case e.BandOf():
            return world.band(expression.node)
        case e.FlagValue():
            return world.flag(expression.name)
        case e.Aggregate():
            return world.gather(expression)
        case e.Sum() | e.Product() | e.Apply():
            return _arithmetic(expression, world, row)
        case e.FirstKnown():
            values = (evaluate(operand, world, row) for operand in expression.operands)
            return next((value for value in values if value is not None), None)
        case e.Choice():
            chosen = (value for condition, value in expression.cases if is_true(condition, world, row))
            value = next(chosen, None)
            return None if value is None else evaluate(value, world, row)
        case (
            e.Compare()
            | e.Member()
            | e.Contains()
            | e.IsMissing()
            | e.Not()
            | e.And()
            | e.Or()
            | e.CountTrue()
        ):
            return _condition(expression, world, row)
        case _:
            assert_never(expression)


def is_true(expression: e.Expression | None, world: World, row: Row | None = None) -> bool:
    """Whether a condition is true, not false and not unknown; no condition is true."""
    return expression is None or evaluate(expression, world, row) is True


def number(value: Value) -> Fraction | None:
    """A value that must be a number or missing."""
    assert value is None or isinstance(value, Fraction), value
    return value


def reads(expression: e.Expression, world: World, *, asked: bool = False) -> Iterator[e.Expression]:
    """The signals, points, levels, bands and rows an expression reads; `asked`: in `is missing` too.

    A flag is never missing itself: to read it is to read what its condition reads.
    """
    match expression:
        case e.SignalValue() | e.PointsOf() | e.LevelOf() | e.BandOf() | e.Aggregate():
            yield expression
        case e.FlagValue():
            yield from reads(world.flag_condition(expression.name), world, asked=asked)
        case e.IsMissing():
            if asked:
                yield from reads(expression.operand, world, asked=True)
        case _:
            for operand in operands(expression):
                yield from reads(operand, world, asked=asked)


def operands(expression: e.Expression) -> tuple[e.Expression, ...]:
    """The direct operands of an expression, those inside rows left out."""
    match expression:
        case e.Sum():
            return tuple(term for _, term in expression.terms)
        case e.Product():
            return tuple(factor for _, factor in expression.factors)
        case e.Apply() | e.FirstKnown() | e.And() | e.Or():
            return expression.operands
        case e.Choice():
            return tuple(inner for case in expression.cases for inner in case)
        case e.CountTrue():
            return expression.conditions
        case e.Compare():
            return (expression.left, expression.right)
        case e.Member() | e.Contains() | e.Not() | e.IsMissing():
            return (expression.operand,)
        case _:
            return ()


def divisors(expression: e.Expression) -> Iterator[e.Expression]:
    """Everything an expression divides by, but for what `first known of` replaces."""
    if isinstance(expression, e.FirstKnown):
        return
    if isinstance(expression, e.Product):
        yield from (factor for operator, factor in expression.factors if operator == "/")
    if isinstance(expression, e.Apply) and expression.function is e.Function.CHANGE:
        yield expression.operands[0]
    for operand in operands(expression):
        yield from divisors(operand)


# Arithmetic ------------------------------------------------------------------


def _arithmetic(expression: e.Sum | e.Product | e.Apply, world: World, row: Row | None) -> Value:
    values = [evaluate(operand, world, row) for operand in operands(expression)]
    if None in values:
        return None
    match expression:
        case e.Sum():
            return _sum([sign for sign, _ in expression.terms], values)
        case e.Product():
            if any(_is_rest(value) for value in values):
                world.blur()
            return _product([operator for operator, _ in expression.factors], values)
        case e.Apply():
            return _apply(expression.function, values, world)
        case _:
            assert_never(expression)


def _is_rest(value: Value) -> bool:
    """Whether a factor may be what a subtraction left of two neighbours: few of its places are true ones."""
    return isinstance(value, Fraction) and 0 < abs(value) < Fraction(1, 10**8)


def _sum(signs: list[str], values: list[Value]) -> Value:
    if isinstance(values[0], int):
        return _moved_date(values[0], signs[1:], values[1:])
    total = Fraction(0)
    for sign, value in zip(signs, values, strict=True):
        assert isinstance(value, Fraction)
        result = exact.finite(total + value if sign == "+" else total - value)
        if result is None:
            return None
        total = result
    return total


def _moved_date(day: int, signs: list[str], values: list[Value]) -> int | None:
    """A date plus and minus whole days; missing outside the calendar."""
    for sign, value in zip(signs, values, strict=True):
        assert isinstance(value, Fraction)
        day += exact.snap(value if sign == "+" else -value).__floor__()
        if not 1 <= day <= date.max.toordinal():
            return None
    return day


def _product(operators: list[str], values: list[Value]) -> Fraction | None:
    product = Fraction(1)
    for operator, value in zip(operators, values, strict=True):
        assert isinstance(value, Fraction)
        if operator == "/" and exact.snap(value) == 0:
            return None
        result = exact.finite(product * value if operator == "*" else product / value)
        if result is None:
            return None
        product = result
    return product


def _apply(function: e.Function, values: list[Value], world: World) -> Value:
    if function is e.Function.MINIMUM:
        return min(values)  # type: ignore[type-var]
    if function is e.Function.MAXIMUM:
        return max(values)  # type: ignore[type-var]
    if function in (e.Function.DAYS_BETWEEN, e.Function.MONTHS_BETWEEN):
        start, end = values
        assert isinstance(start, int)
        assert isinstance(end, int)
        days = function is e.Function.DAYS_BETWEEN
        return Fraction(end - start if days else exact.months_between(start, end))
    numbers = [value for value in values if isinstance(value, Fraction)]
    return _numeric(function, numbers, world)


def _numeric(function: e.Function, x: list[Fraction], world: World) -> Fraction | None:
    match function:
        case e.Function.ABSOLUTE:
            return abs(x[0])
        case e.Function.FLOOR:
            return Fraction(world.snap(x[0]).__floor__())
        case e.Function.CEILING:
            return Fraction(world.snap(x[0]).__ceil__())
        case e.Function.ROUND:
            return world.round_to(x[0], int(x[1]) if len(x) > 1 else 0)
        case e.Function.LOG2:
            return exact.logarithm(x[0], 2)
        case e.Function.LOG10:
            return exact.logarithm(x[0], 10)
        case e.Function.LN:
            return exact.logarithm(x[0], None)
        case e.Function.POWER:
            return exact.power(x[0], x[1])
        case e.Function.CHANGE:
            return None if exact.snap(x[0]) == 0 else exact.finite((x[1] - x[0]) / x[0])
        case _:
            raise AssertionError(function)


# Conditions ------------------------------------------------------------------


def _condition(expression: e.Expression, world: World, row: Row | None) -> Value:
    match expression:
        case e.Compare():
            return _compare(expression, world, row)
        case e.Member():
            return _member(expression, evaluate(expression.operand, world, row))
        case e.Contains():
            return _contains(expression, evaluate(expression.operand, world, row))
        case e.IsMissing():
            return evaluate(expression.operand, world, row) is None
        case e.Not():
            value = evaluate(expression.operand, world, row)
            return None if value is None else not value
        case e.And():
            values = [evaluate(operand, world, row) for operand in expression.operands]
            return False if False in values else None if None in values else True
        case e.Or():
            values = [evaluate(operand, world, row) for operand in expression.operands]
            return True if True in values else None if None in values else False
        case e.CountTrue():
            return Fraction(sum(is_true(condition, world, row) for condition in expression.conditions))
        case _:
            raise AssertionError(expression)


def _compare(expression: e.Compare, world: World, row: Row | None) -> bool | None:
    left, right = evaluate(expression.left, world, row), evaluate(expression.right, world, row)
    if left is None or right is None:
        return None
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        left, right = world.snap(left), world.snap(right)
    assert type(left) is type(right), expression
    if left == right and expression.relation is not e.Relation.IS:
        world.note(f"exactly on {expression.relation}")
    match expression.relation:
        case e.Relation.IS:
            return left == right
        case e.Relation.BELOW:
            return left < right  # type: ignore[operator]
        case e.Relation.UP_TO:
            return left <= right  # type: ignore[operator]
        case e.Relation.ABOVE:
            return left > right  # type: ignore[operator]
        case e.Relation.AT_LEAST:
            return left >= right  # type: ignore[operator]
        case _:
            assert_never(expression.relation)


def _member(expression: e.Member, value: Value) -> bool | None:
    if value is None:
        return None
    assert isinstance(value, str)
    if not expression.ignoring_case:
        return value in expression.choices
    return fold(value) in {fold(choice) for choice in expression.choices}


def _contains(expression: e.Contains, value: Value) -> bool | None:
    if value is None:
        return None
    assert isinstance(value, str)
    wanted = fold(expression.text) if expression.ignoring_case else expression.text
    text = fold(value) if expression.ignoring_case else value
    return any(text[at : at + len(wanted)] == wanted for at in range(len(text)))


def fold(text: str) -> str:
    """ASCII capitals to small letters, nothing else."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
