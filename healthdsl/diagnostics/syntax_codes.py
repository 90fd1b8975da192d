"""Catalogue rows of the mistakes found while reading the text.

E0xx the file and its characters, E1xx how a line is written.

The examples are whole rulesets: a frame with one line in it, wrong in `bad` and right in `good`. E001 and
E002 have no bad example, since no text can show one.
"""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

_SIGNALS = """ruleset example
  language 1

signal nps      number
signal seats    count
signal plan     one of free, pro
signal renewal  date
signal sponsor  yes/no

rows tickets dated opened_on
  priority  one of low, urgent
  amount    number

"""
_ROW = _SIGNALS + "measure nps ladder\n  {}\n  otherwise -> 100\n"
_LAST_ROW = _SIGNALS + "measure nps ladder\n  below 0 -> 0\n  {}\n"
_STEP = _SIGNALS + "measure engagement starts at 50\n  {}\n"
_START = _SIGNALS + "measure engagement {}\n  +10 when sponsor\n"
_PART = _SIGNALS + "measure nps curve\n  -100 -> 0\n  100 -> 100\n\nscore health average\n  {}\n"
_LIKE = (
    _SIGNALS + "signal csat number\nsignal effort number\n\n"
    "measure nps curve\n  -100 -> 0\n  100 -> 100\n\n{}\n"
)
_FLAG = _SIGNALS + "flag at_risk when {}\n"
_SIGNAL = _SIGNALS + "signal {}\n"
_TEST = _SIGNALS + 'flag low when nps below 0\n\ntest "a case"\n  {}\n  expect low\n'


def _entry(  # noqa: PLR0913, PLR0917 - a row of a table
    code: str, title: str, meaning: str, frame: str, wrong: str, right: str
) -> Entry:
    return Entry(code, title, meaning, frame.replace("{}", wrong), frame.replace("{}", right))


_WIDE = " and ".join(["seats above 1"] * 51)

FILE_CODES: tuple[Entry, ...] = (
    Entry(
        "E001",
        "The file is too large",
        "A ruleset may have up to 512 KB. A larger file is not read at all.",
        "",
        _SIGNALS,
    ),
    Entry(
        "E002",
        "The file is not UTF-8 text",
        "A ruleset is a plain text file in UTF-8. Spreadsheets, word processor files, archives "
        "and other encodings are not.",
        "",
        _SIGNALS,
    ),
    _entry(
        "E003",
        "A control character",
        "Characters that no editor shows, such as a backspace or a null, may not stand in a "
        "ruleset, nor in its comments.",
        _SIGNAL,
        'users count "Us\x08ers"',
        'users count "Users"',
    ),
    _entry(
        "E004",
        "A hidden direction character",
        "Characters that turn the direction of writing can make a line read differently from what it says.",
        _SIGNAL,
        'users count "Us\u202eers"',
        'users count "Users"',
    ),
    _entry(
        "E005",
        "A line is too long",
        "A line may have up to 1,000 characters. It may go on behind an open bracket, or with "
        "`and` or `or` on the next.",
        _SIGNAL,
        f'users count "{"very " * 200}many"',
        'users count "very many"',
    ),
    _entry(
        "E006",
        "Too many open brackets",
        "Brackets may stand in each other up to 50 deep. Give a part of the line its own name with `signal`.",
        _SIGNAL,
        f"deep = {'(' * 51}seats{')' * 51}",
        "deep = (seats)",
    ),
    _entry(
        "E007",
        "Too many words in a line",
        "A line, with the lines it goes on in, may have up to 200 words and signs. Give a part "
        "of it its own name.",
        _FLAG,
        _WIDE.replace(" and ", "\n  and "),
        "seats above 1",
    ),
    _entry(
        "E008",
        "A number has too many digits",
        "Numbers are exact up to 15 digits. An identifier is text: write it in quotes.",
        _ROW,
        "below 1234567890123456 -> 0",
        "below 123456789012345 -> 0",
    ),
    _entry(
        "E010",
        "A typographic quote",
        "Word processors turn straight quotes into curly ones. Texts stand in straight quotes; "
        "within them any quote is fine.",
        _SIGNAL,
        "users count \u201cUsers\u201d",
        'users count "Users"',
    ),
    _entry(
        "E011",
        "A hidden or odd space",
        "Text copied from a web page or a document may hold spaces that are not ordinary ones, "
        "or characters of no width.",
        _SIGNAL,
        "users\u00a0count",
        "users count",
    ),
    _entry(
        "E012",
        "A dash instead of a minus sign",
        "A minus sign, and the one in `->`, is the character on the keyboard, not a dash.",
        _STEP,
        "\u221210 when sponsor",
        "-10 when sponsor",
    ),
    _entry(
        "E013",
        "A full-width character",
        "Digits and signs are those of ASCII, not the wide forms that East Asian keyboards give.",
        _ROW,
        "below \uff13\uff10 -> 0",
        "below 30 -> 0",
    ),
    _entry(
        "E014",
        "A letter of another alphabet that looks like a Latin one",
        "Two names that look the same would be different names. Names are written with the letters a to z.",
        _SIGNAL,
        "us\u0435rs count",
        "users count",
    ),
    _entry(
        "E015",
        "A character outside of quotes that the language does not know",
        "Names are written with a to z, 0 to 9 and `_`. Anything else may stand in quotes and in comments.",
        _SIGNAL,
        "activit\u00e9 count",
        'activite count "Activit\u00e9"',
    ),
    _entry(
        "E016",
        "A sign that has words in this language",
        "Signs such as \u2265 and \u2192 are not on a keyboard; the language has words, and `->`, for them.",
        _ROW,
        "below 30 \u2192 0",
        "below 30 -> 0",
    ),
)

