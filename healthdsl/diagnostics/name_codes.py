"""Catalogue rows of E2xx: names that name nothing, something else, or too much."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.frames import (
    BANDS,
    BARE,
    DISTRIBUTION,
    FLAG,
    LADDER,
    LINE,
    NODE,
    PARTS,
    SIGNAL,
    SIGNALS,
)
from healthdsl.diagnostics.frames import framed as _entry

_TWO_ROWS = SIGNALS + "measure usage lookup of plan{}\n  free      -> poor\n  otherwise -> good\n"

NAME_CODES: tuple[Entry, ...] = (
    _entry(
        "E201",
        "An unknown signal",
        "A word stands where a value is expected, and no signal, measure, group, score or flag has "
        "that name. It is reported where it is used first.",
        FLAG,
        "seets below 5",
        "seats below 5",
    ),
    _entry(
        "E202",
        "An unknown column",
        "The rows of this table have no column of that name. Every dated table also has `age`.",
        SIGNAL,
        "sum hour of tickets",
        "sum hours of tickets",
    ),
    _entry(
        "E203",
        "An unknown table",
        "No `rows` declaration has this name.",
        SIGNAL,
        "count of ticket in last 30 days",
        "count of tickets in last 30 days",
    ),
    _entry(
        "E204",
        "An unknown measure, group or score",
        "Parts, `points of`, `bands` and `like` name a measure, group or score.",
        PARTS,
        "40 npss\n  60 seats",
        "40 nps\n  60 seats",
    ),
    _entry(
        "E205",
        "An unknown set of levels",
        "The word behind `as` names a `levels` declaration.",
        _TWO_ROWS,
        " as ratings",
        " as rating",
    ),
    _entry(
        "E206",
        "A value that a category does not have",
        "A signal of type `one of` has the values it lists and no others, spelled as they are there.",
        FLAG,
        "plan is entreprise",
        "plan is enterprise",
    ),
    _entry(
        "E207",
        "An unknown level or band",
        "Behind `is`, and as the result of a row, stands a level or band that was declared.",
        LADDER.replace("nps ladder", "nps ladder as rating"),
        "below 0   -> por\n  otherwise -> good",
        "below 0   -> poor\n  otherwise -> good",
    ),
    _entry(
        "E208",
        "An unknown type",
        "The types are count, number, percent, days, date, timestamp, money, yes/no, one of and text.",
        LINE,
        "signal trials counter",
        "signal trials count",
    ),
    _entry(
        "E211",
        "An unknown function",
        "The functions with brackets are min, max, abs, floor, ceiling, round, log2, log10, ln and power.",
        SIGNAL,
        "maximum(seats, active)",
        "max(seats, active)",
    ),
    _entry(
        "E212",
        "An unknown colour",
        "Colours are words of a closed list, so that reports look the same everywhere.",
        BANDS,
        "below 40  -> critical crimson\n  otherwise -> healthy green",
        "below 40  -> critical red\n  otherwise -> healthy green",
    ),
    _entry(
        "E214",
        "A name declared twice",
        "Names are shared by the whole file. Only a measure may have the name of a signal, the one it "
        "scores.",
        LINE,
        "signal seats count",
        "signal spare_seats count",
    ),
    _entry(
        "E215",
        "A word of the language as a name",
        "`today`, `yes`, `no`, `skip`, `unscored`, `worst` and `best` mean something wherever they "
        "stand, and `age` is there in every dated table.",
        LINE,
        "signal today date",
        "signal visited_on date",
    ),
    _entry(
        "E217",
        "A column twice",
        "Each column of a table has a name of its own. Two of them may still read the same field of the "
        "data.",
        LINE,
        "rows visits\n  pages count\n  pages count",
        "rows visits\n  pages   count\n  minutes count",
    ),
    _entry(
        "E218",
        "A level twice",
        "Each level of a set has a name of its own.",
        LINE,
        "levels risk\n  low  100\n  high 50\n  high 0",
        "levels risk\n  low    100\n  medium 50\n  high   0",
    ),
    _entry(
        "E219",
        "A category value twice",
        "The values behind `one of` are listed once each.",
        LINE,
        "signal region one of emea, apac, emea",
        "signal region one of emea, apac, amer",
    ),
    _entry(
        "E220",
        "A circle of declarations",
        "A declaration needs others to be worked out first, and one of those needs it in turn.",
        BARE,
        "signal a = b + 1\nsignal b = a * 2",
        "signal a count\nsignal b = a * 2",
    ),
    _entry(
        "E222",
        "A level in a table of points",
        "A table gives levels only when its first line says of which set: `as rating`.",
        LADDER,
        "below 0   -> poor\n  otherwise -> good",
        "below 0   -> 0\n  otherwise -> 100",
    ),
    _entry(
        "E223",
        "A signal where points are needed",
        "A signal has a value. Points come from a measure, group or score, which may have the signal's name. "
        "In a list of parts a number or a count stands for itself; nothing else is points as it is.",
        PARTS,
        "40 nps\n  60 overdue",
        "40 nps\n  60 seats",
    ),
    _entry(
        "E225",
        "A group where a table is needed, or a table where a group is",
        "The parts of a group are asked with a test (`are known`), the rows of a table with `where`.",
        FLAG,
        "at least 2 of tickets are urgent",
        "at least 2 of tickets where priority is urgent",
    ),
    _entry(
        "E227",
        "A table or set of levels where a value is needed",
        "Rows become a value through an aggregate such as `count of`; a set of levels is no value at all.",
        FLAG,
        "tickets above 5",
        "count of tickets above 5",
    ),
    _entry(
        "E228",
        "A result that is none of the words a row may give",
        "A row gives points, a level, or one of `skip` and `unscored`; a `missing` row also `worst` and "
        "`best`.",
        LADDER,
        "below 0   -> 0\n  otherwise -> 100\n  missing   -> unscore",
        "below 0   -> 0\n  otherwise -> 100\n  missing   -> unscored",
    ),
    _entry(
        "E229",
        "A node that has neither bands nor levels is asked for a word",
        "`is` and a word asks for the band or the level of a measure, group or score.",
        NODE,
        "score health average\n  nps\n  seats\n\nflag risk when health is poor",
        "score health average\n  nps\n  seats\n\nflag risk when nps is poor",
    ),
    _entry(
        "E230",
        "An unknown distribution",
        "`percentile in` names a distribution, which is declared in the ruleset or in a file it uses.",
        DISTRIBUTION,
        "percentile in seats_2025",
        "percentile in seats_2026",
    ),
)
