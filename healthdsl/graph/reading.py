"""What expressions read: the references of a declaration, and the direct inputs by which it is missing or
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

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
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    SignalValue,
    Sum,
    Today,
)
from healthdsl.model.ruleset import (
    Cell,
    Combination,
    EdgeRung,
    Formula,
    Missing,
    Points,
    Row,
    Step,
    Table,
    Variant,
    When,
)

DirectInput = SignalValue | PointsOf | LevelOf | BandOf | Aggregate


def operands_of(expression: Expression) -> Sequence[Expression]:
    """The expressions directly inside `expression`; those of an aggregate's rows too."""
    match expression:
        case Sum(terms=pairs) | Product(factors=pairs):
            return [operand for _, operand in pairs]
        case (
            Apply(operands=several)
            | FirstKnown(operands=several)
            | And(operands=several)
            | Or(operands=several)
            | CountTrue(conditions=several)
        ):
            return several
        case Choice(cases=cases):
            return [inner for case in cases for inner in case]
        case Compare(left=left, right=right):
            return (left, right)
        case Member(operand=one) | Contains(operand=one) | IsMissing(operand=one) | Not(operand=one):
            return (one,)
        case Aggregate(value=value, weight=weight, condition=condition):
            return [inner for inner in (value, weight, condition) if inner is not None]
        case (
            Constant()
            | SignalValue()
            | ColumnValue()
            | Today()
            | PointsOf()
            | LevelOf()
            | BandOf()
            | FlagValue()
        ):
            return ()


def walk(expressions: Iterable[Expression | None]) -> Iterator[Expression]:
    """Every expression in the trees, in written order."""
    stack = [expression for expression in expressions if expression is not None][::-1]
    while stack:
        expression = stack.pop()
        yield expression
        stack.extend(reversed(operands_of(expression)))


def direct_inputs(
    expressions: Iterable[Expression | None], flags: Mapping[str, Expression]
) -> list[DirectInput]:
    """Signals, points, levels, bands and row aggregates read, each once; tests of being missing do not count.

    A flag is never missing itself: to read it is to read what its condition, in `flags`, reads.
    """
    found: dict[DirectInput, None] = {}
    opened: set[str] = set()
    stack = [expression for expression in expressions if expression is not None][::-1]
    while stack:
        expression = stack.pop()
        match expression:
            case SignalValue() | PointsOf() | LevelOf() | BandOf() | Aggregate():
                found[expression] = None
            case FlagValue(name=name):
                stack.extend([flags[name]] if name not in opened else [])
                opened.add(name)
            case IsMissing():
                pass
            case _:
                stack.extend(reversed(operands_of(expression)))
    return list(found)


# Parts of declarations -------------------------------------------------------


def row_expressions(rows: Iterable[Row]) -> Iterator[Expression | None]:
    """What the rows of a table read: bounds, conditions and results, and the subjects of cells."""
    for row in rows:
        match row.key:
            case EdgeRung(low=low, high=high):
                yield from (low, high)
            case When(condition=condition):
                yield condition
            case Cell(row=one, column=other):
                for side in (one, other):
                    yield side.subject
                    yield from (side.test.low, side.test.high) if isinstance(side.test, EdgeRung) else ()
            case _:
                pass
        if isinstance(row.result, Points):
            yield row.result.value


def step_expressions(steps: Iterable[Step]) -> Iterator[Expression | None]:
    for step in steps:
        yield from (step.amount, step.condition)
        if step.per is not None:
            yield from (step.per.quantity, step.per.above)


def body_expressions(body: Table | Formula | Combination) -> Iterator[Expression | None]:
    """What a body reads, parts and weights of a combination left out."""
    match body:
        case Table(subject=subject, rows=rows):
            yield subject
            yield from row_expressions(rows)
        case Formula(value=value):
            yield value
        case Combination(parts=parts):
            yield from (part.only_when for part in parts)


def _policy_expressions(missing: Missing) -> Iterator[Expression | None]:
    if isinstance(missing.result, Points):
        yield missing.result.value


def variant_expressions(variant: Variant) -> Iterator[Expression | None]:
    """Everything one variant of a node reads by expression."""
    yield variant.condition
    yield from body_expressions(variant.body)
    yield from _policy_expressions(variant.missing)
    yield from (guarded.condition for guarded in (*variant.only_when, *variant.unscored))
    yield from step_expressions(variant.steps)


def parts_of(variant: Variant) -> Iterator[tuple[str, str | None]]:
    """Each part's node and the signal its weight depends on."""
    if isinstance(variant.body, Combination):
        for part in variant.body.parts:
            yield part.node, None if isinstance(part.weight, Fraction) else part.weight.signal
