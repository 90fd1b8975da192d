"""The input contract's way of reading a value, as columns of Spark.

In: a field, the column where it stands, and that column's type. Out: the value (a DOUBLE before scale and
range, a BOOLEAN, a DATE or a text; NULL where it is missing or cannot be read) and whether something stands
there that cannot be read. `healthdsl.backends.record.reading` is the definition; range, choices, whole
numbers and the scale are checked by the query that follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as f
from pyspark.sql import types as t

from healthdsl.backends.spark import texts
from healthdsl.graph.arithmetic import HALF_UP, SNAP_LIMIT
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

LARGEST = 1.7976931348623157e308
_WHOLE = (t.ByteType, t.ShortType, t.IntegerType, t.LongType)
_FRACTIONS = (t.FloatType, t.DoubleType)
_SINGLE_ROUNDING = 15
"""Decimals of so many digits are a whole number and a power of ten, both exact as doubles."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and what `healthdsl.backends.sql.sources.Cell` says besides.

    `is_text`: read from text, so that it is worked out once and looked at again: then `bad` is left to
    `unread`. `nearly_whole`: what is a whole number to nine decimals is to be one.
    """

    value: Column
    bad: Column | None = None
    sound: bool = False
    whole: bool = False
    is_text: bool = False
    nearly_whole: bool = False


def read_cell(field: InputField, found: Column, kind: t.DataType) -> Reading:
    """How a field is read from a column."""
    may_be_broken = field.type.kind in (Kind.COUNT, Kind.DAYS)
    match kind:
        case t.StringType():
            text = found if _is_plain(kind) else found.cast(t.StringType())
            if field.type.is_text:
                return Reading(text)
            return Reading(texts.read_text(field, text), is_text=True, nearly_whole=may_be_broken)
        case t.NullType():
            return Reading(_nothing(field), sound=True)
        case t.BooleanType() if field.type.kind is Kind.YES_NO:
            return Reading(found, sound=True)
        case t.DateType() | t.TimestampType() | t.TimestampNTZType() if field.type.is_date:
            return Reading(_day(found, kind))
        case _ if isinstance(kind, (*_WHOLE, *_FRACTIONS, t.DecimalType)):
            return _from_number(field, found, kind)
        case _:
            return Reading(_nothing(field), found.isNotNull(), sound=True)


def known_text(field: InputField, found: Column, kind: t.DataType) -> Column:
    """The cell, NULL where a text stands for a missing value; of text as text the query that follows asks."""
    listed = [absent for absent in field.absent if isinstance(absent, str)]
    if not listed or field.type.is_text or not isinstance(kind, t.StringType):
        return found
    return f.when(~texts.stripped(found).isin(listed), found)


def _is_plain(kind: t.StringType) -> bool:
    """Whether texts are compared letter by letter, as they are without a collation."""
    return type(kind) is t.StringType and kind.isUTF8BinaryCollation()


def _from_number(field: InputField, found: Column, kind: t.DataType) -> Reading:
    if field.type.is_numeric:
        broken = field.type.kind in (Kind.COUNT, Kind.DAYS) and not isinstance(kind, _WHOLE)
        whole = isinstance(kind, _WHOLE)
        return Reading(_double(found, kind), sound=whole, whole=whole, nearly_whole=broken)
    # NaN and infinities are missing, as pandas and others write it; Spark has NaN above all numbers.
    there = f.abs(found) <= f.lit(LARGEST) if isinstance(kind, _FRACTIONS) else found.isNotNull()
    if field.type.kind is Kind.YES_NO:
        zero, one = found == f.lit(0), found == f.lit(1)
        return Reading(f.when(one, True).when(zero, False), there & ~(zero | one), sound=True)
    return Reading(_nothing(field), there, sound=True)


def _double(found: Column, kind: t.DataType) -> Column:
    if isinstance(kind, t.DoubleType):
        return found
    if isinstance(kind, t.DecimalType) and kind.precision > _SINGLE_ROUNDING:
        # By way of text: Spark divides by the power of ten, two roundings for many digits.
        return found.cast("string").try_cast("double")
    return found.cast("double")


def _day(found: Column, kind: t.DataType) -> Column:
    """The date; of a moment the date in UTC, whatever the time zone of the session."""
    if isinstance(kind, t.TimestampType):
        days = f.floor(f.unix_seconds(found) / f.lit(86_400))
        return f.date_from_unix_date(days.cast("int"))
    return found.cast("date")


def _nothing(field: InputField) -> Column:
    if field.type.is_numeric:
        return f.lit(None).cast("double")
    if field.type.is_date:
        return f.lit(None).cast("date")
    return f.lit(None).cast("boolean" if field.type.kind is Kind.YES_NO else "string")


# A second look at what was read ----------------------------------------------


def unread(value: Column, found: Column) -> Column:
    """Whether a text is not blank, and yet no value was read from it."""
    return value.isNull() & found.isNotNull() & ~texts.is_blank(found)


def nearly_whole(value: Column) -> Column:
    """What is a whole number to nine decimals is one: 9.9999999999 is 10."""
    steps = f.floor(f.abs(value) * f.lit(1e9) + f.lit(HALF_UP)).cast("double") / f.lit(1e9)
    # The first condition keeps FLOOR, which gives a BIGINT, from what is larger: ANSI mode has that an error.
    kept = f.when(f.abs(value) >= f.lit(SNAP_LIMIT), value).when(value == f.floor(value), value)
    return kept.otherwise(f.signum(value) * steps)
