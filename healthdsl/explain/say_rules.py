"""Rows of tables and lines of points in words, for those without a reason of their own.

`Urgent tickets: 2, from 1 to 2` stands for the rung `below 3 -> 60` behind `below 1 -> 100`: a range is told
with both its ends, wherever the rows above it set them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.judge import judge
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.say import MOST_CHOICES, condition_words, counted, found_words, quantity_words
from healthdsl.explain.words import join_words, show_value
from healthdsl.model.expressions import Constant, Expression
from healthdsl.model.grids import side_tables
from healthdsl.model.ruleset import (
    Action,
    Cell,
    CurvePoint,
    EdgeRung,
    Guarded,
    Keys,
    Per,
    Points,
    Rest,
    Row,
    Step,
    Table,
    When,
)
from healthdsl.model.types import Kind, Type


def row_words(names: Names, table: Table, row: Row, values: Values | None = None) -> str:
    """Why a row is the one: `Last login: 12 days, from 8 to 14 days`."""
    if isinstance(row.key, When):
        return capital(condition_words(names, row.key.condition, values))
    if isinstance(row.key, Cell):
        return "; ".join(_side_words(names, table, row.key, values))
    if table.subject is None:
        if row.key == Rest(otherwise=False, missing=True):
            subjects = [quantity_words(names, subject) for subject in table.subjects]
            return capital(f"{' or '.join(subjects)} not known".strip())
        return "None of the other cases"
    found = capital(found_words(names, table.subject, values))
    test = _test(table, row, values)
    if not test:
        return found
    plain = found == capital(quantity_words(names, table.subject))
    return f"{found}: {test}" if plain else f"{found}, {test}"


def _side_words(names: Names, table: Table, cell: Cell, values: Values | None) -> Iterator[str]:
    """What the row and the column of a cell ask, each as in a table of its own."""
    for each, side in zip(side_tables(table), (cell.row, cell.column), strict=True):
        row = next(row for row in each.rows if row.key == side.test)
        yield row_words(names, each, row, values)


def step_words(names: Names, step: Step, values: Values | None = None) -> str:
    """When a line of points counts, and what it does where that is more than to add."""
    said = "" if step.condition is None else condition_words(names, step.condition, values)
    if step.per is not None:
        each = _per(names, step.per, step.amount, values)
        return capital(f"{each} ({said})" if said else each)
    does = _does(names, step)
    if not said:
        return capital(does or "for every account")
    return capital(f"{does}: {capital(said)}" if does else said)


def guard_words(names: Names, guard: Guarded, values: Values | None = None) -> str:
    """The reason of `only when` or `unscored when`, else its condition."""
    return guard.reason or capital(condition_words(names, guard.condition, values))


def without_title(text: str, title: str) -> str:
    """The words below a line that has the title already: `Last login: above 30 days` -> `Above 30 days`."""
    return capital(text.removeprefix(f"{title}: "))


def capital(text: str) -> str:
    """With a capital, for the start of a line."""
    return text[:1].upper() + text[1:]


# Steps -----------------------------------------------------------------------


def _does(names: Names, step: Step) -> str:
    amount = quantity_words(names, step.amount)
    match step.action:
        case Action.ADD:
            return ""
        case Action.TIMES:
            return f"times {amount}"
        case Action.CAP:
            return f"at most {amount}"
        case Action.RAISE:
            return f"at least {amount}"
        case Action.SET:
            return f"set to {amount}"


def _per(names: Names, per: Per, amount: Expression, values: Values | None) -> str:
    value = amount.value if isinstance(amount, Constant) else None
    points = counted(value) if isinstance(value, Fraction) else f"{quantity_words(names, amount)} points"
    one = "day" if per.quantity.type.kind is Kind.DAYS else "one"
    unit = one if per.each == 1 else show_value(per.each, per.quantity.type)
    said = f"{found_words(names, per.quantity, values)}, {points} for each {unit}"
    if per.above is not None:
        said += f" above {quantity_words(names, per.above)}"
    return said if per.limit is None else f"{said}, up to {counted(per.limit)}"


# Rows ------------------------------------------------------------------------


def _test(table: Table, row: Row, values: Values | None) -> str:
    type_ = table.subject.type if table.subject is not None else None
    assert type_ is not None
    match row.key:
        case EdgeRung():
            return range_words(_range_of(table.rows, row), type_)
        case Keys(values=keys):
            return "" if values is not None else join_words([_key(key, type_) for key in keys], "or")
        case CurvePoint():
            return _curve(table, row, values)
        case Rest(otherwise=False):
            return "not known" if values is None else ""
        case Rest() | When() | Cell():
            return _otherwise(table, values)


def _key(key: Fraction | int | str | bool, type_: Type) -> str:
    return show_value(key, type_) if not isinstance(key, str) else key


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, each in or out; None: open."""

    low: Fraction | int | None
    low_included: bool
    high: Fraction | int | None
    high_included: bool


