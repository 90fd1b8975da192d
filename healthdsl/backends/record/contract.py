"""The input contract as Python: a value of the plain type is checked on the spot, any other goes the careful
way.
"""

from __future__ import annotations

import math
from fractions import Fraction

from healthdsl.backends.record.emit import literal, name, snap_text
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.reading import convert
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


def read_inputs(layout: Layout, raw: frozenset[str]) -> list[str]:
    """Statements of the function `run` that take and check every input; variables in `raw` stay unsnapped."""
    graph, names = layout.graph, input_names(layout)
    lines = []
    if len(names) > 1:
        listed = ", ".join(names)
        lines = [
            "try:",
            f" {listed} = fetch(record)",
            "except KeyError:",
            f" {listed} = map(record.get, keys)",
        ]
    elif names:
        lines = [f"{names[0]} = record.get({literal(graph.inputs[0].column)})"]
    checks: list[str] = []
    for k, (variable, field) in enumerate(zip(names, graph.inputs, strict=True)):
        careful = f"slow(fields[{k}], {variable}, notes)"
        checks += check(field, variable, careful, snaps=variable not in raw)
    if any(field.type.kind is Kind.CATEGORY for field in graph.inputs):
        # A list or dict where a category should be cannot be looked up in a set.
        all_names = "".join(f"{each}, " for each in names)
        again = f" {all_names}= slow_all(fields, record, notes)"
        checks = ["try:", *(f" {line}" for line in checks), "except TypeError:", again]
    lines += checks
    for k, table in enumerate(graph.tables):
        lines += [
            f"r{k} = record.get({literal(table.name)})",
            f"if r{k} is not None: r{k} = rows{k}(r{k}, notes)",
        ]
    return lines


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
        if field.type.kind is Kind.CATEGORY:
            lines.append(f"  if c{k}.__class__ is not str and c{k} is not None: c{k} = {careful}")
        lines += [f"  {line}" for line in check(field, f"c{k}", careful, snaps=True)]
    taken = "".join(f"c{k}, " for k in range(len(table.columns)))
    return [*lines, f"  taken.append(({taken}))", " return tuple(taken)"]


def check(field: InputField, variable: str, careful: str, *, snaps: bool) -> list[str]:
    """Statements that leave the value of `variable` in it, or None."""
    v = variable
    match field.type.kind:
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY:
            return _number(field, v, careful, snaps=snaps)
        case Kind.COUNT | Kind.DAYS:
            low, high = _limits(field)
            least, most = max(math.ceil(low), -FAST_WHOLE), min(math.floor(high), FAST_WHOLE)
            return _unless(
                f"{v}.__class__ is int and {v} >= {literal(least)} and {v} <= {literal(most)}", v, careful
            )
        case Kind.YES_NO:
            return [f"if {v} is not True and {v} is not False and {v} is not None: {v} = {careful}"]
        case Kind.CATEGORY:
            choices = literal(field.type.choices)[1:-1]
            return [f"if {v} not in {{{choices}None}}: {v} = {careful}"]
        case Kind.TEXT:
            return _unless(f"{v}.__class__ is str and {v} and not {v}.isspace()", v, careful)
        case Kind.DATE | Kind.TIMESTAMP:
            return [
                f"if {v}.__class__ is date: {v} = {v}.toordinal()",
                f"elif {v} is not None: {v} = {careful}",
            ]


def _unless(plain: str, variable: str, careful: str) -> list[str]:
    return [f"if not ({plain}) and {variable} is not None: {variable} = {careful}"]


def _number(field: InputField, v: str, careful: str, *, snaps: bool) -> list[str]:
    low, high = _limits(field)
    least, most = _stored_limits(low, high, field.scale)
    scaled = v + (f" * {field.scale.numerator}" if field.scale.numerator != 1 else "")
    scaled += f" / {field.scale.denominator}.0" if field.scale.denominator != 1 else ""
    inside = f"{v} >= {literal(least)} and {v} <= {literal(most)}"
    value = snap_text(f"({scaled})" if scaled != v else v, (low, high)) if snaps else scaled
    if value == v:
        plain = f"({v}.__class__ is float or {v}.__class__ is int) and {inside}"
        return _unless(plain, v, f"None if {v} != {v} and {v}.__class__ is float else {careful}")
    lines = [f"if {v}.__class__ is float and {inside}: {v} = {value}"]
    whole = "pass" if scaled == v else f"{v} = {value}"
    lines.append(f"elif {v}.__class__ is int and {inside}: {whole}")
    return [*lines, f"elif {v} is not None: {v} = {careful}"]


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
