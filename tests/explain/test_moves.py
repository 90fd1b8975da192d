"""What would move it: the smallest change is really the smallest, and really does it."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import healthdsl
from healthdsl.explain.better import ranking
from healthdsl.explain.explanation import MoveKind
from healthdsl.explain.grid import Grid, grid_of
from healthdsl.explain.moves import find_moves
from healthdsl.graph.evaluate import evaluate
from healthdsl.model.types import COUNT, DATE, NUMBER, PERCENT
from tests.explain.effort import FEW
from tests.explain.made import Account, made

HEAD = """\
ruleset small
  language 1

signal a count from 0 to 25
signal b count from 3 to 20
signal p percent from 0% to 100%
  stored as 0.45 for 45%
signal c one of red, green, blue
signal d yes/no
"""

BANDS = """\
bands s
  below 30  -> bad red
  below 60  -> fair yellow
  otherwise -> good green
"""


BAND_ORDER = ["bad", "fair", "good"]


def small_ruleset(rng: Random) -> str:
    """Every signal has few legal values; curves run up and down, with gaps, products and steps."""

    def points() -> int:
        return rng.choice([-20, 0, 10, 30, 50, 59, 60, 80, 100])

    cuts = sorted(rng.sample(range(1, 25), 3))
    second = sorted(rng.sample(range(4, 20), 2))
    rungs = [f"  below {cut} -> {points()}" for cut in cuts]
    bodies = {
        "m1": ["measure m1 ladder of a", *rungs, f"  otherwise -> {points()}"],
        "m2": ["measure m2 curve of b", *(f"  {cut} -> {points()}" for cut in second)],
        "m3": [
            "measure m3 first match",
            f"  when a above b and c is {rng.choice(['red', 'green'])} -> {points()}",
            f"  when d or a is {rng.randint(0, 20)} -> {points()}",
            f"  otherwise -> {points()}",
        ],
        "m4": [f"measure m4 = (a - {rng.randint(0, 20)}) * (b - {rng.randint(3, 18)}) + 7 * p"],
    }
    weights = [f"  {rng.choice([1, 2, 5, 0.5])} {name}" for name in bodies]
    steps = [
        f"  -{rng.randint(1, 30)} when c is blue and not d",
        f"  -{rng.randint(1, 4)} per a above {rng.randint(0, 10)}, up to 25 points",
        f"  cap at {points()} when b below {rng.randint(4, 10)}",
    ]
    if rng.random() < 0.3:
        steps.append(f"  unscored when a is {rng.randint(0, 25)}")
    score = ["score s average within 0 to 100", *weights, *rng.sample(steps, rng.randint(0, len(steps)))]
    blocks = ["\n".join(lines) for lines in [*bodies.values(), score]]
    return "\n\n".join([HEAD, *blocks, BANDS])


DOMAINS: dict[str, list[object]] = {
    "a": [float(k) for k in range(26)],
    "b": [float(k) for k in range(3, 21)],
    "c": ["red", "green", "blue"],
    "d": [True, False],
}


def random_inputs(rng: Random) -> dict[str, object]:
    known = {name: rng.choice(values) for name, values in DOMAINS.items() if rng.random() < 0.85}
    return {"p": rng.choice([0.0, 0.25, 1.0]), **known}


def band_with(account: Account, signal: str, value: object) -> object:
    inputs = {**account.inputs, signal: value}
    return evaluate(account.made.graph, inputs, account.tables, account.today)["s__band"]


@FEW
@given(seed=st.integers(0, 10**9))
def test_the_smallest_change_is_what_trying_every_value_finds(seed):
    rng = Random(seed)
    one = made(small_ruleset(rng))
    account = Account(one, random_inputs(rng), {}, None)
    ranks = ranking(one.ruleset, next(node for node in one.ruleset.nodes if node.name == "s"))
    order = [name for rank in ranks for name in rank]
    now = evaluate(one.graph, account.inputs, {}, None)["s__band"]
    place = order.index(str(now)) if now in order else -1
    top = place == len(order) - 1
    wanted = order[:place] if top else order[place + 1 :]
    for move in find_moves(one.ruleset, one.graph, account.inputs, {}):
        if move.signal == "p":
            continue
        current = account.inputs.get(move.signal)
        does = [
            v for v in DOMAINS[move.signal] if v != current and band_with(account, move.signal, v) in wanted
        ]
        if move.kind is MoveKind.OUT_OF_REACH:
            assert not does
        elif isinstance(current, float):
            assert move.kind is (MoveKind.WORSE if top else MoveKind.BETTER)
            assert isinstance(move.value, float)
            assert move.value in does
            assert abs(move.value - current) == min(abs(v - current) for v in does)  # type: ignore[operator]
        else:
            assert move.kind is not MoveKind.NOT_FOUND
            assert move.value in does


@FEW
@given(seed=st.integers(0, 10**9))
def test_a_found_percent_does_it_and_its_neighbour_does_not(seed):
    """Percent has a thousand million values.

    The neighbour one step nearer must not do it, and the shown one must.
    """
    rng = Random(seed)
    one = made(small_ruleset(rng))
    account = Account(one, random_inputs(rng), {}, None)
    for move in find_moves(one.ruleset, one.graph, account.inputs, {}):
        if move.signal != "p" or move.value is None:
            continue
        grid, current = grid_of(PERCENT, 0.0, 1.0), account.inputs["p"]
        assert isinstance(current, float)
        assert isinstance(move.value, float)
        assert move.band is not None
        assert move.needed is not None
        at = grid.index(move.value)
        nearer = at - 1 if move.value > current else at + 1
        found, beside = (band_with(account, "p", grid.value(place)) for place in (at, nearer))
        shown = float(move.needed.rstrip("%")) / 100
        assert found not in (None, band_with(account, "p", current))
        assert beside != found or nearer == grid.index(current)
        assert band_with(account, "p", grid.value(grid.index(shown))) == move.band.name


@FEW
@given(seed=st.integers(0, 10**9))
def test_the_record_backend_agrees(seed):
    """The band and the score that a move speaks of are those of scoring the changed record."""
    rng = Random(seed)
    text = small_ruleset(rng)
    compiled, inputs = healthdsl.loads(text), random_inputs(rng)
    for move in find_moves(compiled.ruleset, compiled.graph, inputs, {}):
        if move.value is not None and move.signal != "p":
            assert move.band is not None
            result = compiled.score({**inputs, move.signal: move.value})
            if move.score is None:  # any of a range: at least that band
                assert BAND_ORDER.index(str(result.band)) >= BAND_ORDER.index(move.band.name)
            else:
                assert result.band == move.band.name
                assert result.score == pytest.approx(float(move.score), abs=0.00501)


NUMBERS = """\
ruleset tiny
  language 1