def _range_of(rows: Sequence[Row], row: Row) -> Range:
    """What a rung takes of the values that the rungs above it leave."""
    assert isinstance(row.key, EdgeRung)
    own = _own(row.key)
    before = []
    for each in rows:
        if each is row:
            break
        if isinstance(each.key, EdgeRung):
            before.append(_own(each.key))
    low, low_in, high, high_in = own.low, own.low_included, own.high, own.high_included
    highs = [each for each in before if each.high is not None and (high is None or each.high <= high)]
    if row.key.low is None and highs:
        last = highs[-1]
        low, low_in = last.high, not last.high_included
    lows = [each for each in before if each.low is not None and (own.low is None or each.low >= own.low)]
    if row.key.high is None and lows:
        last = lows[-1]
        high, high_in = last.low, not last.low_included
    return Range(low, low_in, high, high_in)


def _own(rung: EdgeRung) -> Range:
    return Range(_edge(rung.low), rung.low_included, _edge(rung.high), rung.high_included)


def _edge(edge: Expression | None) -> Fraction | int | None:
    if isinstance(edge, Constant) and isinstance(edge.value, Fraction | int):
        return edge.value
    return None


def range_words(found: Range, type_: Type) -> str:
    """`from 8 to 14 days`, `at least 50%`, `exactly 0`; empty for a range without ends."""
    low, low_in, high, high_in = found.low, found.low_included, found.high, found.high_included
    if type_.is_whole:
        low, low_in = (low + 1, True) if low is not None and not low_in else (low, low_in)
        high, high_in = (high - 1, True) if high is not None and not high_in else (high, high_in)
    least, most = (None if end is None else show_value(end, type_) for end in (low, high))
    if least is None and most is None:
        return ""
    if low is not None and low == high:
        return f"exactly {least}"
    if type_.kind is Kind.COUNT and high == 0 and low is None:
        return "none"
    if least is None:
        return f"up to {most}" if high_in else f"below {most}"
    if most is None:
        start = "from" if type_.is_date else "at least"
        return f"{start} {least}" if low_in else f"above {least}"
    if type_.kind is Kind.DAYS:
        least = least.split()[0]
    first = f"from {least}" if low_in else f"above {least}"
    if low_in:
        return f"{first} to {most}" if high_in else f"{first} to under {most}"
    return f"{first}, up to {most}" if high_in else f"{first}, below {most}"


def _otherwise(table: Table, values: Values | None) -> str:
    """What is left for `otherwise`: the gap of the ladder that the value lies in, or none of the keys."""
    assert table.subject is not None
    type_ = table.subject.type
    keys = [key for row in table.rows if isinstance(row.key, Keys) for key in row.key.values]
    if keys:
        said = [_key(key, type_) for key in keys]
        return f"none of {join_words(said, 'or')}" if len(said) <= MOST_CHOICES else "none of those listed"
    rungs = [_own(row.key) for row in table.rows if isinstance(row.key, EdgeRung)]
    value = None if values is None else judge(table.subject, values)
    if isinstance(value, str | bool) or not isinstance(value, int | float):
        return _beyond(rungs, type_)
    below = [each for each in rungs if each.high is not None and float(each.high) <= value]
    above = [each for each in rungs if each.low is not None and float(each.low) >= value]
    under = max(below, key=lambda each: (each.high or 0, each.high_included), default=None)
    over = min(above, key=lambda each: (each.low or 0, not each.low_included), default=None)
    return range_words(
        Range(
            under.high if under is not None else None,
            under is not None and not under.high_included,
            over.low if over is not None else None,
            over is not None and not over.low_included,
        ),
        type_,
    )


def _beyond(rungs: Sequence[Range], type_: Type) -> str:
    """What a ladder leaves where no value is spoken of: the far end of one that starts at the other."""
    lows, highs = [each.low for each in rungs], [each.high for each in rungs]
    if rungs and None not in highs and lows[0] is None:
        last = rungs[-1]
        return range_words(Range(last.high, not last.high_included, None, False), type_)
    if rungs and None not in lows and highs[0] is None:
        last = rungs[-1]
        return range_words(Range(None, False, last.low, not last.low_included), type_)
    return "any other value"


def _curve(table: Table, row: Row, values: Values | None) -> str:
    """The two points of a curve around the value, else the one beyond which it lies; nothing at a point."""
    assert table.subject is not None
    type_ = table.subject.type
    value = None if values is None else judge(table.subject, values)
    points = sorted(
        ((each.key.at, each) for each in table.rows if isinstance(each.key, CurvePoint)), key=lambda p: p[0]
    )
    if isinstance(value, str | bool) or not isinstance(value, int | float) or not points:
        assert isinstance(row.key, CurvePoint)
        return _point(row.key.at, row, type_)
    first_at, last_at = points[0][0], points[-1][0]
    if value < float(first_at):
        return f"below {show_value(first_at, type_)}"
    if value > float(last_at):
        return f"above {show_value(last_at, type_)}"
    low = max((point for point in points if float(point[0]) <= value), key=lambda p: p[0])
    high = min((point for point in points if float(point[0]) >= value), key=lambda p: p[0])
    if low is high:
        return ""
    return f"between {_point(*low, type_)} and {_point(*high, type_)}"


def _point(at: Fraction, row: Row, type_: Type) -> str:
    return f"{show_value(at, type_)} ({_gives(row)})"


def _gives(row: Row) -> str:
    value = row.result.value if isinstance(row.result, Points) else None
    found = value.value if isinstance(value, Constant) else None
    return counted(found) if isinstance(found, Fraction) else "worked out"
