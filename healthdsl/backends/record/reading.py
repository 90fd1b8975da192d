"""One value of a record, read by the input contract: typed, in range, snapped; or missing.

This is the careful path. The generated code handles values of the plain Python type by itself and comes
here with all others. Nothing is guessed: text is understood in the forms written here, and anything else
is an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Real

from healthdsl.backends.record.advice import advice
from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.graph.arithmetic import INPUT_LIMIT, snap
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind, Type

Found = float | int | str | bool | None

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
_HOUR = r"([01]\d|2[0-3])"
# What datetime.fromisoformat takes beyond this depends on the version of Python: 24:00, +02:60.
_DAY = re.compile(
    rf"\d{{4}}-\d\d-\d\d([T ]{_HOUR}:[0-5]\d(:[0-5]\d(\.\d{{1,9}})?)? ?(Z|[+-]{_HOUR}:?[0-5]\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class _RefusedError(Exception):
    """The value does not have the type."""


def read_value(field: InputField, found: object) -> Found:
    """The value in the graph's terms, None for a missing one (None, blank text, NaN, infinity); RecordError
    otherwise.

    The error names no account, and the signal as `field` does.
    """
    try:
        return _read(field, found)
    except _RefusedError:
        expected = expected_of(field) + advice(field, found, lambda text: _is_legal(field, text))
        raise RecordError(None, field.name, shown(found), expected) from None


def _is_legal(field: InputField, text: str) -> bool:
    try:
        return _read(field, text) is not None
    except _RefusedError:
        return False


def _read(field: InputField, found: object) -> Found:
    if found is None or _is_blank(found) or (field.absent and _is_absent(field, found)):
        return None
    value = _READERS[field.type.kind](field, found)
    if isinstance(value, float | int) and not isinstance(value, bool) and not _in_range(field, value):
        raise _RefusedError
    return value


def _in_range(field: InputField, value: float) -> bool:
    return (field.low is None or value >= field.low) and (field.high is None or value <= field.high)


def _is_blank(found: object) -> bool:
    """Blank text and NaN or infinity, also of decimals and of pandas' missing time."""
    if isinstance(found, str):
        return not found or found.isspace()
    if isinstance(found, Decimal):
        return not found.is_finite()
    if isinstance(found, float):
        return not math.isfinite(found)
    return isinstance(found, datetime) and found != found  # noqa: PLR0124 - NaT is not equal to itself


def _is_absent(field: InputField, found: object) -> bool:
    """Whether the value is one that the field says is missing, legal or not."""
    if isinstance(found, str) and found.strip() in field.absent:
        return True
    try:
        if field.type.is_numeric:
            return _stored(field, found) in field.absent
        return field.type.is_date and _day(field, found) in field.absent
    except _RefusedError:
        return False


# Numbers ---------------------------------------------------------------------


def _number(field: InputField, found: object) -> float:
    value = _stored(field, found)
    if not -INPUT_LIMIT <= value <= INPUT_LIMIT:
        raise _RefusedError
    return value


def _stored(field: InputField, found: object) -> float:
    """A number of any size, scaled and snapped."""
    if isinstance(found, str):
        return _number_from_text(field, found.strip())
    if isinstance(found, bool) or not isinstance(found, Real | Decimal):
        raise _RefusedError
    try:
        return convert(float(found), field.scale)
    except OverflowError:  # a whole number too large for a double
        raise _RefusedError from None


def _number_from_text(field: InputField, text: str) -> float:
    is_share = field.type.kind is Kind.PERCENT and text.endswith("%")
    digits = text[:-1].rstrip() if is_share else text
    if not _NUMBER.fullmatch(digits):
        raise _RefusedError
    return convert(float(digits), Fraction(1, 100) if is_share else field.scale)


def convert(number: float, scale: Fraction) -> float:
    """A number as stored to the number meant, snapped: 45 with scale 1/100 is 0.45."""
    return snap(number * scale.numerator / scale.denominator)


