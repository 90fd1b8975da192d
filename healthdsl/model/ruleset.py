"""The Ruleset: what was meant. Names are bound, types known, defaults explicit, sugar gone (`like`, sub-
tables, grids).

Plain frozen dataclasses, so that checking a file never pays for a validation library; `healthdsl.schema`
gives the JSON form. Places (`span`) and source wording (`text`) take no part in equality or in the
fingerprint. Declarations stand in the order of the text; `nodes` keep that order too, evaluation order is the
graph's business.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from fractions import Fraction

from healthdsl.frozen import dataclass
from healthdsl.model.expressions import Expression
from healthdsl.model.types import Type
from healthdsl.source import FilePart, Span, find_place

NOWHERE = Span(0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What every declared thing carries: its place, and its line of text with white space folded."""

    span: Span = field(default=NOWHERE, compare=False)
    text: str = field(default="", compare=False)


# Signals and rows ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expiry:
    """The value counts for `days` days after the date signal `after`; later, or undated, it is missing."""

    days: int
    after: str


class Better(StrEnum):
    """Which values of a signal are better: `higher is better`, `lower is better`."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Declared):
    """A typed fact. `formula` is None for an input. `low`/`high` bound legal inputs, both ends in.

    `title` is what reports call it (falls back to the name with spaces), `column` the field in the record.
    `scale` is 1/100 for a percent stored as 45, else 1. `absent`: what stands in the data for a missing
    value, numbers as stored, dates as ordinals, text. `default` replaces a missing value. `on_zero`
    (derived signals): the value when everything it reads is known and a divisor is 0; None: missing.
    `fixed`: nobody can move it, so that no report tells what it would have to be.
    `better` and `zero_said` (whether `divided by zero` is written at all) change no result; `healthdsl check`
    reads them.
    """

    name: str
    type: Type
    title: str
    column: str
    formula: Expression | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    scale: Fraction = Fraction(1)
    absent: tuple[Fraction | int | str, ...] = ()
    expiry: Expiry | None = None
    default: Fraction | int | str | bool | None = None
    on_zero: Fraction | None = None
    fixed: bool = False
    better: Better | None = field(default=None, compare=False)
    zero_said: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Declared):
    """A column of a row table; `formula` None when it comes from the data, `absent` as for a signal."""

    name: str
    type: Type
    title: str
    column: str
    formula: Expression | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    scale: Fraction = Fraction(1)
    absent: tuple[Fraction | int | str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTable(Declared):
    """Child rows of an account. `dated` names the date column. Sub-tables are not here: they are folded into
    conditions.
    """

    name: str
    title: str
    dated: str | None
    columns: tuple[Column, ...]


# Levels and bands ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Declared):
    """One word of a level set or one band: `points` None for a level that is shown but has no points (and for
    bands).
    """

    name: str
    label: str
    colour: str | None
    points: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSet(Declared):
    """Levels, best first as written."""

    name: str
    levels: tuple[Level, ...]

    @property
    def has_points(self) -> bool:
        """Whether points rank the levels; where none has any, the order in which they are written does."""
        return any(level.points is not None for level in self.levels)


# Tables ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EdgeRung:
    """A ladder rung: `low` and `high` bound the subject, each with whether it is included; None is open."""

    low: Expression | None
    low_included: bool
    high: Expression | None
    high_included: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """A lookup row: the subject equals one of the constants (numbers, dates, text, yes/no)."""

    values: tuple[Fraction | int | str | bool, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a curve at subject value `at`."""

    at: Fraction


