"""Expressions to operations.

Numbers are snapped on both sides of a comparison, before floor and ceiling, and where an aggregate gives
its result; nowhere inside arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from healthdsl.graph.arithmetic import fold_case
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.reading import walk
from healthdsl.graph.scope import Scope
from healthdsl.model.expressions import (
    Aggregate,
    And,
    Apply,
    BandOf,
    Choice,
    ColumnValue,
    Compare,
    Constant,
    Contains,
    CountTrue,
    Expression,
    FirstKnown,
    FlagValue,
    Function,
    Gather,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    Relation,
    SignalValue,
    Sum,
    Today,
)
from healthdsl.model.types import DATE, NUMBER, TEXT, Type


@dataclass(slots=True)
class Divisors:
    """The divisors met while lowering a formula, for `divided by zero`."""

    ops: list[int]


def lower_expression(  # noqa: C901 - one case for each form
    scope: Scope, expression: Expression, divisors: Divisors | None = None
) -> int:
    """The operation that gives the value of `expression`; every name it reads is in `scope` already."""

    def lower(inner: Expression) -> int:
        return lower_expression(scope, inner, divisors)

    graph = scope.builder
    match expression:
        case Constant(value=value, type=kind):
            return lower_constant(scope, value, kind)
        case SignalValue(name=name):
            return scope.signals[name]
        case ColumnValue():
            return _column(scope, expression)
        case Today():
            return graph.make(Primitive.TODAY, kind=DATE)
        case PointsOf(node=node):
            return scope.nodes[node].points
        case LevelOf(node=node):
            return scope.nodes[node].level
        case BandOf(node=node):
            return scope.bands[node]
        case FlagValue(name=name):
            return scope.flags[name]
        case Sum():
            return _sum(scope, expression, [lower(term) for _, term in expression.terms])
        case Product():
            return _product(scope, expression, [lower(factor) for _, factor in expression.factors], divisors)
        case Apply():
            return _apply(scope, expression, [lower(operand) for operand in expression.operands], divisors)
        case FirstKnown(operands=operands):
            # Division by zero is no matter here: what it leaves missing, the next operand replaces.
            values = [lower_expression(scope, operand) for operand in operands]
            return graph.make(Primitive.COALESCE, values)
        case Choice(cases=cases, type=kind):
            pairs = [(lower(condition), lower(value)) for condition, value in cases]
            return graph.select(pairs, graph.missing(kind))
        case Compare(relation=relation, left=left, right=right):
            return compare(scope, relation, lower(left), lower(right))
        case Member(operand=operand, choices=choices, ignoring_case=ignoring_case):
            return member(scope, lower(operand), choices, ignoring_case=ignoring_case)
        case Contains(operand=operand, text=text, ignoring_case=ignoring_case):
            return contains(scope, lower(operand), text, ignoring_case=ignoring_case)
        case IsMissing(operand=operand):
            return graph.negate(graph.known(lower(operand)))
        case Not(operand=operand):
            return graph.negate(lower(operand))
        case And(operands=operands):
            return graph.both(*map(lower, operands))
        case Or(operands=operands):
            return graph.either(*map(lower, operands))
        case CountTrue(conditions=conditions):
            return count_true(scope, [*map(lower, conditions)])
        case Aggregate():
            return _aggregate(scope, expression)


def lower_constant(scope: Scope, value: Fraction | int | str | bool | None, kind: Type) -> int:
    if isinstance(value, Fraction) or (kind.is_numeric and isinstance(value, int)):
        return scope.builder.number(value)
    return scope.builder.constant(value, kind)


# Comparisons and counting ----------------------------------------------------


def compare(scope: Scope, relation: Relation, left: int, right: int) -> int:
    """A comparison of two values of one family, both snapped when they are numbers."""
    graph = scope.builder
    left, right = graph.snap(left), graph.snap(right)
    match relation:
        case Relation.BELOW:
            return graph.make(Primitive.LESS, (left, right))
        case Relation.UP_TO:
            return graph.make(Primitive.AT_MOST, (left, right))
        case Relation.ABOVE:
            return graph.make(Primitive.LESS, (right, left))
        case Relation.AT_LEAST:
            return graph.make(Primitive.AT_MOST, (right, left))
        case Relation.IS:
            return graph.make(Primitive.EQUAL, (left, right))


def member(scope: Scope, operand: int, choices: tuple[str, ...], *, ignoring_case: bool = False) -> int:
    """Whether a text is one of `choices`."""
    graph = scope.builder
    if ignoring_case:
        operand = graph.make(Primitive.FOLD_CASE, (operand,))
        choices = tuple(fold_case(choice) for choice in choices)
    if len(choices) == 1:
        return graph.make(Primitive.EQUAL, (operand, graph.text(choices[0])))
    return graph.make(Primitive.MEMBER, (operand,), tuple(dict.fromkeys(choices)))


def contains(scope: Scope, operand: int, text: str, *, ignoring_case: bool) -> int:
    """Whether `text` stands somewhere in a text."""
    graph = scope.builder
    if ignoring_case:
        operand, text = graph.make(Primitive.FOLD_CASE, (operand,)), fold_case(text)
    return graph.make(Primitive.CONTAINS, (operand,), text)


def count_true(scope: Scope, conditions: list[int]) -> int:
    graph = scope.builder
    one, zero = graph.number(1.0), graph.number(0.0)
    return added(scope, [graph.select([(condition, one)], zero) for condition in conditions])


def added(scope: Scope, terms: list[int]) -> int:
    """The sum in written order; no terms: 0."""
    graph = scope.builder
    return reduce(lambda a, b: graph.make(Primitive.ADD, (a, b)), terms) if terms else graph.number(0.0)


# Arithmetic ------------------------------------------------------------------


def _sum(scope: Scope, expression: Sum, terms: list[int]) -> int:
    graph = scope.builder
    (sign, _), *_ = expression.terms
    result = terms[0] if sign == "+" else negative(scope, terms[0])
    for (sign, _), term in zip(expression.terms[1:], terms[1:], strict=True):
        if graph.ops[result].type.is_date and graph.ops[term].type.is_date:
            result = graph.make(Primitive.DAYS_BETWEEN, (term, result), kind=NUMBER)
        elif graph.ops[result].type.is_date:
            days = term if sign == "+" else negative(scope, term)
            result = graph.make(Primitive.ADD_DAYS, (result, days))
        elif graph.ops[term].type.is_date:
            result = graph.make(Primitive.ADD_DAYS, (term, result))
        else:
            result = graph.make(Primitive.ADD if sign == "+" else Primitive.SUBTRACT, (result, term))
    return result


def negative(scope: Scope, operand: int) -> int:
    return scope.builder.make(Primitive.SUBTRACT, (scope.builder.number(0.0), operand))


def _product(scope: Scope, expression: Product, factors: list[int], divisors: Divisors | None) -> int:
    result = scope.builder.number(1.0)
    for (operator, _), factor in zip(expression.factors, factors, strict=True):
        if operator == "*":
            result = scope.builder.make(Primitive.MULTIPLY, (result, factor))
        else:
            result = divide(scope, result, factor, divisors)
    return result


def divide(scope: Scope, above: int, below: int, divisors: Divisors | None) -> int:
    """A divisor is snapped before it is held against 0: `0.3 - (0.1 + 0.2)` is 0 on paper only."""
    graph = scope.builder
    snapped = graph.snap(below)
    if divisors is not None:
        divisors.ops.append(snapped)
    if snapped != below:
        is_zero = graph.make(Primitive.EQUAL, (snapped, graph.number(0.0)))
        below = graph.select([(is_zero, graph.missing())], below)
    return graph.make(Primitive.DIVIDE, (above, below))


_ONE_OPERAND = {Function.LOG2: Primitive.LOG2, Function.LOG10: Primitive.LOG10, Function.LN: Primitive.LN}
_BETWEEN = {Function.DAYS_BETWEEN: Primitive.DAYS_BETWEEN, Function.MONTHS_BETWEEN: Primitive.MONTHS_BETWEEN}


def _apply(scope: Scope, expression: Apply, operands: list[int], divisors: Divisors | None) -> int:
    graph = scope.builder
    match expression.function:
        case Function.MINIMUM | Function.MAXIMUM:
            primitive = Primitive.MINIMUM if expression.function is Function.MINIMUM else Primitive.MAXIMUM
            return reduce(lambda a, b: graph.make(primitive, (a, b)), operands)
        case Function.ABSOLUTE:
            return graph.make(Primitive.MAXIMUM, (operands[0], negative(scope, operands[0])))
        case Function.FLOOR | Function.CEILING:
            primitive = Primitive.FLOOR if expression.function is Function.FLOOR else Primitive.CEILING
            return graph.make(primitive, (graph.snap(operands[0]),))
        case Function.ROUND:
            return graph.make(Primitive.ROUND, operands[:1], _decimals(expression))
        case Function.LOG2 | Function.LOG10 | Function.LN:
            return _logarithm(scope, _ONE_OPERAND[expression.function], operands[0])
        case Function.POWER:
            return graph.make(Primitive.POWER, operands)
        case Function.DAYS_BETWEEN | Function.MONTHS_BETWEEN:
            return graph.make(_BETWEEN[expression.function], operands, kind=NUMBER)
        case Function.CHANGE:
            before, after = operands
            return divide(scope, graph.make(Primitive.SUBTRACT, (after, before)), before, divisors)


def _logarithm(scope: Scope, primitive: Primitive, operand: int) -> int:
    """The operand is snapped before it is held against 0, like a divisor."""
    graph = scope.builder
    snapped = graph.snap(operand)
    if snapped != operand:
        is_positive = graph.make(Primitive.LESS, (graph.number(0.0), snapped))
        operand = graph.select([(is_positive, operand)], graph.missing())
    return graph.make(primitive, (operand,))


def _decimals(expression: Apply) -> int:
    """The second operand of `round(a, 2)`: resolving has seen that it is a small whole constant."""
    if len(expression.operands) == 1:
        return 0
    decimals = expression.operands[1]
    assert isinstance(decimals, Constant)
    assert isinstance(decimals.value, Fraction | int)
    return int(decimals.value)


# Rows ------------------------------------------------------------------------


def _column(scope: Scope, wanted: ColumnValue) -> int:
    """The value of a row column; formulas it rests on are lowered first, one after another, so that chains
    may be long.
    """
    stack = [wanted]
    while stack:
        column = stack[-1]
        key = (column.table, column.column)
        formula = scope.columns.get(key)
        waiting = [
            inner
            for inner in walk([formula])
            if isinstance(inner, ColumnValue) and (inner.table, inner.column) not in scope.column_ops
        ]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if key not in scope.column_ops:
            scope.column_ops[key] = _one_column(scope, column, formula)
    return scope.column_ops[wanted.table, wanted.column]


def _one_column(scope: Scope, column: ColumnValue, formula: Expression | None) -> int:
    graph = scope.builder
    if formula is not None:
        return graph.snap(lower_expression(scope, formula))
    if column.column == "age" and not graph.has_column(column.table, "age"):
        return _age(scope, column.table)
    return graph.make(Primitive.COLUMN, (), (column.table, column.column), kind=column.type)


def _age(scope: Scope, table: str) -> int:
    """Whole days from the row's date to today."""
    graph = scope.builder
    return graph.make(
        Primitive.DAYS_BETWEEN, (_date(scope, table), graph.make(Primitive.TODAY, kind=DATE)), kind=NUMBER
    )


