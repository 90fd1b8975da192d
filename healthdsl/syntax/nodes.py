"""Syntax nodes of declarations and their clauses: what was written, line by line.

A declaration is a header line in column 0 and the clause lines indented under it. Nodes keep the written
order. `Text` fields (titles, labels, reasons) are `TextLiteral` nodes or None. Equality ignores places.
"""

from __future__ import annotations

from healthdsl.frozen import dataclass
from healthdsl.syntax.expressions import (
    DateLiteral,
    EdgeTest,
    Expression,
    Name,
    Node,
    NumberLiteral,
    RangeTest,
    TextLiteral,
)

# Header clauses --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class HeaderClause(Node):
    """`language 1`, `version 2.1.0`, `owner "CS Operations"`, `account id "customerID"`, `account name
    "Company"`.

    `key` is the clause's words (`account id`), `value` its text as written, without quotes.
    """

    key: str
    value: TextLiteral


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RulesetHeader(Node):
    """`ruleset saas_health "SaaS account health"` and its clauses; `missing -> skip` may stand here once as
    the default policy, `stored as 45 for 45%` as that of the file's percents.

    `dictionary signals "What we know about an account"` begins a file that rulesets use; `word` tells which.
    """

    word: str = "ruleset"
    name: Name
    title: TextLiteral | None
    clauses: tuple[HeaderClause | MissingClause | StoredClause, ...]

    @property
    def is_dictionary(self) -> bool:
        return self.word == "dictionary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UseDeclaration(Node):
    """`use "signals.health"`: brings the declarations of another file in; the path is relative to this
    one.
    """

    path: TextLiteral


# Types and signals -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TypeRange(Node):
    """`from -100 to 100`, `from 0` (`high` None), `up to 100` (`low` None): the legal values, ends in."""

    low: Expression | None
    high: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TypeSpec(Node):
    """`count`, `number from -100 to 100`, `percent`, `days`, `date`, `timestamp`, `money in USD`, `yes/no`,
    `one of free, "Pro plus"`, `text`.

    `word` is the type word as written (`yes/no` and `one of` whole); `choices` for `one of`; `currency` for
    money; `within` for a range.
    """

    word: Name
    choices: tuple[Name | TextLiteral, ...] = ()
    currency: Name | None = None
    within: TypeRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ColumnClause(Node):
    """`column "NPS Score"`."""

    column: TextLiteral


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StoredClause(Node):
    """`stored as 45 for 45%` or `stored as 0.45 for 45%`: how a percent stands in the data."""

    written: NumberLiteral
    meant: NumberLiteral


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AbsentClause(Node):
    """`missing when -1, "n/a"`: what stands in the data where nothing is known."""

    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExpiresClause(Node):
    """`expires 180 days after nps_answered_on`."""

    days: NumberLiteral
    after: Name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DefaultClause(Node):
    """`default 1`."""

    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DividedByZeroClause(Node):
    """`divided by zero -> 0` (or `-> missing`, a Name)."""

    result: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BetterClause(Node):
    """`higher is better`, `lower is better`."""

    higher: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FixedClause(Node):
    """`fixed`: nobody at the account can move it."""


