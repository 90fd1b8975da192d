"""Catalogue rows of the findings of `healthdsl check`: W503 and on. W501 and W502 are the compiler's own."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

_HEAD = "ruleset example\n  language 1\n\n"
_NPS = _HEAD + "signal nps number from -100 to 100\n\n"
_SCORE = "\nscore health = points of nps\n"
_TWO = _HEAD + "signal nps number from -100 to 100\nsignal seats count\n\n"
_PARTS = (
    _TWO
    + "measure nps curve\n  -100 -> 0\n  100  -> 100\n\nmeasure seats curve\n  0   -> 0\n  100 -> 100\n\n"
)


def _entry(code: str, title: str, meaning: str, frame: str, *examples: str) -> Entry:
    wrong, right = examples
    return Entry(code, title, meaning, frame.replace("{}", wrong), frame.replace("{}", right))


CHECK_CODES: tuple[Entry, ...] = (
    _entry(
        "W503",
        "Values that no row takes",
        "Between two rows of a ladder or of bands there are values that neither takes, or some account of "
        "which everything is known fits no row of a first match. It gets no points, or no band.",
        _NPS + "measure nps ladder\n  below 0      -> 0\n  {} -> 100\n" + _SCORE,
        "from 10 to 100",
        "from 0 to 100 ",
    ),
    _entry(
        "W504",
        "Two rows claim the same values",
        "A row says that it begins where the row above it has not ended. The row above wins, and whoever "
        "reads the second row reads something else. With `--fix` the row says what it really takes.",
        _NPS + "measure nps ladder\n  below 50      -> 0\n  {} -> 100\n" + _SCORE,
        "from 0 to 100",
        "from 50 to 100",
    ),
    _entry(
        "W505",
        "A lookup without a row for some value",
        "A value that the subject can have has no row, and there is no `otherwise`: an account with it "
        "gets no points.",
        _HEAD
        + "signal plan one of free, pro, enterprise\n\nmeasure plan lookup\n  free -> 0\n  {}\n\n"
        + "score health = points of plan\n",
        "pro  -> 50",
        "pro  -> 50\n  enterprise -> 100",
    ),
    _entry(
        "W506",
        "A band that no score reaches",
        "The lowest and highest points that any account can have leave this band out, or the rows above "
        "take all that it asks for.",
        _NPS
        + "measure nps ladder\n  below 0   -> 0\n  otherwise -> 60\n"
        + _SCORE
        + "\nbands health\n  below 40  -> poor\n  {} -> good\n",
        "below 75  -> fair\n  otherwise",
        "otherwise",
    ),
    _entry(
        "W507",
        "A row or line that can never take effect",
        "Its condition can never be true: parts of it exclude each other, or its edge lies outside of "
        "what the value can be.",
        _TWO
        + "measure fit first match\n  when nps above 0 and {} -> 100\n  otherwise -> 0\n\n"
        + "score health = points of fit\n\nflag small when seats below 5\n",
        "nps below -50",
        "seats below 50",
    ),
    _entry(
        "W508",
        "A row that is never reached",
        "Every account that fits it fits a row above it, which is tried first. The message names those "
        "rows, and an account that fits both.",
        _NPS + "measure nps first match\n  {}\n  otherwise -> 0\n" + _SCORE,
        "when nps above 0  -> 50\n  when nps above 50 -> 100",
        "when nps above 50 -> 100\n  when nps above 0  -> 50",
    ),
    _entry(
        "W509",
        "A comparison that is always true, or never",
        "What is compared cannot be on both sides of the value: its declared range, its type or the "
        "points that its rows give lie on one side.",
        _NPS + "measure nps curve\n  -100 -> 0\n  100  -> 100\n" + _SCORE + "\nflag keen when nps above {}\n",
        "100",
        "90",
    ),
    _entry(
        "W510",
        "Weights that nearly add up",
        "The weights of an average or total sum to something within 5 of 100 (or, all of them 1 or less, "
        "within 0.05 of 1), but not to it. An average divides by the sum anyway; a total does not.",
        _PARTS + "score health average\n  {} nps\n  50 seats\n",
        "49",
        "50",
    ),
    _entry(
        "W511",
        "A signal, condition, column or table that nothing reads",
        "An input is used when a measure, a flag or a formula reads it. What is worked out by a formula, "
        "and a condition with a name, is used when something reads it or a test expects something of it.",
        _NPS + "{}measure nps curve\n  -100 -> 0\n  100  -> 100\n" + _SCORE,
        "signal seats count\n\n",
        "",
    ),
    _entry(
        "W512",
        "A level that no row gives",
        "The level is declared, and no row, policy or condition speaks of it.",
        _NPS
        + "levels rating\n  good 100\n{}  poor 0\n\n"
        + "measure nps ladder as rating\n  below 0   -> poor\n  otherwise -> good\n"
        + _SCORE,
        "  fair 50\n",
        "",
    ),
    _entry(
        "W513",
        "A measure that no score counts",
        "No score, group, band, flag or formula reads it, and no test expects anything of it.",
        _PARTS + "score health average\n  nps\n{}\n",
        "\nflag small when seats below 5\n",
        "  seats\n",
    ),
    _entry(
        "W514",
        "A variant that is never used",
        "The variants above it take every account that it asks for, or its condition can never be true.",
        _TWO
        + "score health = nps for large when seats above 5\n\n"
        + "score health = 2 * nps for larger when seats {}\n",
        "above 50",
        "up to 5",
    ),
    _entry(
        "W515",
        "Silence is rewarded",
        "Of an account of which nothing is known the measure gives more than the middle of what it can "
        "give when everything is known (less, where fewer points are better). Not answering then pays. A "
        "neutral policy in the middle, and `skip`, are fine.",
        _NPS + "measure nps ladder\n  below 0   -> 0\n  otherwise -> 100\n  missing   -> {}\n" + _SCORE,
        "100",
        "50",
    ),
    _entry(
        "W516",
        "An override that lifts some accounts",
        "`set to` replaces the points whether they are higher or lower. Some accounts fall to the value and "
        "others rise to it; a limit is `cap at`.",
        _TWO + "score health = nps\n  {} 0 when seats below 5\n",
        "set to",
        "cap at",
    ),
    _entry(
        "W517",
        "A division by what may be 0",
        "Then the signal is missing, and a measure without a policy of its own for missing data drops out "
        "of the score. `divided by zero -> 0` says what is meant; `-> missing` says that this is.",
        _HEAD
        + "signal active count\nsignal seats count\nsignal usage percent = active / seats\n{}\n"
        + "measure usage curve\n  0%   -> 0\n  100% -> 100\n\nscore health = points of usage\n",
        "",
        "  divided by zero -> 0\n",
    ),
    _entry(
        "W518",
        "A rule against the direction of its signal",
        "The signal is declared `higher is better` (or `lower is better`), and this rule gives more of it "
        "fewer points (or more).",
        _HEAD
        + "signal nps number from -100 to 100\n  higher is better\n\n"
        + "measure nps ladder\n  {}\n"
        + _SCORE,
        "below 0   -> 100\n  otherwise -> 0",
        "below 0   -> 0\n  otherwise -> 100",
    ),
    _entry(
        "W519",
        "An `allow` that cannot be understood",
        "A comment allows findings by title or code, and says why: `# healthdsl: allow W508 because ..`.",
        _NPS + "measure nps first match\n  when nps above 0  -> 50\n  otherwise -> 0{}\n" + _SCORE,
        "  # healthdsl: allow W508",
        "",
    ),
    _entry(
        "W520",
        "An `allow` that nothing answers to",
        "There is no such finding on the line, any more.",
        _NPS + "measure nps first match\n  when nps above 0  -> 50\n  otherwise -> 0{}\n" + _SCORE,
        "  # healthdsl: allow W508 because the source has it",
        "",
    ),
    _entry(
        "W521",
        "A policy for missing data and a step for the same",
        "`missing -> 1` says where a measure or score starts when its inputs are missing, and its steps are "
        "still taken. A step that fires because the same thing is missing counts too, and the result is not "
        "the number that the policy names. A policy that names the start itself is fine.",
        _HEAD
        + "signal country text\n\nscore lead starts at 0\n  missing -> {}\n"
        + '  +8 when country is "Belgium"\n  +1 when country is missing\n',
        "1",
        "0",
    ),
    _entry(
        "W522",
        "A band for accounts without a score",
        "A `when` row of bands asks for something else than points, so it is true of accounts without a "
        "score too: they get a band, as if they had one. `and health is known` keeps them out.",
        _TWO
        + "measure nps ladder\n  below 0   -> 0\n  otherwise -> 100\n"
        + _SCORE
        + "\nbands health\n  when seats above 500{} -> large\n  below 50 -> poor\n  otherwise -> good\n",
        "",
        " and health is known",
    ),
)
"""Every finding that needs a whole ruleset, and its graph."""
