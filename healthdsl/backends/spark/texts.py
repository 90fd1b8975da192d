"""Texts read as numbers, shares, yes or no, and days: the forms that the record engine understands.

Each text is matched once by a plain pattern; the unusual forms (blanks around, an offset, a percent sign) are
looked at only where that fails. A pattern begins with \\A and ends with \\z: in Java `$` is also before the
last line end.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as f

from healthdsl.backends.sql.dialects import BLANKS
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

_BLANK = f"[{''.join(f'{chr(92)}u{ord(sign):04x}' for sign in BLANKS)}]"
_NUMBER = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_OFFSET = r"(?:[zZ]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
_OUT_OF_RANGE = 1e300
_FIRST, _LAST = "0001-01-01", "9999-12-31"


def read_text(field: InputField, text: Column) -> Column:
    """The value of a text, NULL where there is none or it cannot be read."""
    match field.type.kind:
        case Kind.NUMBER | Kind.MONEY | Kind.COUNT | Kind.DAYS:
            return _number(text)
        case Kind.PERCENT:
            return _share(field, text)
        case Kind.YES_NO:
            return _truth(text)
        case Kind.DATE | Kind.TIMESTAMP:
            return _day(text)
        case Kind.CATEGORY | Kind.TEXT:
            return text


def is_blank(text: Column) -> Column:
    """Whether a text has nothing but blanks."""
    return text.rlike(rf"\A{_BLANK}*\z")


def stripped(text: Column) -> Column:
    """A text without the blanks around it, as Python's strip()."""
    return f.trim(text, f.lit(BLANKS))


def _matches(text: Column, pattern: str) -> Column:
    return text.rlike(rf"\A{pattern}\z")


def _around(pattern: str) -> str:
    return f"{_BLANK}*{pattern}{_BLANK}*"


def _double(text: Column) -> Column:
    """A number that is out of all range where it would be infinite, so that it is seen to be illegal."""
    number = text.try_cast("double")
    return f.greatest(f.least(number, f.lit(_OUT_OF_RANGE)), f.lit(-_OUT_OF_RANGE))


def _number(text: Column) -> Column:
    plain = f.when(_matches(text, _NUMBER), _double(text))
    return plain.when(_matches(text, _around(_NUMBER)), _double(stripped(text)))


def _share(field: InputField, text: Column) -> Column:
    """Text such as `45%` is a share whatever the scale of the field, which is taken back here."""
    digits = _double(f.regexp_extract(text, _NUMBER, 0))
    share = digits if field.scale != 1 else digits / f.lit(100.0)
    plain = f.when(_matches(text, _NUMBER), _double(text))
    return plain.when(_matches(text, _around(f"{_NUMBER}{_BLANK}*%")), share).when(
        _matches(text, _around(_NUMBER)), _double(stripped(text))
    )


def _truth(text: Column) -> Column:
    word = f.lower(f.when(_matches(text, _around("[a-zA-Z01]+")), stripped(text)))
    return f.when(word.isin("yes", "true", "1"), True).when(word.isin("no", "false", "0"), False)


def _day(text: Column) -> Column:
    plain = f.when(_matches(text, _DAY), _in_calendar(text.try_cast("date")))
    moment = _around(f"{_DAY}(?:[tT ]{_CLOCK}(?: ?{_OFFSET})?)?")
    return plain.when(_matches(text, moment), _in_calendar(_utc_day(stripped(text))))


def _in_calendar(day: Column) -> Column:
    """The day where Python's calendar has it: the years 1 to 9999."""
    first, last = (f.lit(end).cast("date") for end in (_FIRST, _LAST))
    return f.when(day.between(first, last), day)


def _utc_day(text: Column) -> Column:
    """The day in UTC of a text with a clock, and perhaps with an offset."""

    def part(of: Column, start: int) -> Column:
        return f.substring(of, start, 2).try_cast("int")

    # `+02:00` and `+0200` alike: the sign, and what stands behind it without the colon.
    offset = f.replace(f.regexp_extract(text, r"[+-][0-9]{2}:?[0-9]{2}\z", 0), f.lit(":"), f.lit(""))
    has_offset = (f.length(text) > 16) & (offset != f.lit(""))
    sign = f.when(f.substring(offset, 1, 1) == f.lit("-"), f.lit(1)).otherwise(f.lit(-1))
    shift = sign * (part(offset, 2) * 60 + part(offset, 4))
    minutes = part(text, 12) * 60 + part(text, 15) + f.when(has_offset, shift).otherwise(f.lit(0))
    moved = f.when(minutes < 0, f.lit(-1)).when(minutes >= 1440, f.lit(1)).otherwise(f.lit(0))
    return f.date_add(f.substring(text, 1, 10).try_cast("date"), moved)
