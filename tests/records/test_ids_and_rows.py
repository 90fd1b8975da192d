"""Which account a record is, and the rows that belong to it."""

import io
import re

import pytest

from healthdsl.records.accounts import read_accounts
from healthdsl.records.errors import FileError
from healthdsl.records.seen import Seen
from tests.records.book import TICKETS, Folder, ruleset

ACCOUNTS = "account_id,Seats,NPS Score\nA1,2,3\nA2,4,5\n"


@pytest.mark.parametrize(
    ("header", "declared", "asked", "expected"),
    [
        ("account_id,id,Key", None, None, "1"),
        ("id,Name,Key", None, None, "1"),
        ("a,Key,account_id", "Key", None, "2"),
        ("a,Key,account_id", "Key", "a", "1"),
        ("a,b,c", None, "c", "3"),
    ],
)
def test_the_id_column(
    folder: Folder, header: str, declared: str | None, asked: str | None, expected: str
) -> None:
    folder.file("a.csv", f"{header},Seats\n1,2,3,9\n")
    (record,) = folder.read("a.csv", ruleset(account_id=declared), id_column=asked)
    assert record[declared or "account_id"] == expected


def test_without_an_id_column_accounts_go_by_number(folder: Folder) -> None:
    folder.file("a.csv", "Seats,NPS Score\n2,3\n4,5\n")
    assert [record["account_id"] for record in folder.read("a.csv", ruleset())] == ["1", "2"]
    assert "accounts go by their number" in folder.warnings[0]


@pytest.mark.parametrize(("declared", "asked"), [("acount_id", None), (None, "acount_id")])
def test_an_id_column_that_is_not_there(folder: Folder, declared: str | None, asked: str | None) -> None:
    folder.file("a.csv", ACCOUNTS)
    with pytest.raises(
        FileError, match=r"`acount_id`.*did you mean `account_id`.*Found: `account_id`, `Seats`, `NPS"
    ):
        folder.read("a.csv", ruleset(account_id=declared), id_column=asked)


def test_ids_that_repeat_are_refused_with_their_lines(folder: Folder) -> None:
    folder.file("a.csv", f"{ACCOUNTS}A1,6,7\n A2,6,7\n")
    with pytest.raises(FileError) as caught:
        folder.read("a.csv", ruleset())
    for each in (r"`A1`: \S*a.csv, line 2, and \S*a.csv, line 4\n", r"`A2`: .*line 3, and .*line 5\n"):
        assert re.search(each, str(caught.value))


def test_only_the_first_of_many_repeated_ids_are_shown(folder: Folder) -> None:
    folder.file("a.csv", ACCOUNTS + "A1,6,7\n" * 23)
    with pytest.raises(FileError) as caught:
        folder.read("a.csv", ruleset())
    assert str(caught.value).count("`A1`") == 20
    assert "and 3 more" in str(caught.value)


def test_rows_without_a_date_are_told(folder: Folder) -> None:
    folder.file("a.csv", ACCOUNTS)
    file = folder.file(
        "t.csv", "account_id,opened_on,Priority\nA1,2026-01-02,low\nA2, ,low\nA1,2026-01-02,\nA1,,low\n"
    )
    folder.read("a.csv", ruleset(tables=(TICKETS,)), rows={"tickets": file})
    (warning,) = folder.warnings
    assert "2 rows have no date in `opened_on` and no part in the score: the first is " in warning
    assert warning.endswith("t.csv, line 3")


def test_where_rows_stand_is_known(folder: Folder) -> None:
    accounts = folder.file("a.csv", ACCOUNTS)
    file = folder.file(
        "t.csv", "account_id,opened_on,Priority\nA1,2026-01-02,\nA2,2026-01-02,\nA1,2026-01-03,\n"
    )
    seen = Seen()
    assert list(read_accounts(accounts, ruleset(tables=(TICKETS,)), rows={"tickets": file}, seen=seen))
    assert seen.places == {"A1": f"{accounts}, line 2", "A2": f"{accounts}, line 3"}
    places = [seen.row_place("tickets", *row) for row in (("A1", 2), ("A2", 1), ("A2", 2), ("A3", 1))]
    assert places == [f"{file}, line 4", f"{file}, line 3", None, None]


