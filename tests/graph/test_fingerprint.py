"""The fingerprint follows the meaning and nothing else."""

from __future__ import annotations

import re

import pytest

from healthdsl import loads

TEXT = """\
ruleset small "Small"
  language 1
  version 1.0.0

signal nps number from -100 to 100 "NPS"
signal plan one of free, pro

measure nps ladder
  below 0   -> 0
  otherwise -> 100 "Fine"

measure plan lookup
  free      -> 0
  pro       -> 100
  otherwise -> 50

measure spread ladder of nps
  from -10 to -1 -> 0
  from 1 to 10   -> 5
  otherwise      -> 9

flag low when nps below 0 and plan is free

score health average
  2 nps

test "one"
  given nps 5
  expect health is 100
"""


def fingerprint(text: str, name: str = "a.health") -> str:
    return loads(text, name).fingerprint


def test_it_is_twelve_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint(TEXT))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("language 1", "language 1 # a comment"),
        ("below 0   ->", "below 0 ->"),
        ("given nps 5", "given nps 6"),
        ('test "one"', 'test "another"'),
        ("below 0 ", "below 0.0 "),
        ("nps below 0 and plan is free", "plan is free and nps below 0"),
        ("  free      -> 0\n  pro       -> 100\n", "  pro       -> 100\n  free      -> 0\n"),
        ("  from -10 to -1 -> 0\n  from 1 to 10   -> 5\n", "  from 1 to 10   -> 5\n  from -10 to -1 -> 0\n"),
        (
            'signal nps number from -100 to 100 "NPS"\nsignal plan one of free, pro\n',
            'signal plan one of free, pro\nsignal nps number from -100 to 100 "NPS"\n',
        ),
    ],
)
def test_what_does_not_count(before: str, after: str) -> None:
    assert before in TEXT
    assert fingerprint(TEXT.replace(before, after)) == fingerprint(TEXT)


def test_the_file_name_does_not_count() -> None:
    assert fingerprint(TEXT, "b.health") == fingerprint(TEXT, "a.health")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("below 0 ", "below 1 "),
        ("below 0 ", "up to 0 "),
        ("-> 100", "-> 99"),
        ("1.0.0", "1.0.1"),
        ("from -100", "from -99"),
        ("2 nps", "3 nps"),
        ("average", "total"),
        ('"Fine"', '"Good"'),
        ("from 1 to 10 ", "from 1 to 11 "),
        ("-1 -> 0\n", "-2 -> 0\n"),
        ("one of free, pro", "one of pro, free"),
        ("2 nps", "2 nps\n  1 plan"),
        ("ruleset small", "ruleset large"),
    ],
)
def test_what_counts(before: str, after: str) -> None:
    assert before in TEXT
    assert fingerprint(TEXT.replace(before, after)) != fingerprint(TEXT)


def test_in_bands_the_place_of_a_when_row_counts() -> None:
    """That of the `missing` row does not: it is tried last wherever it stands."""
    bands = TEXT + "\nbands health\n  {}\n  otherwise -> good\n"
    rows = ["below 5 -> poor", "when low -> odd", "from 20 to 30 -> fair", "missing -> none_known"]
    moved = [rows[1], rows[0], *rows[2:]]
    same = [rows[3], *rows[:3]]
    one, other, free = (fingerprint(bands.format("\n  ".join(each))) for each in (rows, moved, same))
    assert one != other
    assert one == free
