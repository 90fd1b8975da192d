"""Mutants: which there are, how their lines would read, and what becomes of them."""

from __future__ import annotations

from random import Random

import pytest

from healthdsl import CompiledRuleset, loads
from healthdsl.model.ruleset import Table
from healthdsl.testing.mutants.campaign import Fate, Judged
from healthdsl.testing.mutants.declarations import mutants_of
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.wording import patched
from healthdsl.testing.runner import outputs_of, run
from healthdsl.testing.suggest import made_test
from tests.oracle.rulesets import random_ruleset
from tests.testing.small import (
    IN_TIME,
    LATE,
    NOT_ASKED,
    RULES,
    TESTS,
    UNHAPPY,
    USELESS,
    campaign,
    campaign_of,
    small,
)

HEAD = "ruleset r\n  language 1\nsignal a count\nsignal b number\nsignal c one of x, y, z\nsignal d date\n"
ROWS = "rows t dated on\n  k one of p, q\n"
USE = "flag f when a above 0 and b above 0 and c is x and d is known and no t\n"


def reads(text: str, holding: str) -> list[tuple[str, str | None]]:
    """The mutants of the one line of a ruleset that holds a text."""
    compiled = loads(text)
    return [
        (m.kind.value, m.reads) for m in mutants_of(compiled.ruleset, compiled.source) if holding in m.was
    ]


def named(judged: tuple[Judged, ...]) -> list[tuple[int, str | None]]:
    return [(each.mutant.line, each.mutant.reads) for each in judged]


# How they read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "flag f when a at least 100_000",
            {
                "flag f when a at least 100_001",
                "flag f when a at least 99_999",
                "flag f when a above 100_000",
                "flag f when a up to 100_000",
                "flag f when not a at least 100_000",
            },
        ),
        (
            "flag f when b from 0.5 to 2",
            {
                "flag f when b from 0.6 to 2",
                "flag f when b from 0.4 to 2",
                "flag f when b from 0.5 to 3",
                "flag f when b from 0.5 to 1",
                "flag f when not b from 0.5 to 2",
            },
        ),
        (
            "flag f when c is one of x, y",
            {"flag f when c is y", "flag f when c is x", "flag f when c is not one of x, y"},
        ),
        (
            "flag f when a is missing or c is x",
            {
                "flag f when a is missing and c is x",
                "flag f when c is x",
                "flag f when a is missing",
                "flag f when a is known or c is x",
                "flag f when a is missing or c is not x",
            },
        ),
        (
            "signal n = count of t in last 30 days where k is p",
            {
                "signal n = count of t in last 31 days where k is p",
                "signal n = count of t in last 29 days where k is p",
                "signal n = count of t in last 30 days",
                "signal n = count of t in last 30 days where k is not p",
            },
        ),
        ("signal n = a + b", {"signal n = a - b"}),
        ("signal n = max(a, b)", {"signal n = min(a, b)"}),
    ],
)
def test_how_lines_would_read(line: str, expected: set[str]) -> None:
    assert {text for _, text in reads(f"{HEAD}{ROWS}{line}\n", line[:8])} == expected


def test_rows_steps_and_parts_are_left_out_and_changed() -> None:
    found = {(m.line, m.kind) for m in mutants_of(small().ruleset, small().source)}
    assert {(9, Kind.DROP_ROW), (11, Kind.DROP_POLICY), (18, Kind.DROP_PART), (18, Kind.WEIGHT)} <= found
    assert {(20, Kind.DROP_STEP), (20, Kind.AMOUNT), (21, Kind.LIMIT), (17, Kind.METHOD)} <= found
    assert {(24, Kind.THRESHOLD), (25, Kind.DROP_ROW), (28, Kind.NEGATION)} <= found


def test_a_clause_is_found_where_it_stands() -> None:
    text = (
        f"{HEAD}signal e number\n  expires 90 days after d\nmeasure b = b\n  missing -> 20\n"
        "score s average\n  b\n  needs 60% of weight\n  round to 1 decimal\n"
    )
    assert reads(text, "expires") == [
        ("expiry changed", None),
        ("expiry changed", "expires 91 days after d"),
        ("expiry changed", "expires 89 days after d"),
    ]
    assert ("missing policy left out", None) in reads(text, "missing")
    assert ("threshold moved by one step", "needs 61% of weight") in reads(text, "needs")
    assert reads(text, "round to") == [("rounding changed", "round to whole number")]


