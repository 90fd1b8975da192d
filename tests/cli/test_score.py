"""`score`: every form of output, what is refused, and what strangers may put into a table."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import datetime

import pytest

from tests.cli.program import ACCOUNTS, RULESET, Program

# 60 * 100 + 40 * 100; A-2: 60 * 0 + 40 * 50; A-3 knows nothing.
FIRST = "account_id,account_name,score,band,coverage,flags,plays,big,call,bad_cells"
COLUMNS = f"{FIRST},nps__points,nps__row,seats__points,seats__row,seats,nps"
# The rows that fired are counted from 0; -2 is the policy for missing data.
CSV = f"""\
{COLUMNS}
A-1,Acme,100,good,1,big,,yes,no,,100,1,100,1,120,45
A-2,Birch,20,poor,1,,call,no,yes,,0,0,50,0,8,-20
A-3,Cobalt,,,0,,,no,no,,,-2,,-2,,
"""
BRIEF = f"""\
{FIRST}
A-1,Acme,100,good,1,big,,yes,no,
A-2,Birch,20,poor,1,,call,no,yes,
A-3,Cobalt,,,0,,,no,no,
"""
DATED = RULESET.replace(
    "measure nps", "signal renewal date\nsignal left = days from today to renewal\n\nmeasure nps", 1
).partition("test ")[0]
ROWS = RULESET.replace(
    "measure nps", "rows tickets\n  kind text\nsignal open = count of tickets\n\nmeasure nps", 1
).replace("flag big when seats at least 100", "flag big when open at least 2")
FURTHER = """
levels mood
  low   0    red
  high  100  green

score size average
  seats

bands size, seats
  below 60  -> small  grey
  otherwise -> large  blue
