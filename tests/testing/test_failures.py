"""Under a failed expectation: what was expected and found, and how the values came to be."""

from __future__ import annotations

import pytest

from healthdsl.testing import run_tests
from healthdsl.testing.outcome import Branch, Failure
from healthdsl.testing.results import Wanted, find_results
from healthdsl.testing.told_text import text_lines
from tests.testing.small import small


def failure(*lines: str) -> Failure:
    """The one failure of a test with these lines."""
    text = '\ntest "t"\n' + "".join(f"  {line}\n" for line in lines)
    (outcome,) = run_tests(small(text))
    (found,) = outcome.failures
    return found


def shown(branches: tuple[Branch, ...], depth: int = 0) -> list[str]:
    lines: list[str] = []
    for branch in branches:
        why = f" ({branch.why})" if branch.why else ""
        lines += [f"{'  ' * depth}{branch.name} = {branch.value}{why}", *shown(branch.inside, depth + 1)]
    return lines


@pytest.mark.parametrize(
    ("expectation", "expected", "found"),
    [
        ("points of health is 50", "50", "40"),
        ("health above 50", "above 50", "40"),
        ("health is good", "good", "poor"),
        ("health is not poor", "not poor", "poor"),
        ("big", "yes", "no"),
        ("not call", "no", "yes"),
        ("call and late is 30 days", "30 days", "31 days"),
        ("nps + 1 is 3", "3", "1"),
        ("call and (big or late is 30 days)", None, None),
        ("not (big or call)", None, None),
    ],
)
def test_expected_and_found(expectation: str, expected: str | None, found: str | None) -> None:
    failed = failure("given nps 0", "given seats 10", "given late 31 days", f"expect {expectation}")
    assert (failed.expected, failed.found) == (expected, found)


def test_a_tree_of_a_score() -> None:
    """60 * 0 + 40 * 100 of 100 is 40; the cap at 40 leaves it so."""
    failed = failure("given nps -1", "given seats 10", "given late 31 days", "expect health is 50")
    assert shown(failed.tree) == [
        "health = 40, poor",
        "  nps = 0 (weight 60; Unhappy)",
        "    nps = -1",
        "  seats = 100 (weight 40; Seats: 10, at least 10)",
        "    seats = 10",
        "  late = 31 days",
    ]


def test_a_tree_with_a_step_that_counts_and_one_that_could_not_be_judged() -> None:
    failed = failure("given nps 0", "given seats 10", "given late 31 days", "expect health is 50")
    line = "  Late = 100 to 40 (At most 40: Days late: 31 days, above 30 days)"
    assert line in shown(failed.tree)
    failed = failure("given nps 0", "given seats 10", "expect health is 50")
    assert any("not judged" in line for line in shown(failed.tree))


def test_a_tree_of_a_play_and_places() -> None:
    failed = failure("given nps -1", "expect not call")
    (play,) = failed.tree
    assert (play.name, play.value, play.place) == ("call", "raised", "small.health:28")
    assert play.why == "play call when health is poor"
    (score,) = play.inside
    assert (score.name, score.value) == ("health", "0, poor")
    parts = {branch.name: branch for branch in score.inside}
    assert (parts["nps"].value, parts["nps"].place) == ("0", "small.health:9")
    assert parts["seats"].value == "missing"


def test_what_was_told_is_not_told_again() -> None:
    text = '\ntest "t"\n  given nps -1\n  expect health is 7\n  expect health is good\n'
    compiled = small(text)
    lines = list(text_lines(find_results("small.health", compiled.ruleset, compiled.source, Wanted())))
    assert sum("nps = 0" in line for line in lines) == 1
    assert [line.strip() for line in lines if "as above" in line] == ["health = 0, poor  (as above)"]
    assert lines.index("      expected  7") < lines.index("      found     0") < lines.index("      because:")