def _whole(field: InputField, found: object) -> int:
    value = _number(field, found)
    if not value.is_integer() or (field.type.kind is Kind.COUNT and value < 0.0):
        raise _RefusedError
    return int(value)


# Other types -----------------------------------------------------------------


def _yes_no(field: InputField, found: object) -> bool:  # noqa: ARG001
    if isinstance(found, str):
        truth = _TRUTHS.get(found.strip().lower())
    elif isinstance(found, bool):
        truth = found
    else:
        truth = bool(found) if isinstance(found, Real | Decimal) and found in (0, 1) else None
    if truth is None:
        raise _RefusedError
    return truth


def _day(field: InputField, found: object) -> int:  # noqa: ARG001
    """A date, a time (with an offset: its UTC date) or either as ISO text."""
    if isinstance(found, str):
        text = found.strip()
        if not _DAY.fullmatch(text):
            raise _RefusedError
        try:
            found = datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", ""))
        except ValueError:
            raise _RefusedError from None
    if isinstance(found, datetime) and found.tzinfo is not None:
        try:
            found = found.astimezone(UTC)
        except OverflowError:
            raise _RefusedError from None
    if not isinstance(found, date):
        raise _RefusedError
    return found.toordinal()


def _category(field: InputField, found: object) -> str:
    if not isinstance(found, str) or found not in field.type.choices:
        raise _RefusedError
    return str(found)


def _text(field: InputField, found: object) -> str:  # noqa: ARG001
    if not isinstance(found, str):
        raise _RefusedError
    return str(found)


_READERS: dict[Kind, Callable[[InputField, object], Found]] = {
    Kind.NUMBER: _number,
    Kind.PERCENT: _number,
    Kind.MONEY: _number,
    Kind.COUNT: _whole,
    Kind.DAYS: _whole,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _day,
    Kind.TIMESTAMP: _day,
    Kind.CATEGORY: _category,
    Kind.TEXT: _text,
}


# What is expected, in words --------------------------------------------------


def expected_of(field: InputField) -> str:
    """The legal values of a field, as a message says them."""
    kind = field.type
    if kind.kind is Kind.CATEGORY:
        return f"one of {', '.join(kind.choices)} (compared as written)" + _absent(field)
    return _NOUNS[kind.kind] + _range(kind, field) + _storage(field) + _absent(field)


_NOUNS = {
    Kind.NUMBER: "a number",
    Kind.COUNT: "a whole number, not negative",
    Kind.PERCENT: "a percent",
    Kind.DAYS: "a whole number of days",
    Kind.MONEY: "an amount of money as a plain number",
    Kind.DATE: "a date such as 2026-03-31",
    Kind.TIMESTAMP: "a time such as 2026-03-31T14:05:00Z",
    Kind.YES_NO: "yes or no",
    Kind.TEXT: "text",
}


def _range(kind: Type, field: InputField) -> str:
    if field.low is None and field.high is None:
        return ""

    def written(value: float) -> str:
        return f"{value * 100:.12g}%" if kind.kind is Kind.PERCENT else f"{value:.12g}"

    if field.high is None:
        return f", at least {written(field.low or 0.0)}"
    if field.low is None:
        return f", up to {written(field.high)}"
    return f" from {written(field.low)} to {written(field.high)}"


def _absent(field: InputField) -> str:
    if not field.absent:
        return ""
    return f"; {', '.join(absent_texts(field))} for missing"


def absent_texts(field: InputField) -> list[str]:
    """What stands for a missing value, as the data has it: numbers as stored, dates as ISO text."""
    texts = []
    for value in field.absent:
        if isinstance(value, str):
            texts.append(value)
        elif field.type.is_date:
            texts.append(date.fromordinal(int(value)).isoformat())
        else:
            texts.append(f"{float(value / field.scale):.12g}")
    return texts


def _storage(field: InputField) -> str:
    if field.type.kind is not Kind.PERCENT:
        return ""
    return ", stored as 45 for 45%" if field.scale != 1 else ", stored as 0.45 for 45%"
