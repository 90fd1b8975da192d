"""Tables of two keys: which cell counts, what is missing, how large they may be. All values by hand."""

import pytest

from healthdsl import RulesetError, loads
from healthdsl.model import ruleset as r

HEAD = """ruleset example
  language 1

signal plan one of free, pro, "Pro plus"
signal paid yes/no
signal seats count
signal asked number
signal day date

levels rating
  good 100
  poor 10
  none_known none

"""


def outcome(measure: str, **record: object) -> tuple[object, object]:
    """The points of a measure `m`, and the number of the cell or row that gave them."""
    values = loads(HEAD + measure).score(record, as_of="2026-03-31").values
    return values["m__points"], values["m__row"]


PLANS = """measure m grid of plan
  by seats  below 10, up to 100, otherwise
  free -> 1, 2, 3
  pro, "Pro plus" -> 4, asked * 2, skip
"""


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"plan": "free", "seats": 9}, (1, 0)),
        ({"plan": "free", "seats": 10}, (2, 1)),
        ({"plan": "free", "seats": 101}, (3, 2)),
        ({"plan": "Pro plus", "seats": 0}, (4, 3)),
        ({"plan": "pro", "seats": 100, "asked": 3}, (6, 4)),
        ({"plan": "pro", "seats": 100}, (None, -2)),  # what the cell promises is missing
        ({"plan": "pro", "seats": 101}, (None, 5)),
        ({"plan": "pro"}, (None, -2)),
        ({"seats": 3}, (None, -2)),
        ({}, (None, -2)),
    ],
)
def test_cells(record, found):
    assert outcome(PLANS, **record) == found


REST = """measure m grid of seats
  by paid  yes, otherwise
  when plan is free -> 70
  above 100 -> 5, 6
  at least 10 -> 3, 4
  otherwise -> 1, unscored
  missing -> worst
"""


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"seats": 101, "paid": True}, (5, 1)),
        ({"seats": 100, "paid": False}, (4, 4)),
        ({"seats": 9, "paid": True}, (1, 5)),
        ({"seats": 9, "paid": False}, (None, 6)),
        ({"seats": 200}, (1, 7)),
        ({"paid": True}, (1, 7)),
        ({"plan": "free"}, (70, 0)),
    ],
)
def test_rows_above_and_what_is_left(record, found):
    assert outcome(REST, **record) == found


def test_no_row_or_no_column_fits():
    measure = "measure m grid of seats\n  by asked  1, 2.5\n  from 1 to 3 -> 1, 2\n  5 -> 3, 4\n"
    assert outcome(measure, seats=5, asked=2.5) == (4, 3)
    assert outcome(measure, seats=4, asked=1) == (None, -1)
    assert outcome(measure, seats=5, asked=2) == (None, -1)


def test_levels_and_dates():
    measure = (
        "measure m grid of day as rating\n  by plan  free, otherwise\n"
        "  before 2026-01-01 -> poor, good\n  otherwise -> none_known, good\n"
    )
    assert outcome(measure, day="2025-12-31", plan="free") == (10, 0)
    assert outcome(measure, day="2026-01-01", plan="free") == (None, 2)
    assert outcome(measure, day="2026-01-01", plan="pro") == (100, 3)


def test_columns_about_the_words_of_a_measure():
    measure = (
        "measure seats ladder as rating\n  below 10 -> poor\n  otherwise -> good\n\n"
        "measure size = seats\n\nbands size\n  below 5 -> small\n  otherwise -> large\n\n"
        "measure m grid of plan\n  by size  small, large\n  free -> 1, 2\n  otherwise -> 3, 4\n"
    )
    assert outcome(measure, plan="pro", seats=4) == (3, 2)
    assert outcome(measure, plan="free", seats=5) == (2, 1)
    assert outcome(measure, plan="free") == (None, -2)


def test_the_same_grid_on_another_signal():
    measure = (
        "measure seats grid\n  by plan  free, otherwise\n  below 10 -> 1, 2\n  otherwise -> 3, seats\n\n"
        "measure m like seats of asked\n"
    )
    assert outcome(measure, asked=12, seats=4, plan="pro") == (12, 3)
    assert outcome(measure, asked=9, seats=40, plan="free") == (1, 0)


def test_steps_stand_below_a_grid():
    assert outcome(PLANS + "  +10 when paid\n  within 0 to 12\n", plan="free", seats=101, paid=True) == (
        12,
        2,
    )


def test_a_cell_says_both_keys():
    (node,) = [each for each in loads(HEAD + PLANS).ruleset.nodes if each.name == "m"]
    body = node.variants[0].body
    assert isinstance(body, r.Table)
    assert [row.text for row in body.rows][2:4] == [
        "plan free, any other seats -> 3",
        'plan pro or "Pro plus", seats below 10 -> 4',
    ]
    line = HEAD.count("\n") + 4
    assert {row.span.line for row in body.rows[3:]} == {line}


def test_a_grid_has_a_limit():
    def grid(rows: int) -> str:
        lines = [f"  {number} -> " + ", ".join(["1"] * 20) for number in range(rows)]
        return "\n".join(
            [f"{HEAD}measure m grid of seats", f"  by asked {', '.join(map(str, range(20)))}", *lines]
        )

    assert len(loads(grid(50)).ruleset.nodes) == 1
    with pytest.raises(RulesetError, match="1,020 cells"):
        loads(grid(51))
