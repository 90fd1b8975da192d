"""Each check finds its planted fault, and is quiet beside it."""

from __future__ import annotations

import pytest

from tests.checks.found import checked, codes, findings

HEAD = "ruleset example\n  language 1\n\n"
SIGNALS = HEAD + "signal nps number from -100 to 100\nsignal seats count\nsignal plan one of free, pro\n\n"
USED = "\nflag used when nps above 0 and seats above 3 and plan is pro\n"


def whole(*declarations: str) -> str:
    """A ruleset in which every signal is read."""
    return SIGNALS + "\n\n".join(declarations) + "\n" + USED


def test_a_sound_ruleset_is_quiet() -> None:
    assert codes(whole("measure nps curve\n  -100 -> 0\n  100 -> 100", "score health average\n  nps")) == []


# Rows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("when nps above 0 -> 1\n  when nps above 50 -> 2", ["W508"]),
        ("when nps above 50 -> 2\n  when nps above 0 -> 1", []),
        # two rows take it together; "at least 3" and "below 3" leave nothing known
        (
            "when seats at least 3 -> 1\n  when seats below 3 -> 2\n  when nps is 0 and seats is known -> 3",
            ["W508"],
        ),
        ("when seats at least 3 -> 1\n  when seats below 3 -> 2\n  when nps above 0 -> 3", []),
        # 2.5 licences do not exist
        ("when seats above 2 and seats below 3 -> 1\n  when nps above 0 -> 2", ["W507"]),
        ("when nps above 2 and nps below 3 -> 1\n  when seats above 0 -> 2", []),
        ("when plan is free and plan is pro -> 1\n  when nps above 0 -> 2", ["W507"]),
        ("when nps is missing and nps above 0 -> 1\n  when nps above 0 -> 2", ["W507"]),
        # a flag is true or not, never unknown
        ("when used -> 1\n  when nps above 10 and seats above 5 and plan is pro -> 2", ["W508"]),
    ],
)
def test_rows_of_a_first_match(rows: str, found: list[str]) -> None:
    assert codes(whole(f"score health first match\n  {rows}\n  otherwise -> 0")) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("below -100 -> 0\n  below 0 -> 1\n  otherwise -> 2", ["W507"]),
        ("up to -100 -> 0\n  below 0 -> 1\n  otherwise -> 2", []),
        ("from -100 to 0 -> 0\n  from 10 to 100 -> 1", ["W503"]),
        ("from -100 to 0 -> 0\n  above 0 -> 1", []),
        ("up to 0 -> 0\n  from 0 to 100 -> 1", ["W504"]),
        ("when plan is free -> 5\n  below 0 -> 0\n  otherwise -> 1", []),
    ],
)
def test_rungs_against_the_declared_range(rows: str, found: list[str]) -> None:
    assert codes(whole(f"score health ladder of nps\n  {rows}")) == found


def test_whole_numbers_leave_no_hole_between_neighbours() -> None:
    text = "score health ladder of seats\n  up to 3 -> 0\n  from 4 to 9 -> 1\n  at least 10 -> 2"
    assert codes(whole(text)) == []
    assert codes(whole(text.replace("seats", "nps"))) == ["W503"]


def test_single_values_among_rungs() -> None:
    text = "score health ladder of seats\n  up to 5 -> 0\n  6 -> 1\n  {} -> 2\n  otherwise -> 3"
    assert codes(whole(text.format("up to 7"))) == []
    assert codes(whole(text.format("below 7"))) == ["W508"]  # 5 and fewer, and 6, are taken
    text = "score health ladder of seats\n  0 -> 9\n  {} -> 2"
    assert codes(whole(text.format("above 0"))) == []
    assert codes(whole(text.format("at least 2"))) == ["W503"]  # 1


def test_a_row_used_twice_is_dead_only_where_it_is_dead_in_both() -> None:
    text = (
        HEAD
        + "signal a number from 0 to 10\nsignal b number from 0 to 100\n\n"
        + "measure a ladder\n  up to 10 -> 0\n  up to 50 -> 1\n  otherwise -> 2\n\n{}score s average\n  a\n{}"
    )
    assert codes(text.replace("signal b number from 0 to 100\n", "").format("", "")) == ["W508"]
    assert codes(text.format("measure b like a\n\n", "  b\n")) == []


# Values and bands ----------------------------------------------------------------


