"""CSV files: separators, blanks, headers, ragged rows and what is refused."""

import pytest

from healthdsl.records.errors import FileError
from tests.records.book import TICKETS, Folder, ruleset, signal

HEADER = "account_id,Seats,NPS Score\n"


def test_cells_are_texts_under_their_column(folder: Folder) -> None:
    folder.file("a.csv", f"{HEADER}A1,20,45\n")
    assert folder.read("a.csv", ruleset()) == [{"account_id": "A1", "Seats": "20", "NPS Score": "45"}]
    assert folder.warnings == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_line_ends_and_byte_order_mark(
    folder: Folder, separator: str, end: str, mark: str
) -> None:
    lines = [separator.join(cells) for cells in (["account_id", "Seats", "NPS Score"], ["A1", "20", "4"])]
    folder.file("a.csv", mark + end.join(lines))
    assert folder.read("a.csv", ruleset()) == [{"account_id": "A1", "Seats": "20", "NPS Score": "4"}]


def test_a_separator_inside_quotes_does_not_count(folder: Folder) -> None:
    folder.file("a.csv", '"a,b,c,d";account_id;Seats;NPS Score\n"x;y";A1;2;3\n')
    assert folder.read("a.csv", ruleset())[0]["a,b,c,d"] == "x;y"


@pytest.mark.parametrize("blank", ["", " ", "   "])
def test_blank_cells_are_missing(folder: Folder, blank: str) -> None:
    folder.file("a.csv", f"{HEADER}A1,{blank},0\n")
    (record,) = folder.read("a.csv", ruleset())
    assert record["Seats"] is None
    assert record["NPS Score"] == "0"


def test_names_of_columns_lose_the_blanks_around_them(folder: Folder) -> None:
    folder.file("a.csv", " account_id , Seats,NPS Score \nA1,2,3\n")
    assert folder.read("a.csv", ruleset())[0]["NPS Score"] == "3"


def test_blank_lines_are_left_out(folder: Folder) -> None:
    folder.file("a.csv", f"\n{HEADER}\nA1,2,3\n,,\n\nA2,4,5\n")
    assert [record["account_id"] for record in folder.read("a.csv", ruleset())] == ["A1", "A2"]


def test_a_quoted_cell_may_hold_line_ends(folder: Folder) -> None:
    folder.file("a.csv", f'{HEADER}"A\n1",2,3\nA2,4,5\n')
    assert [record["account_id"] for record in folder.read("a.csv", ruleset())] == ["A\n1", "A2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
        (HEADER, "there is no account in this file"),
        (f"{HEADER}A1,2\n", "line 2: 2 cells found, but the header has 3"),
        (f"Export of today\n\n{HEADER}A1,2,3\n", "or fill up the row; lines above the header have to go"),
        (f'{HEADER}A1,2,3\n"A\n2",2,3\nA3,1,2,3\n', "line 5: 4 cells found, but the header has 3"),
        ("account_id,Seats,Seats\nA1,2,3\n", "line 1: `Seats` names 2 columns (2, 3)"),
        ("account_id,account_id,Seats\nA1,A1,3\n", "`account_id` names 2 columns (1, 2)"),
        ("account_id" + 7 * ",Seats", "`Seats` names 7 columns (2, 3, 4, 5, 6, ..)"),
        ("account_id,Seats" + 10_000 * ",x", "line 1: 10,002 columns, at most 10,000. Leave out the columns"),
        (f'{HEADER}A1,"2,3\nA2,4,5\n', "line 2: a quote"),
        (f'{HEADER}A1,"2"x,3\n', "line 2: there is text after a closing quote"),
        (f"{HEADER}A1,2,3\n ,4,5\n", "line 3: no account id in `account_id`"),
        ("name,town\nx,y\n", "Is it the right file?"),
        (
            f"{HEADER}A1,2,caf\xe9\n".encode("latin-1"),
            "byte 0xe9 is not UTF-8 text. Save the file as UTF-8 (CSV",
        ),
        (HEADER.encode("utf-16"), "this is UTF-16 text"),
        (b"PK\x03\x04junk", "this is a workbook or an archive"),
        (b"account_id,Seats\nA\0,1\n", "line 2: there is a NUL byte"),
        (HEADER.encode() + b"A1,2," + b"9" * 200_000, "a cell is longer than 131_072"),
        ("account_id,Seats\rA1,2\r", "CR only"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(folder: Folder, content: str | bytes, said: str) -> None:
    path = folder.file("a.csv", content)
    with pytest.raises(FileError) as caught:
        folder.read("a.csv", ruleset())
    assert said in str(caught.value)
    assert str(caught.value).startswith(path)


def test_a_column_that_stands_twice_and_is_not_read_does_no_harm(folder: Folder) -> None:
    folder.file("a.csv", "account_id,Seats,NPS Score,note,note\nA1,2,3,x,y\n")
    assert len(folder.read("a.csv", ruleset())) == 1


def test_missing_columns_are_told_once_with_the_nearest(folder: Folder) -> None:
    folder.file("a.csv", "account_id,seats,town\nA1,2,x\nA2,3,y\n")
    folder.read(
        "a.csv", ruleset(signals=(signal("seats", "Seats"), signal("t", "town"), signal("q", "Quality")))
    )
    (warning,) = folder.warnings
    assert "missing in every account" in warning
    assert "`Seats` (did you mean `seats`?)" in warning
    assert "`Quality`\n" in f"{warning}\n"


def test_a_cell_is_not_a_table(folder: Folder) -> None:
    folder.file("a.csv", f"tickets,{HEADER}3,A1,2,3\n")
    (record,) = folder.read("a.csv", ruleset(tables=(TICKETS,)))
    assert "tickets" not in record
    assert "no rows `tickets`" in folder.warnings[0]


@pytest.mark.parametrize("sign", ["|", "^", "~"])
def test_an_unusual_separator_is_named(folder: Folder, sign: str) -> None:
    folder.file("a.csv", "account_id,Seats,NPS Score\nA1,2,3\n".replace(",", sign))
    with pytest.raises(FileError) as caught:
        folder.read("a.csv", ruleset())
    assert f"a.csv, line 1: the columns are separated by `{sign}`. Save the file with commas" in str(
        caught.value
    )


def test_a_bar_in_the_name_of_a_column_is_no_separator(folder: Folder) -> None:
    folder.file("a.csv", 'account_id,Seats,NPS Score,a|b,"c|d|e|f|g|h"\nA1,2,3,4,5\n')
    assert folder.read("a.csv", ruleset())[0]["a|b"] == "4"
