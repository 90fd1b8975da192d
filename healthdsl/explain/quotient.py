"""Division, and the weighted average in particular.

In `(3 if a is known) * a + ... over (3 if a is known) + ...` the same conditions stand above and below the
line. Taken as two independent intervals the quotient could be anything; here every condition counts above
and below together. The bound is found by Dinkelbach's iteration: raise M until no choice of conditions
makes `above - M * below` positive. (W. Dinkelbach, On nonlinear fractional programming, Management Science
13, 1967.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from healthdsl.explain.abstract import Numbers, Truth
from healthdsl.explain.frame import Frame
from healthdsl.explain.ranges import add, divide
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

_ROUNDS = 64
_NOTHING = Numbers(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one condition adds above and below the line; `certain` when it surely holds.

    `points` is set when above is the weight below times those points.
    """

    certain: bool
    above: Numbers
    below: Numbers
    points: Numbers | None


def quotient(frame: Frame, op: Op, above: Numbers, below: Numbers) -> Numbers:
    """Bounds of a division."""
    plain = divide(above, below)
    shares = _shares(frame, op)
    if shares is None or plain.empty:
        return plain
    terms = len(frame.graph.ops[op.operands[0]].operands) + len(shares)
    high = _greatest(shares)
    low = -_greatest([_negated(share) for share in shares])
    size = max(abs(end) for end in (low, high) if math.isfinite(end) or end == low)
    slack = (terms + 8) * 4.0 * math.ulp(size) if math.isfinite(size) else 0.0
    return Numbers(max(plain.low, low - slack), min(plain.high, high + slack), plain.missing)


# Taking the sums apart -------------------------------------------------------


def _shares(frame: Frame, op: Op) -> list[_Share] | None:
    """The shares by condition; None where the division is no weighted average with conditions."""
    above, below = (_terms(frame, operand) for operand in op.operands)
    if below.keys() == {None} or not above.keys() <= below.keys():
        return None
    shares = []
    for condition, bottoms in below.items():
        truth = Truth(true=True) if condition is None else frame.value(condition)
        assert isinstance(truth, Truth)
        if truth.true:
            certain = not (truth.false or truth.missing)
            shares.append(_share(frame, certain, above.get(condition, []), bottoms))
    legal = all(
        share.below.low >= 0.0 and not share.above.missing and not share.below.missing for share in shares
    )
    return shares if legal and shares else None


def _share(frame: Frame, certain: bool, tops: Sequence[int], bottoms: Sequence[int]) -> _Share:
    above, below = _sum(frame, tops), _sum(frame, bottoms)
    points = None
    if len(tops) == len(bottoms) == 1:
        top = frame.graph.ops[tops[0]]
        if top.primitive is Primitive.MULTIPLY and top.operands[0] == bottoms[0]:
            factor = frame.value(top.operands[1])
            points = factor if isinstance(factor, Numbers) else None
    return _Share(certain, above, below, points)


def _sum(frame: Frame, terms: Sequence[int]) -> Numbers:
    total = _NOTHING
    for term in terms:
        value = frame.value(term)
        assert isinstance(value, Numbers)
        total = add(total, Numbers(value.low, value.high))
    return total


def _terms(frame: Frame, index: int) -> dict[int | None, list[int]]:
    """The terms of a sum by the condition without which they are 0; None for those without one."""
    found: dict[int | None, list[int]] = {}
    stack = [index]
    while stack:
        at = stack.pop()
        op = frame.graph.ops[at]
        if op.primitive is Primitive.ADD:
            stack += reversed(op.operands)
        elif op.primitive is Primitive.SELECT and len(op.operands) == 3 and _is_zero(frame, op.operands[2]):
            found.setdefault(op.operands[0], []).append(op.operands[1])
        elif not _is_zero(frame, at):
            found.setdefault(None, []).append(at)
    return found


def _is_zero(frame: Frame, index: int) -> bool:
    op = frame.graph.ops[index]
    return op.primitive is Primitive.CONSTANT and isinstance(op.value, float) and op.value == 0.0


# The greatest quotient -------------------------------------------------------


def _negated(share: _Share) -> _Share:
    points = None if share.points is None else Numbers(-share.points.high, -share.points.low)
    return _Share(share.certain, Numbers(-share.above.high, -share.above.low), share.below, points)


def _greatest(shares: Sequence[_Share]) -> float:
    """The greatest quotient over every choice of conditions with something below the line.

    Infinite if not found.
    """
    found = -math.inf
    for share in shares:  # a start that some choice reaches: the greatest of the shares by themselves
        found = max(found, _alone(share))
    if not any(share.certain for share in shares) or not math.isfinite(found):
        return found
    level = _certain_level(shares)
    for _ in range(_ROUNDS):
        if not math.isfinite(level):
            return found
        higher = _ratio(shares, level)
        if higher <= level:
            return min(found, level)
        level = higher
    return found


def _alone(share: _Share) -> float:
    """The greatest quotient of one share."""
    if share.points is not None:
        return share.points.high
    if share.below.low <= 0.0:
        return math.inf if share.above.high > 0.0 else 0.0
    return share.above.high / (share.below.low if share.above.high > 0.0 else share.below.high)


def _pick(share: _Share, level: float) -> tuple[float, float]:
    """Above and below where `above - level * below` is greatest."""
    if share.points is not None:
        weight = share.below.high if share.points.high > level else share.below.low
        return weight * share.points.high, weight
    return share.above.high, share.below.low if level > 0.0 else share.below.high


def _certain_level(shares: Sequence[_Share]) -> float:
    picked = [_pick(share, 0.0) for share in shares if share.certain]
    below = sum(weight for _, weight in picked)
    return sum(top for top, _ in picked) / below if below > 0.0 else math.inf


def _ratio(shares: Sequence[_Share], level: float) -> float:
    """The quotient of the choice that is best at this level."""
    above = below = 0.0
    for share in shares:
        top, weight = _pick(share, level)
        if share.certain or top - level * weight > 0.0:
            above += top
            below += weight
    return above / below if below > 0.0 else math.inf
