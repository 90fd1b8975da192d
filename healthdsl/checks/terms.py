"""Conditions over terms: which terms a condition compares, with what, and the values worth looking at.

A comparison with constants cuts the values of its term into cells, and is true for all of a cell or for none
of it. One value stands for each cell, so that whatever can happen at all happens among these few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from healthdsl.checks.domains import Domain
from healthdsl.graph.arithmetic import LAST_DAY
from healthdsl.model.expressions import (
    And,
    Compare,
    Constant,
    CountTrue,
    Expression,
    FlagValue,
    IsMissing,
    Member,
    Not,
    Or,
    Relation,
    SignalValue,
)
from healthdsl.model.types import Kind, Type

GRID = Fraction(1, 10**9)
OTHER = "another text"
Conditions = Mapping[str, Expression]
"""The conditions of flags, and of signals that are yes or no by a formula, by name."""

TURNED = {
    Relation.BELOW: Relation.ABOVE,
    Relation.ABOVE: Relation.BELOW,
    Relation.UP_TO: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.UP_TO,
    Relation.IS: Relation.IS,
}


def opened(expression: Expression, known: Conditions) -> Expression | None:
    """The condition behind a name, None where there is none."""
    match expression:
        case FlagValue(name=name) | SignalValue(name=name):
            return known.get(name)
        case _:
            return None


def against_constant(compare: Compare) -> tuple[Expression, Relation, Constant] | None:
    """The comparison with its constant on the right; None where neither or both sides are one."""
    left, right = compare.left, compare.right
    if isinstance(right, Constant) and not isinstance(left, Constant):
        return left, compare.relation, right
    if isinstance(left, Constant) and not isinstance(right, Constant):
        return right, TURNED[compare.relation], left
    return None


def atoms(condition: Expression, known: Conditions, *, lists: bool = True) -> Iterator[Expression]:
    """The comparisons a condition is made of, those behind names too, in written order.

    `lists` False leaves out those that a list shares: `any of (a, b, c) is 3`.
    """
    stack = [condition]
    while stack:
        expression = stack.pop()
        behind = opened(expression, known)
        match expression:
            case _ if behind is not None:
                stack.append(behind)
            case Not(operand=inner):
                stack.append(inner)
            case And(operands=several) | Or(operands=several):
                stack.extend(reversed(several))
            case Compare():
                counted = against_constant(expression)
                if counted is not None and isinstance(counted[0], CountTrue):
                    stack.extend(reversed(counted[0].conditions) if lists else ())
                else:
                    yield expression
            case _:
                yield expression


def term_of(atom: Expression) -> Expression:
    """What an atom asks about; itself where it is a yes/no value or compares two unknown things."""
    match atom:
        case Compare():
            found = against_constant(atom)
            return atom if found is None else found[0]
        case Member(operand=term) | IsMissing(operand=term):
            return term
        case _:
            return atom


def is_value(subject: Expression, value: object) -> Expression:
    """The condition that a term has a value."""
    if isinstance(value, bool):
        return subject if value else Not(subject)
    assert value is None or isinstance(value, Fraction | int | str)
    return Compare(Relation.IS, subject, Constant(value, subject.type))


def constants_of(atom: Expression) -> tuple[object, ...]:
    """The constants that an atom compares its term with."""
    match atom:
        case Compare():
            found = against_constant(atom)
            return () if found is None else (found[2].value,)
        case Member(choices=choices):
            return choices
        case _:
            return ()


def representatives(term: Expression, domain: Domain, constants: Iterable[object]) -> tuple[object, ...]:
    """A value for each cell, missing last."""
    last: tuple[object, ...] = (None,) if domain.missing else ()
    if domain.values is not None:
        if not domain.open_text:
            return (*domain.values, *last)
        texts = dict.fromkeys(text for text in constants if isinstance(text, str))
        return (*texts, OTHER, *last)
    cuts = sorted(
        {Fraction(c) for c in constants if isinstance(c, Fraction | int) and not isinstance(c, bool)}
    )
    if term.type.is_date:
        days = [int(day) for day in _whole_cells(domain, cuts) if 1 <= day <= LAST_DAY and domain.holds(day)]
        return (*days, *last)
    found = _whole_cells(domain, cuts) if domain.whole else _cells(domain, cuts, term.type)
    return (*[value for value in found if domain.holds(value)], *last)


def _whole_cells(domain: Domain, cuts: list[Fraction]) -> list[Fraction]:
    ends = [end for end in (domain.low, domain.high) if end is not None]
    around = {n for cut in [*cuts, *ends] for n in (floor(cut) - 1, floor(cut), ceil(cut), ceil(cut) + 1)}
    return [Fraction(n) for n in sorted(around or {1})]


def _cells(domain: Domain, cuts: list[Fraction], type_: Type) -> list[Fraction]:
    ends = [end for end in (domain.low, domain.high) if end is not None]
    points = sorted({*cuts, *ends})
    far = Fraction(1, 10) if type_.kind is Kind.PERCENT else Fraction(1)
    if not points:
        return [far]
    found = [points[0] - far]
    for here, there in pairwise(points):
        found.append(here)
        if there - here > GRID:
            found.append(between(here, there))
    return [*found, points[-1], points[-1] + far]


def between(low: Fraction, high: Fraction) -> Fraction:
    """A short number strictly between two."""
    middle = (low + high) / 2
    for decimals in range(10):
        short = Fraction(floor(middle * 10**decimals + Fraction(1, 2)), 10**decimals)
        if low < short < high:
            return short
    return middle