def test_levels_curves_variants_and_grids() -> None:
    text = (
        f"{HEAD}levels l\n  good 100\n  poor 0\n"
        "measure a ladder as l\n  below 1 -> poor\n  otherwise -> good\n"
        "measure b curve\n  0 -> 0\n  10 -> 100\n"
        "score s average for one when c is x\n  by c x, otherwise\n  a -> 40, 30\n  b -> 60, 70\n"
        "score s average for two when c is y\n  a\n  -5 per a above 2, up to 20 points\n"
    )
    assert reads(text, "good 100") == [("points changed", "good 90")]
    assert reads(text, "10 -> 100") == [
        ("row left out", None),
        ("threshold moved by one step", "11 -> 100"),
        ("threshold moved by one step", "9 -> 100"),
        ("points changed", "10 -> 90"),
    ]
    assert ("weight changed", "a -> 44, 30") in reads(text, "a -> 40")
    assert ("weight changed", "a -> 40, 33") in reads(text, "a -> 40")
    assert ("clause left out", None) in reads(text, "for two")
    steps = reads(text, "-5 per a")
    assert ("limit left out", "-5 per a above 2") in steps
    assert ("threshold moved by one step", "-5 per a above 3, up to 20 points") in steps


def test_a_table_of_two_keys() -> None:
    text = (
        f"{HEAD}measure a grid of a + 1\n  by c  x, y, otherwise\n"
        "  below 10 -> 60, 80, 100\n  otherwise -> 30, 20, 10\n"
    )
    assert reads(text, "column") == [("column left out", None)] * 3
    rows = reads(text, "row below 10")
    assert rows[0] == ("row left out", None)
    assert ("threshold moved by one step", "row below 11") in rows
    assert ("edge word flipped", "row up to 10") in rows
    assert reads(text, "below 10, c y") == [("points changed", "a + 1 below 10, c y -> 90")]
    assert ("number in a formula changed", "measure a grid of a + 2") in reads(text, "measure a")


def test_a_column_left_out_goes_to_the_rest() -> None:
    text = f"{HEAD}measure m grid of a\n  by c  x, otherwise\n  below 10 -> 60, 80\n  otherwise -> 30, 20\n"
    compiled = loads(text)
    (column,) = [
        mutant
        for mutant in mutants_of(compiled.ruleset, compiled.source)
        if mutant.was == "column x" and mutant.reads is None
    ]
    (found,) = [node.variants[0].body for node in column.ruleset.nodes]
    assert isinstance(found, Table)
    assert [row.text for row in found.rows] == [
        "a below 10, any other c -> 80",
        "any other a, any other c -> 20",
    ]


def test_a_line_that_counts_twice_is_changed_in_both_places() -> None:
    text = (
        f"{HEAD}measure a ladder\n  below 5 -> 0\n  otherwise -> 100\nmeasure b like a\n"
        'test "of b alone"\n  given b 5\n  expect points of b is 100\n'
    )
    (moved,) = [j for j in campaign(loads(text)).judged if j.mutant.reads == "below 6 -> 0"]
    assert moved.fate is Fate.KILLED


@pytest.mark.parametrize(
    ("written", "before", "after", "expected"),
    [
        ('below 10 -> 0  "up to 10"', "below 10 -> 0", "below 11 -> 0", 'below 11 -> 0 "up to 10"'),
        (
            "x -> 50, 50",
            "by s (50 for a and 50 otherwise)",
            "by s (50 for a and 55 otherwise)",
            "x -> 50, 55",
        ),
        (
            "any of usage are red",
            "count of (a, b) at least 1",
            "count of (a) at least 1",
            "count of (a) at least 1",
        ),
        ("f when a and b", "a and b", "b", "f when b"),
    ],
)
def test_patched(written: str, before: str, after: str, expected: str) -> None:
    assert patched(written, before, after) == expected


