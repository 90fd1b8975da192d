"""The dialects of SQL as data: how each writes numbers and dates, what it raises, how long a name may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

DAY = exp.Var(this="DAY")


def _difference(start: exp.Expression, end: exp.Expression) -> exp.Expression:
    return exp.DateDiff(this=end, expression=start, unit=DAY.copy())


def _subtraction(start: exp.Expression, end: exp.Expression) -> exp.Expression:
    return exp.Sub(this=end, expression=start)


def _julian(start: exp.Expression, end: exp.Expression) -> exp.Expression:
    return exp.Sub(
        this=exp.Anonymous(this="JULIANDAY", expressions=[end]),
        expression=exp.Anonymous(this="JULIANDAY", expressions=[start]),
    )


def _later(day: exp.Expression, days: exp.Expression) -> exp.Expression:
    return exp.DateAdd(this=day, expression=days, unit=DAY.copy())


def _plus(day: exp.Expression, days: exp.Expression) -> exp.Expression:
    return exp.Add(this=day, expression=days)


def _modified(day: exp.Expression, days: exp.Expression) -> exp.Expression:
    text = exp.DPipe(this=days, expression=exp.Literal.string(" days"))
    return exp.Anonymous(this="DATE", expressions=[day, text])


def _extracted(part: str, day: exp.Expression) -> exp.Expression:
    return exp.Extract(this=exp.Var(this=part), expression=day)


def _formatted(part: str, day: exp.Expression) -> exp.Expression:
    sign = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d"}[part]
    text = exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(sign), day])
    return exp.Cast(this=text, to=exp.DataType.build("INT"))


def _typed_date(text: str) -> exp.Expression:
    return exp.Cast(this=exp.Literal.string(text), to=exp.DataType.build("DATE"))


def _text_date(text: str) -> exp.Expression:
    return exp.Literal.string(text)


def _translated(text: exp.Expression) -> exp.Expression:
    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letters = [exp.Literal.string(upper), exp.Literal.string(upper.lower())]
    return exp.Anonymous(this="TRANSLATE", expressions=[text, *letters])


def _lowered(text: exp.Expression) -> exp.Expression:
    return exp.Lower(this=text)


def _placed(text: exp.Expression, part: exp.Expression) -> exp.Expression:
    return exp.GT(this=exp.StrPosition(this=text, substr=part), expression=exp.Literal.number(0))


def _holding(text: exp.Expression, part: exp.Expression) -> exp.Expression:
    return exp.Contains(this=text, expression=part)


def _chosen(text: exp.Expression, choices: Sequence[str]) -> exp.Expression:
    listed = [exp.Literal.string(choice) for choice in choices]
    return exp.Case(ifs=[exp.If(this=exp.In(this=text, expressions=listed), true=text.copy())])


def _as_enum(text: exp.Expression, choices: Sequence[str]) -> exp.Expression:
    """By way of the type that has these texts: DuckDB looks each different text up once."""
    listed = [exp.Literal.string(choice) for choice in choices]
    kind = exp.DataType(this=exp.DataType.Type.ENUM, expressions=listed)
    return exp.Cast(this=exp.TryCast(this=text, to=kind), to=exp.DataType.build("TEXT"))


def _largest(value: exp.Expression) -> exp.Expression:
    return exp.Max(this=value)


def _any_true(value: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="BOOL_OR", expressions=[value])


def _by_code_point(value: exp.Expression) -> exp.Expression:
    return exp.Collate(this=value, expression=exp.Identifier(this="C", quoted=True))


def _as_written(value: exp.Expression) -> exp.Expression:
    return value


BLANKS = "".join(sorted(chr(code) for code in range(0x3001) if chr(code).isspace()))
"""What a blank text may hold: every character that Python calls a space."""


def _quoted(before: str) -> Callable[[], exp.Expression]:
    """The blanks as a literal with escapes, `before` in front of the quotes."""
    escaped = "".join(" " if sign == " " else f"\\u{ord(sign):04x}" for sign in BLANKS)
    return lambda: exp.Var(this=f"{before}'{escaped}'")


def _in_bytes() -> exp.Expression:
    """The blanks as DuckDB 2.0 takes them: it has escapes of bytes, none of code points."""
    escaped = "".join(" " if byte == 32 else f"\\x{byte:02x}" for byte in BLANKS.encode())
    return exp.Var(this=f"E'{escaped}'")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One row of the table.

    `exponent`: a literal without one would be a decimal, not a double. `point`: a whole number without one
    would stay whole in divisions. `floors_to_integer`: FLOOR gives a BIGINT, and an error beyond.
    `materialized`: the planner would paste a layer into every place that reads it. `strict`: overflow and
    underflow raise an error.
    `days_between(start, end)`, `add_days(day, whole days)`, `part(YEAR|MONTH|DAY, day)`, `date(ISO text)`,
    `chosen(text, choices)`: the text if it is one of them, else NULL.
    `fold(text)` (ASCII letters to lower case), `contains(text, part)`, `any_true` and `sortable` (of texts)
    for aggregates.
    `blanks`: the characters that a blank text may hold (None: only spaces are told as blank).
    `steps`: how many columns of one SELECT may read one another in a row, each the one before it.
    `lists_at_once`: to ask first whether a line holds anything illegal costs more than it saves: Spark makes
    one Java method of a whole query, and Java is slow with long ones.
    `latest_by_struct`: the greatest of structs is worked out in one pass. `longest_name`: in bytes.
    """

    name: str
    longest_name: int
    exponent: bool = False
    point: bool = False
    floors_to_integer: bool = False
    materialized: bool = False
    strict: bool = False
    steps: int = 1
    lists_at_once: bool = False
    days_between: Callable[[exp.Expression, exp.Expression], exp.Expression] = _difference
    add_days: Callable[[exp.Expression, exp.Expression], exp.Expression] = _later
    part: Callable[[str, exp.Expression], exp.Expression] = _extracted
    date: Callable[[str], exp.Expression] = _typed_date
    fold: Callable[[exp.Expression], exp.Expression] = _translated
    contains: Callable[[exp.Expression, exp.Expression], exp.Expression] = _placed
    chosen: Callable[[exp.Expression, Sequence[str]], exp.Expression] = _chosen
    any_true: Callable[[exp.Expression], exp.Expression] = _largest
    sortable: Callable[[exp.Expression], exp.Expression] = _as_written
    latest_by_struct: bool = False
    blanks: Callable[[], exp.Expression | None] = lambda: None


