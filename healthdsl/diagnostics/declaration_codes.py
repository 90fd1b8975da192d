"""Catalogue rows of E4xx: what a declaration holds, and in which order."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.frames import BANDS, BARE, LADDER, LINE, NODE, NODES, PARTS, SIGNALS, STEP
from healthdsl.diagnostics.frames import framed as _entry

_CURVE = SIGNALS + "measure usage curve\n  {}\n"
_LOOKUP = SIGNALS + "measure plan lookup\n  {}\n"
_GRID = NODES + "score health average\n  by plan  free, otherwise\n  {}\n"

HEADER_CODES: tuple[Entry, ...] = (
    _entry(
        "E401",
        "No `ruleset` line",
        "A file begins by saying which ruleset it holds.",
        "{}signal seats count\n",
        "",
        "ruleset example\n  language 1\n\n",
    ),
    _entry(
        "E402",
        "A second `ruleset` line",
        "A file holds one ruleset.",
        BARE,
        "ruleset another\n  language 1",
        "signal seats count",
    ),
    _entry(
        "E403",
        "The `ruleset` line is not the first",
        "The `ruleset` line and its clauses stand above all declarations.",
        "{}",
        "signal seats count\n\nruleset example\n  language 1\n",
        "ruleset example\n  language 1\n\nsignal seats count\n",
    ),
    _entry(
        "E404",
        "No `language` line",
        "A ruleset says which version of the language it is written in, so that later versions can read it.",
        "ruleset example\n  {}\n",
        "version 2",
        "language 1\n  version 2",
    ),
    _entry(
        "E405",
        "A version of the language this program does not read",
        "This program reads language 1.",
        "ruleset example\n  {}\n",
        "language 7",
        "language 1",
    ),
)

TABLE_CODES: tuple[Entry, ...] = (
    _entry(
        "E410",
        "A ladder that turns round",
        "The rows of a ladder run up or run down, so that a reader never has to work out which of two "
        "comes first.",
        LADDER,
        "below 0    -> 0\n  above 50   -> 100\n  from 10 to 20 -> 40\n  otherwise  -> 60",
        "below 0    -> 0\n  from 10 to 20 -> 40\n  above 50   -> 100\n  otherwise  -> 60",
    ),
    _entry(
        "E411",
        "A row that is never reached",
        "Rows are tried from the top, and rows above this one catch every value it could catch.",
        LADDER,
        "below 30  -> 0\n  below 10  -> 50\n  otherwise -> 100",
        "below 10  -> 0\n  below 30  -> 50\n  otherwise -> 100",
    ),
    _entry(
        "E412",
        "A value in two ranges",
        "`from A to B` holds both of its ends, so two ranges that meet share a value.",
        LADDER,
        "from 0 to 10  -> 20\n  from 10 to 20 -> 40",
        "up to 10  -> 20\n  up to 20  -> 40\n  otherwise -> 60",
    ),
    _entry(
        "E413",
        "A curve whose points do not ascend",
        "The points of a curve stand in order, lowest first, each at a value of its own.",
        _CURVE,
        "90% -> 100\n  20% -> 0",
        "20% -> 0\n  90% -> 100",
    ),
    _entry(
        "E414",
        "A curve of fewer than two points",
        "A line needs two points.",
        _CURVE,
        "20% -> 0",
        "20% -> 0\n  90% -> 100",
    ),
    _entry(
        "E415",
        "A key twice",
        "Each value has one row in a lookup, and one column in a grid of weights.",
        _LOOKUP,
        "free -> 0\n  pro  -> 50\n  free -> 100",
        "free       -> 0\n  pro        -> 50\n  enterprise -> 100",
    ),
    _entry(
        "E416",
        "A row behind `otherwise`",
        "`otherwise` catches everything that is left, so only a `missing` row may follow it.",
        LADDER,
        "below 0   -> 0\n  otherwise -> 100\n  below 30  -> 50",
        "below 0   -> 0\n  below 30  -> 50\n  otherwise -> 100",
    ),
    _entry(
        "E417",
        "Two rows for the rest",
        "`otherwise` and `missing` have one row each in a table.",
        LADDER,
        "below 0   -> 0\n  otherwise -> 50\n  otherwise -> 100",
        "below 0   -> 0\n  otherwise -> 50\n  missing   -> 100",
    ),
    _entry(
        "E418",
        "A `when` row below other rows",
        "In a ladder, lookup or curve `when` rows are tried before all others, so they stand above them.",
        LADDER,
        "below 0      -> 0\n  when sponsor -> 100\n  otherwise    -> 50",
        "when sponsor -> 100\n  below 0      -> 0\n  otherwise    -> 50",
    ),
    _entry(
        "E419",
        "A row of another kind of table",
        "Ladders have edges and ranges, lookups and curves have values, a first match has conditions.",
        LADDER,
        "0         -> 20\n  otherwise -> 100",
        "up to 0   -> 20\n  otherwise -> 100",
    ),
    _entry(
        "E420",
        "Levels and points in one table",
        "The rows of a table give levels or they give points.",
        LADDER.replace("nps ladder", "nps ladder as rating"),
        "below 0   -> poor\n  otherwise -> 80",
        "below 0   -> poor\n  otherwise -> good",
    ),
    _entry(
        "E421",
        "`worst` or `best` outside a `missing` row",
        "`worst` and `best` stand for the lowest and highest result of the other rows, for a missing value.",
        LADDER,
        "below 0   -> worst\n  otherwise -> 100",
        "below 0   -> 0\n  otherwise -> 100\n  missing   -> worst",
    ),
    _entry(
        "E422",
        "`worst` or `best` without rows to choose from",
        "There must be a row that gives a fixed number of points, or a level.",
        STEP,
        "missing -> worst",
        "missing -> 0",
    ),
    _entry(
        "E423",
        "A table without rows",
        "A ladder, lookup, curve, first match or a set of bands needs rows that ask something.",
        LADDER,
        "missing -> 50",
        "below 0   -> 0\n  otherwise -> 100",
    ),
)

NODE_CODES: tuple[Entry, ...] = (
    _entry(
        "E424",
        "A row where there is no table",
        "Rows `TEST -> RESULT` belong to a ladder, lookup, curve or first match.",
        STEP,
        "when sponsor -> 100",
        "+50 when sponsor",
    ),
    _entry(
        "E425",
        "A part where nothing is combined",
        "Parts stand under `average`, `total`, `lowest` or `highest`.",
        NODE,
        "score health = 50\n  40 nps",
        "score health average\n  40 nps",
    ),
    _entry(
        "E426",
        "A combination without parts",
        "A group or score that combines needs something to combine.",
        NODE,
        "score health average",
        "score health average\n  nps",
    ),
    _entry(
        "E427",
        "A part twice",
        "Each part stands once in a list; what counts double has a double weight.",
        PARTS,
        "40 nps\n  40 seats\n  20 nps",
        "60 nps\n  40 seats",
    ),
    _entry(
        "E428",
        "A missing weight",
        "In a list that has weights every part has one.",
        PARTS,
        "40 nps\n  seats",
        "40 nps\n  60 seats",
    ),
    _entry(
        "E429",
        "A weight in another unit",
        "Weights are plain numbers, or all of them percents.",
        PARTS,
        "40% nps\n  60 seats",
        "40 nps\n  60 seats",
    ),
    _entry(
        "E460",
        "A weight from data that could be negative",
        "A weight is never below 0; the type, the range or the formula of the signal must say so.",
        NODES + "signal usage_weight number{}\n\nscore health average\n  seats weighted by usage_weight\n",
        "",
        " from 0 to 100",
    ),
    _entry(
        "E461",
        "A weight that is no number from data",
        "Behind `weighted by` stands a signal that holds a plain number or a count.",
        PARTS,
        "seats weighted by plan",
        "seats weighted by active",
    ),
    _entry(
        "E430",
        "A number of weights that does not fit the columns",
        "Under `by SIGNAL` each part has one weight for each column.",
        _GRID,
        "nps   -> 40, 20\n  seats -> 60",
        "nps   -> 40, 20\n  seats -> 60, 80",
    ),
    _entry(
        "E431",
        "Weights for columns that are not written",
        "A part with several weights needs a row `by SIGNAL` above it that says what they are for.",
        PARTS,
        "nps   -> 40, 20\n  seats -> 60, 80",
        "by plan  free, otherwise\n  nps   -> 40, 20\n  seats -> 60, 80",
    ),
    _entry(
        "E432",
        "`needs` where there are no parts",
        "`needs` asks how much of the parts is known.",
        STEP,
        "needs 60% of weight",
        "unscored when seats is missing",
    ),
    _entry(
        "E433",
        "More needed than there is",
        "`needs` asks for a share above 0% and up to 100%, or for a number of the parts there are.",
        PARTS,
        "nps\n  seats\n  needs 3 parts",
        "nps\n  seats\n  needs 2 parts",
    ),
    _entry(
        "E434",
        "A clause twice",
        "This clause says one thing of its declaration, so it stands once.",
        LADDER,
        "below 0   -> 0\n  otherwise -> 100\n  round to 1 decimal\n  round to 2 decimals",
        "below 0   -> 0\n  otherwise -> 100\n  round to 1 decimal",
    ),
    _entry(
        "E438",
        "Variants that begin differently",
        "The variants of a score are one score, so they have the same word and the same levels.",
        NODE,
        "score health average for new when overdue below 30\n  nps\n\n"
        "group health average for old when overdue at least 30\n  seats",
        "score health average for new when overdue below 30\n  nps\n\n"
        "score health average for old when overdue at least 30\n  seats",
    ),
    _entry(
        "E439",
        "A variant twice",
        "Each variant has a name of its own, by which reports call it.",
        NODE,
        "score health average for new when overdue below 30\n  nps\n\n"
        "score health average for new when overdue at least 30\n  seats",
        "score health average for new when overdue below 30\n  nps\n\n"
        "score health average for old when overdue at least 30\n  seats",
    ),
    _entry(
        "E440",
        "A band in two rows",
        "A band is one stretch of points with one colour and label. Only `when` and `missing` rows may "
        "name it again.",
        BANDS,
        "below 40  -> critical red\n  below 80  -> fine green\n  otherwise -> critical",
        "below 40  -> critical red\n  below 80  -> fine green\n  otherwise -> suspicious yellow",
    ),
    _entry(
        "E441",
        "Bands twice",
        "A measure, group or score has one set of bands.",
        BANDS,
        "below 40  -> low\n  otherwise -> high\n\nbands health\n  below 50  -> bad\n  otherwise -> fine",
        "below 40  -> low\n  otherwise -> high\n\nbands seats\n  below 50  -> bad\n  otherwise -> fine",
    ),
    _entry(
        "E442",
        "A table that does not know what it reads",
        "Without `of`, a table reads the signal that has its name.",
        LINE,
        "measure loyalty ladder\n  below 0   -> 0\n  otherwise -> 100",
        "measure loyalty ladder of nps\n  below 0   -> 0\n  otherwise -> 100",
    ),
    _entry(
        "E443",
        "`like` something that cannot be copied",
        "`like` copies what reads one signal: a table, or a formula of the signal that has its name.",
        NODE,
        "group both average\n  nps\n  seats\n\nmeasure active like both",
        "measure active like seats",
    ),
    _entry(
        "E444",
        "Rows under `like`",
        "The rows come from the copied measure. Steps, conditions, `missing`, `within` and `round` may be "
        "added.",
        NODE,
        "measure active like seats\n  below 200 -> 50",
        "measure active like seats\n  +5 when sponsor",
    ),
)

VALUE_CODES: tuple[Entry, ...] = (
    _entry(
        "E445",
        "Neither a type nor a formula",
        "A signal or column comes from the data and says its type, or is worked out and has a formula.",
        LINE,
        "signal trials",
        "signal trials count",
    ),
    _entry(
        "E446",
        "A clause that does not belong here",
        "`column`, `stored as` and a range belong to what comes from the data, `divided by zero` to what "
        "divides.",
        LINE,
        'signal load = active / seats\n  column "Load"',
        "signal load = active / seats\n  divided by zero -> 0",
    ),
    _entry(
        "E447",
        "A sub-table with columns of its own",
        "A sub-table is some of the rows of another table and has that table's columns and dates.",
        LINE,
        "rows urgent of tickets where priority is urgent\n  cost number",
        "rows urgent of tickets where priority is urgent",
    ),
    _entry(
        "E448",
        "Too many names",
        "A ruleset declares up to 5,000 names, columns included. No example is shown, since it would have "
        "as many lines.",
        "{}",
        "",
        "ruleset example\n  language 1\n",
    ),
    _entry(
        "E449",
        "A ruleset that grows too large",
        "`like`, group names and sub-tables copy what they name. What they make together is bounded, "
        "and sub-tables of sub-tables are 20 deep at most. No example is shown, since it would be too"
        " long.",
        "{}",
        "",
        "ruleset example\n  language 1\n",
    ),
    _entry(
        "E458",
        "Too many lines in one declaration",
        "A measure, group, score or bands declaration holds up to 1,000 lines, and there are up to 100 "
        "variants of one. No example is shown, since it would be too long.",
        "{}",
        "",
        "ruleset example\n  language 1\n",
    ),
    _entry(
        "E459",
        "Too many measures on top of each other",
        "Measures, groups and scores stand on each other up to 100 high. No example is shown, since "
        "it would be too long.",
        "{}",
        "",
        "ruleset example\n  language 1\n",
    ),
    _entry(
        "E450",
        "An expiry after something that is no date",
        "`expires 180 days after X` counts from the date signal X.",
        LINE,
        "signal csat number\n  expires 180 days after seats",
        "signal csat number\n  expires 180 days after renewal",
    ),
    _entry(
        "E452",
        "A count that can never be",
        "So many members cannot be true, since there are not as many.",
        LINE,
        "flag quiet when at least 3 of (seats, active) are missing",
        "flag quiet when at least 2 of (seats, active) are missing",
    ),
    _entry(
        "E453",
        "A broken number of things",
        "Things are counted in whole numbers.",
        LINE,
        "flag quiet when at least 1.5 of (seats, active) are missing",
        "flag quiet when at least 2 of (seats, active) are missing",
    ),
    _entry(
        "E455",
        "A window without whole days",
        "Windows and ages are whole days, today being day 0.",
        LINE,
        "signal recent = count of tickets in last 0 days",
        "signal recent = count of tickets in last 30 days",
    ),
    _entry(
        "E456",
        "Levels without rows",
        "A set of levels lists its levels, best first.",
        LINE,
        "levels risk",
        "levels risk\n  low  100 green\n  high 0   red",
    ),
    _entry(
        "E457",
        "Levels where no row could give them",
        "`as LEVELS` belongs to a table, whose rows give levels. Points of other kinds get words from "
        "`bands`.",
        NODE,
        "score health average as rating\n  nps",
        "score health average\n  nps\n\nbands health\n  below 50  -> poor\n  otherwise -> good",
    ),
)

DECLARATION_CODES: tuple[Entry, ...] = (*HEADER_CODES, *TABLE_CODES, *NODE_CODES, *VALUE_CODES)