signal x {type}
signal renewal date
{clauses}
measure m ladder of {subject}
{rungs}

score s average
  m

bands s
  below 50  -> low red
  otherwise -> high green
"""


def moves_of(type_: str, subject: str, rungs: str, record: dict[str, object], clauses: str = ""):
    text = NUMBERS.format(type=type_, subject=subject, rungs=rungs, clauses=clauses)
    account = made(text).account(record, date(2026, 3, 31))
    return find_moves(account.made.ruleset, account.made.graph, account.inputs, account.tables, account.today)


@pytest.mark.parametrize(
    ("type_", "value", "rungs", "needed", "exact"),
    [
        ("count", 7, "  below 3 -> 100\n  otherwise -> 0", "2", 2.0),
        ("number", 7, "  below 3 -> 100\n  otherwise -> 0", "2.99", 2.999999999),
        ("number", -1, "  at least 1234.5 -> 100\n  otherwise -> 0", "1,234.5", 1234.5),
        ("number", 1, "  above 20000000 -> 100\n  otherwise -> 0", "20,000,000.01", 20000000.000000004),
        ("money in USD", 0, "  at least 1000 -> 100\n  otherwise -> 0", "USD 1,000", 1000.0),
        ("days", 100, "  up to 30 -> 100\n  otherwise -> 0", "30 days", 30.0),
        ("number", 5, "  from 1 to 2 -> 100\n  from 8 to 9 -> 100\n  otherwise -> 0", "8", 8.0),
        ("number", 4.9, "  from 1 to 2 -> 100\n  from 8 to 9 -> 100\n  otherwise -> 0", "2", 2.0),
    ],
)
def test_numbers_are_shown_short_and_still_do_it(type_, value, rungs, needed, exact):
    (move,) = moves_of(type_, "x", rungs, {"x": value})
    assert (move.kind, move.needed, move.value) == (MoveKind.BETTER, needed, exact)


@pytest.mark.parametrize(
    ("rungs", "needed"),
    [
        ("  below 3 -> 100\n  otherwise -> 0", "2 or less"),
        ("  at least 7 -> 100\n  otherwise -> 0", "7 or more"),
        ("  below 3 -> 100\n  at least 3 -> 80", "any value"),
    ],
)
def test_an_unknown_signal_says_which_values_would_do(rungs, needed):
    (move,) = moves_of("count", "x", f"{rungs}\n  missing -> 0", {"renewal": "2026-04-01"})
    assert (move.kind, move.needed) == (MoveKind.KNOWN, needed)
    assert move.text == f"X is not known: {needed} would make it “High”."


def test_an_unknown_signal_with_gaps_names_one_value():
    rungs = "  from 3 to 5 -> 100\n  from 8 to 9 -> 100\n  otherwise or missing -> 0"
    (move,) = moves_of("count", "x", rungs, {})
    assert move.text == "X is not known: 3 would make it “High” (score 100)."


def test_without_any_band_every_band_is_better():
    (move,) = moves_of("count", "x", "  below 3 -> 100\n  otherwise -> 0", {})
    # Nothing lies between: below 3 gives 100, all else 0.
    assert move.text == "X is not known: any value would give it a score of 0 to 100 (“Low” or “High”)."


TWICE = """\
ruleset twice
  language 1

