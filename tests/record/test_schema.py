"""The JSON Schema and the pydantic model of a record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from tests.record.made import compiled

BODY = """\
signal seats count "Licensed seats"
signal nps number from -100 to 100
  column "NPS Score"
signal use percent from 0% to 150%
  stored as 45 for 45%
signal share percent
  stored as 0.45 for 45%
signal plan one of free, "Pro plus"
signal sponsor yes/no
signal renewal date
signal seen timestamp
signal schema text
rows tickets dated opened
  cost money in USD
  kind one of a, b
measure seats = seats
"""
COMPILED = compiled(BODY)
GOOD: dict[str, Any] = {
    "account_id": "A-1",
    "seats": 5,
    "NPS Score": -12.5,
    "use": 120,
    "share": "45%",
    "plan": "Pro plus",
    "sponsor": True,
    "renewal": "2026-03-31",
    "seen": "2026-03-31T23:30:00-05:00",
    "schema": "x",
    "tickets": [{"opened": "2026-03-01", "cost": 12.5, "kind": "a"}, {}],
    "something else": [1],
}


def is_valid(record: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(COMPILED.schema()).is_valid(record))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(COMPILED.schema())


def test_a_good_record_is_valid_and_scored() -> None:
    assert is_valid(GOOD)
    assert COMPILED.score(GOOD).parts == {"seats": 5}


def test_every_field_may_be_absent_or_null() -> None:
    assert is_valid({})
    assert is_valid(dict.fromkeys(GOOD))


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("seats", -1),
        ("seats", 1.5),
        ("seats", "5"),
        ("seats", True),
        ("NPS Score", 101),
        ("NPS Score", "high"),
        ("use", 151),
        ("share", "a lot"),
        ("plan", "pro plus"),
        ("sponsor", "maybe"),
        ("renewal", "31/03/2026"),
        ("renewal", "2026-13-01"),
        ("seen", "yesterday"),
        ("schema", 5),
        ("tickets", {"cost": 1}),
        ("tickets", [{"cost": "x"}]),
        ("tickets", [{"kind": "c"}]),
        ("tickets", [5]),
    ],
)
def test_what_is_not_valid(column: str, found: object) -> None:
    assert not is_valid({**GOOD, column: found})


def test_titles_and_limits_are_told() -> None:
    properties = COMPILED.schema()["properties"]
    assert properties["seats"]["title"] == "Licensed seats"
    assert (properties["use"]["minimum"], properties["use"]["maximum"]) == (0, 150)


def test_the_account_columns_of_the_ruleset() -> None:
    from healthdsl import loads

    ruleset = loads('ruleset r\n  language 1\n  account id "customerID"\nsignal x number\nscore s = x\n')
    assert {"customerID", "account_name", "name", "x"} == set(ruleset.schema()["properties"])


def test_a_column_of_two_signals_has_to_suit_both() -> None:
    ruleset = compiled(
        'signal a number from 0 to 5\n  column "x"\nsignal b count\n  column "x"\nmeasure m = a\n'
    )
    validator = Draft202012Validator(ruleset.schema())
    assert validator.is_valid({"x": 3})
    assert not validator.is_valid({"x": 3.5})
    assert not validator.is_valid({"x": 6})


# pydantic --------------------------------------------------------------------


def test_a_model_makes_records() -> None:
    model = COMPILED.record_model()
    assert issubclass(model, BaseModel)
    record = model(
        seats=5,
        nps=-12.5,
        use=120,
        plan="free",
        renewal="2026-03-31",
        tickets=[{"cost": 1, "opened": date(2026, 3, 1)}],
    )
    dumped = record.model_dump(by_alias=True)
    assert dumped["NPS Score"] == -12.5
    assert dumped["renewal"] == date(2026, 3, 31)
    result = COMPILED.score(dumped)
    assert (result.values["use"], result.values["seats"]) == (1.2, 5)


def test_a_model_reads_a_record_by_column_and_ignores_the_rest() -> None:
    record = COMPILED.record_model().model_validate(
        {"NPS Score": 5, "other": 1, "schema": "s", "account_id": 7}
    )
    assert record.model_dump()["nps"] == 5
    assert record.model_dump(by_alias=True)["schema"] == "s"


@pytest.mark.parametrize(
    "found",
    [
        {"seats": -1},
        {"seats": 1.5},
        {"nps": 101},
        {"nps": float("nan")},
        {"plan": "x"},
        {"tickets": [{"kind": "c"}]},
    ],
)
def test_a_model_refuses_what_scoring_refuses(found: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        COMPILED.record_model()(**found)


ABSENT = compiled(
    """\
signal nps number from 0 to 10
  missing when -1, "n/a"
signal share percent from 0% to 100%
  stored as 45 for 45%
  missing when 999
signal renewal date
  missing when 1900-01-01, "0000-00-00"
signal plan one of free, pro
  missing when "unknown"
measure m = nps
"""
)


@pytest.mark.parametrize(
    ("record", "legal"),
    [
        ({"nps": -1, "share": 999, "renewal": "0000-00-00", "plan": "unknown"}, True),
        ({"nps": "n/a", "share": 45, "renewal": "1900-01-01", "plan": "pro"}, True),
        ({"nps": -2}, False),
        ({"share": 998}, False),
        ({"renewal": "0000-00-01"}, False),
        ({"plan": "gold"}, False),
    ],
)
def test_what_stands_for_missing_is_legal(record: dict[str, Any], legal: bool) -> None:
    assert Draft202012Validator(ABSENT.schema()).is_valid(record) is legal
    if legal:
        given = ABSENT.record_model().model_validate(record).model_dump(by_alias=True)
        assert ABSENT.score(given).values["nps"] is None
    else:
        with pytest.raises(ValidationError):
            ABSENT.record_model().model_validate(record)