def _date(scope: Scope, table: str) -> int:
    dated = scope.dated[table]
    assert dated is not None
    return _column(scope, ColumnValue(table, dated, DATE))


def _aggregate(scope: Scope, expression: Aggregate) -> int:
    graph = scope.builder
    conditions = _window(scope, expression)
    if expression.condition is not None:
        conditions.append(lower_expression(scope, expression.condition))
    condition = graph.both(*conditions)
    by_date = expression.gather in (Gather.LATEST, Gather.EARLIEST)
    operands = (
        -1 if expression.value is None else lower_expression(scope, expression.value),
        -1 if expression.weight is None else lower_expression(scope, expression.weight),
        -1 if graph.is_truth(condition, True) else condition,
        _date(scope, expression.table) if by_date else -1,
    )
    counts = expression.gather in (Gather.COUNT, Gather.DISTINCT)
    kind = NUMBER if counts or operands[0] < 0 else graph.ops[operands[0]].type
    kind = NUMBER if kind.is_numeric else TEXT if kind.is_text else kind
    return graph.snap(
        graph.make(Primitive.AGGREGATE, operands, (expression.gather, expression.table), kind=kind)
    )


def _window(scope: Scope, expression: Aggregate) -> list[int]:
    """The conditions on a row's age; rows dated after today do not exist unless a window says so."""
    graph = scope.builder
    if scope.dated[expression.table] is None:
        return []
    window = expression.window
    youngest, oldest = (0, None) if window is None else (window.youngest, window.oldest)
    age = _age(scope, expression.table)
    conditions = []
    if youngest is not None:
        conditions.append(graph.make(Primitive.AT_MOST, (graph.number(float(youngest)), age)))
    if oldest is not None:
        conditions.append(graph.make(Primitive.AT_MOST, (age, graph.number(float(oldest)))))
    return conditions or [graph.known(age)]