"""


def test_table(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split() for line in ran.out.splitlines()] == [
        ["account", "name", "score", "band", "coverage", "flags", "plays"],
        ["A-1", "Acme", "100", "good", "100%", "big"],
        ["A-2", "Birch", "20", "poor", "100%", "call"],
        ["A-3", "Cobalt", "-", "-", "0%"],
        [],
        ["3", "accounts:", "1", "poor,", "1", "good,", "1", "without", "a", "score"],
    ]


@pytest.mark.parametrize(
    ("bands", "counted"),
    [
        ("  below 50  -> poor red\n  otherwise -> good green", "1 poor, 1 good, 1 without a score"),
        ("  below 50  -> poor red\n  missing   -> unknown grey", "1 poor, 1 unknown, 1 without a band"),
        ("  below 20  -> poor red\n  below 50 -> fair red", "1 fair, 1 without a score, 1 without a band"),
    ],
)
def test_every_account_is_counted_once(healthdsl: Program, bands: str, counted: str) -> None:
    old = "  below 50  -> poor red\n  otherwise -> good green"
    healthdsl.file("tiny.health", RULESET.replace(old, bands).replace("  expect health is poor\n", ""))
    ran = healthdsl("score", "tiny.health", "accounts.csv")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, f"3 accounts: {counted}")


def test_columns_that_are_not_there_are_said_again_below_the_table(healthdsl: Program) -> None:
    healthdsl.file("accounts.csv", ACCOUNTS.replace(",seats,", ",Sitze,"))
    ran = healthdsl("score", "tiny.health", "accounts.csv")
    assert ran.out.splitlines()[-1] == "Scored without `seats`: no such column among the accounts."
    healthdsl.file("a.json", '[{"account_id": 1, "seats": 1}]')
    ran = healthdsl("score", "tiny.health", "a.json")
    assert ran.out.splitlines()[-1] == "Scored without `NPS Score`: no such column among the accounts."


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("a.csv", "b.health"), "a.csv is a file of accounts. {} healthdsl score b.health a.csv\n"),
        (("a.csv", "b.csv"), "a.csv is a file of accounts. {} healthdsl score RULESET.health a.csv\n"),
        (("a.txt", "b.health"), "b.health is a ruleset. {} healthdsl score b.health a.txt\n"),
        (("a.health", "b.health"), "b.health is a ruleset. {} healthdsl score b.health ACCOUNTS.csv\n"),
    ],
)
def test_arguments_in_the_wrong_order(healthdsl: Program, files: tuple[str, str], said: str) -> None:
    ran = healthdsl("score", *files)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: " + said.format("The ruleset comes first, then the accounts:")
    assert healthdsl("explain", *files, "--account", "1").code == 2


def test_csv(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv")
    assert (ran.code, ran.out, ran.err) == (0, CSV, "")


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_has_the_same_names_in_the_same_order(healthdsl: Program, form: str) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--format", form)
    rows = json.loads(ran.out) if form == "json" else [json.loads(line) for line in ran.out.splitlines()]
    assert [list(row) for row in rows] == [COLUMNS.split(",")] * 3
    first = ["A-1", "Acme", 100, "good", 1, ["big"], [], True, False, None]
    assert list(rows[0].values()) == [*first, 100, 1, 100, 1, 120, 45]
    third: list[object] = ["A-3", "Cobalt", None, None, 0, [], [], False, False, None]
    assert list(rows[2].values()) == [*third, None, -2, None, -2, None, None]


def test_how_much_of_the_explanation_is_a_choice(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv", "--explain", "none")
    assert (ran.code, ran.out) == (0, BRIEF)
    full = healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv", "--explain", "full").out
    header = full.splitlines()[0]
    assert header.startswith(f"{COLUMNS},")
    assert {"nps__supplied", "health__weight_1", "seats__known"} <= set(header.split(","))


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.jsonl", "out.txt"])
def test_output_file_takes_its_form_from_its_name(healthdsl: Program, name: str) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "-o", name)
    assert (ran.code, ran.out) == (0, "")
    form = {"out.txt": "table"}.get(name, name.partition(".")[2])
    assert (healthdsl.folder / name).read_text() == healthdsl(
        "score", "tiny.health", "accounts.csv", "--format", form
    ).out


def test_further_scores_levels_and_bands_have_columns(healthdsl: Program) -> None:
    more = RULESET.replace("measure nps ladder", "measure nps ladder as mood")
    more = more.replace('-> 0    "Unhappy"', "-> low").replace(
        "-> 100\n\nmeasure seats", "-> high\n\nmeasure seats"
    )
    more += FURTHER
    healthdsl.file("tiny.health", more)
    first, second, *_ = csv.reader(
        io.StringIO(healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv").out)
    )
    assert first == [
        *(
            "account_id",
            "account_name",
            "score",
            "band",
            "coverage",
            "size__points",
            "size__band",
            "flags",
            "plays",
        ),
        *("big", "call", "bad_cells"),
        *("nps__points", "nps__level", "nps__row", "seats__points", "seats__band", "seats__row"),
        *("seats", "nps"),
    ]
    assert second == [
        "A-1",
        "Acme",
        "100",
        "good",
        "1",
        "100",
        "large",
        *("big", "", "yes", "no", ""),
        *("100", "high", "1", "100", "large", "1"),
        *("120", "45"),
    ]


def test_accounts_from_standard_input(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "-", "--format", "csv", stdin=ACCOUNTS)
    assert (ran.code, ran.out) == (0, CSV)


def test_only_one_file_comes_from_standard_input(healthdsl: Program) -> None:
    for arguments in (["score", "-", "-"], ["explain", "-", "-", "--account", "A-1"]):
        ran = healthdsl(*arguments, stdin=RULESET)
        assert (ran.code, ran.err) == (
            2,
            "error: Only one file can be standard input (-). Name the others.\n",
        )


def test_rows_are_joined(healthdsl: Program) -> None:
    healthdsl.file("rows.health", ROWS)
    healthdsl.file("t.csv", "account_id,kind\nA-2,x\nA-2,y\nA-1,z\n")
    ran = healthdsl("score", "rows.health", "accounts.csv", "--rows", "tickets=t.csv", "--format", "jsonl")
    assert [json.loads(line)["flags"] for line in ran.out.splitlines()] == [[], ["big"], []]
    ran = healthdsl("score", "rows.health", "accounts.csv", "--format", "jsonl")
    assert [json.loads(line)["flags"] for line in ran.out.splitlines()] == [[], [], []]
    assert "no rows `tickets` given" in ran.err


def test_a_ruleset_that_looks_at_dates_needs_a_day(healthdsl: Program) -> None:
    healthdsl.file("dated.health", DATED)
    ran = healthdsl("score", "dated.health", "accounts.csv")
    assert ran.code == 2
    assert "--as-of 2026-03-31" in ran.err
    assert healthdsl("score", "dated.health", "accounts.csv", "--as-of", "2026-01-01").code == 0
    today = datetime.now().astimezone().date().isoformat()
    runs = [
        healthdsl("score", "dated.health", "accounts.csv", "--as-of", day).out for day in ("today", today)
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--as-of", "31.03.2026"],
            "--as-of 31.03.2026: this is no date. Write it like 2026-03-31, or today.",
        ),
        (["--rows", "tickets"], "--rows tickets: write the table's name, = and the file"),
        (["--rows", "tickets=t.csv"], "the ruleset has no rows `tickets`"),
        (["--id", "acount_id"], "no column `acount_id`, which --id names (did you mean `account_id`?)"),
        (["-o", "accounts.csv"], "this file is read by the command"),
        (["-o", "tiny.health"], "this file is read by the command"),
        (["-o", "no/out.csv"], "there is no folder"),
        (
            ["-o", "out.xlsx"],
            ".xlsx are not written here. Write -o out.csv (or .json, .jsonl, .txt, .parquet)",
        ),
        (["-o", "."], "this is a folder"),
    ],
)
def test_what_cannot_be_done_is_said(healthdsl: Program, arguments: list[str], said: str) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert said in ran.err
    assert (healthdsl.folder / "accounts.csv").read_text() == ACCOUNTS


def test_a_strict_run_stops_and_leaves_no_file(healthdsl: Program) -> None:
    healthdsl.file("accounts.csv", ACCOUNTS.replace("8,-20", "8,-200"))
    ran = healthdsl("score", "tiny.health", "accounts.csv", "-o", "out.csv", "--strict", "--rejects", "r.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: 1 cell cannot be read:\n"
        "  `nps` (column `NPS Score`): 1\n"
        "    accounts.csv, line 3: account A-2: '-200', expected a number from -100 to 100\n"
        "Mend them, or leave --strict out: then they count as missing.\n"
    )
    assert not list(healthdsl.folder.glob("*out*")) + list(healthdsl.folder.glob("*r.csv"))
    assert healthdsl("score", "tiny.health", "accounts.csv", "--strict").out == ""


def test_bad_cells_are_counted_by_signal_with_their_lines(healthdsl: Program) -> None:
    healthdsl.file("rows.health", ROWS.replace("kind text", "kind one of bug, wish"))
    healthdsl.file("accounts.csv", ACCOUNTS.replace("8,-20", "8.5,-200"))
    healthdsl.file("t.csv", "account_id,kind\nA-3,bug\nA-2,wish\nA-3,zzz\n")
    ran = healthdsl("score", "rows.health", "accounts.csv", "--rows", "tickets=t.csv", "--format", "jsonl")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "warning: 3 cells cannot be read and count as missing:",
        "  `seats`: 1",
        "    accounts.csv, line 3: account A-2: '8.5', expected a whole number, not negative",
        "  `nps` (column `NPS Score`): 1",
        "    accounts.csv, line 3: account A-2: '-200', expected a number from -100 to 100",
        "  `tickets.kind`: 1",
        "    t.csv, line 4: account A-3: 'zzz', expected one of bug, wish (compared as written)",
    ]
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["bad_cells"] for row in rows] == [None, "seats; nps", "tickets.kind"]
    assert (rows[1]["seats"], rows[1]["score"]) == (None, None)


def test_of_many_bad_cells_three_are_shown(healthdsl: Program) -> None:
    lines = "".join(f"B-{number},x,many,5\n" for number in range(7))
    healthdsl.file("accounts.csv", f"{ACCOUNTS}{lines}")
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--format", "csv")
    assert ran.code == 0
    assert "B-6,x,100,good,0.6,,,no,no,seats,100,1,,-2,,5\n" in ran.out
    assert ran.err.count("account B-") == 3
    assert "  `seats`: 7\n    accounts.csv, line 5: account B-0: 'many', expected a whole" in ran.err
    table = healthdsl("score", "tiny.health", "accounts.csv").out.splitlines()
    assert table[0].split()[-1] == table[4].split()[-1].replace("seats", "bad_cells")


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl"])
def test_rejected_cells_go_to_a_file(healthdsl: Program, name: str) -> None:
    healthdsl.file("accounts.csv", ACCOUNTS.replace("8,-20", "=8,-200"))
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--rejects", name)
    assert ran.code == 0
    text = (healthdsl.folder / name).read_text()
    seats = ["A-2", "seats", "seats", "'=8'", "a whole number, not negative"]
    nps = ["A-2", "nps", "NPS Score", "'-200'", "a number from -100 to 100"]
    if name == "r.csv":
        header, *found = csv.reader(io.StringIO(text))
        assert header == ["account_id", "signal", "column", "found", "expected"]
    else:
        found = [list(json.loads(line).values()) for line in text.splitlines()]
    assert found == [seats, nps]


def test_rejected_cells_are_not_written_as_anything(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "--rejects", "r.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "rejected cells are written as .csv, .jsonl" in ran.err


def test_lines_of_json_lines_and_records_of_json(healthdsl: Program) -> None:
    healthdsl.file("a.jsonl", '{"account_id": 1, "seats": 1}\n\n{"account_id": 2, "seats": "x"}\n')
    assert "a.jsonl, line 3: account 2: 'x'" in healthdsl("score", "tiny.health", "a.jsonl").err
    healthdsl.file("a.json", '[{"account_id": 1, "seats": 1}, {"account_id": 2, "seats": "x"}]')
    assert "a.json, record 2: account 2: 'x'" in healthdsl("score", "tiny.health", "a.json").err


def test_a_ruleset_with_mistakes_is_a_finding(healthdsl: Program) -> None:
    healthdsl.file("tiny.health", RULESET.replace("60 nps", "60 npz"))
    ran = healthdsl("score", "tiny.health", "accounts.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "tiny.health:18:6" in ran.err


def test_data_of_strangers_is_harmless(healthdsl: Program) -> None:
    name = "=cmd|' /C calc'!A0\x1b[2J\x07\u202e"
    healthdsl.file(
        "accounts.json", json.dumps([{"account_id": "@1\ud800", "name": name, "seats": 1, "NPS Score": 2}])
    )
    table = healthdsl("score", "tiny.health", "accounts.json")
    text = healthdsl("score", "tiny.health", "accounts.json", "--format", "csv")
    lines = healthdsl("score", "tiny.health", "accounts.json", "--format", "jsonl")
    assert table.code == text.code == lines.code == 0
    row = list(csv.reader(io.StringIO(text.out)))[1]
    assert row[0].startswith("'@1")
    assert row[1].startswith("'=cmd")
    assert json.loads(lines.out)["account_name"] == name
    for bad in ("\x07", "\u202e", "\ud800"):
        assert bad not in table.out + text.out + lines.out


def test_letters_that_a_terminal_cannot_write_are_written_out(healthdsl: Program) -> None:
    healthdsl.file("accounts.csv", ACCOUNTS.replace("Acme", "Zoë 漢字"))
    assert "Zoë 漢字" in healthdsl("score", "tiny.health", "accounts.csv").out
    command = [sys.executable, "-m", "healthdsl", "score", "tiny.health", "accounts.csv"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        command, cwd=healthdsl.folder, env=environment, capture_output=True, text=True, check=True
    )
    assert "Zo\\xeb \\u6f22\\u5b57" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said_plainly(healthdsl: Program) -> None:
    ran = healthdsl("score", "tiny.health", "accounts.csv", "-o", "/dev/full")
    assert ran.code == 2
    assert ran.err.startswith("error: ")