def test_a_category_without_a_row() -> None:
    assert codes(whole("score health lookup of plan\n  free -> 0")) == ["W505"]
    assert codes(whole("score health lookup of plan\n  free -> 0\n  otherwise -> 1")) == []
    assert codes(whole("score health lookup of plan\n  when plan is pro -> 5\n  free -> 0")) == []


def test_a_grid_without_a_column_for_a_category() -> None:
    measures = ("measure nps curve\n  -100 -> 0\n  100 -> 100", "measure seats curve\n  0 -> 0\n  9 -> 100")
    grid = "score health average\n  by plan  free{}\n  nps -> 50{}\n  seats -> 50{}"
    (finding,) = findings(whole(*measures, grid.format("", "", "")))
    assert (finding.code, finding.shown[0].account.facts) == ("W505", {"plan": "pro"})
    assert codes(whole(*measures, grid.format(", pro", ", 60", ", 40"))) == []
    assert codes(whole(*measures, grid.format(", otherwise", ", 60", ", 40"))) == []


def test_bands_between_the_points_that_there_are() -> None:
    # 0, 10 and 20 are all that two measures of 0 or 10 add up to
    text = whole(
        "measure nps ladder\n  below 0 -> 0\n  otherwise -> 10",
        "measure seats ladder\n  below 5 -> 0\n  otherwise -> 10",
        "score health total\n  nps\n  seats",
        "bands health\n  up to 0 -> low\n  below {} -> mid\n  otherwise -> high",
    )
    assert codes(text.replace("{}", "10")) == ["W506"]
    assert codes(text.replace("{}", "11")) == []


def test_a_band_above_the_highest_score() -> None:
    bands = "bands health\n  below 50 -> low\n  up to 80 -> mid\n  otherwise -> high"
    lower = whole("score health = 40 + nps / 2.5 within 0 to 80", bands)
    (finding,) = findings(lower)
    assert (finding.code, finding.name) == ("W506", "high")
    assert codes(lower.replace("0 to 80", "0 to 81").replace("2.5", "2")) == []


# Weights --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ("49 50", ["W510"]),
        ("50 50", []),
        ("0.45 0.5", ["W510"]),
        ("0.5 0.5", []),
        ("52 52", ["W510"]),
        ("52.5 52.5", []),  # 105: some other whole
        ("3 2", []),
        ("1 1", []),
    ],
)
@pytest.mark.parametrize("method", ["average", "total"])
def test_weights(weights: str, found: list[str], method: str) -> None:
    first, second = weights.split()
    measures = ("measure nps curve\n  -100 -> 0\n  100 -> 100", "measure seats curve\n  0 -> 0\n  9 -> 100")
    assert codes(whole(*measures, f"score health {method}\n  {first} nps\n  {second} seats")) == found


def test_each_column_of_a_grid() -> None:
    measures = ("measure nps curve\n  -100 -> 0\n  100 -> 100", "measure seats curve\n  0 -> 0\n  9 -> 100")
    grid = "score health average\n  by plan  free, otherwise\n  nps -> 50, 50\n  seats -> 50, 49"
    (finding,) = findings(whole(*measures, grid))
    assert finding.diagnostic.message == "the weights of the column otherwise sum to 99, not to 100"


# What nothing reads -----------------------------------------------------------------


def test_unused() -> None:
    text = (
        HEAD
        + "signal a count\nsignal b count\nsignal c = a + 1\n"
        + "rows t dated d\n  x number\n  y number\n\nrows u\n  z count\n\n"
        + "signal s = sum x of t\nlevels l\n  good 1\n  fine 0\n\nlevels m\n  odd 1\n\n"
        + "measure a ladder as l\n  below 3 -> good\n  otherwise -> good\n\nmeasure s = s\n\n"
        + 'score h average\n  s\n\ntest "t"\n  as of 2026-03-31\n  given b 3\n  expect h is missing\n'
    )
    told = {(finding.code, finding.name) for finding in findings(text)}
    assert told == {
        ("W511", "b"),  # only a test gives it
        ("W511", "c"),
        ("W511", "t.y"),
        ("W511", "u"),
        ("W512", "fine"),
        ("W512", "m"),
        ("W513", "a"),
    }