LATERAL = 20
"""Steps that Spark's analyzer takes in one SELECT, well below what it gives up at."""

_SPARK = Dialect(
    "spark",
    10_000,
    exponent=True,
    floors_to_integer=True,
    steps=LATERAL,
    lists_at_once=True,
    blanks=_quoted(""),
)

DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "duckdb",
            10_000,
            exponent=True,
            latest_by_struct=True,
            blanks=_in_bytes,
            contains=_holding,
            chosen=_as_enum,
        ),
        _SPARK,
        replace(_SPARK, name="databricks", longest_name=255),
        Dialect(
            "postgres",
            63,
            blanks=_quoted("E"),
            materialized=True,
            strict=True,
            days_between=_subtraction,
            add_days=_plus,
            any_true=_any_true,
            sortable=_by_code_point,
        ),
        Dialect(
            "snowflake",
            255,
            blanks=_quoted(""),
            any_true=lambda value: exp.Anonymous(this="BOOLOR_AGG", expressions=[value]),
        ),
        Dialect(
            "bigquery",
            300,
            blanks=_quoted(""),
            any_true=lambda value: exp.Anonymous(this="LOGICAL_OR", expressions=[value]),
        ),
        Dialect("redshift", 127, strict=True, any_true=_any_true),
        Dialect("trino", 10_000, exponent=True, any_true=_any_true),
        Dialect(
            "sqlite",
            10_000,
            point=True,
            blanks=lambda: exp.Anonymous(
                this="CHAR", expressions=[exp.Literal.number(str(ord(sign))) for sign in BLANKS]
            ),
            materialized=True,
            days_between=_julian,
            add_days=_modified,
            part=_formatted,
            date=_text_date,
            fold=_lowered,
        ),
    )
}
"""Executed in our own tests: duckdb, spark, postgres, sqlite. The others are printed and parsed back."""
