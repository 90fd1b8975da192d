"""POST /score and /explain: what is answered, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import healthdsl
from healthdsl.serve.settings import Limits, Settings
from tests.serve.service import ACCOUNT, TINY, Desk

TICKETS = [{"opened": "2026-03-20", "priority": "urgent"}, {"opened": "2026-01-01", "priority": "urgent"}]


def test_one_record(desk: Desk) -> None:
    answer = desk.post("/score", {"ruleset": "tiny", "record": ACCOUNT})
    assert answer.status == 200
    assert answer.json == {
        "account_id": "A-2",
        "account_name": "Birch",
        "score": 20.0,
        "band": "poor",
        "coverage": 1.0,
        "parts": {"nps": 0.0, "seats": 50.0, "health": 20.0},
        "levels": {},
        "bands": {"health": "poor"},
        "flags": [],
        "plays": ["call"],
        "notes": [],
        "ruleset": {
            "name": "tiny",
            "version": "1.2.0",
            "fingerprint": healthdsl.loads(TINY).fingerprint,
        },
        "as_of": None,
    }


def test_several_records_keep_their_order(desk: Desk) -> None:
    records = [ACCOUNT, {"account_id": "A-3"}, {"account_id": 4, "seats": 100, "NPS Score": 0}]
    answer = desk.post("/score", {"ruleset": "tiny", "records": records}).json
    assert [(row["account_id"], row["score"], row["flags"]) for row in answer["results"]] == [
        ("A-2", 20.0, []),
        ("A-3", None, []),
        ("4", 100.0, ["big"]),
    ]
    assert answer["ruleset"]["version"] == "1.2.0"


def test_a_batch_that_goes_to_a_thread_is_answered_alike(desk: Desk) -> None:
    records = [ACCOUNT | {"comment": "x" * 1_000}] * 30
    answer = desk.post("/score", {"ruleset": "tiny", "records": records}).json
    assert [row["score"] for row in answer["results"]] == [20.0] * 30


def test_no_records_are_no_results(desk: Desk) -> None:
    assert desk.post("/score", {"ruleset": "tiny", "records": []}).json["results"] == []


def test_the_path_may_name_the_ruleset(desk: Desk) -> None:
    assert desk.post("/rulesets/tiny/score", {"record": ACCOUNT}).json["score"] == 20.0
    answer = desk.post("/rulesets/tiny/score", {"ruleset": "dated", "record": ACCOUNT})
    assert answer.status == 422


def test_the_day_is_the_request_s(desk: Desk) -> None:
    body = {"ruleset": "dated", "as_of": "2026-03-31", "record": {"tickets": TICKETS}}
    answer = desk.post("/score", body).json
    assert (answer["score"], answer["as_of"]) == (0.0, "2026-03-31")
    # 30 days later the younger ticket has left the window.
    assert desk.post("/score", body | {"as_of": "2026-04-19"}).json["score"] == 100.0


def test_without_a_day_it_is_refused(desk: Desk) -> None:
    answer = desk.post("/score", {"ruleset": "dated", "record": {}})
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["type"] == "urn:problem-type:healthdsl:needs-as-of"
    assert "as_of" in answer.json["detail"]


@pytest.mark.parametrize("day", ["today", "2026-3-1", "2026-02-30", "20260331", "", 20260331, ["2026-03-31"]])
def test_a_day_that_is_none_is_refused(desk: Desk, day: object) -> None:
    answer = desk.post("/score", {"ruleset": "dated", "as_of": day, "record": {}})
    assert answer.status == 422
    assert "expected a date such as 2026-03-31" in answer.json["detail"]


def test_the_service_may_have_a_day(tmp_path: Path) -> None:
    from datetime import date

    desk = Desk.of(tmp_path, Settings(tmp_path, as_of=date(2026, 3, 31)))
    answer = desk.post("/score", {"ruleset": "dated", "record": {"tickets": TICKETS}}).json
    assert (answer["score"], answer["as_of"]) == (0.0, "2026-03-31")
    assert desk.post("/score", {"ruleset": "tiny", "record": {}}).json["as_of"] is None
    desk = Desk.of(tmp_path, Settings(tmp_path, as_of="today"))
    before = date.today()  # noqa: DTZ011 -- the computer's own day is what is meant
    answer = desk.post("/score", {"ruleset": "dated", "record": {"tickets": []}}).json
    assert before.isoformat() <= answer["as_of"] <= date.today().isoformat()  # noqa: DTZ011


def test_an_illegal_value_is_named(desk: Desk) -> None:
    answer = desk.post("/score", {"ruleset": "tiny", "record": ACCOUNT | {"NPS Score": 400, "seats": "x"}})
    assert answer.status == 422
    problem = answer.json
    assert problem["type"] == "urn:problem-type:healthdsl:invalid-record"
    assert problem["errors"] == [
        {"account": "A-2", "signal": "seats", "found": "'x'", "expected": "a whole number, not negative"},
        {"account": "A-2", "signal": "nps", "found": "400", "expected": "a number from -100 to 100"},
    ]
    assert problem["error_count"] == 2
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_every_bad_record_of_a_batch_is_named(desk: Desk) -> None:
    records = [ACCOUNT, {"account_id": "B", "seats": -1}, "no record", {"account_id": "C", "NPS Score": "?"}]
    problem = desk.post("/score", {"ruleset": "tiny", "records": records}).json
    found = [(wrong["index"], wrong["account"], wrong["signal"]) for wrong in problem["errors"]]
    assert found == [(1, "B", "seats"), (2, None, "record"), (3, "C", "nps")]


def test_many_bad_records_are_counted(desk: Desk) -> None:
    problem = desk.post(
        "/score", {"ruleset": "tiny", "records": [{"seats": -1, "NPS Score": 101}] * 150}
    ).json
    assert len(problem["errors"]) == 100
    assert problem["error_count"] == 300


def test_illegal_values_may_count_as_missing(desk: Desk) -> None:
    body = {"ruleset": "tiny", "on_invalid": "missing", "record": ACCOUNT | {"NPS Score": 400}}
    answer = desk.post("/score", body).json
    assert (answer["score"], answer["coverage"]) == (50.0, 0.4)
    assert answer["notes"] == ["`nps` is 400, expected a number from -100 to 100; taken as missing"]


@pytest.mark.parametrize("on_invalid", ["raise", "missing"])
def test_an_account_is_called_by_a_text_or_a_number(desk: Desk, on_invalid: str) -> None:
    for key, field in (("account_id", "account_id"), ("id", "account_id"), ("name", "account_name")):
        for found, told in ((True, "true"), ([1], "[1]"), ({}, "{}")):
            body = {"ruleset": "tiny", "on_invalid": on_invalid, "records": [{}, {key: found}]}
            answer = desk.post("/score", body)
            assert answer.status == 422
            assert answer.json["errors"] == [
                {
                    "index": 1,
                    "account": None,
                    "signal": field,
                    "found": told,
                    "expected": "a text or a number",
                }
            ]


def test_very_many_notes_are_counted(desk: Desk) -> None:
    body = {
        "ruleset": "dated",
        "as_of": "2026-03-31",
        "on_invalid": "missing",
        "record": {"tickets": [{"priority": "z"}] * 150},
    }
    scored, explained = (desk.post(path, body).json["notes"] for path in ("/score", "/explain"))
    assert scored == explained
    assert len(scored) == 101
    assert "expected one of low, urgent" in scored[99]
    assert scored[100] == "50 more notes are not shown"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"record": {}}, 422, "`ruleset` is missing"),
        ({"ruleset": "tiny"}, 422, "neither `record` nor `records`"),
        ({"ruleset": "tiny", "record": {}, "records": []}, 422, "both `record` and `records`"),
        ({"ruleset": "tiny", "records": {}}, 422, "`records` is an object"),
        ({"ruleset": "tiny", "record": []}, 422, "`record` is [], expected an object of values"),
        ({"ruleset": "tiny", "record": None}, 422, "`record` is null, expected an object of values"),
        ({"ruleset": "tiny", "record": {"seats": True}}, 422, "`seats` is true"),
        ({"ruleset": "tiny", "record": {}, "on_invalid": None}, 422, "`on_invalid` is null"),
        ({"ruleset": "dated", "record": {}, "as_of": True}, 422, "`as_of` is true"),
        ({"ruleset": "tiny", "record": {}, "asof": "2026-03-31"}, 422, "has 'asof'"),
        ({"ruleset": "tiny", "record": {}, "on_invalid": "stop"}, 422, "`on_invalid` is 'stop'"),
        ({"ruleset": "tiny", "record": {}, "on_invalid": {}}, 422, "`on_invalid` is {}"),
        ({"ruleset": 7, "record": {}}, 422, "`ruleset` is a number"),
        ({"ruleset": "tin", "record": {}}, 404, "did you mean `tiny`?"),
        ({"ruleset": "tiny", "version": "9", "record": {}}, 404, "it is here in 1.2.0"),
        ([], 422, "the body is a list"),
        (None, 422, "the body is null"),
        ("x", 422, "the body is a text"),
    ],
)
def test_a_request_that_cannot_be_used(desk: Desk, body: object, status: int, said: str) -> None:
    answer = desk.post("/score", body)
    assert answer.status == status
    assert said in answer.json["detail"]


def test_limits(tmp_path: Path) -> None:
    limits = Limits(body_bytes=2_000, records=3, explanations=1, rows=2)
    desk = Desk.of(tmp_path, Settings(tmp_path, limits=limits))
    ticket = {"opened": "2026-03-20", "priority": "low"}
    dated = {"ruleset": "dated", "as_of": "2026-03-31"}
    for path, body, status in (
        ("/score", {"ruleset": "tiny", "records": [{}] * 3}, 200),
        ("/score", {"ruleset": "tiny", "records": [{}] * 4}, 413),
        ("/explain", {"ruleset": "tiny", "records": [{}]}, 200),
        ("/explain", {"ruleset": "tiny", "records": [{}] * 2}, 413),
        ("/score", {**dated, "records": [{"tickets": [ticket]}] * 2}, 200),
        ("/score", {**dated, "records": [{"tickets": [ticket]}] * 3}, 413),
        ("/score", {"ruleset": "tiny", "record": {"x": "y" * 1_900}}, 200),
        ("/score", {"ruleset": "tiny", "record": {"x": "y" * 2_000}}, 413),
    ):
        answer = desk.post(path, body)
        assert answer.status == status, (path, answer.text)
        if status == 413:
            assert answer.json["type"] == "urn:problem-type:healthdsl:too-large"


def test_an_explanation(desk: Desk) -> None:
    answer = desk.post("/explain", {"ruleset": "tiny", "record": ACCOUNT})
    assert answer.headers["content-type"] == "application/json"
    page = answer.json
    assert page["account"] == {"id": "A-2", "name": "Birch"}
    assert page["ruleset"]["version"] == "1.2.0"
    assert page["scores"][0]["score"] == 20.0
    several = desk.post("/explain", {"ruleset": "tiny", "records": [ACCOUNT, ACCOUNT]}).json
    assert several["explanations"] == [page, page]


@pytest.mark.parametrize(
    ("accept", "media", "shown"),
    [
        ("text/plain", "text/plain; charset=utf-8", "Birch (A-2)\n"),
        ("text/markdown", "text/markdown; charset=utf-8", "# "),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("application/json;q=0.5, text/*", "text/plain; charset=utf-8", "Birch"),
        ("*/*", "application/json", "{"),
        ("", "application/json", "{"),
        ("text/html;q=0, */*;q=0.1", "application/json", "{"),
    ],
)
def test_an_explanation_in_the_form_that_is_accepted(desk: Desk, accept: str, media: str, shown: str) -> None:
    answer = desk.post("/rulesets/tiny/explain", {"record": ACCOUNT}, accept=accept)
    assert answer.headers["content-type"] == media
    assert answer.text.startswith(shown)


def test_a_form_that_there_is_not(desk: Desk) -> None:
    body = {"ruleset": "tiny", "record": ACCOUNT}
    assert desk.post("/explain", body, accept="application/pdf").status == 406
    assert desk.post("/explain", body, accept="text/html;q=x").status == 406
    several = {"ruleset": "tiny", "records": [ACCOUNT]}
    assert desk.post("/explain", several, accept="text/html").status == 406