SignalClause = (
    ColumnClause
    | StoredClause
    | AbsentClause
    | ExpiresClause
    | DefaultClause
    | DividedByZeroClause
    | BetterClause
    | FixedClause
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SignalDeclaration(Node):
    """`signal seats count "Licensed seats"`, `signal utilisation percent = active_users / seats`; `formula`
    None for an input.
    """

    name: Name
    type: TypeSpec | None
    formula: Expression | None
    title: TextLiteral | None
    clauses: tuple[SignalClause, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RowColumn(Node):
    """`priority one of low, normal, urgent` or `hours number = minutes / 60` under `rows`.

    `stored as 45 for 45%`, `missing when -1` and `column "X"` may stand behind the type. `points lookup of
    state` has a `table`, with its `rows` indented below.
    """

    name: Name
    type: TypeSpec | None
    formula: Expression | None
    column: TextLiteral | None
    title: TextLiteral | None
    stored: StoredClause | None = None
    absent: AbsentClause | None = None
    table: TableBody | None = None
    rows: tuple[TableRow, ...] = ()

    @property
    def is_derived(self) -> bool:
        """Whether it is worked out, and not in the data."""
        return self.formula is not None or self.table is not None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RowsDeclaration(Node):
    """`rows tickets dated opened_on` with columns, or the sub-table `rows urgent of tickets where priority
    is urgent`.
    """

    name: Name
    dated: Name | None
    parent: Name | None
    where: Expression | None
    title: TextLiteral | None
    columns: tuple[RowColumn, ...]


# Levels and bands ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LevelRow(Node):
    """`good 100 green "Good"`; `points` None for `none`, and under `without points`; `colour` None when not
    written.
    """

    name: Name
    points: Expression | None
    colour: Name | None
    label: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LevelsDeclaration(Node):
    """`levels rating`, `levels segments without points`, and the rows, best first as written."""

    name: Name
    rows: tuple[LevelRow, ...]


# Rows of tables --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class KeysTest(Node):
    """`free`, `"Pro plus"`, `yes`, `1, 2`, `20%`: the keys of a lookup row or of a curve point."""

    keys: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WhenTest(Node):
    """`when CONDITION`."""

    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RestTest(Node):
    """`otherwise`, `missing`, `otherwise or missing`."""

    otherwise: bool
    missing: bool


RowTest = EdgeTest | RangeTest | KeysTest | WhenTest | RestTest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TableRow(Node):
    """`TEST -> RESULT "reason"`. In bands RESULT is the band's name, with `colour` behind it and `reason` as
    its label.

    The result is an expression; `skip`, `unscored`, `worst`, `best` and level or band names arrive as `Name`.
    In a grid a row gives one result a column: `enterprise -> 60, 80, 100`, the first in `result`, the others
    in `more`.
    """

    test: RowTest
    result: Expression
    colour: Name | None
    reason: TextLiteral | None
    more: tuple[Expression, ...] = ()

    @property
    def results(self) -> tuple[Expression, ...]:
        return (self.result, *self.more)


# Measures, groups, scores ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TableBody(Node):
    """`ladder`, `lookup`, `curve`, `grid`, each with an optional `of EXPRESSION`, and `first match`."""

    kind: str
    subject: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FormulaBody(Node):
    """`= 50`, `= (nps + 100) / 2`; `starts at 50` where steps follow, which says the same."""

    formula: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CombineBody(Node):
    """`average`, `total`, `lowest`, `highest`."""

    method: Name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LikeBody(Node):
    """`like nps`: the same table, levels and steps on another signal; `subject` when written `like nps, on
    EXPRESSION`.
    """

    model: Name
    subject: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PercentileBody(Node):
    """`percentile in mrr_2026`, `percentile in mrr_2026 of EXPRESSION`: the rank of a value, 0 to 100."""

    distribution: Name
    subject: Expression | None


Body = TableBody | FormulaBody | CombineBody | LikeBody | PercentileBody


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PartClause(Node):
    """`40 usage`, `usage`, `25 engagement only when tenure above 90 days "title"`; `weight` None when bare,
    `weights` for a grid row, `weighted_by` for `usage weighted by usage_weight`.

    With `by segment  smb  enterprise` above, a part line is `usage  40, 25` or `usage -> 40, 25`: `weights`
    holds its cells.
    """

    name: Name
    weight: NumberLiteral | None
    weights: tuple[NumberLiteral, ...]
    only_when: Expression | None
    title: TextLiteral | None
    weighted_by: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GridClause(Node):
    """`by segment  smb, enterprise, otherwise`: the columns of the grid of weights that follows; `by seats
    below 10, below 100, otherwise`: those of a table of two keys, which may have edges.
    """

    signal: Name
    keys: tuple[Expression | EdgeTest | RangeTest, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MissingClause(Node):
    """`missing -> 50 "reason"` as a clause of a measure, group, score or ruleset (in tables it arrives as a
    `TableRow`).
    """

    result: Expression
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OnlyWhenClause(Node):
    """`only when CONDITION "reason"`."""

    condition: Expression
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UnscoredClause(Node):
    """`unscored when CONDITION "reason"`."""

    condition: Expression
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class NeedsClause(Node):
    """`needs 60% of weight "reason"` (`parts` None) or `needs 3 parts "reason"` (`share` None)."""

    share: NumberLiteral | None
    parts: NumberLiteral | None
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PerUnit(Node):
    """`per urgent_tickets above 2, up to 20 points`: `each` is the `10` of `per 10 seats`, `full` for `per
    full 10 seats`.
    """

    each: NumberLiteral | None
    full: bool
    quantity: Expression
    above: Expression | None
    limit: NumberLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PointsStep(Node):
    """`+15 when C`, `-5 per X above 2, up to 20 points`, `+ points of x`, `-(a * 2) when C`: `sign` is `+`
    or `-`.
    """

    sign: str
    amount: Expression
    per: PerUnit | None
    condition: Expression | None
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ActionStep(Node):
    """`times 0.5 when C`, `cap at 40 when C`, `raise to 40 when C`, `set to 0 when C`; `action` is times,
    cap, raise or set.
    """

    action: str
    amount: Expression
    condition: Expression | None
    reason: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WithinClause(Node):
    """`within 0 to 100`, on the header or as a line."""

    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RoundClause(Node):
    """`round to 1 decimal`, `round to 0 decimals`, `round to whole number`."""

    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ShownClause(Node):
    """`shown to 1 decimal`, `shown to whole number`: in reports alone."""

    decimals: int


NodeClause = (
    TableRow
    | PartClause
    | GridClause
    | MissingClause
    | OnlyWhenClause
    | UnscoredClause
    | NeedsClause
    | PointsStep
    | ActionStep
    | WithinClause
    | RoundClause
    | ShownClause
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PartDeclaration(Node):
    """`measure nps ladder as rating "Title"`, `group usage average`, `score health average for smb when
    segment is smb within 0 to 100`.

    `word` is measure, group or score; `levels` the name behind `as`; `variant` and `variant_when` the `for
    NAME when C` of a variant. `measure b, c like a` is a declaration for each name: `more` is empty in all
    that `parse_ruleset` gives.
    """

    word: str
    name: Name
    body: Body
    levels: Name | None
    variant: Name | None
    variant_when: Expression | None
    title: TextLiteral | None
    clauses: tuple[NodeClause, ...]
    more: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BandsDeclaration(Node):
    """`bands health` or `bands cd, security "Title"` and rows `TEST -> name colour "label"`.

    `bands churn_risk of health "Risk of churn"` have a name of their own; `names` are what is banded.
    """

    names: tuple[Name, ...]
    name: Name | None = None
    title: TextLiteral | None = None
    rows: tuple[TableRow, ...]


# Distributions ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DistributionRow(Node):
    """`1_200 -> 35.5%`: the rank of a value among the accounts of the distribution."""

    value: Expression
    share: NumberLiteral


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DistributionDeclaration(Node):
    """`distribution mrr_2026 "Monthly revenue of all accounts"`, with `as of 2026-03-31` and its points."""

    name: Name
    title: TextLiteral | None
    clauses: tuple[AsOfClause | DistributionRow, ...]

    @property
    def rows(self) -> tuple[DistributionRow, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, DistributionRow))


# Flags, plays, tests ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FlagDeclaration(Node):
    """`flag expansion when C "text"`, `play save_plan when C "text"`, `condition engaged when C "text"`;
    `word` tells which.
    """

    word: str
    name: Name
    condition: Expression
    title: TextLiteral | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AsOfClause(Node):
    """`as of 2026-03-31`."""

    date: DateLiteral


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GivenClause(Node):
    """`given overdue 90 days`, `given plan free`, `given nps missing`."""

    signal: Name
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GivenRowsClause(Node):
    """`given rows tickets`, a header line of column names and one line a row, deeper indented; no lines: a
    table with no rows.

    Cells are literals, names (category values, `yes`, `missing`) or texts, separated by white space.
    """

    table: Name
    columns: tuple[Name, ...]
    rows: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExpectClause(Node):
    """`expect health up to 40`, `expect health is at_risk`, `expect expansion`, `expect points of nps is
    50`.
    """

    condition: Expression


TestClause = AsOfClause | GivenClause | GivenRowsClause | ExpectClause


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TestDeclaration(Node):
    """`test "an unpaid account is never healthy" like "a paid account"` and its clauses; `base` is the title
    of the other test.
    """

    title: TextLiteral
    base: TextLiteral | None = None
    clauses: tuple[TestClause, ...]


Declaration = (
    RulesetHeader
    | UseDeclaration
    | SignalDeclaration
    | RowsDeclaration
    | LevelsDeclaration
    | DistributionDeclaration
    | PartDeclaration
    | BandsDeclaration
    | FlagDeclaration
    | TestDeclaration
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Comment(Node):
    """`# ...` to the end of the line, found by scanning the text, so that none is lost."""

    text: str


# Among the broken names of a file whose header says in a line that could not be read how percents are stored.
STORED = "stored as"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RulesetFile(Node):
    """A whole file: its declarations in order and every comment.

    What could not be read is left out and has a diagnostic. `broken` holds the names that only such lines
    declare (signals, columns, levels, bands) and the names of declarations that lost a clause: about these,
    and about what refers to them, later stages stay silent.

    `used` are the files that it brings in, in the order of one file that held them all: each behind those it
    uses itself. `lost` says that one of them could not be read, so that no name is known to be unknown.
    """

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    broken: frozenset[str] = frozenset()
    used: tuple[RulesetFile, ...] = ()
    lost: bool = False

    @property
    def header(self) -> RulesetHeader | None:
        return next((one for one in self.declarations if isinstance(one, RulesetHeader)), None)

    @property
    def is_dictionary(self) -> bool:
        return self.header is not None and self.header.is_dictionary
