"""What a change does to a book: every figure by hand, every mover's steps adding up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from healthdsl.batch.plan import Book, Planned, make_plan
from healthdsl.batch.scoring import Limits
from healthdsl.diff.change import Effect
from healthdsl.diff.compare import compare
from healthdsl.diff.steps import stages_of
from tests.diff.made import ruleset_of

OLD = """\
ruleset small "Small"
  language 1
  version 1.0.0

signal usage number from 0 to 100
signal tickets count
signal arr money in USD

measure usage = usage

measure tickets ladder
  below 3 -> 100
  otherwise -> 0

score health average
  50 usage
  50 tickets
  round to whole number

bands health
  below 50 -> poor red "Poor"
  otherwise -> good green "Good"

flag busy when tickets at least 5
play call when health is poor
"""
ACCOUNTS = [
    {"account_id": "A", "usage": 80, "tickets": 1, "arr": 1000},  # 90 good
    {"account_id": "B", "usage": 60, "tickets": 4, "arr": 200},  # 30 poor
    {"account_id": "C", "usage": 20, "tickets": 2, "arr": 30},  # 60 good
    {"account_id": "D", "tickets": 9, "arr": 4},  # 0 poor
    {"account_id": "E", "arr": 5},  # unscored
]


def plan_of(old: str, new: str, tmp_path: Path, accounts: Sequence[object] = ACCOUNTS) -> Any:
    path = tmp_path / "accounts.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in accounts), encoding="utf-8")
    before, after = ruleset_of(old, "old.health"), ruleset_of(new, "new.health")
    planned = Planned(before, after, compare(before, after))
    return make_plan(planned, Book(str(path)), Limits(), tmp_path, lambda _: None)


def mover(plan: Any, account: str) -> Any:
    (found,) = (each for kind in plan.movers for each in kind.listed if each.id == account)
    return found


def steps(plan: Any, account: str) -> list[tuple[Any, ...]]:
    return [(step.edit, step.before, step.after) for step in mover(plan, account).steps]


def test_two_edits_and_whom_each_moves(tmp_path: Path) -> None:
    # tickets below 2: C loses 100 points of tickets. Then the weights: usage 75, tickets 25.
    plan = plan_of(OLD, OLD.replace("below 3", "below 2").replace("50 usage", "150 usage"), tmp_path)
    assert [edit.sentences for edit in plan.edits] == [
        ("In measure “Tickets”, the row `below 3` becomes `below 2`.",),
        ("In score “Health”, the weight of “Usage” goes from 50 to 150.",),
    ]
    # A 90 -> 85, B 30 -> 45, C 60 -> 10 -> 15, D 0
    assert steps(plan, "A") == [(2, 90, 85)]
    assert steps(plan, "B") == [(2, 30, 45)]
    assert steps(plan, "C") == [(1, 60, 10), (2, 10, 15)]
    totals = plan.totals
    assert (totals.accounts, totals.moved, totals.moved_share) == (5, 3, 60)
    assert (totals.scored_before, totals.scored_after, totals.scored, totals.unscored) == (4, 4, 0, 0)
    assert (totals.worse, totals.better) == (1, 0)
    assert (totals.average_before, totals.average_after) == (45, Decimal("36.25"))
    first, second = plan.edits
    assert (first.moved, first.up, first.down, first.points, first.bands) == (1, 0, 1, -50, 1)
    assert (second.moved, second.up, second.down, second.points, second.bands) == (3, 2, 1, 15, 0)


def test_the_matrix_and_the_money(tmp_path: Path) -> None:
    plan = plan_of(OLD, OLD.replace("below 3", "below 2"), tmp_path)
    matrix = plan.matrix
    assert matrix is not None
    assert [place.label for place in matrix.before] == ["Poor", "Good", "Not scored"]
    counts = [[cell.accounts for cell in row] for row in matrix.cells]
    assert counts == [[2, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert [[cell.money[0] for cell in row] for row in matrix.cells] == [
        [204, 0, 0],
        [30, 1000, 0],
        [0, 0, 5],
    ]
    assert matrix.cells[1][0].worse is True
    assert matrix.cells[0][1].worse is False
    (money,) = plan.money
    assert (money.currency, money.total, money.worse, money.better) == ("USD", 1239, 30, 0)
    assert (money.scored, money.unscored) == (0, 0)


def test_flags_and_plays(tmp_path: Path) -> None:
    plan = plan_of(OLD, OLD.replace("at least 5", "at least 4").replace("below 3", "below 2"), tmp_path)
    busy, call = plan.raised
    assert (busy.before, busy.after, busy.starts, busy.stops) == (1, 2, 1, 0)
    assert busy.starting == ("B",)
    assert (call.before, call.after, call.starting, call.stopping) == (2, 3, ("C",), ())


def test_the_edit_that_starts_and_stops_a_play(tmp_path: Path) -> None:
    # 1: C falls from 60 to 10 and is poor. 2: of 120, usage counts 70: B 35, C 14, D 0. 3: B is good now.
    new = OLD.replace("below 3", "below 2").replace("50 usage", "70 usage").replace("below 50 ", "below 30 ")
    plan = plan_of(OLD, new, tmp_path)
    busy, call = plan.raised
    assert busy.edits == ()
    assert (call.before, call.after, call.starting, call.stopping) == (2, 2, ("C",), ("B",))
    assert [(step.edit, step.starts, step.stops) for step in call.edits] == [(1, 1, 0), (3, 0, 1)]
    # Lower still: what the first edit starts the last one stops, and nobody gets it in the end.
    plan = plan_of(OLD, new.replace("below 30 ", "below 12 "), tmp_path)
    call = plan.raised[1]
    assert (call.starts, call.stops) == (0, 1)
    assert [(step.edit, step.starts, step.stops) for step in call.edits] == [(1, 1, 0), (3, 0, 2)]


def test_flags_that_come_and_go(tmp_path: Path) -> None:
    new = OLD.replace("flag busy when tickets at least 5", "flag idle when tickets below 2 and usage above 1")
    plan = plan_of(OLD, new, tmp_path)
    found = {each.name: (each.before, each.after, each.starts, each.stops) for each in plan.raised}
    assert found == {"idle": (0, 1, 1, 0), "call": (2, 2, 0, 0), "busy": (1, 0, 0, 1)}
    edits = {each.name: [(step.edit, step.starts, step.stops) for step in each.edits] for each in plan.raised}
    assert edits == {"idle": [(1, 1, 0)], "call": [], "busy": [(2, 0, 1)]}


def test_an_edit_that_takes_scores_away(tmp_path: Path) -> None:
    new = OLD.replace("  round to", "  needs 100% of weight\n  round to").replace("below 3", "below 2")
    plan = plan_of(OLD, new, tmp_path)
    # D has no usage
    assert steps(plan, "D") == [(2, 0, None)]
    assert plan.edits[1].unscored == 1
    assert (plan.totals.unscored, plan.totals.moved) == (1, 2)
    assert [(kind.title, kind.accounts) for kind in plan.movers] == [("No longer scored", 1), ("Moved", 1)]
    assert plan.money[0].unscored == 4


def test_bands_alone(tmp_path: Path) -> None:
    plan = plan_of(OLD, OLD.replace("below 50", "below 70"), tmp_path)
    (step,) = mover(plan, "C").steps
    assert (step.before, step.after) == (60, 60)
    assert step.band_before is not None
    assert step.band_after is not None
    assert (step.band_before.label, step.band_after.label) == ("Good", "Poor")


def test_edits_that_only_work_together_are_one(tmp_path: Path) -> None:
    # The measure is a lookup of a text now: neither its table nor its signal goes alone.
    new = OLD.replace("signal tickets count", "signal tickets text").replace(
        "measure tickets ladder\n  below 3 -> 100\n  otherwise -> 0",
        'measure tickets lookup\n  "1" -> 100\n  otherwise -> 0',
    )
    new = new.replace("flag busy when tickets at least 5\n", "")
    old = OLD.replace("flag busy when tickets at least 5\n", "")
    plan = plan_of(old, new, tmp_path, [{"account_id": "A", "usage": 80, "tickets": "1"}])
    (edit,) = plan.edits
    assert len(edit.sentences) == 2
    assert plan.totals.moved == 0


def test_a_new_part_with_its_new_signal(tmp_path: Path) -> None:
    new = OLD.replace("signal arr", "signal nps number\nsignal arr").replace(
        "  50 tickets\n", "  50 tickets\n  100 nps\n"
    )
    new = new.replace("score health", "measure nps = nps * 10\n\nscore health")
    plan = plan_of(OLD, new, tmp_path, [{"account_id": "A", "usage": 80, "tickets": 1, "nps": 1}])
    assert [edit.sentences[0] for edit in plan.edits] == [
        "Measure “Nps” is added: the formula `nps * 10`.",
        "In score “Health”, “Nps” is a part now, with the weight 100.",
    ]
    # (50 * 80 + 50 * 100 + 100 * 10) / 200
    assert steps(plan, "A") == [(2, 90, 50)]


def test_a_signal_that_is_read_in_two_ways(tmp_path: Path) -> None:
    # 80 is beyond the range, and counts as missing: only tickets are left.
    plan = plan_of(OLD, OLD.replace("0 to 100\n", "0 to 70\n"), tmp_path, ACCOUNTS[:1])
    assert steps(plan, "A") == [(1, 90, 100)]


def test_no_change_moves_nobody(tmp_path: Path) -> None:
    plan = plan_of(OLD, OLD.replace('"Poor"', '"Bad"'), tmp_path)
    assert (plan.totals.moved, plan.edits, plan.movers) == (0, (), ())
    assert [told.effect for told in plan.changes] == [Effect.EXPLANATION.value]


def test_the_steps_of_every_mover_lead_from_before_to_after(tmp_path: Path) -> None:
    new = (
        OLD.replace("below 3", "below 2").replace("50 usage", "120 usage").replace("0 to 100\n", "0 to 70\n")
    )
    new = new.replace("  round to", "  -7 per tickets above 1\n  needs 40% of weight\n  round to")
    accounts = [
        {
            "account_id": f"X{k}",
            "usage": None if k % 5 == 0 else k % 101,
            "tickets": None if k % 7 == 0 else k % 6,
        }
        for k in range(200)
    ]
    plan = plan_of(OLD, new, tmp_path, accounts)
    listed = [each for kind in plan.movers for each in kind.listed]
    assert len(listed) > 20
    for each in listed:
        at = each.before
        for step in each.steps:
            assert step.before == at
            at = step.after
        assert at == each.after


@pytest.mark.parametrize(("most", "stages"), [(24, 4), (3, 2), (1, 1)])
def test_many_changes_are_taken_by_declaration(most: int, stages: int) -> None:
    new = OLD.replace("below 3", "below 2").replace("otherwise -> 0", "otherwise -> 5")
    new = new.replace("50 usage", "60 usage").replace("50 tickets", "60 tickets")
    old, after = ruleset_of(OLD), ruleset_of(new)
    found = stages_of(old, after, compare(old, after), most)
    assert (len(found.stages), found.by_declaration) == (stages, most < 4)
    assert sum(len(stage.changes) for stage in found.stages) == 4
