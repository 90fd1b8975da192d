"""What a message says to write instead of a value that is not legal."""

import pytest

from healthdsl import RecordError, loads

RULESET = loads("""\
ruleset tiny "Tiny"
  language 1
  version  1.0.0

signal share   percent
  stored as 45 for 45%
signal seats   count
signal revenue money in EUR
signal nps     number from -100 to 100
signal admin   yes/no
signal plan    one of starter, growth, "Mid market"

measure nps curve
  0   -> 0
  100 -> 100

score health average
  1 nps
""")


@pytest.mark.parametrize(
    ("signal", "found", "ends"),
    [
        ("nps", "3,5", ": write 3.5"),
        ("share", "3,5%", ": write 3.5%"),
        ("seats", "1,028", ": write 1028"),
        ("seats", "1,000", ": write 1000"),  # 1.000 would be legal, and is not meant
        ("seats", "1.000.000", ": write 1000000"),
        ("seats", "12,0", ": write 12.0"),
        ("seats", "1 028", ": write 1028"),
        ("seats", "1'028", ": write 1028"),
        ("seats", "1\u2019028", ": write 1028"),
        ("seats", "1.028", ": write 1028"),
        ("revenue", "1,028", ": write 1028 or 1.028"),
        ("revenue", "1.234,50 €", ": write 1234.50"),
        ("revenue", "€390", ": write 390"),
        ("revenue", "390 EUR", ": write 390"),
        ("nps", "1,028", ": write 1.028"),  # 1028 would be out of range
        ("admin", "Y", ": write yes"),
        ("admin", "nein", ": write no"),
        ("plan", "Growth", ": did you mean `growth`?"),
        ("plan", "groth", ": did you mean `growth`?"),
        ("plan", "mid market ", ": did you mean `Mid market`?"),
        ("seats", "3,5", "a whole number, not negative"),
        ("nps", "1,2,3", "from -100 to 100"),
        ("nps", "n/a", "from -100 to 100"),
        ("admin", "maybe", "yes or no"),
        ("plan", "zzz", "(compared as written)"),
        ("seats", "1," * 10_000, "a whole number, not negative"),
    ],
)
def test_what_to_write(signal: str, found: str, ends: str) -> None:
    with pytest.raises(RecordError) as caught:
        RULESET.score({signal: found})
    assert caught.value.expected.endswith(ends)
