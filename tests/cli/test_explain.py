"""`explain`: one account, in every form."""

import json

import duckdb
import pytest

from tests.batch.test_rebuild import TEXT as SMALL
from tests.cli.program import ACCOUNTS, Program, Ran

A2 = ("explain", "tiny.health", "accounts.csv", "--account", "A-2")


def test_text(healthdsl: Program) -> None:
    ran = healthdsl(*A2)
    assert (ran.code, ran.err) == (0, "")
    for word in ("Birch", "20", "poor", "Unhappy", "1.2.0"):
        assert word.lower() in ran.out.lower()
    assert "tiny.health:" not in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_the_lines_of_the_ruleset_are_told_when_asked_for(healthdsl: Program) -> None:
    assert "Unhappy [tiny.health:10]" in healthdsl(*A2, "--where").out


@pytest.mark.parametrize(("form", "begins"), [("md", "#"), ("html", "<!doctype html>"), ("json", "{")])
def test_other_forms_on_the_screen_and_in_a_file(healthdsl: Program, form: str, begins: str) -> None:
    shown = healthdsl(*A2, "--format", form)
    assert shown.code == 0
    assert shown.out.lower().startswith(begins)
    assert "Birch" in shown.out
    written = healthdsl(*A2, "--format", form, "-o", "report")
    assert (written.code, written.out) == (0, "")
    assert (healthdsl.folder / "report").read_text() == shown.out
    assert healthdsl(*A2, "-o", f"report.{form}").code == 0
    assert (healthdsl.folder / f"report.{form}").read_text() == shown.out


def test_a_file_is_what_its_name_says(healthdsl: Program) -> None:
    ran = healthdsl(*A2, "-o", "a2.pdf")
    assert (ran.code, ran.out) == (2, "")
    assert "a2.pdf: files that end in .pdf are not written here. Write -o a2.html (or .txt," in ran.err
    assert not (healthdsl.folder / "a2.pdf").exists()


def test_json_is_json(healthdsl: Program) -> None:
    found = json.loads(healthdsl(*A2, "--format", "json").out)
    assert found["account"]["id"] == "A-2"


def test_template(healthdsl: Program) -> None:
    healthdsl.file("mail.jinja", "Dear {{ explanation.account.name }}, {{ explanation.scores[0].score }}")
    ran = healthdsl(*A2, "--template", "mail.jinja")
    assert ran.code == 0
    assert ran.out.startswith("Dear Birch, 20")


@pytest.mark.parametrize(
    "text",
    [
        "{{ explanation.",
        "{{ explanation.nothing }}",
        "{{ ''.__class__.__mro__ }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_with_a_mistake_is_said(healthdsl: Program, text: str) -> None:
    healthdsl.file("mail.jinja", text)
    ran = healthdsl(*A2, "--template", "mail.jinja")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: mail.jinja: ")


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("a-2", "accounts.csv: no account `a-2` among 3 (did you mean `A-2`"),
        ("zzzz", "accounts.csv: no account `zzzz` among 3 (the file has `A-1`, `A-2`, `A-3` ..)"),
        (" birch", "accounts.csv: no account ` birch` among 3; `A-2` is called so: --account takes the id."),
    ],
)
def test_an_account_that_is_not_there(healthdsl: Program, account: str, said: str) -> None:
    ran = healthdsl("explain", "tiny.health", "accounts.csv", "--account", account)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_the_files_read_are_not_written_over(healthdsl: Program) -> None:
    ran = healthdsl(*A2, "-o", "accounts.csv")
    assert ran.code == 2
    assert "this file is read by the command" in ran.err


