"""Comments that allow a finding: by code, on its line, with a reason."""

from __future__ import annotations

import pytest

from tests.checks.found import checked, codes

TEXT = (
    "ruleset example\n  language 1\n\nsignal nps number from -100 to 100\n\nmeasure nps first match\n"
    "  when nps above 0 -> 50\n{above}  when nps above 50 -> 100{behind}\n  otherwise -> 0\n\n"
    "score health average\n  nps\n"
)
ALLOW = "# healthdsl: allow W508 because the source has it"


def text(above: str = "", behind: str = "") -> str:
    return TEXT.format(above=f"  {above}\n" if above else "", behind=f"  {behind}" if behind else "")


def test_without_a_comment() -> None:
    assert codes(text()) == ["W508"]


@pytest.mark.parametrize(("above", "behind"), [("", ALLOW), (ALLOW, "")])
def test_a_finding_is_allowed(above: str, behind: str) -> None:
    found = checked(text(above, behind)).found
    assert found.left == ()
    ((finding, reason),) = found.allowed
    assert (finding.code, reason) == ("W508", "the source has it")


@pytest.mark.parametrize(
    "named",
    ["a row that is never reached", "A row  that is never reached", "w508", "W508,silence is rewarded"],
)
def test_a_finding_is_allowed_by_its_title(named: str) -> None:
    found = checked(text(behind=f"# healthdsl: allow {named} because the source has it")).found
    ((finding, reason),) = found.allowed
    assert (finding.code, reason) == ("W508", "the source has it")
    assert [each.code for each in found.left] == (["W520"] if "," in named else [])


def test_a_title_with_a_comma_is_one() -> None:
    comment = "# healthdsl: allow a comparison that is always true, or never because of that"
    assert sorted(codes(text(behind=comment))) == ["W508", "W520"]


def test_other_comments_may_stand_between() -> None:
    assert codes(text(f"{ALLOW}\n  # a remark\n")) == []


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# healthdsl: allow W508", ["W508", "W519"]),
        ("# healthdsl: allow W508 because", ["W508", "W519"]),
        ("# healthdsl: alow W508 because of that", ["W508", "W519"]),
        ("# healthdsl: allow everything because of that", ["W508", "W519"]),
        ("# healthdsl: allow W508 and W507 because of that", ["W508", "W519"]),
        ("# healthdsl: allow W508, because of that", ["W508", "W519"]),
        ("# healthdsl: allow a row because of that", ["W508", "W519"]),
        ("# healthdsl: allow W507 because of that", ["W508", "W520"]),
        ("# healthdsl: allow W507, W508 because of that", ["W520"]),
        ("# healthdsl is a language", ["W508"]),
    ],
)
def test_what_allows_nothing_is_told(comment: str, told: list[str]) -> None:
    assert sorted(codes(text(behind=comment))) == told


def test_a_comment_on_another_line_allows_nothing() -> None:
    moved = text().replace("otherwise -> 0", f"otherwise -> 0 {ALLOW}")
    assert sorted(codes(moved)) == ["W508", "W520"]


def test_a_comment_within_quotes_is_none() -> None:
    assert codes(text().replace("-> 100", f'-> 100 "{ALLOW}"')) == ["W508"]


def test_a_warning_of_the_compiler_is_allowed_too() -> None:
    gap = (
        "ruleset e\n  language 1\n\nsignal nps number from -100 to 100\n\nscore s ladder of nps\n"
        "  below 0 -> 1\n  below 50 -> 2{}\n"
    )
    assert codes(gap.format("")) == ["W502"]
    assert codes(gap.format(" # healthdsl: allow W502 because nobody has more")) == []
