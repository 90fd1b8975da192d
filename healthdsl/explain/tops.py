"""The best that one account could have: of its parts that apply and are known, and the bonuses on top.

It is what the parts can give, not rounded as the score is. Where steps may give more than their text says
(a bonus without a limit, `times 2`), the best over all accounts stands in for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import DECIMALS
from healthdsl.explain.reach import Reaches, best
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.tally import Tally
from healthdsl.explain.tree import Branch
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Action, Method, Step

ZERO = Fraction(0)


class UnboundedError(Exception):
    """Some best value has no bound."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What every step down needs to know."""

    names: Names
    values: Values
    reaches: Reaches
    lower_is_better: bool
    decimals: int = DECIMALS

    def best(self, output: str) -> Fraction:
        """The best value of an output over all accounts."""
        value = best(self.reaches, output, self.values.number(output), low=self.lower_is_better)
        if value is None:
            raise UnboundedError
        return value

    def better(self, one: Fraction, other: Fraction) -> bool:
        return one < other if self.lower_is_better else one > other


@dataclass(frozen=True, slots=True)
class Top:
    """The best `points` of a node: its parts give `start`, and `bonuses` (by step) come on top."""

    start: Fraction
    bonuses: Mapping[int, Fraction]
    points: Fraction

    @property
    def reached(self) -> Fraction:
        """What start and bonuses come to, before limits."""
        return self.start + sum(self.bonuses.values(), ZERO)


def top_points(walk: Walk, branch: Branch) -> Fraction:
    """The best points of a part; what is not opened or not known counts with its best over all accounts."""
    node = branch.tally
    if node is None or node.base is None or node.points is None or not branch.children:
        return walk.best(f"{branch.node.name}__points")
    return top_of(walk, branch, node).points


def top_of(walk: Walk, branch: Branch, node: Tally) -> Top:
    """The best of a node that has points."""
    most, start = walk.best(f"{node.node.name}__points"), _start(walk, branch, node)
    slack = ZERO if node.variant.round_to is None else Fraction(1, 2 * 10**node.variant.round_to)
    sign = -1 if walk.lower_is_better else 1
    room = sign * (_unrounded(node, most, sign * slack) - start)
    top = Top(start, _bonuses(node, room, sign, slack), most)
    own = node.points
    assert own is not None
    beaten = sign * (own - top.reached) > slack
    beyond = sign * (top.reached - most) > slack
    if beaten or beyond or not all(_is_told(step, sign) for step in node.variant.steps):
        return top
    return Top(start, top.bonuses, top.reached)


def _unrounded(node: Tally, most: Fraction, slack: Fraction) -> Fraction:
    """What may have been rounded to the best."""
    if node.variant.within is None:
        return most + slack
    low, high = node.variant.within
    return min(max(most + slack, low), high)


def _start(walk: Walk, branch: Branch, node: Tally) -> Fraction:
    """The best base."""
    pairs = [(child, counted) for child, counted in zip(branch.children, node.parts, strict=False)]
    known = [(child, counted) for child, counted in pairs if counted.points is not None]
    none_counts = node.by_policy and node.method is Method.AVERAGE
    match node.method:
        case Method.AVERAGE | Method.TOTAL if pairs and not none_counts:
            shared = [(counted.share, child) for child, counted in pairs if counted.share]
            return sum((share * top_points(walk, child) for share, child in shared), ZERO)
        case Method.LOWEST | Method.HIGHEST if known and not node.by_policy:
            tops = [top_points(walk, child) for child, _ in known]
            return min(tops) if node.method is Method.LOWEST else max(tops)
        case _:
            return walk.best(f"{node.node.name}__base")


# Bonuses ---------------------------------------------------------------------


def _bonuses(node: Tally, room: Fraction, sign: int, slack: Fraction) -> dict[int, Fraction]:
    """Bonuses that the best needs on top of the best parts, by step, first come first served.

    What is left of the room may be nothing but what rounding gave: that is no bonus.
    """
    found = {}
    for k, step in enumerate(node.variant.steps):
        most = sign * _most(step)
        given = min(most, room)
        if step.action is Action.ADD and given > 0 and (given == most or given > 2 * slack):
            found[k] = sign * given
            room -= given
    return found


def _most(step: Step) -> Fraction:
    """The most points a step can give, 0 when the text does not say."""
    amount = step.amount
    if not isinstance(amount, Constant) or not isinstance(amount.value, Fraction):
        return ZERO
    if step.per is None:
        return amount.value
    limit = step.per.limit
    return ZERO if limit is None else (limit if amount.value > 0 else -limit)


def _is_told(step: Step, sign: int) -> bool:
    """Whether a step can better the points by no more than `_most` says."""
    amount = step.amount.value if isinstance(step.amount, Constant) else None
    if not isinstance(amount, Fraction):
        return False
    match step.action:
        case Action.ADD:
            return step.per is None or step.per.limit is not None or sign * amount <= 0
        case Action.CAP:
            return sign > 0
        case Action.RAISE:
            return sign < 0
        case Action.TIMES | Action.SET:
            return False