def test_an_account_that_stands_there_twice_is_not_explained(healthdsl: Program) -> None:
    healthdsl.file("accounts.csv", f"{ACCOUNTS}A-2,Other,5,5\n")
    for arguments in (A2, ("score", "tiny.health", "accounts.csv")):
        ran = healthdsl(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "`A-2`: accounts.csv, line 3, and accounts.csv, line 5" in ran.err


# Files that only DuckDB reads -----------------------------------------------


def test_a_scored_book_says_the_same_as_the_accounts(healthdsl: Program) -> None:
    assert healthdsl("score", "tiny.health", "accounts.csv", "-o", "scored.parquet").code == 0
    (healthdsl.folder / "accounts.csv").rename(healthdsl.folder / "plain.csv")
    ran = healthdsl("explain", "tiny.health", "scored.parquet", "--account", "A-2")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == healthdsl("explain", "tiny.health", "plain.csv", "--account", "A-2").out


def test_several_files_are_scored_first(healthdsl: Program) -> None:
    accounts = (healthdsl.folder / "accounts.csv").read_text()
    healthdsl.file("accounts-2.csv", accounts.replace("A-", "B-"))
    ran = healthdsl("explain", "tiny.health", "accounts*.csv", "--account", "B-2")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == healthdsl(*A2).out.replace("A-2", "B-2")


def test_a_book_that_another_ruleset_scored_is_refused(healthdsl: Program) -> None:
    assert healthdsl("score", "tiny.health", "accounts.csv", "-o", "scored.parquet").code == 0
    other = (healthdsl.folder / "tiny.health").read_text().replace("-> 50", "-> 51")
    ran = healthdsl("explain", healthdsl.file("other.health", other), "scored.parquet", "--account", "A-2")
    assert (ran.code, ran.out) == (2, "")
    assert "scored.parquet was scored by tiny 1.2.0 (fingerprint " in ran.err
    assert "Explain it with the ruleset that scored it" in ran.err


@pytest.mark.parametrize(
    ("explain", "said"), [("parts", "no account `A-22` (did you mean `A-2`"), ("none", "")]
)
def test_a_scored_book_without_the_line_or_its_columns(healthdsl: Program, explain: str, said: str) -> None:
    assert (
        healthdsl("score", "tiny.health", "accounts.csv", "--explain", explain, "-o", "s.parquet").code == 0
    )
    ran = healthdsl(
        "explain", "tiny.health", "s.parquet", "--account", "A-2" if explain == "none" else "A-22"
    )
    assert (ran.code, ran.out) == (2, "")
    assert (said or "Score with --explain parts or full") in ran.err


BAD_ACCOUNTS = """\
account_id,seats,asked,call,mood
A1,-3,x,2026-03-20,11
A2,5,1,46221,7
A3,six,2,,3
"""
BAD_TICKETS = """\
account_id,opened,priority,hours
A1,2026-03-25,high,4.5
A1,10/27/2025,high,1
A2,soon,low,2
A3,2026-03-25,low,x
A1,2026-03-26,urgent,1.25
A1,2026-03-27,high,many
"""


@pytest.fixture
def bad_book(healthdsl: Program) -> Program:
    """Accounts and rows with cells that cannot be used, as CSV and as Parquet of the same texts."""
    healthdsl.file("small.health", SMALL)
    for name, text in (("a", BAD_ACCOUNTS), ("t", BAD_TICKETS)):
        healthdsl.file(f"{name}.csv", text)
        duckdb.read_csv(f"{name}.csv", all_varchar=True).write_parquet(f"{name}.parquet")
    return healthdsl


def explained(program: Program, files: str, account: str, *more: str) -> Ran:
    accounts, rows = files.split()
    return program(
        *("explain", "small.health", accounts, "--account", account, "--as-of", "2026-03-31"),
        *(("--rows", f"tickets={rows}") if rows != "-" else ()),
        *more,
    )


@pytest.mark.parametrize(
    ("account", "files"),
    [
        ("A1", "a.parquet t.parquet"),
        ("A2", "a.csv t.parquet"),
        ("A3", "a*.csv t.csv"),
    ],
)
def test_cells_that_cannot_be_used_are_told_alike_from_every_form(
    bad_book: Program, account: str, files: str
) -> None:
    csv = explained(bad_book, "a.csv t.csv", account, "--format", "json")
    assert "expected" in csv.out
    ran = explained(bad_book, files, account, "--format", "json")
    assert (ran.code, ran.out) == (csv.code, csv.out)


def test_bad_cells_of_other_accounts_are_not_told(bad_book: Program) -> None:
    ran = explained(bad_book, "a.parquet t.parquet", "A2")
    assert ran.err == (
        "warning: 2 cells cannot be read and count as missing:\n"
        "  `call`: 1\n"
        "    account A2: '46221', expected a date such as 2026-03-31\n"
        "  `tickets.opened`: 1\n"
        "    account A2: 'soon', expected a date such as 2026-03-31\n"
    )
    assert explained(bad_book, "a.parquet t.parquet", "A2", "--strict").code == 2
    lines = BAD_ACCOUNTS.splitlines()
    bad_book.file("b-1.csv", "\n".join([*lines, "A4,5,1,2026-03-20,7"]))
    clean = explained(bad_book, "b-*.csv t.parquet", "A4", "--strict")
    assert (clean.code, "A4" in clean.out) == (0, True)
    assert "cannot be read" not in clean.err


def test_a_scored_book_never_says_that_a_bad_cell_was_not_there(bad_book: Program) -> None:
    rows = ("--rows", "tickets=t.csv", "--as-of", "2026-03-31")
    assert bad_book("score", "small.health", "a.csv", *rows, "-o", "s.parquet").code == 0
    ran = explained(bad_book, "s.parquet -", "A1", "--format", "md")
    assert ran.err == ""
    assert "not in the record" not in ran.out.lower()
    kept = "what stood there is not kept in a scored book"
    for title in ("Seats", "Mood"):
        assert f"{title}: could not be used ({kept})." in ran.out
    assert f"Asked: could not be used ({kept}); the default stands in for it." in ran.out
    notes = json.loads(explained(bad_book, "s.parquet -", "A1", "--format", "json").out)["notes"]
    names = ("seats", "asked", "mood", "tickets.opened", "tickets.priority", "tickets.hours")
    assert notes == [f"`{name}` could not be used ({kept}); taken as missing" for name in names]
