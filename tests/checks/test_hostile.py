"""Rulesets made to be slow or deep end in an answer, soon."""

from __future__ import annotations

import time

import pytest

from tests.checks.found import checked

HEAD = "ruleset r\n  language 1\n\n"
MOST_SECONDS = 20
"""Each takes less than one on a quiet machine; what hangs takes hours."""


def doubled_flags(count: int) -> str:
    lines = ["flag f0 when a above 1"]
    lines += [f"flag f{n} when f{n - 1} and f{n - 1}" for n in range(1, count)]
    return HEAD + "signal a count\n\n" + "\n".join(lines) + "\n"


def wide_condition(count: int) -> str:
    signals = "".join(f"signal s{n} yes/no\n" for n in range(count))
    rows = "".join(f"  when s{n} and not s{(n * 7 + 3) % count} -> {n}\n" for n in range(count))
    return f"{HEAD}{signals}\nscore s first match\n{rows}"


def many_rows(count: int) -> str:
    rows = "".join(f"  when a is {n} or b above {n} -> {n}\n" for n in range(count))
    return f"{HEAD}signal a count\nsignal b count\n\nscore s first match\n{rows}  otherwise -> 0\n"


def many_keys(count: int) -> str:
    rows = "".join(f'  "key {n}" -> {n}\n' for n in range(count))
    return f"{HEAD}signal a text\n\nscore s lookup of a\n{rows}"


def many_rungs(count: int) -> str:
    rows = "".join(f"  below {n} -> {n}\n" for n in range(1, count))
    return f"{HEAD}signal a count\n\nscore s ladder of a\n{rows}  otherwise -> 0\n"


@pytest.mark.parametrize(
    "text",
    [doubled_flags(90), wide_condition(90), many_rows(150), many_keys(400), many_rungs(400)],
    ids=["doubled flags", "wide", "rows", "keys", "rungs"],
)
def test_an_answer_comes(text: str) -> None:
    start = time.perf_counter()
    found = checked(text)
    found.scores()
    assert time.perf_counter() - start < MOST_SECONDS


def test_what_is_not_looked_through_is_not_told() -> None:
    """Behind more names than are opened a flag is a yes or no."""
    deep = (
        doubled_flags(90)
        + "\nscore s first match\n  when f89 -> 1\n  when f89 and a above 1 -> 2\n  otherwise -> 0\n"
    )
    assert [finding.code for finding in checked(deep).found.left] == ["W508"]
