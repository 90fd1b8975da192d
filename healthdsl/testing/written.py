"""A test as text, in the canonical layout: facts and rows, and expectations as they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from healthdsl.explain.amounts import exact
from healthdsl.model.ruleset import Ruleset, Test, Value
from healthdsl.model.types import Kind, Type
from healthdsl.source import Source
from healthdsl.syntax.lexer import RESERVED
from healthdsl.syntax.printer import format_text

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NO_NAMES = RESERVED | {"today", "yes", "no", "skip", "unscored", "worst", "best"}
Cells = Sequence[tuple[str, Value]]


def write_test(ruleset: Ruleset, test: Test, remarks: Sequence[str], expects: Sequence[str]) -> str:
    """The declaration with comments above it, ending in a line end."""
    lines = [*(f"# {remark}" for remark in remarks), f"test {quoted(test.title)}"]
    if test.as_of is not None:
        lines.append(f"  as of {date.fromordinal(test.as_of).isoformat()}")
    types = {signal.name: signal.type for signal in ruleset.signals}
    lines += [f"  given {name} {write_value(value, types[name])}" for name, value in test.facts]
    for table, rows in test.tables:
        columns = next(each.columns for each in ruleset.tables if each.name == table)
        lines += _grid(table, rows, {column.name: column.type for column in columns})
    lines += [f"  expect {expect}" for expect in expects]
    text = "".join(f"{line}\n" for line in lines)
    return format_text(Source(text))


def _grid(table: str, rows: Sequence[Cells], types: Mapping[str, Type]) -> Iterator[str]:
    yield f"  given rows {table}"
    known = {name for row in rows for name, value in row if value is not None}
    names = [name for name in types if name in known] or list(types)[:1]
    if rows:
        yield "    " + "  ".join(names)
    for row in rows:
        cells = dict(row)
        yield "    " + "  ".join(write_value(cells.get(name), types[name]) for name in names)


def write_value(value: Value, type_: Type) -> str:
    """A value as a literal of its type."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        plain = type_.kind is Kind.CATEGORY and _NAME.fullmatch(value) and value not in _NO_NAMES
        return value if plain else quoted(value)
    if type_.is_date:
        return date.fromordinal(int(value)).isoformat()
    return _number(Fraction(value), type_)


def _number(value: Fraction, type_: Type) -> str:
    match type_.kind:
        case Kind.PERCENT:
            return f"{write_number(value * 100)}%"
        case Kind.DAYS:
            return f"{write_number(value)} {'day' if abs(value) == 1 else 'days'}"
        case _:
            return write_number(value)


def write_number(value: Fraction | float) -> str:
    """A number in digits, to 9 decimals: `66.666666667`, `-3`."""
    number = exact(value) if isinstance(value, float) else value
    text = f"{float(abs(number)):.9f}" if number.denominator > 1 else str(abs(number))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"-{text}" if number < 0 else text


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
