"""Who an account is: ids and names as texts, the same text whatever the type of the column."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as f
from pyspark.sql import types as t

from healthdsl.backends.spark.texts import is_blank, stripped

_PLAIN = 1e15


def id_text(found: Column, kind: t.DataType) -> Column:
    """An account id as text; NULL where there is none. 12, 12.0 and ` 12 ` are one account."""
    match kind:
        case t.StringType():
            return f.nullif(f.when(_is_trimmed(found), found).otherwise(stripped(found)), f.lit(""))
        case t.FloatType() | t.DoubleType():
            plain = f.when(f.isnan(found), None).when(f.abs(found) >= f.lit(_PLAIN), found.cast("string"))
            whole = plain.when(found == f.floor(found), found.cast("bigint").cast("string"))
            return whole.otherwise(found.cast("string"))
        case (
            t.ByteType()
            | t.ShortType()
            | t.IntegerType()
            | t.LongType()
            | t.DecimalType()
            | t.DateType()
            | t.TimestampType()
            | t.TimestampNTZType()
        ):
            return found.cast("string")
        case _:
            return f.lit(None).cast("string")


def _is_trimmed(text: Column) -> Column:
    """Whether a text surely begins and ends with no blank: with a printable letter of ASCII, which is quickly
    told of each line.
    """
    ends = (text, f.substring(text, -1, 1))
    first, last = (f.ascii(end).between(ord("!"), ord("~")) for end in ends)
    return first & last


def name_text(found: Column, kind: t.DataType) -> Column:
    """The name of an account; NULL where there is none."""
    match kind:
        case t.StringType():
            return f.when(~is_blank(found), found)
        case t.ArrayType() | t.MapType() | t.StructType() | t.NullType() | t.BinaryType():
            return f.lit(None).cast("string")
        case _:
            return found.cast("string")
