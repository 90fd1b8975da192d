"""The input contract's way of reading a value, as DuckDB SQL.

In: a field, the shape of the column, and the SQL that gives it. Out: the value (a DOUBLE before scale and
range, a BOOLEAN, a DATE or a text; NULL where it is missing or cannot be read) and a condition that is true
where something stands that cannot be read. `healthdsl.backends.record.reading` is the definition; range,
choices, whole numbers and the scale are checked by the query that follows.

Each text is matched once by a plain pattern; the unusual forms (blanks around, an offset, a percent sign)
are looked at only where that fails, since DuckDB's TRIM with a set of characters takes a microsecond.
"""

from __future__ import annotations

from typing import NamedTuple, assert_never

from healthdsl.backends.duckdb.quoting import literal
from healthdsl.backends.duckdb.shapes import Shape
from healthdsl.graph.arithmetic import HALF_UP, SNAP_LIMIT
from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

# What Python's str.isspace() says of a character.
BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + (
    "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
_BLANK = "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_NUMBER = r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
_OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
_LARGEST = "1e300"
_FIRST_DAY, _LAST_DAY = "DATE '0001-01-01'", "DATE '9999-12-31'"


class Reading(NamedTuple):
    """The SQL of a value; `bad` over that value's own name, None where nothing can be bad; `sound` and
    `whole` as in `healthdsl.backends.sql.sources.Cell`.
    """

    value: str
    bad: str | None = None
    sound: bool = True
    whole: bool = False


def read_cell(field: InputField, shape: Shape, sql: str) -> Reading:
    """How a field is read from a column. `{value}` in `bad` stands for the value read."""
    reading = _read(field, shape, _known_text(field, shape, sql))
    may_be_broken = field.type.kind in (Kind.COUNT, Kind.DAYS) and shape not in (Shape.WHOLE, Shape.NOTHING)
    return Reading(_nearly_whole(reading.value), reading.bad, sound=False) if may_be_broken else reading


def _known_text(field: InputField, shape: Shape, sql: str) -> str:
    """The cell, NULL where a text stands for a missing value; of text as text the query that follows asks."""
    listed = ", ".join(literal(absent) for absent in field.absent if isinstance(absent, str))
    if not listed or field.type.is_text or shape not in (Shape.TEXT, Shape.JSON):
        return sql
    text = f"CAST({sql} AS VARCHAR)" if shape is Shape.TEXT else json_text(sql)
    is_text = "" if shape is Shape.TEXT else f"starts_with(CAST({sql} AS VARCHAR), '\"') AND "
    return f"CASE WHEN {is_text}{stripped(text)} IN ({listed}) THEN NULL ELSE {sql} END"


def _nearly_whole(value: str) -> str:
    """What is a whole number to nine decimals is one: 9.9999999999 is 10."""
    size = f"floor(abs({value}) * 1e9 + {HALF_UP!r}e0) / 1e9"
    return (
        f"CASE WHEN {value} = floor({value}) OR abs({value}) >= {SNAP_LIMIT!r}e0 THEN {value} "
        f"ELSE sign({value}) * {size} END"
    )


def _read(field: InputField, shape: Shape, sql: str) -> Reading:
    match shape:
        case Shape.TEXT if field.type.kind is Kind.CATEGORY:
            return Reading(f"CAST({sql} AS VARCHAR)", sound=False)  # a blank one is in no list of choices
        case Shape.TEXT:
            return Reading(_from_text(field, sql), _bad_text(field, sql))
        case Shape.JSON:
            return Reading(_from_json(field, sql), f"{{value}} IS NULL AND {_json_is_there(sql)}")
        case Shape.NOTHING:
            return Reading(f"CAST(NULL AS {_SQL_TYPES[field.type.kind]})")
        case (
            Shape.WHOLE | Shape.NUMBER | Shape.DECIMAL | Shape.BOOLEAN | Shape.DATE | Shape.TIME | Shape.OTHER
        ):
            return _from_typed(field, shape, sql)
        case _:
            assert_never(shape)


_SQL_TYPES = {
    Kind.NUMBER: "DOUBLE",
    Kind.PERCENT: "DOUBLE",
    Kind.MONEY: "DOUBLE",
    Kind.COUNT: "DOUBLE",
    Kind.DAYS: "DOUBLE",
    Kind.YES_NO: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "DATE",
    Kind.CATEGORY: "VARCHAR",
    Kind.TEXT: "VARCHAR",
}


# Columns that have a type ----------------------------------------------------


def _from_typed(field: InputField, shape: Shape, sql: str) -> Reading:
    if shape is Shape.NUMBER:
        # NaN and infinities are missing, as pandas and others write it; the query that follows drops them
        # with what is out of range, unless a scale makes others infinite.
        finite = f"CASE WHEN isfinite(CAST({sql} AS DOUBLE)) THEN CAST({sql} AS DOUBLE) END"
        if field.type.is_numeric and field.scale <= 1:
            return Reading(f"CAST({sql} AS DOUBLE)", sound=False)
        if field.type.is_numeric:
            return Reading(finite)
        if field.type.kind is Kind.YES_NO:
            return Reading(_truth_of_number(sql), f"{{value}} IS NULL AND ({finite}) IS NOT NULL")
        return _never(field, f"({finite}) IS NOT NULL")
    match field.type.kind, shape:
        case ((Kind.NUMBER | Kind.PERCENT | Kind.MONEY | Kind.COUNT | Kind.DAYS), Shape.WHOLE):
            return Reading(f"CAST({sql} AS DOUBLE)", whole=True)
        case ((Kind.NUMBER | Kind.PERCENT | Kind.MONEY | Kind.COUNT | Kind.DAYS), Shape.DECIMAL):
            # By way of text: DuckDB 2.0 divides by the power of ten, two roundings for more than 15 digits.
            return Reading(f"CAST(CAST({sql} AS VARCHAR) AS DOUBLE)")
        case Kind.YES_NO, (Shape.WHOLE | Shape.DECIMAL):
            return Reading(_truth_of_number(sql), f"{{value}} IS NULL AND {sql} IS NOT NULL")
        case Kind.YES_NO, Shape.BOOLEAN:
            return Reading(sql)
        case ((Kind.DATE | Kind.TIMESTAMP), (Shape.DATE | Shape.TIME)):
            return Reading(_in_calendar(f"CAST({sql} AS DATE)"), f"{{value}} IS NULL AND {sql} IS NOT NULL")
        case _:
            return _never(field, f"{sql} IS NOT NULL")


def _never(field: InputField, bad: str) -> Reading:
    return Reading(f"CAST(NULL AS {_SQL_TYPES[field.type.kind]})", bad)


def _truth_of_number(sql: str) -> str:
    return f"CASE {sql} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"


def _in_calendar(day: str) -> str:
    """The day where Python's calendar has it: the years 1 to 9999."""
    return f"CASE WHEN {day} BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN {day} END"


# Text ------------------------------------------------------------------------


def _from_text(field: InputField, sql: str) -> str:
    match field.type.kind:
        case Kind.NUMBER | Kind.MONEY | Kind.COUNT | Kind.DAYS:
            return _number(sql)
        case Kind.PERCENT:
            return _percent(field, sql)
        case Kind.YES_NO:
            return _yes_no(sql)
        case Kind.DATE | Kind.TIMESTAMP:
            return _date(sql)
        case Kind.CATEGORY | Kind.TEXT:
            return _not_blank(f"CAST({sql} AS VARCHAR)")


def _bad_text(field: InputField, sql: str) -> str | None:
    if field.type.is_text:
        return None
    return f"{{value}} IS NULL AND {sql} IS NOT NULL AND NOT {is_blank(sql)}"


def is_blank(sql: str) -> str:
    """Whether a text has nothing but blanks."""
    return _matches(sql, f"{_BLANK}*")


def stripped(sql: str) -> str:
    """A text without the blanks around it, as Python's strip()."""
    return f"trim({sql}, {literal(BLANKS)})"


def _not_blank(sql: str) -> str:
    # Most texts begin with a plain letter or digit, and that is told quickly.
    return f"CASE WHEN ascii({sql}) BETWEEN 33 AND 126 OR NOT {is_blank(sql)} THEN {sql} END"


def _matches(sql: str, regular: str) -> str:
    return f"regexp_full_match({sql}, {literal(regular)})"


def _cast(sql: str) -> str:
    """A number that is out of all range where it would be infinite, so that it is seen to be illegal."""
    return f"greatest(least(TRY_CAST({sql} AS DOUBLE), {_LARGEST}), -{_LARGEST})"


def _number(sql: str) -> str:
    around = _matches(sql, f"{_BLANK}*{_NUMBER}{_BLANK}*")
    return (
        f"CASE WHEN {_matches(sql, _NUMBER)} THEN {_cast(sql)} WHEN {around} THEN {_cast(stripped(sql))} END"
    )


def _percent(field: InputField, sql: str) -> str:
    """Text such as `45%` is a share whatever the scale of the field, which is taken back here."""
    digits = f"regexp_extract({sql}, {literal(_NUMBER)})"
    share = _cast(digits) if field.scale != 1 else f"{_cast(digits)} / 100"
    signed = _matches(sql, f"{_BLANK}*{_NUMBER}{_BLANK}*%{_BLANK}*")
    return (
        f"CASE WHEN {_matches(sql, _NUMBER)} THEN {_cast(sql)} "
        f"WHEN {signed} THEN {share} ELSE {_number(sql)} END"
    )


def _yes_no(sql: str) -> str:
    word = f"CASE WHEN {_matches(sql, f'{_BLANK}*[a-zA-Z01]+{_BLANK}*')} THEN lower({stripped(sql)}) END"
    plain = f"CASE WHEN {_matches(sql, '[a-zA-Z01]+')} THEN lower({sql}) ELSE {word} END"
    yes, no = "'yes', 'true', '1'", "'no', 'false', '0'"
    return f"CASE WHEN ({plain}) IN ({yes}) THEN TRUE WHEN ({plain}) IN ({no}) THEN FALSE END"


def _date(sql: str) -> str:
    plain = _in_calendar(f"TRY_CAST({sql} AS DATE)")
    time = f"{_BLANK}*{_DAY}([tT ]{_CLOCK} ?(?i:{_OFFSET})?)?{_BLANK}*"
    return (
        f"CASE WHEN {_matches(sql, _DAY)} THEN {plain} "
        f"WHEN {_matches(sql, time)} THEN {_utc_date(stripped(sql))} END"
    )


def _utc_date(text: str) -> str:
    """The day in UTC of a text with a clock, and perhaps with an offset."""

    def part(start: int, length: int = 2) -> str:
        return f"CAST(substr({text}, {start}, {length}) AS INTEGER)"

    # `+02:00` and `+0200` alike: the sign, and what stands behind it without the colon.
    offset = f"replace(regexp_extract({text}, '[+-][0-9]{{2}}:?[0-9]{{2}}$'), ':', '')"
    behind = f"(CAST(substr({offset}, 2, 2) AS INTEGER) * 60 + CAST(substr({offset}, 4, 2) AS INTEGER))"
    sign = f"CASE WHEN substr({offset}, 1, 1) = '-' THEN 1 ELSE -1 END"
    shift = f"CASE WHEN length({text}) > 16 AND {offset} <> '' THEN {sign} * {behind} ELSE 0 END"
    minutes = f"{part(12)} * 60 + {part(15)} + {shift}"
    moved = f"CASE WHEN {minutes} < 0 THEN -1 WHEN {minutes} >= 1440 THEN 1 ELSE 0 END"
    whole = f"length({text}) > 10"
    day = f"TRY_CAST(substr({text}, 1, 10) AS DATE)"
    return _in_calendar(f"({day} + CASE WHEN {whole} THEN {moved} ELSE 0 END)")


# JSON ------------------------------------------------------------------------


def _json_is_there(column: str) -> str:
    """Whether a JSON value is neither null, nor blank text, nor a number that is not finite."""
    sql = f"CAST({column} AS VARCHAR)"
    blank = f"starts_with({sql}, '\"') AND {is_blank(json_text(column))}"
    return f"{sql} IS NOT NULL AND {sql} <> 'null' AND NOT ({blank}) AND NOT {_not_finite(sql)}"


def json_text(sql: str) -> str:
    """The text of a JSON string."""
    return f"({sql} ->> '$')"


def _not_finite(sql: str) -> str:
    """NaN and infinities, written out or as a broken number beyond all doubles."""
    broken = f"{_matches(sql, '-?[0-9]+[.eE].*')} AND isinf(TRY_CAST({sql} AS DOUBLE))"
    return f"(({sql} IN ('NaN', 'Infinity', '-Infinity')) OR ({broken}))"


def _json_number(sql: str) -> str:
    """A bare number; a whole one too large for a double is illegal, not missing."""
    whole = _matches(sql, "-?[0-9]+")
    value = f"TRY_CAST({sql} AS DOUBLE)"
    finite = f"CASE WHEN isfinite({value}) THEN {value} END"
    return f"CASE WHEN {whole} THEN {_cast(sql)} ELSE {finite} END"


def _from_json(field: InputField, column: str) -> str:
    sql = f"CAST({column} AS VARCHAR)"
    text = json_text(column)
    is_text = f"starts_with({sql}, '\"')"
    if field.type.is_text:
        return f"CASE WHEN {is_text} THEN {_not_blank(text)} END"
    from_text = f"WHEN {is_text} THEN {_from_text(field, text)}"
    is_number = _matches(sql, "-?[0-9][0-9.eE+-]*")
    if field.type.is_numeric:
        return f"CASE WHEN {is_number} THEN {_json_number(sql)} {from_text} END"
    if field.type.is_date:
        return f"CASE {from_text} END"
    truth = f"WHEN {sql} = 'true' THEN TRUE WHEN {sql} = 'false' THEN FALSE"
    number = _truth_of_number(f"TRY_CAST({sql} AS DOUBLE)")
    return f"CASE {truth} WHEN {is_number} THEN {number} {from_text} END"
