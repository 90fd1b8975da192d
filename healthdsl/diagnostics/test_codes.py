"""Catalogue rows of E5xx, test declarations, and of W5xx, warnings."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.frames import LADDER, NODES, TEST
from healthdsl.diagnostics.frames import framed as _entry

_FLAGS = NODES + "flag low when nps below 0\n\n"
_TODAY = (
    NODES
    + 'flag low when renewal before today\n\ntest "a case"\n{}  given renewal 2026-01-01\n  expect low\n'
)
_LIKE = _FLAGS + (
    'test "a case"\n  given nps -40\n  expect low\n\n'
    'test "another case" like "{}"\n  given nps 40\n  expect not low\n'
)
_LIKE_A_CASE = _LIKE.replace("{}", "a case").replace('test "a case"', 'test "a case"{}')

TEST_CODES: tuple[Entry, ...] = (
    _entry(
        "E501",
        "A test gives what is worked out",
        "A test gives the signals and columns that come from the data. What formulas make of them is "
        "expected.",
        TEST.replace('\ntest "', '\nsignal load = active / seats\n\ntest "'),
        "given load 2",
        "given active 20\n  given seats 10",
    ),
    _entry(
        "E503",
        "A fact out of range",
        "A test gives legal values only, as a record does.",
        TEST,
        "given nps -400",
        "given nps -40",
    ),
    _entry(
        "E504",
        "A fact twice",
        "A test gives each signal, each table and each column once.",
        TEST,
        "given nps -40\n  given nps 40",
        "given nps -40",
    ),
    _entry(
        "E507",
        "A test that expects nothing",
        "A test without an `expect` line passes whatever the ruleset does.",
        _FLAGS + 'test "a case"\n  given nps -40\n{}',
        "",
        "  expect low\n",
    ),
    _entry(
        "E508",
        "A test without a day",
        "Where anything depends on `today`, on ages of rows or on an expiry, a test says on which day it is.",
        _TODAY,
        "",
        "  as of 2026-03-31\n",
    ),
    _entry(
        "E509",
        "A test with two days",
        "A test is about one day.",
        TEST,
        "as of 2026-03-31\n  as of 2026-04-30\n  given nps -40",
        "as of 2026-03-31\n  given nps -40",
    ),
    _entry(
        "E510",
        "Rows of a sub-table in a test",
        "The data holds tables, and sub-tables are cut out of them by their condition.",
        TEST.replace('\ntest "', '\nrows urgent of tickets where priority is urgent\n\ntest "'),
        "given rows urgent\n    opened_on\n    2026-03-20",
        "given rows tickets\n    opened_on   priority\n    2026-03-20  urgent",
    ),
    _entry(
        "E511",
        "A test like one that is not there",
        "What stands behind `like` is the title of another test of the same file, letter by letter.",
        _LIKE,
        "a silent account",
        "a case",
    ),
    _entry(
        "E512",
        "Tests that are like each other",
        "Of tests that are like each other none says what the account is.",
        _LIKE_A_CASE,
        ' like "another case"',
        "",
    ),
    _entry(
        "W501",
        "Two tests with one title",
        "A failure is told by the title of the test.",
        _FLAGS
        + 'test "a case"\n  given nps -40\n  expect low\n\ntest "{}"\n  given nps 40\n  expect not low\n',
        "a case",
        "another case",
    ),
    _entry(
        "W502",
        "A ladder or bands that end too early",
        "Values beyond the last row get no points, or no band. It is told where that is certain: all edges "
        "are constants, there is no `otherwise`, and the range or the type of the subject goes further.",
        LADDER,
        "below 0  -> 0\n  below 50 -> 60",
        "below 0   -> 0\n  below 50  -> 60\n  otherwise -> 100",
    ),
)
