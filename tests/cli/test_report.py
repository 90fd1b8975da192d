"""`report`: a book of accounts, in every form, with the pages beside it."""

import json
import re

import pytest

from tests.cli.program import Program

REPORT = ("report", "tiny.health", "accounts.csv")


def test_markdown_on_the_screen(healthdsl: Program) -> None:
    ran = healthdsl(*REPORT)
    assert (ran.code, ran.err) == (0, "")
    # have scores 100 and 20; of A-3 nothing is known
    assert "3 accounts" in ran.out
    assert "| Good | 1 | 33.3% |" in ran.out
    assert "| Not scored | 1 | 33.3% |" in ran.out
    assert "| Birch | A-2 | 20 | Poor | NPS: Unhappy (−60) |" in ran.out
    assert "| Call them | play | 1 | 33.3% |" in ran.out


def test_a_page_with_the_pages_of_its_accounts(healthdsl: Program) -> None:
    ran = healthdsl(*REPORT, "-o", "book.html")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "book.html, and 3 pages in book\n"
    text = (healthdsl.folder / "book.html").read_text("utf-8")
    links = re.findall(r'href="([^"]+)"', text)
    assert len(links) == 3
    pages = [(healthdsl.folder / link).read_text("utf-8") for link in links]
    # Cobalt has no score, and is named with the reason
    assert ["Birch" in pages[0], "Acme" in pages[1], "Cobalt" in pages[2]] == [True, True, True]
    assert re.search(r"Without a score.*Cobalt.*None of its parts is known", text, re.DOTALL | re.IGNORECASE)
    assert all('href="../book.html"' in page for page in pages)
    assert "What would move it" in pages[0]


def test_every_account_has_a_page_when_asked_for(healthdsl: Program) -> None:
    ran = healthdsl(*REPORT, "-o", "book.html", "--all-accounts")
    assert (ran.code, ran.err) == (0, "book.html, and 3 pages in book\n")
    assert 'href="book/index.html"' in (healthdsl.folder / "book.html").read_text("utf-8")
    index = (healthdsl.folder / "book" / "index.html").read_text("utf-8")
    links = re.findall(r'href="([^"]+)"', index)
    assert links[0] == "../book.html"
    assert all((healthdsl.folder / "book" / link).is_file() for link in links[1:])
    assert len(links) == 4
    # Cobalt has no score: last, with the reason
    assert index.index("Birch") < index.index("Acme") < index.index("Cobalt")
    assert healthdsl(*REPORT, "-o", "book.html").code == 0
    assert len(list((healthdsl.folder / "book").glob("*.html"))) == 3  # the older folder is replaced


def test_more_accounts_than_pages(healthdsl: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from healthdsl.batch import summary_pages

    monkeypatch.setattr(summary_pages, "MOST_PAGES", 2)
    ran = healthdsl(*REPORT, "-o", "book.html", "--all-accounts")
    assert (ran.code, ran.err) == (
        0,
        "warning: pages for the worst 2 of 3 accounts, no more\nbook.html, and 2 pages in book\n",
    )
    assert "The first 2 accounts" in (healthdsl.folder / "book" / "index.html").read_text("utf-8")


def test_json_is_the_same_numbers(healthdsl: Program) -> None:
    assert healthdsl(*REPORT, "-o", "book.json").code == 0
    read = json.loads((healthdsl.folder / "book.json").read_text("utf-8"))
    assert (read["accounts"], read["scored"], read["score"]["median"]) == (3, 2, 20)
    assert [each["id"] for each in (*read["worst"], *read["best"])] == ["A-2", "A-1"]
    assert {each["name"]: each["missing"] for each in read["signals"]} == {"seats": 1, "nps": 1}
    assert healthdsl(*REPORT, "--format", "json").out == (healthdsl.folder / "book.json").read_text("utf-8")


def test_a_folder_of_somebody_else_is_left_alone(healthdsl: Program) -> None:
    (healthdsl.folder / "book").mkdir()
    (healthdsl.folder / "book" / "thesis.txt").write_text("mine", "utf-8")
    ran = healthdsl(*REPORT, "-o", "book.html")
    assert ran.code == 2
    assert "not written by this command" in ran.err
    assert not (healthdsl.folder / "book.html").exists()
    assert [each.name for each in (healthdsl.folder / "book").iterdir()] == ["thesis.txt"]


def test_a_page_that_cannot_be_written_leaves_no_folder(healthdsl: Program) -> None:
    (healthdsl.folder / "book.html").mkdir()
    ran = healthdsl(*REPORT, "-o", "book.html")
    assert (ran.code, ran.out) == (2, "")
    assert "book.html: this is a folder" in ran.err
    assert not (healthdsl.folder / "book").exists()


def test_bad_cells_are_counted_or_refused(healthdsl: Program) -> None:
    (healthdsl.folder / "accounts.csv").write_text("account_id,seats,NPS Score\nA,1,x\nB,2,500\nC,3,4\n")
    ran = healthdsl(*REPORT)
    assert ran.code == 0
    assert "2 cells cannot be read and count as missing" in ran.err
    assert "| NPS | 2 | 66.7% | 2 |" in ran.out
    strict = healthdsl(*REPORT, "--strict", "-o", "book.html")
    assert (strict.code, strict.out) == (2, "")
    assert not (healthdsl.folder / "book.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "book.pdf"), "book.pdf: files that end in .pdf are not written here"),
        (("--all-accounts",), "--all-accounts writes pages beside a file"),
        (("--all-accounts", "-o", "book.md"), "--all-accounts writes pages beside a file"),
        (("-o", "accounts.csv", "--format", "html"), "read by the command"),
        (("--memory", "lots"), "--memory is 'lots'"),
        (("--rows", "tickets=x.csv"), "the ruleset has no rows `tickets`"),
        (("-o", "nowhere/book.html"), "there is no folder"),
    ],
)
def test_misuse_is_said_plainly(healthdsl: Program, arguments: tuple[str, ...], said: str) -> None:
    ran = healthdsl(*REPORT, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_the_help_says_what_a_history_changes(healthdsl: Program) -> None:
    said = " ".join(healthdsl("report", "--help").out.replace("│", " ").split())
    assert "the pages of accounts get their score over time" in said
    assert "the book itself stays the same" in said
