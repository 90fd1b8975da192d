"""Tables of two keys side by side: columns, then rows, then the cells that both versions have.

In: the tables of both versions, about the same two things. Out: the cells of what is taken over. A column or
a row that is added, removed or asks something else is one change, whatever its cells hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from healthdsl.diff.change import Effect
from healthdsl.diff.say_lines import say_key, say_result
from healthdsl.diff.sequences import Words, by_likeness, merge_sequence
from healthdsl.diff.walk import Walk, code, quoted
from healthdsl.model.grids import OTHERWISE
from healthdsl.model.meaning import is_free, meaning, same, written
from healthdsl.model.ruleset import Cell, EdgeRung, Keys, Row, Side, Table
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column of a grid with its cells, and its number in the old and in the new version."""

    side: Side
    cells: tuple[Row, ...]
    old: int | None = None
    new: int | None = None

    @property
    def span(self) -> Span:
        return self.side.span


def merge_cells(walk: Walk, before: Table, after: Table) -> tuple[Row, ...]:
    """The cells of both versions as one."""
    olds, news = _matrix(before), _matrix(after)
    columns = _merge_lines(walk, _columns(olds), _columns(news), "column")
    rows = _merge_lines(walk, _rows(olds), _rows(news), "row")
    told = _tell_cells(walk, (olds, news), (rows, columns))
    return tuple(
        replace(_cell(told, (olds, news), row, column), key=Cell(row.side, column.side))
        for row in _standing(rows)
        for column in _standing(columns)
    )


Matrix = list[list[Row]]
"""The cells of a grid, row by row."""


def _matrix(table: Table) -> Matrix:
    """The cells by the row they stand in."""
    found: dict[Side, list[Row]] = {}
    for row in table.rows:
        if isinstance(row.key, Cell):
            found.setdefault(row.key.row, []).append(row)
    return list(found.values())


def _rows(cells: Matrix) -> list[_Line]:
    return [_Line(_key(line[0]).row, tuple(line)) for line in cells]


def _columns(cells: Matrix) -> list[_Line]:
    return [_Line(_key(line[0]).column, tuple(line)) for line in zip(*cells, strict=True)]


def _key(row: Row) -> Cell:
    assert isinstance(row.key, Cell)
    return row.key


# Rows and columns ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lines:
    """What became of the rows or of the columns: those of the result, and those of both versions."""

    kept: tuple[_Line, ...]
    pairs: tuple[tuple[int, int], ...]


def _merge_lines(walk: Walk, old: Sequence[_Line], new: Sequence[_Line], what: str) -> _Lines:
    old = [replace(line, old=number) for number, line in enumerate(old)]
    new = [replace(line, new=number) for number, line in enumerate(new)]
    pairs = by_likeness(old, new, (_test_of, _results_of, _start_of, _kind_of))

    def merge(walk: Walk, one: _Line, other: _Line) -> _Line:
        side = other.side
        if not same(one.side, other.side):
            was, is_now = _say(one), _say(other)
            said = f"the {what} {code(was)} becomes {code(is_now)}"
            if was == is_now:
                said = f"the {what} {code(was)} means something else, as what it reads has changed"
            side = walk.pick(Effect.SCORE, said, one.side, other.side)
        return replace(other, side=side, old=one.old)

    def full(line: _Line) -> str:
        results = ", ".join(say_result(cell.result) for cell in line.cells)
        return code(f"{_say(line)} -> {results}" if what == "row" else _say(line))

    free = is_free([line.side for line in old]) and is_free([line.side for line in new])
    words = Words[_Line](
        merge,
        lambda line: f"the {what} {full(line)} is added",
        lambda line: f"the {what} {full(line)} is removed",
        None if free else lambda line, behind: f"the {what} {code(_say(line))} is tried {_place(behind)}",
    )
    return _Lines(merge_sequence(walk, old, new, pairs, words), tuple(pairs.items()))


def _place(behind: _Line | None) -> str:
    return "last" if behind is None else f"before {code(_say(behind))}"


def _say(line: _Line) -> str:
    """The key as it is written: `pro, team`, `below 100`, `otherwise`."""
    return say_key(line.side.test, line.side.subject.type)


def _test_of(line: _Line) -> str:
    return written(meaning(line.side.test))


def _results_of(line: _Line) -> str | None:
    if line.side.test == OTHERWISE:
        return None
    return written(meaning([cell.result for cell in line.cells]))


def _start_of(line: _Line) -> str | None:
    """An edge that was moved, and begins with the same result."""
    return written(meaning(line.cells[0].result)) if isinstance(line.side.test, EdgeRung) else None


def _kind_of(line: _Line) -> str | None:
    """Edges may be moved, and words be added behind the first of them."""
    test = line.side.test
    if isinstance(test, Keys):
        return written(meaning(test.values[0]))
    return "edge" if isinstance(test, EdgeRung) else None


def _standing(lines: _Lines) -> list[_Line]:
    """The lines of the result, `otherwise` last."""
    return sorted(lines.kept, key=lambda line: line.side.test == OTHERWISE)


# Cells -----------------------------------------------------------------------

Told = dict[tuple[int, int], Row]
"""The cells of the new version that both have, by row and column, as far as changes are taken."""


def _tell_cells(walk: Walk, cells: tuple[Matrix, Matrix], lines: tuple[_Lines, _Lines]) -> Told:
    """What differs in the cells that both versions have; the reason and its code once for a row."""
    told: Told = {}
    rows, columns = lines
    for old_row, new_row in sorted(rows.pairs, key=lambda pair: pair[1]):
        one, other = cells[0][old_row][0], cells[1][new_row][0]
        with walk.on(one, other):
            words = _tell_words(walk, one, other)
        for old, new in sorted(columns.pairs, key=lambda pair: pair[1]):
            before, after = cells[0][old_row][old], cells[1][new_row][new]
            result = after.result
            if not same(before.result, after.result):
                said = f"the cell {code(say_key(before.key))} gives {say_result(after.result)}"
                said += f" instead of {say_result(before.result)}"
                with walk.on(before, after):
                    result = walk.pick(Effect.SCORE, said, before.result, after.result)
            told[new_row, new] = replace(after, result=result, reason=words[0], code=words[1])
    return told


def _tell_words(walk: Walk, one: Row, other: Row) -> tuple[str | None, str | None]:
    """The reason of a row and its code."""
    row = f"the row {code(_say(_Line(_key(one).row, ())))}"
    reason, mark = other.reason, other.code
    if one.reason != other.reason:
        said = f"the reason of {row} goes from {quoted(one.reason)} to {quoted(other.reason)}"
        reason = walk.pick(Effect.EXPLANATION, said, one.reason, other.reason)
    if one.code != other.code:
        said = f"the code of {row} goes from {one.code or 'none'} to {other.code or 'none'}"
        mark = walk.pick(Effect.EXPLANATION, said, one.code, other.code)
    return reason, mark


def _cell(told: Told, cells: tuple[Matrix, Matrix], row: _Line, column: _Line) -> Row:
    """The cell where two lines of the result meet; of lines that never met, one of the row that there was."""
    if row.new is not None and column.new is not None:
        return told.get((row.new, column.new)) or cells[1][row.new][column.new]
    if row.old is not None and column.old is not None:
        return cells[0][row.old][column.old]
    return row.cells[-1]