def test_what_a_test_expects_is_there_to_be_shown() -> None:
    test = '\ntest "t"\n  given nps 3\n  expect twice is 6\n  expect side is 3\n'
    derived = whole("signal twice = 2 * nps", "measure side = nps", "score health = nps")
    assert codes(derived) == ["W511", "W513"]
    assert codes(derived + test) == []


# Conditions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("nps above 100", ["W509"]),
        ("nps at least -100", ["W509"]),
        ("nps at least 100", []),
        ("seats below 0", ["W509"]),
        ("seats is missing", []),
        ("plan is free and plan is pro", ["W507"]),
        ("plan is free or plan is pro", []),
        ("any of (seats, nps) is -5", []),  # of one in a list it says nothing
    ],
)
def test_conditions_of_flags(condition: str, found: list[str]) -> None:
    assert codes(whole("score health = nps", f"flag odd when {condition}")) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("priority is low and priority is urgent", ["W507"]),
        ("minutes below 0", ["W509"]),
        ("priority is low and minutes above 5", []),
    ],
)
def test_conditions_on_rows(condition: str, found: list[str]) -> None:
    rows = "rows tickets\n  priority one of low, urgent\n  minutes count\n\n"
    reads = "flag both when any of tickets where priority is low and minutes above 3\n"
    text = HEAD + rows + f"signal n = count of tickets where {condition}\n\nscore s = n\n\n" + reads
    assert codes(text) == found


def test_a_default_is_never_missing() -> None:
    text = HEAD + "signal a count\n  default 0\n\nscore s = a\n\nflag f when a is missing\n"
    assert codes(text) == ["W509"]


def test_lines_of_a_score() -> None:
    text = whole("score health = nps\n  +5 when seats above 9 and seats below 5\n  unscored when seats is 3")
    assert codes(text) == ["W507"]


def test_variants() -> None:
    two = whole(
        "score health = nps for large when seats at least 10",
        "score health = 2 * nps for huge when seats at least {}",
    )
    assert codes(two.replace("{}", "100")) == ["W514"]
    assert codes(two.replace("{}", "5")) == []


# Meaning -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "found"), [("100", ["W515"]), ("51", ["W515"]), ("50", []), ("0", []), ("skip", [])]
)
def test_silence(policy: str, found: list[str]) -> None:
    measure = f"measure nps ladder\n  below 0 -> 0\n  otherwise -> 100\n  missing -> {policy}"
    assert codes(whole(measure, "score health average\n  nps")) == found


def test_silence_where_fewer_points_are_better() -> None:
    measure = "measure nps ladder\n  below 0 -> 10\n  otherwise -> 0\n  missing -> {}"
    bands = "bands risk\n  below 3 -> low green\n  below 6 -> mid yellow\n  otherwise -> high red"
    text = whole(measure, "score risk total\n  nps", bands.replace("  below 6 -> mid yellow\n", ""))
    assert codes(text.replace("{}", "0")) == ["W515"]
    assert codes(text.replace("{}", "10")) == []


def test_an_override_both_ways() -> None:
    text = whole("score health = nps\n  set to {} when plan is free")
    (finding,) = findings(text.replace("{}", "20"))
    assert finding.code == "W516"
    account = finding.shown[0].account.facts
    assert account["plan"] == "free"
    assert float(str(account["nps"])) < 20
    assert codes(text.replace("{}", "100")) == []  # nobody stands higher
    assert codes(text.replace("{}", "-100")) == []
    assert codes(text.replace("set to {}", "cap at 20")) == []


