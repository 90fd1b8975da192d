"""What fades: on the first day, on and beside each edge, after the end, before it began, without its date."""

from __future__ import annotations

import pytest

from tests.record.made import scored, value

BODY = """\
signal seen date
signal worth number
signal paid money in EUR
signal months number
signal halved = worth halved every 10 days since seen
signal line = worth fading from 20 to 40 days since seen
signal less = worth losing 25% per months
signal kept = paid halved every 10 days since seen
signal inner = 100 + (worth halved every 10 days since seen)
rows events dated on
  points  number
  left    number = points halved every 10 days
  gone    number = points fading from 0 to 20 days
signal lefts = sum left of events
signal gones = sum gone of events
score s = worth
"""


@pytest.mark.parametrize(
    ("seen", "halved", "line"),
    [
        ("2026-03-31", 80, 80),
        ("2026-03-21", 40, 80),  # 10 days
        ("2026-03-11", 20, 80),  # 20 days: the last one with all of it
        ("2026-03-10", 18.660659831, 76),  # 21 days: 80 * 2 ** -2.1, and 80 * 19 / 20
        ("2026-03-01", 10, 40),  # 30 days
        ("2026-02-20", 5.358867313, 4),  # 39 days: 80 * 2 ** -3.9, and 80 * 1 / 20
        ("2026-02-19", 5, 0),  # 40 days
        ("2026-01-30", 1.25, 0),  # 60 days
        ("2026-05-01", 80, 80),  # has not begun
        (None, None, None),
    ],
)
def test_since_a_date(seen: str | None, halved: float | None, line: float | None) -> None:
    result = scored(BODY, {"seen": seen, "worth": 80})
    assert (result.values["halved"], result.values["line"]) == (halved, line)
    assert result.values["inner"] == (None if halved is None else 100 + halved)


@pytest.mark.parametrize(
    ("months", "left"), [(0, 80), (1, 60), (3.5, 10), (4, 0), (9, 0), (-2, 80), (None, None)]
)
def test_a_share_for_each_unit(months: float | None, left: float | None) -> None:
    assert value(BODY, {"worth": 80, "months": months}, "less") == left


def test_rows_fade_with_their_age() -> None:
    rows = [{"on": f"2026-03-{day}", "points": 8} for day in (31, 21, 11)]
    result = scored(BODY, {"events": rows})
    assert result.values["lefts"] == 14  # 8 + 4 + 2
    assert result.values["gones"] == 12  # 8 + 4 + 0


def test_money_stays_money() -> None:
    result = scored(BODY, {"seen": "2026-03-21", "paid": 500})
    assert result.values["kept"] == 250
    assert "EUR 250" in str(result.explain().signals)
