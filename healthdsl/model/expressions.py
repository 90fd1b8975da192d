"""Expressions with names bound and types known: a small closed set, all sugar gone.

Edges, ranges, `is one of`, windows and counting arrive here as comparisons, memberships and `CountTrue`.
Constants are exact fractions already snapped to 9 decimals. Every node says its type; conditions have type
yes/no and are three-valued.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from healthdsl.frozen import dataclass
from healthdsl.model.types import COUNT, DATE, NUMBER, YES_NO, Type


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal or a folded constant: Fraction (numbers), int ordinal (dates), str (categories, text), bool,
    or None (missing).
    """

    value: Fraction | int | str | bool | None
    type: Type


@dataclass(frozen=True, slots=True)
class SignalValue:
    """The value of a signal, input or derived, after expiry and default."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value of a column in the current row of the table an `Aggregate` runs over; `age` is the built-in
    age in days.
    """

    table: str
    column: str
    type: Type


@dataclass(frozen=True, slots=True)
class Today:
    """The as-of date."""

    type: Type = DATE


@dataclass(frozen=True, slots=True)
class PointsOf:
    """The final points of a measure, group or score; missing when it has none."""

    node: str
    type: Type = NUMBER


@dataclass(frozen=True, slots=True)
class LevelOf:
    """The level (`as LEVELS`) of a node, by name; missing when it has none."""

    node: str
    type: Type


@dataclass(frozen=True, slots=True)
class BandOf:
    """The band of a node, by name; missing when it has none."""

    node: str
    type: Type


@dataclass(frozen=True, slots=True)
class FlagValue:
    """Whether a flag or play is raised, never unknown; or what a named condition says."""

    name: str
    type: Type = YES_NO


class Function(StrEnum):
    """Functions of one or more operands; missing when any operand is."""

    MINIMUM = "min"  # also earlier of, lowest of
    MAXIMUM = "max"  # also later of, highest of
    ABSOLUTE = "abs"
    FLOOR = "floor"
    CEILING = "ceiling"
    ROUND = "round"  # second operand a Constant whole number of decimals
    LOG2 = "log2"
    LOG10 = "log10"
    LN = "ln"
    POWER = "power"
    DAYS_BETWEEN = "days"  # days from a to b
    MONTHS_BETWEEN = "months"  # whole months from a to b
    CHANGE = "change"  # (b - a) / a, missing when a is 0


@dataclass(frozen=True, slots=True)
class Sum:
    """`a + b - c`, left to right; signs are `+` or `-`. A date plus or minus days is a date."""

    terms: tuple[tuple[str, Expression], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Product:
    """`a * b / c`, left to right; operators are `*` or `/`; division by zero is missing."""

    factors: tuple[tuple[str, Expression], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Apply:
    """A function applied to its operands."""

    function: Function
    operands: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class FirstKnown:
    """`first known of (a, b)`: the first operand that is not missing; missing when all are."""

    operands: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Choice:
    """The table of a row column: the value of the first case whose condition is true; none: missing."""

    cases: tuple[tuple[Expression, Expression], ...]
    type: Type


class Relation(StrEnum):
    BELOW = "below"
    UP_TO = "up to"
    ABOVE = "above"
    AT_LEAST = "at least"
    IS = "is"


_OF_DATES = {
    Relation.BELOW: "before",
    Relation.UP_TO: "on or before",
    Relation.ABOVE: "after",
    Relation.AT_LEAST: "on or after",
    Relation.IS: "is",
}


def relation_word(relation: Relation, type_: Type) -> str:
    """How a relation to a value of a type is written: `above` of numbers is `after` of dates."""
    return _OF_DATES[relation] if type_.is_date else relation.value


@dataclass(frozen=True, slots=True)
class Compare:
    """`left RELATION right` between two values of one family; numbers are snapped on both sides; missing
    side: unknown.
    """

    relation: Relation
    left: Expression
    right: Expression
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class Member:
    """`x is one of a, b` on text and categories; `ignoring_case` folds ASCII letters only."""

    operand: Expression
    choices: tuple[str, ...]
    ignoring_case: bool = False
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class Contains:
    """`x contains "text"`: whether the text stands in x; `ignoring_case` folds ASCII letters only."""

    operand: Expression
    text: str
    ignoring_case: bool = False
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class IsMissing:
    """True or false, never unknown."""

    operand: Expression
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple[Expression, ...]
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple[Expression, ...]
    type: Type = YES_NO


@dataclass(frozen=True, slots=True)
class CountTrue:
    """How many of the conditions are true; unknown ones are not counted; never missing."""

    conditions: tuple[Expression, ...]
    type: Type = COUNT


class Gather(StrEnum):
    """Aggregates over rows."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    LOWEST = "lowest"
    HIGHEST = "highest"
    LATEST = "latest"
    EARLIEST = "earliest"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class AgeWindow:
    """Ages in whole days from `youngest` to `oldest`, both in; None is open. Kept apart from `condition` so
    that reports print the dates.
    """

    youngest: int | None
    oldest: int | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A value gathered over the rows of one account in a base table; missing when the table was not supplied.

    `table` is the base table (sub-tables are folded into `condition`). A row counts when its age lies in
    `window` (for a dated table without a written window: 0 and more) and `condition` is true. `value` and
    `weight` are row expressions.
    """

    gather: Gather
    table: str
    value: Expression | None
    weight: Expression | None
    window: AgeWindow | None
    condition: Expression | None
    type: Type


Expression = (
    Constant
    | SignalValue
    | ColumnValue
    | Today
    | PointsOf
    | LevelOf
    | BandOf
    | FlagValue
    | Sum
    | Product
    | Apply
    | FirstKnown
    | Choice
    | Compare
    | Member
    | Contains
    | IsMissing
    | Not
    | And
    | Or
    | CountTrue
    | Aggregate
)