signal x count

measure m ladder of x
  below 3   -> 100
  otherwise -> 0

measure n ladder of x
  below 3   -> 20
  otherwise -> 100

score s average
  m
  n

bands s
  below 50  -> low red
  below 55  -> mid yellow
  otherwise -> high green
"""


def test_an_unknown_signal_says_the_scores_and_bands_it_could_really_reach():
    """(100 + 20) / 2 or (0 + 100) / 2; never (0 + 20) / 2, which bounds of each for itself would allow."""
    account = made(TWICE).account({})
    (move,) = find_moves(account.made.ruleset, account.made.graph, account.inputs, account.tables)
    assert move.band is not None
    assert move.band.name == "mid"
    assert move.text == "X is not known: any value would give it a score of 50 to 60 (“Mid” or “High”)."


def test_what_is_out_of_reach_is_said():
    (move,) = moves_of("count", "x", "  below 3 -> 40\n  otherwise -> 0", {"x": 7})
    assert move.text == "No value of X alone would reach a better band."


def test_dates_move_by_whole_days():
    left = "signal left = days from today to renewal\n"
    rungs = "  above 30 -> 100\n  otherwise -> 0"
    (move,) = moves_of("count", "left", rungs, {"x": 1, "renewal": "2026-04-01"}, left)
    # 30 days after 31 March is 30 April; the first day above is 1 May.
    assert (move.signal, move.needed, move.value) == ("renewal", "2026-05-01", "2026-05-01")


def test_the_best_band_says_what_would_lower_it():
    (move,) = moves_of("count", "x", "  below 3 -> 100\n  otherwise -> 0", {"x": 1})
    assert move.kind is MoveKind.WORSE
    assert move.text == "X at 3 instead of 1 would take it to “Low” (score 0)."


def test_a_search_that_is_cut_short_says_so(monkeypatch):
    monkeypatch.setattr("healthdsl.explain.moves.MOST_STEPS", 20)
    (move,) = moves_of("number", "x", "  from 1.5 to 1.6 -> 100\n  otherwise -> 0", {"x": 7})
    assert move.kind is MoveKind.NOT_FOUND
    assert move.text == "X: no change was found within the search."


ROWS = """\
ruleset rows_move
  language 1

