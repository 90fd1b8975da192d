"""What an explanation shows adds up to the score it shows, digit for digit."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthdsl import loads
from healthdsl.explain.explanation import Explanation, ScoreLine, Waterfall
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import ruleset_texts
from tests.properties.budget import SCORING

NOTHING = Decimal(0)


def check_adds_up(explanation: Explanation) -> None:
    for line in explanation.scores:
        if line.score is not None:
            assert _under(line, None) == line.score, line
            _check_groups(line)
        if line.waterfall is not None:
            _check_waterfall(line.waterfall)
            assert line.waterfall.end == line.score, line


def _under(line: ScoreLine, parent: str | None) -> Decimal:
    """The contributions of the parts and adjustments directly below the score (None) or a part."""
    parts = (part.contribution for part in line.parts if part.parent == parent)
    adjustments = (one.contribution for one in line.adjustments if one.part == parent)
    return sum((amount for amount in (*parts, *adjustments) if amount is not None), NOTHING)


def _check_groups(line: ScoreLine) -> None:
    """A part with parts of its own brings what they bring."""
    for part in line.parts:
        has_parts = any(other.parent == part.id and other.contribution is not None for other in line.parts)
        if has_parts and part.contribution is not None:
            assert _under(line, part.id) == part.contribution, (part, line)


def _check_waterfall(waterfall: Waterfall) -> None:
    at = waterfall.start
    for bar in waterfall.lines:
        assert bar.before == at, waterfall
        assert bar.before + bar.amount == bar.after, waterfall
        at = bar.after
    assert at == waterfall.end, waterfall


def explanations(text: str, seed: int) -> list[tuple[Explanation, dict[str, object]]]:
    """Explanations of a few random records, with the values they are made from."""
    compiled, rng = loads(text), Random(seed)
    constants = gather_constants(compiled.ruleset)
    made = []
    for _ in range(3):
        record, as_of = random_record(compiled.ruleset, constants, rng)
        result = compiled.score(record, as_of=as_of)
        made.append((result.explain(), dict(result.values)))
    return made


@SCORING
@given(ruleset_texts(), st.integers(0, 2**32))
def test_explanations_add_up(text: str, seed: int) -> None:
    for explanation, values in explanations(text, seed):
        check_adds_up(explanation)
        for line in explanation.scores:
            points = values[f"{line.name}__points"]
            assert (line.score is None) == (points is None)
            if line.score is not None:
                assert isinstance(points, float)
                assert abs(line.score - Decimal(points)) <= Decimal(5) / 10 ** (line.decimals + 1) + Decimal(
                    "1e-9"
                )


TWO_PARTS = """\
ruleset two
  language 1

signal a number
signal b number

measure a = a
measure b = b

score health average
  3 a
  1 b
  -5 when a below 50
  round to 1 decimal
"""


def test_an_explanation_that_does_not_add_up_is_seen() -> None:
    explanation = loads(TWO_PARTS).score({"a": 10, "b": 33.33}).explain()
    check_adds_up(explanation)
    (line,) = explanation.scores
    first = line.parts[0]
    assert first.contribution is not None
    wrong = first.model_copy(update={"contribution": first.contribution + Decimal("0.1")})
    planted = explanation.model_copy(
        update={"scores": (line.model_copy(update={"parts": (wrong, *line.parts[1:])}),)}
    )
    with pytest.raises(AssertionError):
        check_adds_up(planted)