# What becomes of them ---------------------------------------------------------


def test_fates() -> None:
    """No test has 10 seats in its score alone, none the best or the worst score, none a score of 50 or 0."""
    found = campaign_of()
    assert named(found.of(Fate.SURVIVED)) == [
        (14, "below 11 -> 50"),
        (14, "up to 10 -> 50"),
        (21, "within 10 to 100"),
        (21, "within 0 to 90"),
        (24, "below 51 -> poor red"),
        (24, "up to 50 -> poor red"),
    ]
    # the score is never outside of 0 to 100, and never between 49 and 50
    assert named(found.of(Fate.EQUIVALENT)) == [(21, None), (24, "below 49 -> poor red")]
    assert found.score == 35 / 41


def test_a_useless_test_changes_nothing_and_a_missing_one_lowers_the_score() -> None:
    whole = campaign_of().score
    assert campaign_of(TESTS + USELESS).score == whole
    assert whole is not None
    for fewer in (LATE + IN_TIME + UNHAPPY, IN_TIME + UNHAPPY + NOT_ASKED):
        score = campaign_of(fewer).score
        assert score is not None
        assert score < whole
    assert campaign_of("").score == 0


def test_a_test_that_fails_kills_nothing() -> None:
    wrong = '\ntest "wrong"\n  given nps 1\n  expect health is 3\n'
    found = campaign(small(TESTS + wrong))
    assert [each.test.title for each in found.left_out] == ["wrong"]
    assert found.score == campaign_of().score


def test_every_run_is_the_same() -> None:
    one, other = campaign_of(LATE), campaign(small(LATE))
    assert [(j.mutant.reads, j.fate, j.witness) for j in one.judged if not j.killer] == [
        (j.mutant.reads, j.fate, j.witness) for j in other.judged if not j.killer
    ]


def is_killed(compiled: CompiledRuleset, judged: Judged) -> bool:
    """Whether a test fails by the mutant, asked of the record evaluator."""
    before, after = run(compiled.ruleset), run(judged.mutant.ruleset)
    pairs = zip(before.outcomes, after.outcomes, strict=True)
    return any(old.passed and not new.passed for old, new in pairs)


def test_the_record_evaluator_says_the_same() -> None:
    compiled = small()
    for judged in campaign_of().judged[::2]:
        assert is_killed(compiled, judged) == (judged.fate is Fate.KILLED), judged.mutant.reads


def test_witnesses_differ_for_the_record_evaluator() -> None:
    compiled = small(LATE)
    survivors = campaign_of(LATE).of(Fate.SURVIVED)
    assert len(survivors) > 10
    for judged in survivors[::3]:
        assert judged.witness is not None
        test = made_test(compiled.ruleset, judged.witness.case, "w", dated=False)
        before = outputs_of(run(compiled.ruleset).program, test)
        after = outputs_of(run(judged.mutant.ruleset).program, test)
        for difference in judged.witness.differences:
            assert before[difference.output] == difference.before
            assert after[difference.output] == difference.after


def test_a_row_that_nothing_reaches_makes_equivalent_mutants() -> None:
    dead = RULES.replace(
        "  below 10  -> 50\n", "  when seats up to 5 -> 50\n  when seats up to 3 -> 0\n  below 10 -> 50\n"
    )
    found = campaign(small(rules=dead))
    fates = {j.mutant.reads: j.fate for j in found.judged if j.mutant.was == "when seats up to 3 -> 0"}
    assert fates[None] is Fate.EQUIVALENT
    assert fates["when seats up to 4 -> 0"] is Fate.EQUIVALENT
    assert fates["when seats at least 3 -> 0"] is not Fate.EQUIVALENT


@pytest.mark.parametrize("seed", [2, *(pytest.param(s, marks=pytest.mark.slow) for s in (1, 6, 8, 15, 23))])
def test_random_rulesets(seed: int) -> None:
    compiled = loads(random_ruleset(Random(seed)))
    judged = campaign(compiled).judged
    assert len(judged) > 40
    for each in Random(seed).sample(judged, 4):
        assert is_killed(compiled, each) == (each.fate is Fate.KILLED)
