"""Explanations add up, digit for digit as displayed, for any ruleset and any record."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import healthdsl
from healthdsl.explain import waterfall
from healthdsl.explain.explanation import Explanation, ScoreLine
from healthdsl.explain.waterfall import Item, lay_out
from healthdsl.reports import figures, render_html, render_json, render_markdown, render_text
from tests.explain.effort import FEW
from tests.explain.made import random_text
from tests.oracle.records import gather_constants, random_record


def shown(amount: Decimal | None, decimals: int) -> Decimal:
    """The amount as a reader sees it."""
    return Decimal(figures.figure(amount, decimals).replace(figures.MINUS, "-").replace(",", ""))


def check_score(score: ScoreLine) -> None:
    """Every promise about the amounts of one score."""
    check_contributions(score)
    check_adjustments(score)
    check_waterfall(score)
    check_losses(score)


def check_contributions(score: ScoreLine) -> None:
    if score.score is None:
        assert all(part.contribution is None for part in score.parts)
        return
    totals = {None: score.score} | {
        part.id: part.contribution for part in score.parts if part.contribution is not None
    }
    opened = {part.parent for part in score.parts} | {None}
    for whole, amount in totals.items():
        if whole not in opened:
            continue
        pieces = [part.contribution for part in score.parts if part.parent == whole]
        pieces += [change.contribution for change in score.adjustments if change.part == whole]
        if whole is not None and all(piece is None for piece in pieces):
            assert amount == 0  # a group that does not count, for instance of weight 0
            continue
        added = sum((shown(piece, score.decimals) for piece in pieces if piece is not None), Decimal(0))
        assert added == shown(amount, score.decimals), whole


def check_adjustments(score: ScoreLine) -> None:
    """The score's own adjustments go step by step from what its parts bring to the score, each by what it
    says.
    """
    if score.score is None:
        return
    cent = Decimal(1).scaleb(-max(score.decimals, 2))
    running = sum(
        (part.contribution or Decimal(0) for part in score.parts if part.parent is None), Decimal(0)
    )
    for change in score.adjustments:
        if change.part is None:
            assert change.before is not None
            assert change.contribution is not None
            assert abs(change.before - running) <= cent
            assert abs(change.after - change.before - change.contribution) <= cent
            running = change.after
    assert abs(running - score.score) <= cent


def check_waterfall(score: ScoreLine) -> None:
    bars = score.waterfall
    assert (bars is None) == (score.score is None)
    if bars is None:
        return
    running = shown(bars.start, score.decimals)
    for line in bars.lines:
        assert shown(line.before, score.decimals) == running
        running += shown(line.amount, score.decimals)
        assert shown(line.after, score.decimals) == running
        assert line.amount
    assert running == shown(bars.end, score.decimals) == shown(score.score, score.decimals)


def check_losses(score: ScoreLine) -> None:
    assert all(cause.lost > 0 for cause in score.causes)
    assert [cause.lost for cause in score.causes] == sorted((c.lost for c in score.causes), reverse=True)
    if score.best is not None and score.score is not None and score.worst is not None:
        assert min(score.worst, score.best) <= score.score <= max(score.worst, score.best)


def exact_lay_out(start: Fraction, items: Sequence[Item], end: Fraction, decimals: int):
    """`lay_out`, but the last line must not have to make up for what the others missed."""
    missed = start + sum((item.amount for item in items), Fraction(0)) - end
    assert abs(missed) <= Fraction(1, 10**6) * max(abs(start), abs(end), Fraction(1))
    return lay_out(start, items, end, decimals)


def random_explanation(seed: str) -> Explanation:
    rng = Random(seed)
    compiled = healthdsl.loads(random_text(seed))
    record, as_of = random_record(compiled.ruleset, gather_constants(compiled.ruleset), rng)
    with patch.object(waterfall, "lay_out", exact_lay_out):
        return compiled.score(record, as_of=as_of).explain()


@FEW
@given(seed=st.integers(0, 10**9))
def test_every_score_adds_up(seed):
    explanation = random_explanation(f"adds up {seed}")
    for score in explanation.scores:
        check_score(score)


@FEW
@given(seed=st.integers(0, 10**9))
def test_every_report_can_be_written(seed):
    explanation = random_explanation(f"written {seed}")
    text = render_text(explanation, width=80)
    assert all(len(line) <= 80 for line in text.splitlines())
    render_text(explanation, unicode=False).encode("utf-8")
    for report in (render_markdown, render_html, render_json):
        assert report(explanation).endswith("\n")
    assert Explanation.model_validate_json(render_json(explanation)).model_dump(mode="json") == (
        explanation.model_dump(mode="json")
    )


PLAIN = """\
ruleset plain
  language 1

signal a number
signal b number
signal c number

measure a = a
measure b = b
measure c = c

score s {method}
  a
  b
  c
"""


@given(
    values=st.lists(st.decimals(-1000, 1000, places=9), min_size=3, max_size=3),
    method=st.sampled_from(["average", "total", "lowest", "highest"]),
)
def test_odd_decimals_add_up(values, method):
    """Nine decimals each: rounding every amount for itself would miss the sum by a cent."""
    compiled = healthdsl.loads(PLAIN.format(method=method))
    record = dict(zip("abc", map(float, values), strict=True))
    (score,) = compiled.score(record).explain().scores
    check_score(score)


def test_the_check_sees_a_planted_fault(monkeypatch):
    """Rounding each contribution by itself, as a spreadsheet would, is caught."""
    compiled = healthdsl.loads(PLAIN.format(method="average"))
    record = {"a": 1, "b": 1, "c": 1}
    check_score(compiled.score(record).explain().scores[0])

    def spreadsheet(before, after, decimals):
        return Decimal(round(after - before, decimals).__float__()).quantize(Decimal(1).scaleb(-decimals))

    monkeypatch.setattr("healthdsl.explain.breakdown.difference", spreadsheet)
    with pytest.raises(AssertionError):
        check_score(compiled.score(record).explain().scores[0])
