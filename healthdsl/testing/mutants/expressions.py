"""The small changes of an expression, each with one thing changed in it.

A range (`x from A to B`) is changed as what it is, not as two comparisons; so is a test of several values
(`at least 2 of (a, b) above 0`), which is the same change in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar, assert_never

from healthdsl.model.expressions import (
    AgeWindow,
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
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.steps import grid_step

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Variation:
    """The expression with one change."""

    kind: Kind
    expression: Expression


Test = Compare | Member | Contains | IsMissing | Not | And | Or | CountTrue

EDGES = {
    Relation.BELOW: Relation.UP_TO,
    Relation.UP_TO: Relation.BELOW,
    Relation.ABOVE: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.ABOVE,
}
_TURNED = {
    Relation.BELOW: Relation.ABOVE,
    Relation.ABOVE: Relation.BELOW,
    Relation.UP_TO: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.UP_TO,
}
_IN_WORDS = {(Relation.AT_LEAST, 1), (Relation.ABOVE, 0), (Relation.IS, 0)}
_SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*"}
_FUNCTIONS = {
    Function.MINIMUM: Function.MAXIMUM,
    Function.MAXIMUM: Function.MINIMUM,
    Function.FLOOR: Function.CEILING,
    Function.CEILING: Function.FLOOR,
}


def variations(expression: Expression) -> Iterator[Variation]:
    """Every expression that differs from this one in one thing."""
    match expression:
        case Constant():
            yield from _numbers(expression)
        case SignalValue() | ColumnValue() | Today() | PointsOf() | LevelOf() | BandOf() | FlagValue():
            pass
        case Sum(terms=pairs):
            yield from (replace_kind(v, replace(expression, terms=v.pairs)) for v in _chains(pairs))
        case Product(factors=pairs):
            yield from (replace_kind(v, replace(expression, factors=v.pairs)) for v in _chains(pairs))
        case Apply():
            yield from _applications(expression)
        case FirstKnown():
            yield from _first_known(expression)
        case Choice():
            yield from _choices(expression)
        case Aggregate():
            yield from _gathered(expression)
        case Compare() | Member() | Contains() | IsMissing() | Not() | And() | Or() | CountTrue():
            yield from _tests(expression)
        case _:
            assert_never(expression)


def _tests(test: Test) -> Iterator[Variation]:
    match test:
        case Compare():
            yield from _comparisons(test)
        case Member():
            yield from _members(test)
        case Contains() | IsMissing():
            for v in variations(test.operand):
                yield Variation(v.kind, replace(test, operand=v.expression))
        case Not(operand=operand):
            yield from (Variation(v.kind, Not(v.expression)) for v in variations(operand))
        case And(operands=operands) | Or(operands=operands):
            yield from _logic(test, operands)
        case CountTrue(conditions=conditions):
            yield from _counted(conditions)
        case _:
            assert_never(test)


def condition_variations(condition: Expression) -> Iterator[Variation]:
    """The same for a condition, which may be turned into its opposite as a whole or in one of its tests."""
    yield from variations(condition)
    yield from (Variation(Kind.NEGATION, changed) for changed in _negations(condition))


def _negations(condition: Expression) -> Iterator[Expression]:
    """The condition with one of its tests turned into the opposite."""
    match condition:
        case And(operands=operands) | Or(operands=operands) if range_of(condition) is None:
            for at, operand in enumerate(operands):
                for turned in _negations(operand):
                    yield replace(condition, operands=_with(operands, at, turned))
        case Not(operand=operand):
            yield operand
        case _:
            yield Not(condition)


# Numbers ----------------------------------------------------------------------


def _numbers(constant: Constant) -> Iterator[Variation]:
    """A number of a formula, one step up."""
    for moved in moved_constants(constant)[:1]:
        yield Variation(Kind.NUMBER, moved)


def moved_constants(constant: Constant) -> list[Constant]:
    """A number or a date one step up, then one step down; nothing for other values."""
    value = constant.value
    if isinstance(value, bool) or not isinstance(value, Fraction | int):
        return []
    step = grid_step(Fraction(value), constant.type)
    return [replace(constant, value=value + type(value)(sign * step)) for sign in (1, -1)]


@dataclass(frozen=True, slots=True)
class _Chain:
    kind: Kind
    pairs: tuple[tuple[str, Expression], ...]


def replace_kind(chain: _Chain, expression: Expression) -> Variation:
    return Variation(chain.kind, expression)


def _chains(pairs: tuple[tuple[str, Expression], ...]) -> Iterator[_Chain]:
    """`a + b - c` with a sign exchanged (the first has none), or with one of the values changed."""
    for at, (sign, operand) in enumerate(pairs):
        if at:
            yield _Chain(Kind.OPERATOR, _with(pairs, at, (_SIGNS[sign], operand)))
        yield from (_Chain(v.kind, _with(pairs, at, (sign, v.expression))) for v in variations(operand))


def _applications(call: Apply) -> Iterator[Variation]:
    other = _FUNCTIONS.get(call.function)
    if other is not None:
        yield Variation(Kind.OPERATOR, replace(call, function=other))
    for at, operand in enumerate(call.operands):
        for v in variations(operand):
            yield Variation(v.kind, replace(call, operands=_with(call.operands, at, v.expression)))


def _first_known(several: FirstKnown) -> Iterator[Variation]:
    operands = several.operands
    for at, operand in enumerate(operands):
        if len(operands) > 1:
            yield Variation(Kind.CONDITION, replace(several, operands=(*operands[:at], *operands[at + 1 :])))
        for v in variations(operand):
            yield Variation(v.kind, replace(several, operands=_with(operands, at, v.expression)))


def _choices(choice: Choice) -> Iterator[Variation]:
    """The table of a row column, whose rows have no place in the model."""
    cases = choice.cases
    for at, (condition, value) in enumerate(cases):
        if len(cases) > 1:
            yield Variation(Kind.DROP_ROW, replace(choice, cases=(*cases[:at], *cases[at + 1 :])))
        for v in variations(condition):
            yield Variation(v.kind, replace(choice, cases=_with(cases, at, (v.expression, value))))
        for v in variations(value):
            yield Variation(v.kind, replace(choice, cases=_with(cases, at, (condition, v.expression))))


# Tests ------------------------------------------------------------------------


def _comparisons(test: Compare) -> Iterator[Variation]:
    if _counts_in_words(test):
        pass  # `any of`, `all of` and `no` have no number that one could move
    elif isinstance(test.right, Constant):
        for moved in moved_constants(test.right):
            yield Variation(Kind.THRESHOLD, replace(test, right=moved))
    else:
        for v in variations(test.right):
            yield Variation(v.kind, replace(test, right=v.expression))
    if test.relation in EDGES and not _counts_in_words(test):
        yield Variation(Kind.EDGE_WORD, replace(test, relation=EDGES[test.relation]))
        yield Variation(Kind.COMPARISON, replace(test, relation=_TURNED[test.relation]))
    for v in variations(test.left):
        yield Variation(v.kind, replace(test, left=v.expression))


def _counts_in_words(test: Compare) -> bool:
    match test:
        case Compare(left=CountTrue(conditions=conditions), relation=relation, right=Constant(value=value)):
            every = relation is Relation.AT_LEAST and value == len(conditions)
            return every or (relation, value) in _IN_WORDS
        case Compare(left=Aggregate(gather=Gather.COUNT), relation=relation, right=Constant(value=value)):
            return (relation, value) in _IN_WORDS
        case _:
            return False


def _members(test: Member) -> Iterator[Variation]:
    if len(test.choices) > 1:
        for choice in test.choices:
            left = tuple(other for other in test.choices if other != choice)
            yield Variation(Kind.CONDITION, replace(test, choices=left))
    for v in variations(test.operand):
        yield Variation(v.kind, replace(test, operand=v.expression))


def range_of(condition: Expression) -> tuple[Compare, Compare] | None:
    """The two comparisons of `x from A to B`, which the text has as one test."""
    match condition:
        case And(
            operands=(
                Compare(relation=Relation.AT_LEAST, left=one) as low,
                Compare(relation=Relation.UP_TO, left=other) as high,
            )
        ) if one == other:
            return low, high
        case _:
            return None


def _logic(condition: And | Or, operands: tuple[Expression, ...]) -> Iterator[Variation]:
    ends = range_of(condition)
    if ends is not None:
        yield from _ranges(*ends)
        return
    other: Expression = Or(operands) if isinstance(condition, And) else And(operands)
    yield Variation(Kind.LOGIC, other)
    for at, operand in enumerate(operands):
        rest = (*operands[:at], *operands[at + 1 :])
        yield Variation(Kind.CONDITION, rest[0] if len(rest) == 1 else replace(condition, operands=rest))
        for v in variations(operand):
            yield Variation(v.kind, replace(condition, operands=_with(operands, at, v.expression)))


def _ranges(low: Compare, high: Compare) -> Iterator[Variation]:
    for at, end in enumerate((low, high)):
        if isinstance(end.right, Constant):
            for moved in moved_constants(end.right):
                pair = _with((low, high), at, replace(end, right=moved))
                if not _is_empty(pair):
                    yield Variation(Kind.THRESHOLD, And(pair))
    for v in variations(low.left):
        left = v.expression
        yield Variation(v.kind, And((replace(low, left=left), replace(high, left=left))))


def _is_empty(ends: tuple[Compare, ...]) -> bool:
    """Whether the range holds nothing, which the compiler refuses."""
    match ends[0].right, ends[1].right:
        case Constant(value=Fraction() | int() as low), Constant(value=Fraction() | int() as high):
            return low > high
        case _:
            return False


def _counted(conditions: tuple[Expression, ...]) -> Iterator[Variation]:
    """One condition fewer; the same change in all that have the same form, as one test in the text."""
    if len(conditions) > 1:
        for at in range(len(conditions)):
            yield Variation(Kind.CONDITION, CountTrue((*conditions[:at], *conditions[at + 1 :])))
    changed = [list(condition_variations(condition)) for condition in conditions]
    kinds = [[v.kind for v in each] for each in changed]
    if len({_form(condition) for condition in conditions}) == 1 and all(k == kinds[0] for k in kinds):
        for together in zip(*changed, strict=True):
            yield Variation(together[0].kind, CountTrue(tuple(v.expression for v in together)))
        return
    for at, each in enumerate(changed):
        for v in each:
            yield Variation(v.kind, CountTrue(_with(conditions, at, v.expression)))


def _form(condition: Expression) -> object:
    """What makes `(a, b) above 0` one test: all but the value that is tested."""
    match condition:
        case Compare(relation=relation, right=right):
            return relation, right
        case Member(choices=choices, ignoring_case=ignoring):
            return choices, ignoring
        case Contains(text=text, ignoring_case=ignoring):
            return text, ignoring
        case IsMissing():
            return "missing"
        case Not(operand=operand):
            return "not", _form(operand)
        case _:
            return condition


# Rows -------------------------------------------------------------------------


def _gathered(rows: Aggregate) -> Iterator[Variation]:
    if rows.window is not None:
        for window in moved_windows(rows.window):
            yield Variation(Kind.WINDOW, replace(rows, window=window))
    if rows.condition is not None:
        yield Variation(Kind.CONDITION, replace(rows, condition=None))
        for v in condition_variations(rows.condition):
            yield Variation(v.kind, replace(rows, condition=v.expression))
    if rows.value is not None:
        for v in variations(rows.value):
            yield Variation(v.kind, replace(rows, value=v.expression))
    if rows.weight is not None:
        yield Variation(Kind.WEIGHT, replace(rows, weight=None))


def moved_windows(window: AgeWindow) -> list[AgeWindow]:
    """The window with its number of days one up and one down, as it is written."""
    match window.youngest, window.oldest:
        case None, None:
            return []
        case None | 0, int(oldest):
            return [AgeWindow(window.youngest, oldest + by) for by in (1, -1) if oldest + by >= 0]
        case int(youngest), None:
            return [AgeWindow(youngest + by, None) for by in (1, -1)]
        case int(youngest), -1:
            return [AgeWindow(youngest - by, -1) for by in (1, -1) if youngest - by <= -1]
        case int(youngest), int(oldest) if oldest == 2 * youngest - 1:
            return [AgeWindow(youngest + by, oldest + 2 * by) for by in (1, -1) if youngest + by >= 1]
        case int(youngest), int(oldest):
            moved = [(youngest + by, oldest) for by in (1, -1)] + [(youngest, oldest + by) for by in (1, -1)]
            return [AgeWindow(*ends) for ends in moved if ends[0] <= ends[1]]
        case _:
            return []


def _with(items: Sequence[_Item], at: int, item: _Item) -> tuple[_Item, ...]:
    return (*items[:at], item, *items[at + 1 :])