def test_a_policy_and_a_step_for_the_same_missing_thing() -> None:
    text = whole(
        "score lead starts at {}\n  missing -> {}\n  +8 when seats above 3\n  {} when seats is missing"
    )
    (finding,) = findings(text.format(0, 1, "+1"))
    assert (finding.code, finding.name) == ("W521", "lead")
    assert finding.shown[0].outcome == "`lead` starts at 1 and stands at 2 after this line"
    assert finding.shown[0].account.facts == {}
    assert codes(text.format(0, 0, "+1")) == []  # it starts there anyway
    assert codes(text.format(0, "skip", "+1")) == []
    assert codes(text.format(0, 1, "cap at 5")) == []  # it takes nothing away
    assert codes(text.format(0, 1, "cap at 0.5")) == ["W521"]
    assert codes(text.replace("seats is missing", "plan is missing").format(0, 1, "+1")) == []
    assert codes(text.replace("  missing -> {}\n", "").format(0, "+1")) == []


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("-10 when nps is missing", ["W521"]),
        ("-10 when seats above 3 and nps is missing", ["W521"]),
        ("-10 when unasked", ["W521"]),
        ("-10 when nps is known", []),
        ("-10 when seats is missing", []),
        ("-10", []),
    ],
)
def test_a_row_for_missing_and_a_step(step: str, found: list[str]) -> None:
    measure = f"score health ladder of nps\n  below 0 -> 10\n  otherwise -> 90\n  missing -> 40\n  {step}"
    assert codes(whole(measure, "flag unasked when nps is missing")) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("seats above 500", ["W522"]),
        ("large", ["W522"]),
        ("seats above 500 and health is known", []),
        ("health is missing and seats above 500", []),
        ("scored and seats above 500", []),
        ("seats above 500 and health above 30", []),  # unknown without points
        ("seats above 500 and nps above 3", []),  # has points then
    ],
)
def test_a_band_without_a_score(condition: str, found: list[str]) -> None:
    bands = f"bands health\n  when {condition} -> large\n  below 50 -> poor\n  otherwise -> good"
    flags = "flag large when seats above 500\nflag scored when health is known"
    told = findings(whole("score health ladder of nps\n  below 0 -> 10\n  otherwise -> 90", bands, flags))
    assert [finding.code for finding in told] == found
    assert [each.account.facts for finding in told for each in finding.shown] == [{"seats": 501.0}] * len(
        found
    )


def test_division() -> None:
    text = (
        HEAD
        + "signal a count\nsignal b count{}\nsignal r = a / b{}\n\n"
        + "measure r curve\n  0 -> 0\n  1 -> 9\n{}\nscore s average\n  r\n"
    )
    (finding,) = findings(text.format("", "", ""))
    assert finding.code == "W517"
    assert finding.shown[0].account.facts["b"] == 0
    assert codes(text.format(" from 1 to 9", "", "")) == []
    assert codes(text.format("", "\n  divided by zero -> missing", "")) == []
    assert codes(text.format("", "", "  missing -> 0\n")) == []


@pytest.mark.parametrize(
    ("better", "rows", "found"),
    [
        ("higher", "below 0 -> 0\n  otherwise -> 9", []),
        ("higher", "below 0 -> 9\n  otherwise -> 0", ["W518"]),
        ("lower", "below 0 -> 0\n  otherwise -> 9", ["W518"]),
        ("lower", "below 0 -> 9\n  otherwise -> 0", []),
        ("higher", "below 0 -> 0\n  below 50 -> 9\n  otherwise -> 5", ["W518"]),
    ],
)
def test_direction(better: str, rows: str, found: list[str]) -> None:
    text = (
        HEAD + f"signal nps number from -100 to 100\n  {better} is better\n\nmeasure nps ladder\n  {rows}\n\n"
    )
    told = findings(text + "score s average\n  nps\n")
    assert [finding.code for finding in told] == found
    for finding in told:
        low, high = (float(str(each.account.facts["nps"])) for each in finding.shown)
        assert low < high


def test_a_score_of_risk_turns_the_direction_round() -> None:
    text = (
        HEAD
        + "signal late days\n  lower is better\n\n"
        + "measure late ladder\n  up to 3 days -> 0\n  otherwise -> 10\n\n"
        + "score risk total\n  late\n\nbands risk\n  below 5 -> low green\n  otherwise -> high red\n"
    )
    assert codes(text) == []
    assert codes(text.replace("low green", "low red").replace("high red", "high green")) == ["W518"]


def test_a_direction_of_words_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="only numbers and dates are higher or lower"):
        codes(HEAD + "signal plan one of a, b\n  higher is better\n\nscore s lookup of plan\n  a, b -> 1\n")


# How low and high --------------------------------------------------------------------


def test_the_range_of_a_score_is_exact_where_an_account_reaches_it() -> None:
    text = whole(
        "measure nps curve\n  -100 -> 10\n  100 -> 90", "score health average\n  nps\n  +5 when plan is pro"
    )
    (score,) = checked(text).scores()
    assert (score.node, score.low, score.high, score.reached) == ("health", 10.0, 95.0, (10.0, 95.0))
    assert score.highest is not None
    assert score.highest.account.facts == {"nps": 100.0, "plan": "pro"}
