"""Values as people read them: `45%`, `USD 1,200`, `30 days`, `2026-03-31`, `yes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import exact, rounded
from healthdsl.model.expressions import Gather
from healthdsl.model.types import Kind, Type

MISSING = "missing"

GATHERED = {
    Gather.COUNT: "Number of",
    Gather.SUM: "Sum over",
    Gather.AVERAGE: "Average over",
    Gather.LOWEST: "Lowest of",
    Gather.HIGHEST: "Highest of",
    Gather.LATEST: "Latest of",
    Gather.EARLIEST: "Earliest of",
    Gather.DISTINCT: "Different values in",
}
"""How a title begins that is made of what is gathered from rows, before the title of the table."""


def show_value(value: object, type_: Type, decimals: int = 2) -> str:
    """The value in the words of its type.

    Numbers at `decimals` decimals, or three digits where they are smaller than that.
    """
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    assert isinstance(value, int | float | Fraction)
    if type_.is_date:
        return date.fromordinal(int(value)).isoformat()
    number = value if isinstance(value, Fraction) else exact(value)
    return _show_number(number, type_, decimals)


def _show_number(number: Fraction, type_: Type, decimals: int) -> str:
    match type_.kind:
        case Kind.PERCENT:
            return f"{show_number(number * 100, decimals)}%"
        case Kind.DAYS:
            text = show_number(number, decimals)
            return f"{text} day" if text in ("1", "-1") else f"{text} days"
        case Kind.MONEY:
            return f"{type_.currency} {show_number(number, decimals)}"
        case _:
            return show_number(number, decimals)


def show_number(number: Fraction, decimals: int = 2) -> str:
    """Thousands apart, no trailing zeros: `1,234.5`.

    A small number keeps three digits instead of becoming 0.
    """
    if number and abs(number) * 10**decimals < 1:
        while abs(number) * 10**decimals < 100 and decimals < 12:
            decimals += 1
    return show_amount(rounded(number, decimals))


def show_amount(amount: Decimal, decimals: int = 0) -> str:
    """A decimal with at least `decimals` decimals and no zeros after those."""
    text = f"{amount:,f}"
    whole, _, digits = text.partition(".")
    digits = digits.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{digits}" if digits else whole


def join_words(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def some(words: Sequence[str], most: int) -> str:
    """`a, b and c`; of more than one above `most` the first and how many others: `a, b, c and 5 others`.

    Words with a comma of their own stand between semicolons.
    """
    many = len(words) > most + 1
    said = [*words[:most], f"{len(words) - most} others"] if many else words
    if any(", " in word for word in said) and len(said) > 1:
        return f"{'; '.join(said[:-1])}; and {said[-1]}"
    return join_words(said)


def plural(count: int, word: str) -> str:
    """`1 part`, `2 parts`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
