"""The summary that SQL makes of a scored book is what the record engine's results come to, one by one."""

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

import pytest

import healthdsl
from healthdsl.batch.summary import Subject, summarise
from healthdsl.records.accounts import read_accounts
from tests.batch.book_table import cell_name, row_of, scored_table
from tests.batch.summary_check import check_counts, expected_losses, expected_reasons
from tests.oracle.records import gather_constants, random_record
from tests.shared import ROOT, rulesets_in

DAY = date(2026, 3, 31)
RULESETS = [*rulesets_in(ROOT / "examples"), *rulesets_in(ROOT / "rulesets" / "published")]


def summary_of(compiled, results, folder):
    scored = scored_table(compiled, [row_of(result) for result in results], folder)
    bad = Counter(cell_name(error.signal) for result in results for error in result.errors or ())
    return summarise(Subject(compiled.ruleset, compiled.fingerprint, compiled._reaches, DAY), scored, bad)


def scored_at_random(compiled, number, seed):
    """Results of so many random accounts; one of eight has a cell that is no legal value."""
    rng, constants = Random(seed), gather_constants(compiled.ruleset)
    inputs = [signal for signal in compiled.ruleset.signals if signal.formula is None]
    for k in range(number):
        record, _ = random_record(compiled.ruleset, constants, rng, DAY)
        if inputs and k % 8 == 0:
            record[rng.choice(inputs).column] = ["no", "value"]
        key = compiled.ruleset.account_id or "account_id"
        yield compiled.score({**record, key: f"A{k:03}"}, as_of=DAY, on_invalid="missing")


def b2b_results():
    folder = ROOT / "examples" / "b2b_book"
    compiled = healthdsl.load(folder / "saas_health.health")
    rows = {name: str(folder / f"{name}.csv") for name in ("tickets", "logins")}
    records = read_accounts(str(folder / "accounts.csv"), compiled.ruleset, rows=rows)
    return compiled, [compiled.score(record, as_of=DAY) for record in records]


def check_rules(compiled, book, results):
    wanted = expected_reasons(compiled, results)
    assert len(book.reasons) + book.more_reasons == len(wanted)
    counts = sorted((number for number, _ in wanted.values()), reverse=True)
    assert [reason.accounts for reason in book.reasons] == counts[: len(book.reasons)]
    known = [(reason.accounts, Fraction(reason.points)) for reason in book.reasons]
    decimals = book.score.decimals if book.score else 2
    half = Fraction(6, 10 ** (decimals + 1))  # of the last digit that is shown, and a little
    if not book.more_reasons:
        expected = sorted((number, amount) for number, amount in wanted.values())
        for (number, points), (other, amount) in zip(sorted(known), expected, strict=True):
            assert number == other
            assert abs(points - amount) <= half
    losses = expected_losses(compiled, results)
    for loss in book.losses:
        amount, accounts = losses.get(loss.name, (Fraction(0), 0))
        assert abs(Fraction(loss.total) - amount) <= half
        assert abs(Fraction(loss.average) - amount / book.scored) <= half
        assert loss.accounts == accounts


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.slow if number % 5 else ())
        for number, path in enumerate(RULESETS)
    ],
)
def test_random_books_of_every_ruleset(path, tmp_path):
    compiled = healthdsl.load(path)
    results = list(scored_at_random(compiled, 64, path.stem))
    book = summary_of(compiled, results, tmp_path)
    check_counts(book, results)
    check_rules(compiled, book, results)


def test_the_example_book(tmp_path):
    compiled, results = b2b_results()
    book = summary_of(compiled, results, tmp_path)
    check_counts(book, results)
    check_rules(compiled, book, results)
