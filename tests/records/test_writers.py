"""Output: no formula runs, no escape sequence passes, every form reads back."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.records.cells import cell_text, defused, printable, printable_lines
from healthdsl.records.writers import write_csv, write_json, write_json_lines

COLUMNS = ("account_id", "score", "flags")
ROWS: list[dict[str, object]] = [
    {"account_id": "A1", "score": 82.5, "flags": ("a", "b")},
    {"account_id": 'Ünïcode, "q"', "score": None, "flags": ()},
]


def test_csv() -> None:
    stream = io.StringIO()
    write_csv(stream, COLUMNS, ROWS)
    assert stream.getvalue() == 'account_id,score,flags\nA1,82.5,a; b\n"Ünïcode, ""q""",,\n'


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_json_reads_back(rows: list[dict[str, object]]) -> None:
    whole, lines = io.StringIO(), io.StringIO()
    write_json(whole, rows)
    write_json_lines(lines, rows)
    expected = json.loads(json.dumps(rows))
    assert json.loads(whole.getvalue()) == expected
    assert [json.loads(line) for line in lines.getvalue().splitlines()] == expected


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "=cmd|' /C calc'!A0",
        "+",
        "-",
        "\uff1d1+1",
        "--5",
    ],
)
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-5", "+491701234567", "-0.5", "-.5", "+1e5", "1-2", "a=b", "", "Acme", "'x"]
)
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert defused(text) == text


def reads_as_number(text: str) -> bool:
    try:
        return isinstance(float(text), float)
    except ValueError:
        return False


@given(st.text() | st.from_regex(r"\A ?[=+\-@\t][0-9.eE+-]{0,6}\Z"))
def test_no_csv_cell_starts_a_formula(text: str) -> None:
    stream = io.StringIO()
    write_csv(stream, ("a",), [{"a": text}])
    (_, *rows) = csv.reader(io.StringIO(stream.getvalue()))
    cell = rows[0][0] if rows and rows[0] else ""
    starts = ("=", "+", "-", "@", "\t", "\r", "\n")
    assert not cell.strip(" ").startswith(starts) or reads_as_number(cell)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\x07b\x9b2J", "a\\x07b\\x9b2J"),
        ("line\nline", "line\\x0aline"),
        ("abc\u202ecba", "abc\\u202ecba"),
        ("\ud800", "\\ud800"),
        ("Zoë 漢字 🙂", "Zoë 漢字 🙂"),
    ],
)
def test_terminal_sequences_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_texts_of_several_lines_keep_their_lines() -> None:
    assert printable_lines("a\n\tb\x1bc\r\n") == "a\n\tb\\x1bc\\x0d\n"


@given(st.text())
def test_json_output_never_upsets_a_terminal(text: str) -> None:
    stream = io.StringIO()
    write_json_lines(stream, [{"a": text}])
    line = stream.getvalue()
    assert json.loads(line)["a"] == text
    assert printable(line.removesuffix("\n")) == line.removesuffix("\n")
    line.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (82.0, "82"),
        (0.1, "0.1"),
        (-3.0, "-3"),
        (7, "7"),
        (("a", "b"), "a; b"),
    ],
)
def test_cell_texts(value: object, text: str) -> None:
    assert cell_text(value) == text