rows tickets dated opened_on
  priority one of low, urgent

signal urgent = count of tickets in last 30 days where priority is urgent  "Urgent tickets"

measure urgent ladder
  below 2   -> 100
  below 4   -> 60
  otherwise -> 0

score s average
  urgent

bands s
  below 50  -> low red
  below 90  -> mid yellow
  otherwise -> high green
"""


def test_counted_rows_move_as_a_count():
    rows = [{"opened_on": "2026-03-20", "priority": "urgent"}] * 5
    account = made(ROWS).account({"tickets": rows}, date(2026, 3, 31))
    (move,) = find_moves(
        account.made.ruleset, account.made.graph, account.inputs, account.tables, account.today
    )
    assert (move.signal, move.title, move.current, move.needed) == ("urgent", "Urgent tickets", "5", "3")
    assert move.text == "Urgent tickets at 3 instead of 5 would make it “Mid” (score 60)."


@pytest.mark.parametrize(
    "grid", [grid_of(NUMBER, None, None), grid_of(COUNT, 0.0, 50.0), grid_of(DATE, None, None)]
)
@given(share=st.floats(0, 1))
def test_the_grid_counts_values_in_order(grid: Grid, share):
    index = min(grid.first + int((grid.last - grid.first) * share), grid.last - 1)
    assert grid.index(grid.value(index)) == index
    assert grid.value(index) < grid.value(index + 1)


def test_what_is_fixed_is_not_asked_to_move():
    rules = """ruleset r
  language 1

signal seats count
{}signal users count

score s = users - seats
bands s
  below 0   -> low
  otherwise -> high
"""
    record = {"seats": 10, "users": 5}
    free = healthdsl.loads(rules.format("")).score(record).explain()
    fixed = healthdsl.loads(rules.format("  fixed\n")).score(record).explain()
    assert [move.signal for move in free.moves] == ["seats", "users"]
    assert [move.signal for move in fixed.moves] == ["users"]


def test_the_values_of_an_unknown_date_run_to_later_and_earlier():
    left = "signal left = days from today to renewal\n"
    rungs = "  {} 30 -> 100\n  otherwise -> 0\n  missing -> 0"
    for word, needed in (("above", "2026-05-01 or later"), ("up to", "2026-04-30 or earlier")):
        (move,) = moves_of("count", "left", rungs.format(word), {"x": 1}, left)
        assert move.text == f"Renewal is not known: {needed} would make it “High”."


BESIDE = """\
ruleset beside
  language 1

signal x number from 0 to 100 "X"
signal quiet yes/no "Quiet"

score s starts at 0
  +1 per x

bands s
  when quiet and x below 90  -> asleep  grey
  below 30                   -> low     red
  otherwise                  -> high    green
"""


def test_a_band_that_is_neither_better_nor_worse_is_told_too():
    """At 95 nobody is asleep, so `quiet` alone does nothing; at 60 it alone does it."""
    texts = {}
    for x in (60, 95):
        account = made(BESIDE).account({"x": x, "quiet": False})
        moves = find_moves(account.made.ruleset, account.made.graph, account.inputs, account.tables)
        texts[x] = [move.text for move in moves if move.signal == "quiet"]
    assert texts == {
        60: ["Quiet: yes instead of no would take it to “Asleep” (score 60)."],
        95: ["No value of Quiet alone would lead to another band."],
    }
