"""The input contract as Python: a value of the plain type is checked on the spot, any other goes the careful
way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.reading import convert
from healthdsl.backends.record.text import literal, name, snap_text
from healthdsl.graph.arithmetic import INPUT_LIMIT
from healthdsl.graph.graph import InputField, TableField
from healthdsl.model.types import Kind

FAST_WHOLE = 999_999_999
"""Python compares whole numbers below 2**30 faster; larger ones go the careful way."""


def input_names(layout: Layout) -> list[str]:
    """The variable of each input field: its operation's, or one of its own when nothing reads it."""
    at = layout.inputs
    fields = layout.graph.inputs
    return [name(at[field.name]) if field.name in at else f"u{k}" for k, field in enumerate(fields)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is read: its variable, what reads it carefully, whether it is snapped at once.

    `mark` follows every statement that gives the variable another value than the record's.
    """

    variable: str
    careful: str
    snaps: bool = True
    mark: str = ""


def keeps_found(layout: Layout) -> bool:
    """Whether the values as the record has them can be the snapshot, when none of them is changed."""
    return len(layout.graph.inputs) > 1 and not layout.graph.tables


def read_inputs(layout: Layout, raw: frozenset[str]) -> list[str]:
    """Statements of the function `run` that take and check every input; variables in `raw` stay unsnapped.

    `found` is what was taken, or None once a variable differs from it by more than a snap.
    """
    graph, names = layout.graph, input_names(layout)
    mark = "; found = None" if keeps_found(layout) else ""
    lines = _take(layout, names)
    checks: list[str] = []
    for k, (variable, field) in enumerate(zip(names, graph.inputs, strict=True)):
        careful = f"slow(fields[{k}], {variable}, notes)"
        checks += check(field, Place(variable, careful, variable not in raw, mark))
    if any(field.type.kind is Kind.CATEGORY for field in graph.inputs):
        # A list or dict where a category should be cannot be looked up in a set.
        listed = "".join(f"{each}, " for each in names)
        again = f" {listed}= slow_all(fields, record, notes){mark}"
        checks = ["try:", *(f" {line}" for line in checks), "except TypeError:", again]
    lines += checks
    for k, table in enumerate(graph.tables):
        lines.append(f"r{k} = record.get({literal(table.name)})")
        lines.append(f"if r{k} is not None: r{k} = rows{k}(r{k}, notes)")
    return lines


def _take(layout: Layout, names: list[str]) -> list[str]:
    """All values at once when every key is there, one by one otherwise."""
    if len(names) < 2:
        columns = [field.column for field in layout.graph.inputs]
        return [f"{v} = record.get({literal(column)})" for v, column in zip(names, columns, strict=True)]
    listed = ", ".join(names)
    return [
        "try:",
        f" {listed} = found = fetch(record)",
        "except KeyError:",
        f" {listed} = found = tuple(map(record.get, keys))",
    ]


def read_rows(number: int, table: TableField) -> list[str]:
    """The function that reads the rows of one table into tuples of columns."""
    lines = [
        f"def rows{number}(rows, notes):",
        " taken = []",
        f" for number, row in enumerate(slow_rows(tables[{number}], rows, notes), 1):",
        f"  get = (row if row.__class__ is dict else slow_row(tables[{number}], number, row, notes)).get",
    ]
    for k, field in enumerate(table.columns):
        careful = f"slow_cell(tables[{number}], {k}, number, c{k}, notes)"
        lines.append(f"  c{k} = get({literal(field.column)})")
        if field.type.kind is Kind.CATEGORY and not field.absent:
            lines.append(f"  if c{k}.__class__ is not str and c{k} is not None: c{k} = {careful}")
        lines += [f"  {line}" for line in check(field, Place(f"c{k}", careful))]
    taken = "".join(f"c{k}, " for k in range(len(table.columns)))
    return [*lines, f"  taken.append(({taken}))", " return tuple(taken)"]


def check(field: InputField, place: Place) -> list[str]:
    """Statements that leave the value of the variable in it, or None."""
    v = place.variable
    otherwise = f"{v} = {place.careful}{place.mark}"
    if field.absent:
        return [f"if {v} is not None: {otherwise}"]
    match field.type.kind:
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY:
            return _number(field, place)
        case Kind.COUNT | Kind.DAYS:
            low, high = _limits(field)
            least, most = max(math.ceil(low), -FAST_WHOLE), min(math.floor(high), FAST_WHOLE)
            plain = f"{v}.__class__ is int and {v} >= {literal(least)} and {v} <= {literal(most)}"
            return [f"if not ({plain}) and {v} is not None: {otherwise}"]
        case Kind.YES_NO:
            return [f"if {v} is not True and {v} is not False and {v} is not None: {otherwise}"]
        case Kind.CATEGORY:
            choices = literal(field.type.choices)[1:-1]
            return [f"if {v} not in {{{choices}None}}: {otherwise}"]
        case Kind.TEXT:
            plain = f"{v}.__class__ is str and {v} and not {v}.isspace()"
            return [f"if not ({plain}) and {v} is not None: {otherwise}"]
        case Kind.DATE | Kind.TIMESTAMP:
            plain = f"if {v}.__class__ is date: {v} = {v}.toordinal(){place.mark}"
            return [plain, f"elif {v} is not None: {otherwise}"]


def _number(field: InputField, place: Place) -> list[str]:
    v = place.variable
    low, high = _limits(field)
    least, most = _stored_limits(low, high, field.scale)
    inside = f"{v} >= {literal(least)} and {v} <= {literal(most)}"
    scaled = _scaled(v, field.scale)
    value = snap_text(f"({scaled})" if scaled != v else v, (low, high)) if place.snaps else scaled
    otherwise = f"{v} = {place.careful}{place.mark}"
    if value == v:
        careful = f"{v} = None if {v} != {v} and {v}.__class__ is float else {place.careful}{place.mark}"
        plain = f"({v}.__class__ is float or {v}.__class__ is int) and {inside}"
        return [f"if not ({plain}) and {v} is not None: {careful}"]
    if scaled == v:
        # A snap alone is no change: whoever reads the snapshot snaps again.
        first = f"if {v}.__class__ is float and {inside}: {v} = {value}"
        return [first, f"elif not ({v}.__class__ is int and {inside}) and {v} is not None: {otherwise}"]
    plain = f"({v}.__class__ is float or {v}.__class__ is int) and {inside}"
    return [f"if {plain}: {v} = {value}{place.mark}", f"elif {v} is not None: {otherwise}"]


def _scaled(variable: str, scale: Fraction) -> str:
    times = f" * {scale.numerator}" if scale.numerator != 1 else ""
    return variable + times + (f" / {scale.denominator}.0" if scale.denominator != 1 else "")


def _limits(field: InputField) -> tuple[float, float]:
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    return low, INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)


def _stored_limits(low: float, high: float, scale: Fraction) -> tuple[float, float]:
    """Limits on the number as stored that leave nothing illegal in (what is legal beyond goes the careful
    way).
    """
    least, most = float(low / scale), float(high / scale)
    while convert(least, scale) < low:
        least = math.nextafter(least, math.inf)
    while convert(most, scale) > high:
        most = math.nextafter(most, -math.inf)
    return least, most