def test_rows_are_joined_by_account(folder: Folder) -> None:
    folder.file("a.csv", ACCOUNTS)
    file = folder.file("t.csv", "id,account_id,opened_on,Priority\n7, A1 ,2026-01-02,low\n8,A1,2026-01-03,\n")
    first, second = folder.read("a.csv", ruleset(tables=(TICKETS,)), rows={"tickets": file})
    assert first["tickets"] == [
        {"id": "7", "account_id": " A1 ", "opened_on": "2026-01-02", "Priority": "low"},
        {"id": "8", "account_id": "A1", "opened_on": "2026-01-03", "Priority": None},
    ]
    assert second["tickets"] == []  # a file was given, so no rows means none, not missing
    assert folder.warnings == []


def test_ids_agree_across_forms(folder: Folder) -> None:
    folder.file("a.json", '[{"account_id": 12, "Seats": 1, "NPS Score": 2}]')
    file = folder.file("t.jsonl", '{"account_id": "12", "opened_on": "2026-01-02"}\n{"account_id": 12.0}\n')
    (record,) = folder.read("a.json", ruleset(tables=(TICKETS,)), rows={"tickets": file})
    assert isinstance(record["tickets"], list)
    assert len(record["tickets"]) == 2


def test_rows_of_unknown_accounts_and_of_none_are_told(folder: Folder) -> None:
    folder.file("a.csv", ACCOUNTS)
    file = folder.file(
        "t.csv", "account_id,opened_on,Priority\nA9,2026-01-02,low\nA9,2026-01-02,low\n,2026-01-02,low\n"
    )
    folder.read("a.csv", ruleset(tables=(TICKETS,)), rows={"tickets": file})
    assert "1 row has no `account_id`" in folder.warnings[0]
    assert "2 rows are of accounts that" in folder.warnings[1]
    assert "`A9`" in folder.warnings[1]
    file = folder.file("t1.csv", "account_id,opened_on,Priority\nA9,2026-01-02,low\n")
    folder.read("a.csv", ruleset(tables=(TICKETS,)), rows={"tickets": file})
    assert "1 row is of an account that" in folder.warnings[-1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"ticket": "t.csv"}, "no rows `ticket` (did you mean `tickets`?). It has: tickets."),
        ({"tickets": "nothing.csv"}, "there is no such file"),
        ({"tickets": "plain.csv"}, "no column `account_id` to join the rows"),
        (
            {"tickets": "undated.csv"},
            "no column `opened_on`, which dates the rows `tickets` (did you mean `opened on`?)",
        ),
    ],
)
def test_rows_that_cannot_be_joined(folder: Folder, rows: dict[str, str], said: str) -> None:
    folder.file("a.csv", ACCOUNTS)
    folder.file("t.csv", "account_id,opened_on,Priority\n")
    folder.file("plain.csv", "id,opened_on\n1,2026-01-02\n")
    folder.file("undated.csv", "account_id,opened on\nA1,2026-01-02\n")
    files = {name: str(folder.path / file) for name, file in rows.items()}
    with pytest.raises(FileError) as caught:
        folder.read("a.csv", ruleset(tables=(TICKETS,)), rows=files)
    assert said in str(caught.value)


def test_nested_rows_stay_and_may_not_come_twice(folder: Folder) -> None:
    folder.file(
        "a.json", '[{"account_id": "A1", "Seats": 1, "NPS Score": 2, "tickets": [{"Priority": "low"}]}]'
    )
    (record,) = folder.read("a.json", ruleset(tables=(TICKETS,)))
    assert record["tickets"] == [{"Priority": "low"}]
    assert folder.warnings == []
    file = folder.file("t.csv", "account_id,opened_on,Priority\nA1,2026-01-02,low\n")
    with pytest.raises(FileError, match=r"record 1: `tickets` is in the record and in"):
        folder.read("a.json", ruleset(tables=(TICKETS,)), rows={"tickets": file})


def test_standard_input_is_read_once(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ACCOUNTS.encode())))
    assert len(folder.read("-", ruleset())) == 2
    with pytest.raises(FileError, match="Only one file"):
        folder.read("-", ruleset(tables=(TICKETS,)), rows={"tickets": "-"})
