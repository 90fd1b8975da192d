"""Leaving snaps out never shows: near a tie the score is worked out with all of them."""

from __future__ import annotations

import math
from random import Random

import pytest

from healthdsl import CompiledRuleset
from healthdsl.backends.record.certain import leave_out_snaps
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.plan import Planner
from tests.record.made import compiled

BODY = """\
signal a number from 0 to 10
signal b number from -5 to 5
signal c number from 0 to 1
measure a curve
  0 -> 0
  3 -> 70
  10 -> 100
measure b curve
  -5 -> 100
  5 -> 0
measure c = c * 100 / 3
group g average
  1 a
  2 b
score s average within 0 to 100
  3 g
  4 c
  -7 when a above 9
  round to DECIMALS
bands s
  below 50 -> low
  otherwise -> high
"""


def made(decimals: str) -> CompiledRuleset:
    return compiled(BODY.replace("DECIMALS", decimals))


def relaxed(ruleset: CompiledRuleset) -> bool:
    layout = Layout.of(ruleset.graph)
    wanted = [ruleset.graph.output(name).op for name in ("s__points", "s__band")]
    return leave_out_snaps(layout, Planner(layout, wanted)) is not None


def quick_and_full(
    ruleset: CompiledRuleset, record: dict[str, object]
) -> tuple[tuple[object, object], tuple[object, object]]:
    result = ruleset.score(record)
    return (result.score, result.band), (result.values["s__points"], result.values["s__band"])


def at_a_tie(
    ruleset: CompiledRuleset, record: dict[str, object], name: str, low: float, high: float
) -> float:
    """The input at which the rounded score changes, between two at which it differs."""
    below = ruleset.score({**record, name: low}).values["s__points"]
    while (middle := (low + high) / 2) not in (low, high):
        if ruleset.score({**record, name: middle}).values["s__points"] == below:
            low = middle
        else:
            high = middle
    return high


@pytest.mark.parametrize("decimals", ["whole number", "1 decimal", "3 decimals"])
def test_the_quick_score_is_the_exact_one_on_both_sides_of_every_tie(decimals: str) -> None:
    ruleset = made(decimals)
    assert relaxed(ruleset)
    rng, crossed = Random(7), 0
    for _ in range(60):
        record: dict[str, object] = {"a": rng.uniform(0, 3), "b": rng.uniform(-5, 5), "c": rng.random()}
        edge = at_a_tie(ruleset, record, "a", 0.5, 2.5)
        around = [
            math.nextafter(edge, 0),
            edge,
            math.nextafter(edge, 9),
            edge - 5e-10,
            edge + 5e-10,
            edge - 1e-9,
        ]
        scores = set()
        for a in around:
            quick, full = quick_and_full(ruleset, {**record, "a": a})
            assert quick == full, (record, a)
            scores.add(quick[0])
        crossed += len(scores) > 1
    assert crossed > 50


def test_values_on_a_coarse_grid_are_often_ties() -> None:
    ruleset = made("1 decimal")
    rng = Random(3)
    for _ in range(3_000):
        record: dict[str, object] = {
            "a": rng.randrange(101) / 10,
            "b": rng.choice([None, rng.randrange(-10, 11) / 2]),
            "c": rng.randrange(5) / 4,
        }
        quick, full = quick_and_full(ruleset, record)
        assert quick == full, record


def test_starting_again_happens_and_gives_the_same_object() -> None:
    """3 -> 70 and nothing else: 70.5 is a tie at a whole number."""
    ruleset = compiled(BODY.replace("DECIMALS", "whole number").replace("3 -> 70", "3 -> 70.5"))
    again = ruleset._program.again
    calls: list[object] = []

    def counted(*arguments: object) -> object:
        calls.append(arguments)
        return again(*arguments)  # type: ignore[arg-type]

    ruleset._program.run.__globals__["again"] = counted
    body_of_a = compiled("signal a number\nscore s = a\n").score({"a": 70.5}).score
    assert body_of_a == 70.5
    result = ruleset.score({"account_id": "z", "a": 3, "x": 1})
    assert (result.score, result.account_id, len(calls)) == (71, "z", 1)
    assert ruleset.score({"a": 2, "c": 0.5}).score is not None
    assert len(calls) == 1


def test_notes_are_not_told_twice_when_starting_again() -> None:
    ruleset = compiled(BODY.replace("DECIMALS", "whole number").replace("3 -> 70", "3 -> 70.5"))
    result = ruleset.score({"a": 3, "b": "?", "c": "?"}, on_invalid="missing")
    assert result.score == 71
    assert len(result.notes) == 2


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("  round to DECIMALS\n", ""),
        BODY.replace("DECIMALS", "8 decimals"),
        BODY.replace("DECIMALS", "whole number")
        .replace(" within 0 to 100", "")
        .replace(" from 0 to 10\n", "\n"),
        "signal a number\nscore s = a\n  round to whole number\n",
    ],
)
def test_not_where_it_could_show_or_is_not_worth_it(body: str) -> None:
    """Without rounding, with too many decimals, with inputs of any size, with too few snaps."""
    ruleset = compiled(body + ("" if "bands" in body else "bands s\n  below 5 -> low\n"))
    assert not relaxed(ruleset)


def test_the_distance_is_no_less_than_what_can_be_off() -> None:
    """Five snaps of half a thousand-millionth one upon the other: an input, four groups of one part each."""
    groups = "".join(f"group g{k} average\n  g{k - 1}\n" for k in range(2, 5))
    body = f"signal a number from 0 to 1\nmeasure a = a * 1.5\ngroup g1 average\n  a\n{groups}"
    ruleset = compiled(f"{body}score s average\n  g4\n  round to 2 decimals\n")
    layout = Layout.of(ruleset.graph)
    certain = leave_out_snaps(layout, Planner(layout, [ruleset.graph.output("s__points").op]))
    assert certain is not None
    (distance,) = certain.distances.values()
    assert 5 * 5e-10 * 100 <= distance <= 50 * 5e-10 * 100
    assert len(certain.raw) == 1
