"""Syntax nodes of expressions and conditions: what stands in formulas, conditions and the cells of rows.

One chain serves both (or > and > not > comparison > sum > product), so a type error is found by `resolve`,
not here. `and`, `or`, sums and products hold any number of operands, so that long ones stay shallow. Equality
ignores places.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from healthdsl.frozen import dataclass
from healthdsl.source import Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Node:
    """What every node has: the place it was written at, and equality that ignores places.

    Equality, hash and repr are written once here: sixty sets made by `dataclass` are a third of the start-up.
    """

    span: Span

    def _values(self) -> dict[str, object]:
        """The fields but for the place, in order."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "span"}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values().values()))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in self._values().items())
        return f"{type(self).__qualname__}({', '.join(shown)})"


class Unit(StrEnum):
    NONE = "none"
    PERCENT = "percent"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class NumberLiteral(Node):
    """`40`, `1_000`, `2.5`, `20%`, `30 days`; a sign stands outside. `value` is exact: `20%` holds 1/5 and
    unit PERCENT.
    """

    value: Fraction
    unit: Unit = Unit.NONE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DateLiteral(Node):
    """`2026-03-31`; `ordinal` is `datetime.date.toordinal()`."""

    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TextLiteral(Node):
    """`"Self-Managed"`; `value` is without quotes and with `\"\"` read as one quote.

    `code` is that of a reason: PAY1 in `"Invoices are late" code PAY1`.
    """

    value: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Name(Node):
    """`seats`, `today`, `yes`, `pro`: any word; what it names is settled by `resolve`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PointsOf(Node):
    """`points of nps`."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Negative(Node):
    """`-x`."""

    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sum(Node):
    """`a + b - c`: `terms` are (sign, operand), the first sign is `+`."""

    terms: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Product(Node):
    """`a * b / c`: `factors` are (operator, operand), the first operator is `*`."""

    factors: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Call(Node):
    """`min(a, b)`, `abs(a)`, `round(a, 1)`, `earlier of (a, b)`, `days from a to b`, `months from a to b`,
    `change from a to b`.

    The function's name is its first word: `earlier`, `later`, `days`, `months`, `change` for the forms with
    words.
    """

    function: Name
    arguments: tuple[Expression, ...]


# Comparisons -----------------------------------------------------------------


class Edge(StrEnum):
    """The four edge words of numbers, and the four of dates."""

    BELOW = "below"
    UP_TO = "up to"
    ABOVE = "above"
    AT_LEAST = "at least"
    BEFORE = "before"
    ON_OR_BEFORE = "on or before"
    AFTER = "after"
    ON_OR_AFTER = "on or after"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EdgeTest(Node):
    """`below 40`, `up to 40`, `above 40`, `at least 40`; of dates `before today`, `on or after today`."""

    edge: Edge
    bound: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RangeTest(Node):
    """`from 3 to 6`, both ends in."""

    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class IsTest(Node):
    """`is pro`, `is not pro`, `is one of free, pro`, `is not one of free, pro`, each with an optional
    `ignoring case`.

    `are` reads as `is` after a list. `choices` are names, texts, signed literals; one operand may be any sum.
    """

    negated: bool
    choices: tuple[Expression, ...]
    listed: bool
    ignoring_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StateTest(Node):
    """`is missing`, `is not missing`, `is known`, `is not known`; `known` tells which word, `negated`
    whether `not` stands before it.
    """

    known: bool
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ContainsTest(Node):
    """`contains "text"`, `does not contain "text"`, each with an optional `ignoring case`."""

    negated: bool
    text: TextLiteral
    ignoring_case: bool = False


Test = EdgeTest | RangeTest | IsTest | StateTest | ContainsTest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Comparison(Node):
    """`nps below 30`: a left side and one test."""

    left: Expression
    test: Test


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Not(Node):
    """`not a`."""

    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class And(Node):
    """`a and b and c`."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Or(Node):
    """`a or b or c`."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Halved(Node):
    """`worth halved every 14 days`, `warmth halved every 30 days since last_visit`."""

    operand: Expression
    days: NumberLiteral
    since: Name | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Fading(Node):
    """`worth fading from 60 to 160 days`: all of it up to `first` days, nothing from `last` on."""

    operand: Expression
    first: NumberLiteral
    last: NumberLiteral
    since: Name | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Losing(Node):
    """`worth losing 50% per months_ago`: less that share of itself for each unit, down to nothing."""

    operand: Expression
    share: Expression
    quantity: Expression


# Counting and rows -----------------------------------------------------------


class Quantity(StrEnum):
    """How many: `COUNT` asks for the number itself, the others make a condition."""

    COUNT = "count of"
    ANY = "any of"
    ALL = "all of"
    NO = "no"
    AT_LEAST = "at least"
    FEWER_THAN = "fewer than"
    MORE_THAN = "more than"
    UP_TO = "up to"
    EXACTLY = "exactly"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Count(Node):
    """`count of (a, b) above 0`, `at least 2 of usage are red`, `fewer than 3 of (a, b, c) are known`, `any
    of (f, g)`, `all of (f, g)`.

    `number` is given for at least, fewer than, more than, up to, exactly. `members` is a group's name or a
    written list; without a `test` the members are conditions themselves. A bare `any of tickets`, `no tickets
    where ..` is a `RowCount`.
    """

    quantity: Quantity
    number: NumberLiteral | None
    members: Name | tuple[Expression, ...]
    test: Test | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Window(Node):
    """`in last 30 days` (last), `in the 30 days before` (before), `in next 90 days` (next), `aged up to 7
    days` (aged, with `test`).
    """

    kind: str
    days: NumberLiteral | None = None
    test: EdgeTest | RangeTest | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Aggregate(Node):
    """`count of tickets in last 30 days where priority is urgent`, `sum amount of invoices`, `average score
    of answers weighted by weight`.

    `function` is one of count, sum, average, lowest, highest, latest, earliest, distinct; `column` is None
    for count. `count of t`, `lowest of ..` over a bracketed list is not this node but `Count` or `Call`
    (`lowest of (a, b)` is `min`).
    """

    function: Name
    column: Name | None
    table: Name
    weight: Name | None = None
    window: Window | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RowCount(Node):
    """`any of tickets where ..`, `no tickets`, `at least 3 of clicks aged up to 7 days`, `exactly 1 of
    renewals in next 90 days`.

    Whether the bare word names a table or a group is settled by `resolve`: `at least 2 of usage are red` has
    a test and is a `Count`.
    """

    quantity: Quantity
    number: NumberLiteral | None
    table: Name
    window: Window | None = None
    where: Expression | None = None


Expression = (
    NumberLiteral
    | DateLiteral
    | TextLiteral
    | Name
    | PointsOf
    | Negative
    | Sum
    | Product
    | Call
    | Comparison
    | Not
    | And
    | Or
    | Count
    | Aggregate
    | RowCount
    | Halved
    | Fading
    | Losing
)


def is_written(expression: Expression) -> bool:
    """Whether it is a written number or date, with a sign or without."""
    operand = expression.operand if isinstance(expression, Negative) else expression
    return isinstance(operand, NumberLiteral | DateLiteral)
