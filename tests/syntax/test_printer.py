"""Formatting is idempotent, keeps every token and comment, and leaves broken declarations as they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl.source import Source
from healthdsl.syntax.lexer import SCANNER
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.printer import format_text
from tests.errors.corpus import FOLDER
from tests.syntax.sources import EVERYTHING, SAMPLE

FILES = [SAMPLE, EVERYTHING, *(p.read_text("utf-8") for p in sorted((FOLDER / "syntax").glob("*.health")))]


def formatted(text: str) -> str:
    return format_text(Source(text))


def comments(text: str) -> list[str]:
    return sorted(comment.text for comment in parse_ruleset(Source(text))[0].comments)


def tokens(text: str) -> list[str]:
    """The tokens of a text, sorted, since `within` and `round` move to the end.

    What a measure starts at, a range of one value and what a copy is about may be written in two ways.
    """
    text = re.sub(r"(?m)^(measure \S+ like \S+?)(?: of|,? on) ", r"\1 ", text)
    text = re.sub(r"(?m)^( +)from (\S+) to \2(?= +->)", r"\1\2", text)
    text = re.sub(r"(?m)^((?:measure|group|score) \S+ )(?:starts at|=)(?= )", r"\1", text)
    signs = {">=": "at least", ">": "above", "<=": "up to", "<": "below"}
    found = [
        m.group() for m in SCANNER.finditer(text) if m.lastgroup not in ("space", "comment", "note", "other")
    ]
    return sorted(" ".join(signs.get(token, token) for token in found).split())


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_idempotent_with_the_same_tokens_and_comments(text: str) -> None:
    once = formatted(text)
    assert formatted(once) == once
    assert tokens(once) == tokens(text)
    assert comments(once) == comments(text)


SPACES = st.sampled_from(
    ["", " ", "   ", "  # odd", "\n", "\n\n\n", "\n# own line\n", "\n   # indented\n", "\r"]
)


@given(st.data())
def test_odd_places_of_comments_and_spaces(data: st.DataObject) -> None:
    lines = SAMPLE.split("\n")
    start = data.draw(st.integers(0, len(lines) - 10))
    chosen = lines[start : start + data.draw(st.integers(1, 30))]
    text = "".join(line + data.draw(SPACES) + "\n" for line in chosen)
    once = formatted(text)
    assert formatted(once) == once
    assert comments(once) == comments(text)


@given(st.text(alphabet='ab1 \n#"()+-,.<>=:\t\u201c\u00e9', max_size=60))
def test_any_text_at_all(text: str) -> None:
    once = formatted(text)
    assert formatted(once) == once
    assert comments(once) == comments(text)


@given(st.lists(st.sampled_from(EVERYTHING.split("\n")), max_size=25))
def test_lines_in_any_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = formatted(text)
    assert formatted(once) == once
    assert tokens(once) == tokens(text)


def test_layout() -> None:
    text = """signal a count   # first
signal   much_longer   percent=a/b   "Both"
# the score
score s average
  round   to 1 decimal   # rounding
  # how wide
  within 0 to 100
  40   a "A"
  5 much_longer
  -10 when a>=3 and b<2 "Low"
"""
    assert (
        formatted(text)
        == """signal a            count  # first
signal much_longer  percent = a / b     "Both"

# the score
score s average
  40 a                                    "A"
  5  much_longer
  -10 when a at least 3 and b below 2     "Low"
  # how wide
  within 0 to 100
  round to 1 decimal  # rounding
"""
    )


@pytest.mark.parametrize(
    ("clause", "body"),
    [
        ("+10 when a", "starts at 50"),
        ("-5 per a", "starts at 50"),
        ("times 2 when a", "starts at 50"),
        ("cap at 40 when a", "starts at 50"),
        ("raise to 40 when a", "starts at 50"),
        ("set to 40 when a", "starts at 50"),
        ("missing -> 1", "= 50"),
        ("only when a", "= 50"),
        ("unscored when a", "= 50"),
        ("round to 1 decimal", "= 50"),
        ("within 0 to 100", "= 50"),
    ],
)
@pytest.mark.parametrize("written", ["= 50", "starts at 50"])
def test_a_measure_starts_somewhere_where_steps_follow(written: str, clause: str, body: str) -> None:
    text = f'score s for x when a within 0 to 9 "T"  # why\n  {clause}\n'
    assert formatted(text.replace("s for", f"s {written} for")) == text.replace("s for", f"s {body} for")
    assert formatted(f"measure m {written}\n") == "measure m = 50\n"


def test_a_start_below_zero_and_a_formula() -> None:
    steps = "\n  +1 when a\n"
    assert formatted(f"measure m = -2.5 {steps}") == f"measure m starts at -2.5{steps}"
    for formula in ("= (5)", "= a", "= 1 + 2", "= 10/3"):
        assert formatted(f"measure m {formula}{steps}") == f"measure m {formula}{steps}"


def test_what_a_copy_is_about() -> None:
    for written in ("of", "on", ", on", ",on", ",\n  on"):
        assert (
            formatted(f'measure b like a {written} points of c "T"\n')
            == 'measure b like a, on points of c "T"\n'
        )
    assert formatted("measure of like of of of\n") == "measure of like of, on of\n"
    assert formatted("measure b like a\n") == "measure b like a\n"


@pytest.mark.parametrize("value", ["0", "-2.5", "20%", "30 days", "1 day", "2026-03-31"])
@pytest.mark.parametrize(
    "header", ["measure m ladder", "measure m lookup", "bands m", "rows t\n  a ladder of b"]
)
def test_a_range_of_one_value_is_that_value(header: str, value: str) -> None:
    indent = "    " if "\n" in header else "  "
    row = f'{indent}{value} -> high  "Why"  # note\n'
    assert formatted(f"{header}\n{row.replace(value, f'from {value} to {value}')}") == formatted(
        f"{header}\n{row}"
    )
    assert f"{indent}{value} " in formatted(f"{header}\n{row}")


@pytest.mark.parametrize(
    "test", ["from 0 to 1", "from a to a", "from 1/2 to 1/2", "from -1 to 1", "from 1 to 1.0"]
)
def test_other_ranges_stay(test: str) -> None:
    text = f"measure m ladder\n  {test} -> 9\n"
    assert test in formatted(text)


def test_the_columns_of_a_grid_stand_under_their_keys() -> None:
    text = """measure fit grid of plan
  by seats up to 10,from 11 to 100,otherwise
  enterprise -> (a+b), min(a, b), -5 "Large"
  pro, team->90, 70, 50 # a note
  missing -> skip "Unknown" code X
  +5 when a
