"""Values of every kind that people put into files, legal and not: one table for all ways of reading them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

RULESET = """\
ruleset odd
  language 1

signal number    number
signal bounded   number from -10 to 10
signal count     count
signal days      days
signal money     money in USD
signal share     percent
  stored as 0.45 for 45%
signal hundred   percent from 0% to 120%
  stored as 45 for 45%
signal day       date
signal moment    timestamp
signal truth     yes/no
signal plan      one of basic, pro, "very big"
signal words     text

measure m = number
score s average
  1 m
"""

ABSENT = """\
ruleset absent
  language 1

signal x_number  number
  missing when -5, 5.25, 0.3, 999_999_999_999_999, "five", "1,5"
signal x_bounded number from 0 to 10
  missing when -1, 0, 121, "NA"
signal x_count   count
  missing when -1, 10, 45, "--5"
signal x_hundred percent from 0% to 120%
  stored as 45 for 45%
  missing when -3, 5, 121, "N/A"
signal x_share   percent
  stored as 0.45 for 45%
  missing when 0.45, 0.05, -1
signal x_day     date
  missing when 0001-01-01, 2026-03-31, "2026-02-30", "today"
signal x_moment  timestamp
  missing when 9999-12-31, 2026-03-30, "31.03.2026"
signal x_truth   yes/no
  missing when "-1", "2", "yes!", "ja"
signal x_plan    one of basic, pro
  missing when "very big", "null", "BASIC"
signal x_words   text
  missing when "?", "-", "basic", "5", "x"

measure m = x_number
score s average
  1 m
"""
"""Signals with values of the tables below that stand for missing ones."""

NUMBERS = """\
0;5;+5;-5;5.;.5;-.5;5.25;1e3;1E+3;1e-3;1.5e2;007;-0;-0.0;0.1;0.30000000000000004;2.5;10;10.0000000001;11
 5;5 ;  5  ;\t5;5\u00a0;\u20035;1_000;1,5;1 000;1,000;$5;5 USD;5%;45 %;45.5%;-3%;%;1e20%;1e14%;121%;120%
nan;NaN;inf;-inf;Infinity;1e999;-1e999;1e-999;1e15;1e16;-1e15;999999999999999;1000000000000001;0x1F;5d;five
true;false;yes;no;--5;+-5;5e;e5;.;+;1.2.3;1e5.5;\u0663;\uff15;1e1000;12345678901234567890123456789012345678901
1.0000000001;0.9999999999;1.0000000006;2147483648;4194304.1234567891;0.0000000005;0.00000000049;1e22"""
DAYS = """\
2026-03-31;2026-3-31;2026-02-30;2024-02-29;2023-02-29;0001-01-01;9999-12-31;0000-01-01;10000-01-01;20260331
31.03.2026;03/31/2026;2026/03/31; 2026-03-31 ;2026-03-31T14:05;2026-03-31T14:05:00;2026-03-31 14:05:00
2026-03-31T14:05:00Z;2026-03-31T14:05:00z;2026-03-31t14:05:00.5Z;2026-03-31T14:05:00.123456789+02:00
2026-03-31T23:30:00-01:00;2026-03-31T00:30:00+01:00;2026-03-31 00:30:00 +0100;2026-03-31T00:30+0030
2026-03-31T24:00:00;2026-03-31T23:59:60;2026-03-31T23:60:00;2026-03-31T25:00:00;2026-03-31T14:05:00+24:00
2026-03-31T14:05:00+23:59;2026-03-31T14:05:00-23:59;0001-01-01T00:00:00+02:00;9999-12-31T23:30:00-01:00
2026-03-31T14;2026-03-31T;2026-03-31Z;2026-03-31+02:00;2026-03-31T14:05:00 Z;2026-03-31T14:05:00  Z
2026-03-31T14:05:00+02;2026-03-31T14:05:00+02:60;today;2026-W14-2;2026-03-31T14:05:00.1234567891;2026-13-01
2026-03-31X14:05;-2026-03-31;2026-03-31T14:05:00\t+02:00;infinity;2026-03-31 (BC);\u0662026-03-31"""
WORDS = """\
yes;YES;Yes;no;No;true;TRUE;True;false;1;0;1.0;0.0;2;-1;y;n;t;f;on;off; yes ;\tno;ja;yes!;01;+1;\u200bYES
basic;pro;very big;Basic; basic;basic ;BASIC;enterprise;very  big;null;NULL;None;NA;N/A;-;?;#N/A;"""
BLANKS = ["", " ", "   ", "\t", "\u00a0", "\u2003\u3000", "\x1c", "\x85", "\u200b", "\ufeff"]


def split(table: str) -> list[str]:
    return [text for line in table.split("\n") for text in line.split(";")]


TEXTS = list(
    dict.fromkeys(
        [*split(NUMBERS), *split(DAYS), *split(WORDS), *BLANKS, "a'b", 'say "hi"', "x\ny", "\u00e9"]
    )
)
"""For cells of CSV files and text columns."""

JSON_VALUES: list[object] = [
    *[None, True, False, 0, 1, -1, 2, 5, 10, 11, 45, 121, 1.0, 0.0, -0.0, 0.45, 1.5, 2.5, 1e15, 1e16, 1e300],
    *[10**15, 10**16, 10**20, 10**40, -(10**40), 2**63, 2**64, 0.1, 1e-10, 1.0000000001, 5e-10, 4.9e-10],
    *[
        20260331,
        [],
        [1],
        ["basic"],
        {},
        {"a": 1},
        [None],
        "null",
        "\u0000",
        "a\u0000b",
        "\U0001f600",
        "\u2028",
    ],
]
"""For JSON, besides the texts."""

UTC = dt.UTC
EAST = dt.timezone(dt.timedelta(hours=5))
COLUMNS: dict[str, list[object]] = {
    "int8": [0, 1, -1, 2, 45, 121, None],
    "int64": [0, 1, 5, -5, 10**15, 10**15 + 1, 10**16, 2**62, None],
    "float64": [
        0.0,
        -0.0,
        1.0,
        0.5,
        1e15,
        1.1e15,
        1e300,
        float("nan"),
        float("inf"),
        -float("inf"),
        0.1,
        None,
    ],
    "float32": [0.0, 1.0, 0.5, 45.0, 120.5, None],
    "decimal128(9, 2)": [Decimal("1.00"), Decimal("0.00"), Decimal("45.25"), Decimal("-3.10"), None],
    "decimal128(38, 12)": [Decimal("0.300000000000"), Decimal("123456789012345.123456789012"), None],
    "bool": [True, False, None],
    "string": ["5", " 45% ", "yes", "basic", "", " ", "2026-03-31", "x", None],
    "dictionary": ["basic", "pro", "x", "", "1", None],
    "date32": [dt.date(2026, 3, 31), dt.date.min, dt.date.max, None],
    "timestamp": [*map(dt.datetime.fromisoformat, ("2026-03-31T23:59", "0001-01-01", "9999-12-31T23")), None],
    "timestamp tz": [
        dt.datetime(2026, 3, 31, 23, 59, tzinfo=UTC),
        dt.datetime(2026, 4, 1, 2, 0, tzinfo=EAST),
        None,
    ],
    "time32": [dt.time(1, 2), None],
    "null": [None, None],
    "list": [[1], [], None],
    "struct": [{"a": 1}, None],
    "binary": [b"5", None],
}
"""By Arrow type."""
