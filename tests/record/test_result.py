"""What scoring gives: snapshots, laziness, threads, pickles, the day scored for."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import healthdsl
from healthdsl import RecordError, RulesetError, loads
from tests.record.made import compiled

BODY = """\
signal x number
signal renewal date
signal plan one of free, pro
rows costs dated day
  cost number
measure x ladder as rating
  below 5 -> poor
  otherwise -> good
measure t = sum cost of costs
levels rating
  good 100
  poor 0
group g average
  3 x
  1 t
score s average
  g
  -10 when renewal before today
score other total
  x
bands s
  below 50 -> low
  otherwise -> high
flag f when x above 1
flag unraised when x above 100
play p when s is high
"""
RECORD = {
    "account_id": 17,
    "name": "Ada & Sons",
    "x": 7,
    "renewal": "2026-01-01",
    "plan": "pro",
    "costs": [{"day": "2026-03-01", "cost": 40}],
}
COMPILED = compiled(BODY)


def test_everything_by_name() -> None:
    result = COMPILED.score(RECORD, as_of="2026-03-31")
    assert (result.score, result.band) == (75, "high")
    assert result.scores == {"s": 75, "other": 100}
    assert result.parts == {"x": 100, "t": 40, "g": 85, "s": 75, "other": 100}
    assert result.bands == {"s": "high"}
    assert result.levels == {"x": "good"}
    assert (result.flags, result.plays, result.coverage) == (("f",), ("p",), 1.0)
    assert (result.account_id, result.account_name, result.as_of) == ("17", "Ada & Sons", date(2026, 3, 31))
    assert result.notes == ()


def test_values_cannot_be_changed() -> None:
    values = COMPILED.score(RECORD, as_of="2026-03-31").values
    with pytest.raises(TypeError):
        values["x"] = 1  # type: ignore[index]


def test_a_record_changed_afterwards_changes_nothing() -> None:
    row = {"day": "2026-03-01", "cost": 40}
    rows = [row]
    record = {**RECORD, "costs": rows}
    result = COMPILED.score(record, as_of="2026-03-31")
    row["cost"] = 0
    record["x"] = 0
    rows.append({"day": "2026-03-01", "cost": 1000})
    assert result.parts["t"] == 40
    assert result.values["x"] == 7


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        (date(2026, 3, 31), date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        (datetime(2026, 3, 31, 12), date(2026, 3, 31)),  # noqa: DTZ001
        (datetime(2026, 3, 31, 23, tzinfo=timezone(timedelta(hours=-5))), date(2026, 4, 1)),
    ],
)
def test_the_day_scored_for(as_of: date | str, day: date) -> None:
    assert COMPILED.score(RECORD, as_of=as_of).as_of == day


@pytest.mark.parametrize("as_of", ["31/03/2026", "today", "", 5])
def test_a_day_that_is_none(as_of: object) -> None:
    with pytest.raises((ValueError, TypeError), match="as_of is"):
        COMPILED.score(RECORD, as_of=as_of)  # type: ignore[arg-type]


def test_a_ruleset_that_looks_at_dates_needs_the_day() -> None:
    assert COMPILED.needs_as_of
    with pytest.raises(ValueError, match="the ruleset made looks at dates"):
        COMPILED.score(RECORD)
    plain = compiled("signal x number\nscore s = x\n")
    assert not plain.needs_as_of
    assert plain.score({"x": 1}).as_of is None


@pytest.mark.parametrize(
    ("header", "record", "expected"),
    [
        ("", {"account_id": "a", "id": "b"}, "a"),
        ("", {"id": 5}, "5"),
        ("", {}, None),
        ('  account id "customerID"\n', {"customerID": "c", "id": "b"}, "c"),
    ],
)
def test_the_account(header: str, record: dict[str, object], expected: str | None) -> None:
    ruleset = loads(f"ruleset made\n  language 1\n{header}signal x number\nscore s = x\n")
    assert ruleset.score(record).account_id == expected
    with pytest.raises(RecordError) as caught:
        ruleset.score({**record, "x": "?"})
    assert caught.value.account == expected


def test_a_ruleset_of_measures_and_flags_alone() -> None:
    result = compiled("signal x number\nmeasure x = x\nflag f when x above 1\n").score({"x": 2})
    assert (result.score, result.band, result.coverage, result.flags) == (None, None, None, ("f",))


def test_pickles() -> None:
    copied = pickle.loads(pickle.dumps(COMPILED))
    assert (copied.name, copied.fingerprint) == (COMPILED.name, COMPILED.fingerprint)
    before = COMPILED.score(RECORD, as_of="2026-03-31")
    result = pickle.loads(pickle.dumps(before))
    assert (result.score, result.band, result.account_id) == (75, "high", "17")
    assert dict(result.values) == dict(before.values)
    error = pickle.loads(pickle.dumps(RecordError("a", "x", "'?'", "a number")))
    assert str(error) == "account a: `x` is '?', expected a number"


def test_a_result_pickles_after_its_values_were_read() -> None:
    result = COMPILED.score(RECORD, as_of="2026-03-31")
    assert result.values
    assert pickle.loads(pickle.dumps(result)).parts == result.parts


def test_many_threads_share_a_ruleset() -> None:
    """The first reading of `values` compiles the full function: all threads meet there at once."""
    shared = compiled(BODY)
    together = threading.Barrier(8)

    def work(thread: int) -> list[tuple[object, ...]]:
        together.wait()
        found: list[tuple[object, ...]] = []
        for k in range(200):
            result = shared.score({**RECORD, "x": (thread * 200 + k) % 10}, as_of="2026-03-31")
            found.append((result.score, result.parts["x"], result.band))
        return found

    with ThreadPoolExecutor(8) as pool:
        answers = [answer for answers in pool.map(work, range(8)) for answer in answers]
    expected = {True: (75.0, 100.0, "high"), False: (0.0, 0.0, "low")}
    xs = [(thread * 200 + k) % 10 for thread in range(8) for k in range(200)]
    assert answers == [expected[x >= 5] for x in xs]


def test_loading_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "small.health"
    path.write_text("ruleset small\n  language 1\nsignal x number\nscore s = x\n", encoding="utf-8")
    assert healthdsl.load(path).score({"x": 3}).score == 3
    assert healthdsl.load(str(path)).source.name == str(path)
    path.write_text("ruleset small\n  languag 1\n", encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        healthdsl.load(path)
    assert caught.value.source.name == str(path)
    assert "languag" in str(caught.value)


def test_bytes_are_read_as_a_file_would_be() -> None:
    assert loads(b"ruleset small\n  language 1\nsignal x number\nscore s = x\n").score({"x": 3}).score == 3
    with pytest.raises(RulesetError):
        loads(b"\xff\xfe\x00")


def test_an_explanation_is_made_of_the_result() -> None:
    explanation = COMPILED.score(RECORD, as_of="2026-03-31").explain()
    assert explanation.ruleset.fingerprint == COMPILED.fingerprint
    assert explanation.as_of == date(2026, 3, 31)


def test_shown_in_a_console() -> None:
    assert repr(COMPILED).startswith("<ruleset made ")
    assert repr(COMPILED.score(RECORD, as_of="2026-03-31")) == "<result made 17: 75.0 high>"


@pytest.mark.parametrize("as_of", ["2026-W01-1", "20260331", "31/03/2026", "", "2026-02-30"])
def test_a_day_has_one_form(as_of: str) -> None:
    with pytest.raises(ValueError, match="expected a date such as 2026-03-31"):
        loads("ruleset r\n  language 1\n").score({}, as_of=as_of)


def test_a_day_outside_of_the_calendar_is_refused() -> None:
    last = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
    with pytest.raises(ValueError, match="outside of the years"):
        loads("ruleset r\n  language 1\n").score({}, as_of=last)


def test_an_id_may_be_any_number() -> None:
    ruleset = loads("ruleset r\n  language 1\nsignal a count\n")
    assert ruleset.score({"account_id": 10**5000, "a": 1}).account_id == "<int that cannot be shown>"
    with pytest.raises(RecordError, match="expected a whole number"):
        ruleset.score({"account_id": 10**5000, "a": "x"})
    with pytest.raises(RecordError, match="int that cannot be shown"):
        ruleset.score({"a": 10**5000})


def test_a_ruleset_is_text() -> None:
    with pytest.raises(TypeError, match="the text of a ruleset, found 5"):
        loads(5)  # type: ignore[arg-type]
    with pytest.raises(RulesetError, match=r"line 2 holds half a character, \\ud800") as found:
        loads("ruleset r\n\ud800")
    str(found.value).encode("utf-8")