"""
    assert (
        formatted(text)
        == """measure fit grid of plan
  by seats       up to 10,    from 11 to 100,     otherwise
  enterprise  -> (a + b),     min(a, b),          -5  "Large"
  pro, team   -> 90,          70,                 50  # a note
  missing     -> skip                                 "Unknown" code X
  +5 when a
"""
    )


def test_a_grid_too_wide_is_not_aligned() -> None:
    keys = ", ".join(f"from {at} to {at + 9}" for at in range(10, 60, 10))
    cells = ", ".join(["100"] * 4 + ["points of a_measure_of_a_long_name"])
    text = f"measure fit grid of plan\n  by seats  {keys}\n  pro -> {cells}\n"
    by, row = f"by seats       {keys}", f"pro         -> {cells}"
    assert formatted(text) == f"measure fit grid of plan\n  {by}\n  {row}\n"


def test_a_broken_declaration_stays_as_it_is_written() -> None:
    broken = "measure   nps   ladder\n  below 3   =>  4 # why\n\n    # note\n  otherwise -> 1\n"
    text = f"signal  a   count\n{broken}signal  b   count\n"
    assert broken in formatted(text)
    assert formatted(text).startswith("signal a    count\n")


def test_a_file_of_mistakes_that_was_not_read_to_its_end_stays_as_it_is_written() -> None:
    text = SAMPLE + "nonsense\n" * 1_500 + "score   health average\n  1   m\n"
    assert format_text(Source(text)) == text


def test_nothing_is_aligned_behind_other_characters() -> None:
    text = 'measure m lookup\n  "\u00e9\u4e2d" -> 1 "x"\n  free -> 2 "y"\n'
    assert re.search('"\u00e9\u4e2d" -> 1  "x"', formatted(text))


def test_a_sign_that_begins_a_continued_line_is_spaced_by_what_stands_above_it() -> None:
    text = "signal s = (a\n +2*b\n - 1)\nsignal t = max(a,\n - 1)\n"
    assert formatted(text) == "signal s = (a\n  + 2 * b\n  - 1)\nsignal t = max(a,\n  -1)\n"


def test_a_list_is_filled_and_broken_behind_commas() -> None:
    words = ", ".join(f'"{letter * 14}"' for letter in "abcdefgh")
    text = f'flag f when a is one of {words.replace(", ", ",")} "Why"\nflag g when b is one of 1,\n  2\n'
    first, second = words[: words.index('"ee') - 1], words[words.index('"ee') :]  # one more were 113 wide
    once = formatted(text)
    assert once == f'flag f when a is one of {first}\n  {second}  "Why"\nflag g when b is one of 1, 2\n'
    assert max(len(line) for line in once.splitlines()) <= 110
    assert formatted(once) == once


@pytest.mark.parametrize("more", [" or b", "\n  and a below 9"])
def test_the_text_of_a_flag_stands_on_its_own_line_only_where_it_does_not_fit(more: str) -> None:
    """A line of 110 characters is the widest; behind a line alone, the text begins at a multiple of 4."""
    head = f"flag f when a above 3{more}"
    last = len(head.rsplit("\n", 1)[-1])
    for width, fits in ((110, True), (111, False)):
        text = '"' + "x" * (width - last - 4) + '"'
        above = f"{head}  {text}\n"
        assert max(map(len, above.split("\n"))) == width
        below = f"{head}\n  {text}\n"
        assert formatted(above) == formatted(below) == (above if fits else below)


def test_a_comment_keeps_the_text_of_a_flag_where_it_is() -> None:
    text = 'flag f when a above 3  # three\n  "Text"  # title\n'
    assert formatted(text) == text
    wide = f'flag f when a above 3 "{"x" * 100}"  # title\n'
    assert formatted(wide) == f'flag f when a above 3\n  "{"x" * 100}"  # title\n'


def test_a_comment_keeps_the_line_it_stands_on() -> None:
    text = "flag f when a is one of 1,  # the first\n  2\n"
    assert formatted(text) == text


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("on\n    or before 2026-01-01\n", "on or before 2026-01-01\n"),
        ("on  # why\n    or after 2026-01-01\n", "on or after 2026-01-01  # why\n"),
        ("on\n    or before 2026-01-01  # why\n", "on or before 2026-01-01  # why\n"),
        ("on  # one\n    or before today  # two\n", "on or before today  # one\n  # two\n"),
    ],
)
def test_the_three_words_of_a_date_stay_together(broken: str, whole: str) -> None:
    text = f"measure m average\n  only when d {broken}  d\n"
    assert formatted(text) == f"measure m average\n  only when d {whole}  d\n"
    assert formatted(formatted(text)) == formatted(text)
