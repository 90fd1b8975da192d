"""The rows of a table as conditions, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from healthdsl.checks.reads import bands_table
from healthdsl.checks.solve import Wish
from healthdsl.model.expressions import (
    And,
    Compare,
    Constant,
    Expression,
    IsMissing,
    Member,
    Not,
    Or,
    Relation,
)
from healthdsl.model.grids import cells_at, side_tables
from healthdsl.model.ruleset import (
    EdgeRung,
    Key,
    Keys,
    Rest,
    Row,
    RuleNode,
    Ruleset,
    Table,
    TableKind,
    Variant,
    When,
)
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class Tried:
    """One row: `condition` is what it asks (a known subject included), `index` its place in the table."""

    index: int
    row: Row
    condition: Expression


@dataclass(frozen=True, slots=True)
class Place:
    """A table with the node it belongs to; `context` is what holds wherever it is asked.

    `bands`: the table gives bands, not points. The two sides of a grid are asked each by itself: `line` is
    what a row of the table heads, a row or a column, and `cells` are the numbers of the cells there, by its
    place.
    """

    node: str
    word: str
    table: Table
    rows: tuple[Tried, ...]
    context: tuple[Wish, ...] = ()
    bands: bool = False
    variant: int | None = None
    line: str = "row"
    cells: Mapping[Span, Sequence[int]] = field(default_factory=dict)

    @property
    def otherwise(self) -> Row | None:
        """The row that takes what is known and left."""
        return next((r for r in self.table.rows if isinstance(r.key, Rest) and r.key.otherwise), None)

    def before(self, tried: Tried) -> Sequence[Tried]:
        """The rows above that may take what a row asks for.

        Of rungs that run one way that is the last one, of keys none: each stands in one row (E411, E415).
        """
        earlier = self.rows[: next(k for k, row in enumerate(self.rows) if row is tried)]
        match tried.row.key:
            case Keys():
                return [row for row in earlier if isinstance(row.row.key, When)]
            case EdgeRung():
                rungs = [row for row in earlier if isinstance(row.row.key, EdgeRung)]
                if any(_moves(row.row.key) for row in (*rungs, tried)):
                    return earlier
                near = _near(rungs)
                return [row for row in earlier if isinstance(row.row.key, When) or row in near]
            case _:
                return earlier


def _near(rungs: Sequence[Tried]) -> list[Tried]:
    """Of the rungs above one, those that may take its values: the nearest, and more above single values."""
    near = []
    for tried in reversed(rungs):
        near.append(tried)
        key = tried.row.key
        if not isinstance(key, EdgeRung) or key.low is None or key.low != key.high:
            break
    return near


def _moves(key: Key) -> bool:
    """Whether an edge is no constant."""
    edges = (key.low, key.high) if isinstance(key, EdgeRung) else ()
    return any(edge is not None and not isinstance(edge, Constant) for edge in edges)


def places(ruleset: Ruleset) -> Iterator[Place]:
    """Every table of the ruleset, bands last."""
    for node in ruleset.nodes:
        for number, variant in enumerate(node.variants):
            if isinstance(variant.body, Table):
                rows = tuple(_tried(variant.body))
                context = tuple(context_of(node, variant))
                where = number if variant.condition is not None else None
                place = Place(node.name, node.word, variant.body, rows, context, variant=where)
                yield place
                if variant.body.kind is TableKind.GRID:
                    yield from _sides(place)
    for bands in ruleset.bands:
        table = bands_table(bands)
        yield Place(bands.node, "bands", table, tuple(_tried(table)), bands=True)


def _sides(grid: Place) -> Iterator[Place]:
    """The rows and the columns of a grid: an account is in one where the other key is known, too, and no
    `when` row was before.
    """
    before = tuple(Wish(tried.condition, holds=False) for tried in grid.rows)
    tables = side_tables(grid.table)
    for table, other, line in zip(tables, reversed(tables), ("row", "column"), strict=True):
        assert other.subject is not None
        known = Wish(IsMissing(other.subject), holds=False)
        yield replace(
            grid,
            table=table,
            rows=tuple(_tried(table)),
            context=(*grid.context, *before, known),
            line=line,
            cells={row.span: cells_at(grid.table, row.span) for row in table.rows},
        )


def context_of(node: RuleNode, variant: Variant) -> Iterator[Wish]:
    """What holds where a variant is worked out."""
    for earlier in node.variants[: node.variants.index(variant)]:
        if earlier.condition is not None:
            yield Wish(earlier.condition, holds=False)
    if variant.condition is not None:
        yield Wish(variant.condition)
    for guarded in variant.only_when:
        yield Wish(guarded.condition)
    for guarded in variant.unscored:
        yield Wish(guarded.condition, holds=False)


def _tried(table: Table) -> Iterator[Tried]:
    """As they are written: in bands `when` rows may stand among the rungs, elsewhere they stand first. Of a
    grid only the `when` rows are here.
    """
    subject = None if table.kind is TableKind.CURVE else table.subject
    for index, row in enumerate(table.rows):
        match row.key:
            case When(condition=condition):
                yield Tried(index, row, condition)
            case EdgeRung() if subject is not None:
                yield Tried(index, row, And((Not(IsMissing(subject)), *_edges(subject, row.key))))
            case Keys(values=values) if subject is not None:
                yield Tried(index, row, And((Not(IsMissing(subject)), _keys(subject, values))))
            case _:
                pass


def _edges(subject: Expression, rung: EdgeRung) -> Iterator[Expression]:
    if rung.low is not None:
        yield Compare(Relation.AT_LEAST if rung.low_included else Relation.ABOVE, subject, rung.low)
    if rung.high is not None:
        yield Compare(Relation.UP_TO if rung.high_included else Relation.BELOW, subject, rung.high)


def _keys(subject: Expression, values: Sequence[Fraction | int | str | bool]) -> Expression:
    texts = tuple(value for value in values if isinstance(value, str))
    if texts:
        return Member(subject, texts)
    return Or(tuple(Compare(Relation.IS, subject, Constant(value, subject.type)) for value in values))
