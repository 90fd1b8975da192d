"""A book summed up from files by DuckDB is the same as from the record engine's results."""

import json

import pytest

import healthdsl
from healthdsl.batch.bad_cells import BadCells
from healthdsl.batch.reading import Asked
from healthdsl.batch.scoring import Limits
from healthdsl.batch.summary import Subject
from healthdsl.batch.summary_book import summed_up
from healthdsl.batch.summary_pages import with_reasons
from healthdsl.explain.bounds import find_reaches
from healthdsl.explain.explain import explain as explain_values
from healthdsl.records.accounts import read_accounts
from healthdsl.reports import render_html
from tests.batch.test_summary import DAY, summary_of
from tests.shared import ROOT

B2B = ROOT / "examples" / "b2b_book"
ODD = """\
ruleset odd "Odd book"
  language 1
  version 1.0.0
signal use number from 0 to 100 "Use"
signal visits count "Visits"
  default 3
rows tickets
  priority one of low, urgent
signal urgent = count of tickets where priority is urgent "Urgent tickets"
measure use curve
  0 -> 0
  100 -> 100
measure visits ladder
  below 2 -> 0 "Hardly ever comes"
  otherwise -> 100
score health average within 0 to 100
  60 use
  40 visits
  -10 per urgent, up to 30 points "Urgent tickets"
  needs 50% of weight
bands health
  below 40 -> bad red
  otherwise -> good green
flag quiet when visits below 2 "Quiet"
"""
ODD_ACCOUNTS: list[dict[str, object]] = [
    {
        "account_id": "../a",
        "name": "<b>A</b>",
        "use": 10,
        "visits": 0,
        "tickets": [{"priority": "urgent"}] * 2,
    },
    {"account_id": "B'", "name": "B", "use": 101, "visits": 5, "tickets": [{"priority": "wild"}]},
    {"account_id": "C", "name": None, "use": None, "visits": None, "tickets": []},
    {"account_id": "D" * 300, "name": "D", "use": 90.5, "visits": 1, "tickets": None},
    {"account_id": "é", "name": "E", "use": 90.5, "visits": "x", "tickets": []},
]


def quiet(_: BadCells) -> None:
    """Tells nobody."""


def both(compiled, accounts, rows, folder):
    """The book from files, and from results; pages of some of its accounts are compared on the way."""
    asked = Asked(compiled.ruleset, compiled.graph, str(accounts), rows)
    subject = Subject(compiled.ruleset, compiled.fingerprint, find_reaches(compiled.graph), DAY)
    records = read_accounts(str(accounts), compiled.ruleset, rows=rows)
    results = [compiled.score(record, as_of=DAY, on_invalid="missing") for record in records]
    (folder / "run").mkdir()
    by_id = {result.account_id: result for result in results}
    with summed_up(asked, subject, Limits(), folder / "run", quiet) as summed:
        book = with_reasons(summed.book, summed.explainer(summed.book.listed, with_moves=False))
        some = [*book.worst[:3], *book.best[:2]]
        explain = summed.explainer(some, with_moves=True)
        for each in some:
            check_page(explain(each.id), by_id[each.id])
    other = summary_of(compiled, results, folder)
    return book, with_reasons(other, lambda account: explained(subject, by_id[account]))


def explained(subject, result):
    """The explanation of a result without moves, which take long."""
    return explain_values(
        subject.ruleset,
        result.values,
        account_id=result.account_id,
        account_name=result.account_name,
        reaches=subject.reaches,
    )


def check_page(explanation, result):
    """The page made from a line is that of the result."""
    assert render_html(explanation) == render_html(result.explain())


def test_the_example_book(tmp_path):
    rows = {name: str(B2B / f"{name}.csv") for name in ("tickets", "logins")}
    compiled = healthdsl.load(B2B / "saas_health.health")
    book, other = both(compiled, B2B / "accounts.csv", rows, tmp_path)
    assert book == other
    assert (len(book.worst), len(book.best), book.scored) == (20, 20, 53)
    assert len(book.unscored) == book.accounts - 53
    assert all(each.reason for each in book.unscored)


def test_a_book_of_oddities(tmp_path):
    compiled = healthdsl.loads(ODD, "odd.health")
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps(ODD_ACCOUNTS), "utf-8")
    book, other = both(compiled, accounts, {}, tmp_path)
    assert book == other
    assert book.accounts == 5
    # use 101 and visits "x" are no legal values, and one ticket is neither low nor urgent
    assert {gap.name: gap.bad for gap in book.signals if gap.bad} == {
        "use": 1,
        "visits": 1,
        "tickets.priority": 1,
    }
    assert next(gap for gap in book.signals if gap.name == "visits").defaulted == 2
    # A: (60 * 10 + 40 * 0) / 100 - 20, within 0 to 100
    assert (book.worst[0].id, book.worst[0].score) == ("../a", 0)


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_any_accounts(tmp_path, size):
    compiled = healthdsl.loads(ODD, "odd.health")
    results = [compiled.score(record, as_of=DAY) for record in ODD_ACCOUNTS[:size]]
    book = summary_of(compiled, results, tmp_path)
    assert (book.accounts, len(book.worst), len(book.best)) == (size, size, 0)
    assert sum(band.accounts for band in book.bands) == size


def test_a_bad_cell_of_an_account_with_a_nul_in_its_id(tmp_path):
    compiled = healthdsl.loads(ODD, "odd.health")
    accounts = tmp_path / "accounts.json"
    ids = ("a\0b", "a'b")
    accounts.write_text(json.dumps([{"account_id": each, "use": 101, "visits": 1} for each in ids]), "utf-8")
    asked = Asked(compiled.ruleset, compiled.graph, str(accounts), {})
    (tmp_path / "run").mkdir()
    subject = Subject(compiled.ruleset, compiled.fingerprint, find_reaches(compiled.graph), DAY)
    with summed_up(asked, subject, Limits(), tmp_path / "run", quiet) as summed:
        explain = summed.explainer(summed.accounts(2), with_moves=False)
        told = [[line.note for line in explain(each).signals if line.name == "use"] for each in ids]
    assert told == [["the record has 101, which is not a legal value"]] * 2
