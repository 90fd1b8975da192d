"""An engine gives back what was loaded: odd numbers, the first and the last day, odd texts."""

from __future__ import annotations

import math
from datetime import date

import pytest

from tests.engines.engine import Engine, Field, Kind, normalised, quoted
from tests.engines.oddities import DAYS, NUMBERS, TEXTS


def there_and_back(engine: Engine, kind: Kind, values: list[object]) -> list[object]:
    """The values after they were stored in a table."""
    rows = [(float(number), value) for number, value in enumerate(values)]
    engine.load("odd", [Field("number", Kind.NUMBER), Field("the value", kind)], rows)
    quote = "`" if engine.dialect == "spark" else '"'
    sql = f"SELECT {quote}the value{quote} AS v FROM odd ORDER BY number"
    return [row["v"] for row in engine.query(sql, {"v": kind})]


def test_numbers_come_back_to_the_last_bit(engine: Engine) -> None:
    found = there_and_back(engine, Kind.NUMBER, [*NUMBERS, None])
    expected = [*NUMBERS, None]
    if engine.dialect == "sqlite":  # it has no NaN, and stores whole numbers, -0.0 too, without a point
        expected = [None if number is None or math.isnan(number) else number or 0.0 for number in expected]
    assert list(map(repr, found)) == list(map(repr, expected))


def test_days_come_back(engine: Engine) -> None:
    assert there_and_back(engine, Kind.DATE, [*DAYS, None]) == [*(day.toordinal() for day in DAYS), None]


def test_texts_come_back_letter_by_letter(engine: Engine) -> None:
    assert there_and_back(engine, Kind.TEXT, [*TEXTS, None]) == [*TEXTS, None]


def test_yes_and_no_come_back(engine: Engine) -> None:
    assert list(map(repr, there_and_back(engine, Kind.YES_NO, [True, False, None]))) == [
        "True",
        "False",
        "None",
    ]


def test_a_table_is_replaced(engine: Engine) -> None:
    engine.load("again", [Field("a", Kind.NUMBER)], [(1.0,)])
    engine.load("again", [Field("b", Kind.TEXT)], [("x",), ("y",)])
    assert len(engine.query("SELECT * FROM again", {})) == 2


@pytest.mark.parametrize(("value", "kind"), [("1", Kind.NUMBER), (1, Kind.YES_NO), (True, Kind.NUMBER)])
def test_what_is_not_of_the_kind_is_noticed(value: object, kind: Kind) -> None:
    assert repr(normalised(value, kind)) == repr(value)
    assert normalised(date(1, 1, 1), Kind.DATE) == 1
    assert quoted('a"b') == '"a""b"'