@dataclass(frozen=True, slots=True)
class When:
    """A row that asks a condition, true only."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Rest:
    """`otherwise`, `missing` or both."""

    otherwise: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two keys of a cell: what its row, or its column, asks of `subject`. `Rest` is `otherwise`:
    known, and in no other row or column. `name` is how the text calls the subject, `text` what it asks.
    """

    subject: Expression
    test: EdgeRung | Keys | Rest
    name: str = field(default="", compare=False)
    text: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: both subjects are known, and the tests of its row and of its column hold."""

    row: Side
    column: Side


Key = EdgeRung | Keys | CurvePoint | When | Rest | Cell


@dataclass(frozen=True, slots=True)
class Points:
    """The row gives the value of an expression."""

    value: Expression


@dataclass(frozen=True, slots=True)
class ToLevel:
    """The row gives a level (or, in bands, a band) by name."""

    name: str


class Outcome(StrEnum):
    """Results that are no value. WORST and BEST stand only for a missing value."""

    SKIP = "skip"
    UNSCORED = "unscored"
    WORST = "worst"
    BEST = "best"


Result = Points | ToLevel | Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Declared):
    """`TEST -> RESULT "reason"`; `reason` is what the report prints, None when not written (reports then show
    `text`).
    """

    key: Key
    result: Result
    reason: str | None = None
    code: str | None = None


class TableKind(StrEnum):
    LADDER = "ladder"
    LOOKUP = "lookup"
    CURVE = "curve"
    FIRST_MATCH = "first match"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Distribution:
    """The frozen distribution that a curve is made of; `day` is the date ordinal it was frozen for, or
    None.
    """

    name: str
    title: str
    day: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in written order. `subject` is None for a first match and for a grid, whose rows are its cells,
    row by row. In all but a first match `When` rows come first. `ranks_in` tells that a curve gives the
    percentile rank in a distribution.
    """

    kind: TableKind
    subject: Expression | None
    rows: tuple[Row, ...]
    ranks_in: Distribution | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of a grid; none of another table."""
        return tuple(row.key for row in self.rows if isinstance(row.key, Cell))

    @property
    def subjects(self) -> tuple[Expression, ...]:
        """What must be known before rungs, keys, points or cells are tried; nothing for a first match."""
        if self.subject is not None:
            return (self.subject,)
        cell = next(iter(self.cells), None)
        return () if cell is None else (cell.row.subject, cell.column.subject)


# Measures, groups, scores ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Formula:
    value: Expression


class Method(StrEnum):
    AVERAGE = "average"
    TOTAL = "total"
    LOWEST = "lowest"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True)
class WeightCase:
    """One column of a weight grid: the weight when the grid's signal equals one of `keys`; `keys` empty for
    `otherwise`.
    """

    keys: tuple[Fraction | int | str | bool, ...]
    weight: Fraction


@dataclass(frozen=True, slots=True)
class GridWeight:
    """A weight that depends on a signal: the first case that fits; none fits (or signal missing without
    otherwise): weight 0.
    """

    signal: str
    cases: tuple[WeightCase, ...]


@dataclass(frozen=True, slots=True)
class SignalWeight:
    """`usage weighted by usage_weight`: the value of a signal that is never below 0; missing: weight 0."""

    signal: str


Weight = Fraction | GridWeight | SignalWeight


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Declared):
    """A node with its weight in a combination."""

    node: str
    weight: Weight = Fraction(1)
    only_when: Expression | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """Parts combined by a method; `weighted` tells whether any weight was written (for display only)."""

    method: Method
    parts: tuple[Part, ...]


class Action(StrEnum):
    ADD = "add"
    TIMES = "times"
    CAP = "cap"
    RAISE = "raise"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Per:
    """Points per unit: `amount` times max(quantity - above, 0) / each (whole units when `full`), at most
    `limit` points in size.
    """

    quantity: Expression
    above: Expression | None
    each: Fraction
    full: bool
    limit: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Declared):
    """`+15 when C`, `-5 per X above 2, up to 20 points`, `cap at 40 when C`: a penalty's `amount` is negative
    already.
    """

    action: Action
    amount: Expression
    per: Per | None = None
    condition: Expression | None = None
    reason: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """A condition with the reason shown when it decides (`only when`, `unscored when`)."""

    condition: Expression
    reason: str | None
    text: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """`needs 60% of weight` (`share`) or `needs 3 parts` (`parts`)."""

    share: Fraction | None
    parts: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The policy for a missing base: an `Outcome`, a level, or points that start the node and do not count as
    known.
    """

    result: Result
    reason: str | None = None
    written: bool = True
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant(Declared):
    """The whole working of a node. A node without variants has one, with `name` and `condition` None.

    `shown_to` says to how many decimals reports print the points, which stay as they are.
    """

    name: str | None = None
    condition: Expression | None = None
    body: Table | Formula | Combination
    missing: Missing
    only_when: tuple[Guarded, ...] = ()
    unscored: tuple[Guarded, ...] = ()
    needs: Needs | None = None
    steps: tuple[Step, ...] = ()
    within: tuple[Fraction, Fraction] | None = None
    round_to: int | None = None
    shown_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNode(Declared):
    """A measure, group or score (`word`); `levels` names its level set."""

    word: str
    name: str
    title: str
    levels: str | None
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Declared):
    """Bands of one node. `rows` give `ToLevel(band)`, and are tried as written, `when` rows among the rungs;
    `bands` holds each band once, in written order. `name` and `title` are their own, where they say one.
    """

    node: str
    rows: tuple[Row, ...]
    bands: tuple[Level, ...]
    name: str | None = None
    title: str | None = None


# Flags, tests, the whole -----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Declared):
    """A flag or play (`word`), raised when its condition is true.

    Of the word `condition` it is the name of a condition for rules to use: unknown where the condition is,
    and shown to nobody.
    """

    word: str
    name: str
    title: str
    condition: Expression

    @property
    def is_shown(self) -> bool:
        return self.word != "condition"


Value = Fraction | int | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation(Declared):
    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Declared):
    """`facts` by signal name, `tables` by table name with rows as column name -> value; `as_of` is a date
    ordinal or None.
    """

    title: str
    as_of: int | None
    facts: tuple[tuple[str, Value], ...]
    tables: tuple[tuple[str, tuple[tuple[tuple[str, Value], ...], ...]], ...]
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset(Declared):
    """Everything one file says, with what it uses. `source_name` is shown in `file:line` (`source_parts` when
    it is several files); `main_score` is the node `.score` speaks of (None: labels only). `is_dictionary`:
    it is no ruleset, but what rulesets use.
    """

    name: str
    title: str
    version: str
    owner: str | None
    account_id: str | None
    account_name: str | None
    signals: tuple[Signal, ...]
    tables: tuple[RowTable, ...]
    levels: tuple[LevelSet, ...]
    nodes: tuple[RuleNode, ...]
    bands: tuple[Bands, ...]
    flags: tuple[Flag, ...]
    tests: tuple[Test, ...] = field(default=(), compare=False)
    main_score: str | None = None
    source_name: str = field(default="<text>", compare=False)
    source_parts: tuple[FilePart, ...] = field(default=(), compare=False)
    is_dictionary: bool = field(default=False, compare=False)

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags and plays, in written order: what is told to people, without the named conditions."""
        return tuple(flag for flag in self.flags if flag.is_shown)

    def place(self, line: int) -> str:
        """`file:line` of a line of its text, which goes on through the files that it uses."""
        name, number = find_place(self.source_parts or (FilePart(1, self.source_name),), line)
        return f"{name}:{number}"
