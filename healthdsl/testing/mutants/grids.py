"""Mutants of tables of two keys: a row or a column left out, or its key moved, in all of its cells at once.

The points of each cell are changed by themselves, as those of any row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from healthdsl.diff.say_expressions import say
from healthdsl.diff.say_lines import say_key
from healthdsl.model.expressions import Expression
from healthdsl.model.grids import side_tables
from healthdsl.model.ruleset import Cell, EdgeRung, Keys, Rest, Row, Ruleset, Side, Table, TableKind, Variant
from healthdsl.source import Span
from healthdsl.testing.mutants.expressions import variations
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.mutant import Line, Mutant
from healthdsl.testing.mutants.rows import other_keys, rows_of_table
from healthdsl.testing.mutants.swap import swap_variants

Change = Callable[[Cell], Cell | None]
"""What becomes of a cell; None: it is left out."""


def grid_mutants(ruleset: Ruleset, table: Table, again: Callable[[Row], bool]) -> Iterator[Mutant]:
    """The mutants of the rows and columns but those that `again` says are done already."""
    for sides, what in zip(side_tables(table), ("row", "column"), strict=True):
        assert sides.subject is not None
        for row in sides.rows:
            if again(row):
                continue
            line = Line(row.span.line, f"{what} {row.text}")
            if len(sides.rows) > 1:
                kind = Kind.DROP_ROW if what == "row" else Kind.DROP_COLUMN
                yield line.gone(kind, _swapped(ruleset, _without(row.span)))
            said = say_key(row.key, sides.subject.type)
            for moved, changed in other_keys(row, rows_of_table(sides, ())):
                words = (said, say_key(changed.key, sides.subject.type))
                assert isinstance(changed.key, EdgeRung | Keys | Rest)
                yield line.changed(moved, words, _swapped(ruleset, _with_key(row.span, changed.key)))


def subject_mutants(ruleset: Ruleset, variant: Variant, table: Table) -> Iterator[Mutant]:
    """The mutants of the formula that the rows are about."""
    subject = table.subjects[0]
    for v in variations(subject):
        words = (say(subject), say(v.expression))
        changed = _swapped(ruleset, _about(subject, v.expression))
        yield Line.of(variant).changed(v.kind, words, changed)


def _swapped(ruleset: Ruleset, change: Change) -> Ruleset:
    """With every cell as `change` makes it; `like` uses the same lines in several measures."""

    def changed(variant: Variant) -> Variant:
        body = variant.body
        if not isinstance(body, Table) or body.kind is not TableKind.GRID:
            return variant
        rows: list[Row] = []
        for row in body.rows:
            key = change(row.key) if isinstance(row.key, Cell) else row.key
            if key is not None:
                rows.append(row if key is row.key else replace(row, key=key))
        same = len(rows) == len(body.rows) and all(
            one is other for one, other in zip(rows, body.rows, strict=True)
        )
        return variant if same else replace(variant, body=replace(body, rows=tuple(rows)))

    return swap_variants(ruleset, changed)


def _without(span: Span) -> Change:
    return lambda cell: None if span in (cell.row.span, cell.column.span) else cell


def _with_key(span: Span, test: EdgeRung | Keys | Rest) -> Change:
    def changed(side: Side) -> Side:
        return replace(side, test=test) if side.span == span else side

    def change(cell: Cell) -> Cell:
        if span not in (cell.row.span, cell.column.span):
            return cell
        return Cell(changed(cell.row), changed(cell.column))

    return change


def _about(old: Expression, new: Expression) -> Change:
    def change(cell: Cell) -> Cell:
        return replace(cell, row=replace(cell.row, subject=new)) if cell.row.subject == old else cell

    return change
