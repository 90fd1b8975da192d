"""JSON and JSON Lines."""

import pytest

from healthdsl.records.errors import FileError
from tests.records.book import Folder, ruleset

ONE = '{"account_id": "A1", "Seats": 20, "NPS Score": null}'
RECORD = {"account_id": "A1", "Seats": 20, "NPS Score": None}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", f"[{ONE}]"),
        ("a.json", ONE),
        ("a.json", f"\n[\n{ONE}\n]\n"),
        ("a.jsonl", f"{ONE}\n"),
        ("a.ndjson", f"\n{ONE}\n\n"),
        ("accounts", f"[{ONE}]"),
        ("accounts", f"{ONE}\n"),
        ("accounts", ONE.replace(", ", ",\n")),
        ("a.JSON", f"\ufeff[{ONE}]"),
    ],
)
def test_forms(folder: Folder, name: str, content: str) -> None:
    folder.file(name, content)
    assert folder.read(name, ruleset()) == [RECORD]


def test_lines_are_read_one_at_a_time(folder: Folder) -> None:
    from healthdsl.records.accounts import read_accounts

    path = folder.file("a.jsonl", f"{ONE}\nnot json\n")
    records = read_accounts(path, ruleset())
    assert next(records)["account_id"] == "A1"
    with pytest.raises(FileError, match="line 2, character 1: this is not JSON"):
        next(records)


def test_fields_that_no_account_has_are_told_at_the_end(folder: Folder) -> None:
    folder.file("a.jsonl", '{"id": 1, "Seats": 1}\n{"id": 2, "nps score": 3}\n')
    assert len(folder.read("a.jsonl", ruleset())) == 2
    (warning,) = folder.warnings
    assert "`NPS Score` (did you mean `nps score`?)" in warning


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "", "the file is empty"),
        ("a.json", "[]", "there is no account"),
        ("a.jsonl", "\n\n", "there is no account"),
        ("a.json", f"[{ONE},\n 5]", "record 2: found a number, expected an object"),
        ("a.json", f"[{ONE},\n{{]", "line 2, character 2: this is not JSON"),
        ("a.jsonl", "[1]\n", "line 1: found a list, expected an object"),
        ("a.json", '[{"id": 1, "Seats": 1, "Seats": 2}]', "`Seats` is given twice"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '[{"Seats": ' + "9" * 5_000 + "}]", "too many digits"),
        ("a.json", f"[{ONE}, {{}}]", "record 2: no account id in `account_id`"),
        ("a.json", '[{"account_id": {"a": 1}, "Seats": 1}]', "record 1: no account id"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    folder: Folder, name: str, content: str, said: str
) -> None:
    path = folder.file(name, content)
    with pytest.raises(FileError) as caught:
        folder.read(name, ruleset())
    assert said in str(caught.value)
    assert str(caught.value).startswith(path)