LINE_CODES: tuple[Entry, ...] = (
    _entry(
        "E100",
        "Something does not fit here",
        "The line has the form of none that may stand here, and nothing near it could be found. "
        "The help shows a form.",
        _PART,
        "40 nps @ pro",
        "40 nps only when plan is pro",
    ),
    _entry(
        "E101",
        "A text has no closing quote",
        "A text begins and ends with a straight quote on the same line.",
        _SIGNAL,
        'users count "Users',
        'users count "Users"',
    ),
    _entry(
        "E102",
        "A text has no opening quote",
        "A text begins and ends with a straight quote on the same line. A value of several words is a text.",
        _SIGNAL,
        'users count Users"',
        'users count "Users"',
    ),
    _entry(
        "E103",
        "The arrow is missing or written otherwise",
        "A row is a test, an arrow `->` and a result.",
        _ROW,
        "below 30 => 0",
        "below 30 -> 0",
    ),
    _entry(
        "E104",
        "A sign where `is` or `is not` is meant",
        "Values are compared in words: `is`, `is not`. `=` stands only before a formula.",
        _FLAG,
        "plan == free",
        "plan is free",
    ),
    _entry(
        "E105",
        "A sign where `and` or `or` is meant",
        "Conditions are joined by the words `and` and `or`.",
        _FLAG,
        "nps below 0 && sponsor",
        "nps below 0 and sponsor",
    ),
    _entry(
        "E106",
        "Another way to say a comparison",
        "There is one word for each edge: `below`, `up to`, `above`, `at least`; and `is one of` "
        "for choices.",
        _FLAG,
        "nps greater than 30",
        "nps above 30",
    ),
    _entry(
        "E107",
        "The word `when` is missing",
        "A condition begins with `when`, unless it is a formula or an `expect`. In a step, what is done to "
        "the points stands before it.",
        _STEP,
        "-10 nps below 30",
        "-10 when nps below 30",
    ),
    _entry(
        "E108",
        "A clause stands at the left edge",
        "Declarations begin at the left edge, their clauses two spaces further in.",
        _PART,
        "40 nps\nneeds 1 part",
        "40 nps\n  needs 1 part",
    ),
    _entry(
        "E109",
        "A declaration is indented",
        "Declarations begin at the left edge; what is indented is a clause of the declaration above.",
        _SIGNAL,
        "users count\n  signal logins count",
        "users count\nsignal logins count",
    ),
    _entry(
        "E110",
        "A tab at the beginning of a line",
        "Lines are indented with spaces, since a tab is as wide as an editor makes it. It is "
        "told once a file.",
        _PART,
        "40 nps\n\tneeds 1 part",
        "40 nps\n  needs 1 part",
    ),
    _entry(
        "E111",
        "A bullet, a colon or a semicolon",
        "A line needs no bullet before it and no colon behind it: its place and its words say what it is. "
        "A list has commas.",
        _PART,
        "- 40 nps",
        "40 nps",
    ),
    _entry(
        "E112",
        "A word of the language in capital letters",
        "The words of the language are lower case.",
        _STEP,
        "-10 When nps below 30",
        "-10 when nps below 30",
    ),
    _entry(
        "E113",
        "A misspelt word, or another word for one of the language",
        "The line can be read with the word that the help shows.",
        _ROW,
        "bellow 30 -> 0",
        "below 30 -> 0",
    ),
    _entry(
        "E114",
        "A number in another spelling",
        "Numbers have a decimal point and, if you like, `_` between thousands: `1_000`, `0.5`, "
        "`45%`, `30 days`.",
        _ROW,
        "below 100,000 -> 0",
        "below 100_000 -> 0",
    ),
    _entry(
        "E115",
        "A date in another spelling",
        "A date is year-month-day, so that nobody reads the month as the day.",
        _FLAG,
        "renewal before 31/03/2026",
        "renewal before 2026-03-31",
    ),
    _entry(
        "E116",
        "A spreadsheet function",
        "There is no IF, AND or TODAY function. Conditions are rows of a `first match`, or "
        "joined by words; `today` is a word.",
        _SIGNAL,
        "wait = days from TODAY() to renewal",
        "wait = days from today to renewal",
    ),
    _entry(
        "E117",
        "`else` instead of `otherwise`",
        "The last row of a table, for all that is left, begins with `otherwise`.",
        _LAST_ROW,
        "else -> 100",
        "otherwise -> 100",
    ),
    _entry(
        "E118",
        "A name that is not written as names are",
        "Names are lower case words joined by one `_`, and begin with a letter: `active_users`.",
        _SIGNAL,
        "ActiveUsers count",
        "active_users count",
    ),
    _entry(
        "E119",
        "A word of the language as a name",
        "Eleven words are never names: `and or not is in when where otherwise missing below above`.",
        _SIGNAL,
        "missing count",
        "missing_value count",
    ),
    _entry(
        "E120",
        "A comma between conditions",
        "Conditions are joined by `and` or `or`; commas stand between choices and between the "
        "members of a list.",
        _FLAG,
        "nps below 0, sponsor",
        "nps below 0 and sponsor",
    ),
    _entry(
        "E121",
        "`and` and `or` without brackets",
        "Readers do not agree on which binds first. Brackets say which reading is meant; the "
        "help shows both.",
        _FLAG,
        "nps below 0 and sponsor or seats above 9",
        "(nps below 0 and sponsor) or seats above 9",
    ),
    _entry(
        "E122",
        "A date that is not in the calendar",
        "The month has no such day, or the year no such month.",
        _FLAG,
        "renewal before 2026-02-30",
        "renewal before 2026-02-28",
    ),
    _entry(
        "E123",
        "`unless`",
        "What must not be the case is said with `not`.",
        _FLAG,
        "nps below 0 unless sponsor",
        "nps below 0 and not (sponsor)",
    ),
    _entry(
        "E124",
        "`empty`, `null` or `blank` instead of `missing`",
        "A value that is not there is `missing`. A category of such a name is written in quotes.",
        _FLAG,
        "nps is empty",
        "nps is missing",
    ),
    _entry(
        "E125",
        "A text that is not last",
        "A title or a reason is the last thing on its line.",
        _STEP,
        '-10 "Low" when nps below 30',
        '-10 when nps below 30  "Low"',
    ),
    _entry(
        "E126",
        "Two texts",
        "A line has one title or one reason.",
        _STEP,
        '-10 when nps below 30 "Low" "Unhappy"',
        '-10 when nps below 30  "Low, unhappy"',
    ),
    _entry(
        "E127",
        "A comment of another language",
        "Comments begin with `#` and go on to the end of the line.",
        _SIGNAL,
        "users count // paying ones",
        "users count  # paying ones",
    ),
    _entry(
        "E128",
        "A bracket without its partner, or another bracket",
        "Each `(` is closed by a `)`. There are no other brackets, and the choices of `one of` "
        "stand without any.",
        _FLAG,
        "(nps below 0 and sponsor",
        "(nps below 0 and sponsor)",
    ),
    _entry(
        "E129",
        "A small word or a sign is missing",
        "The line can be read with the word that the help shows.",
        _SIGNAL,
        "owed = sum amount tickets",
        "owed = sum amount of tickets",
    ),
    _entry(
        "E130",
        "An unknown declaration",
        "A line at the left edge begins with one of the eleven words that declare something.",
        _SIGNALS + "{}\n",
        "formula users = seats",
        "signal users = seats",
    ),
    _entry(
        "E131",
        "A number that cannot be used here",
        "Nothing is divided by 0, and results are rounded to a whole number of decimals, up to 9.",
        _SIGNALS + "measure engagement = nps / 2\n  {}\n",
        "round to 1.5 decimals",
        "round to 1 decimal",
    ),
    _entry(
        "E132",
        "A line ends too early",
        "Something must follow; the help shows the form.",
        _PART,
        "40 nps\n  needs 60%",
        "40 nps\n  needs 60% of weight",
    ),
    _entry(
        "E133",
        "A line goes on too long",
        "The line could end earlier; what follows has no place in it.",
        _FLAG,
        "nps below 30 40",
        "nps below 30",
    ),
    _entry(
        "E134",
        "A text in other quotes",
        "Texts stand in double quotes.",
        _SIGNAL,
        "users count 'Users'",
        'users count "Users"',
    ),
    _entry(
        "E135",
        "A quote within a text",
        "A quote within a text is written twice.",
        _SIGNAL,
        'users count "The "real" users"',
        'users count "The ""real"" users"',
    ),
    _entry(
        "E136",
        "A clause without a declaration",
        "An indented line belongs to the declaration above it. Flags and plays have no "
        "clauses; their text may stand on the next line.",
        _FLAG,
        "nps below 0\n  40 nps",
        "nps below 0",
    ),
    _entry(
        "E137",
        "The rows of a test do not make a grid",
        "Below `given rows` comes a line with the names of columns, then a line a row with a cell for each.",
        _TEST,
        "given rows tickets\n    opened_on   priority\n    2026-03-20",
        "given nps -5\n  given rows tickets\n    opened_on   priority\n    2026-03-20  low",
    ),
    _entry(
        "E138",
        "A range in another spelling",
        "A range is `from 3 to 5`, and both ends are in it. `3-5` would be a subtraction.",
        _FLAG,
        "nps between 3 and 5",
        "nps from 3 to 5",
    ),
    _entry(
        "E139",
        "A line ends with `and` or `or`",
        "A condition goes on in the next line when that line begins with `and` or `or`.",
        _FLAG,
        "nps below 0 and",
        "nps below 0\n  and sponsor",
    ),
    _entry(
        "E140",
        "The weight stands behind the name",
        "The weight of a part comes first, so that weights stand under each other.",
        _PART,
        "nps 40",
        "40 nps",
    ),
    _entry(
        "E142",
        "A sign between a signal and its value",
        "In a test, the value follows the name: `given seats 100`.",
        _TEST,
        "given nps = -5",
        "given nps -5",
    ),
    _entry(
        "E143",
        "The word between a name and a number is missing",
        "A condition says how a value is compared: `above`, `at least`, `below`, `up to`, `from "
        ".. to` or `is`.",
        _FLAG,
        "nps 30",
        "nps below 30",
    ),
    _entry(
        "E144",
        "A comma where the line is complete",
        "A line that ends in a comma goes on in the next one, and here the two make no line together.",
        _SIGNAL,
        'tier one of free, pro,\n  column "Tier"',
        'tier one of free, pro\n  column "Tier"',
    ),
    _entry(
        "E145",
        "Several names where one is declared",
        "`measure b, c like a` declares several measures at once, each about the signal of its name. What "
        "belongs to one of them, a body or a title, stands on a line of its own.",
        _LIKE,
        'measure csat, effort like nps "Answers"',
        'measure csat like nps "Satisfaction"\nmeasure effort like nps "Effort"',
    ),
    _entry(
        "E146",
        "A start that is no number",
        "`starts at` says from which number the steps below go up and down. What is worked out stands "
        "behind `=`, with steps below it or without.",
        _START,
        "starts at nps / 2",
        "= nps / 2",
    ),
    _entry(
        "E147",
        "Points in levels without points",
        "`levels NAME without points` says once that none of these levels gives points. Where some do and "
        "some do not, each row says it: points, or `none`.",
        _SIGNALS + "levels mood without points\n  happy{} green\n  sad red\n\n"
        "measure nps ladder as mood\n  below 0 -> sad\n  otherwise -> happy\n",
        " 100",
        "",
    ),
)

SYNTAX_CODES: tuple[Entry, ...] = (*FILE_CODES, *LINE_CODES)
