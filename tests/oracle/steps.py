"""Steps, `within` and `round`: from the base of a node to its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from tests.oracle import exact
from tests.oracle.expressions import World, evaluate, is_true, number, reads


@dataclass(frozen=True)
class Stepped:
    """The running value after each step, and the node's points at the end."""

    fired: tuple[bool, ...]
    after: tuple[Fraction | None, ...]
    snapped: Fraction | None
    within: Fraction | None
    points: Fraction | None


def apply_steps(base: Fraction | None, variant: r.Variant, world: World) -> Stepped:
    """Steps in written order, then snap, within, round. Without points nothing happens."""
    value: Fraction | None = base
    fired, after = [], []
    for step in variant.steps:
        changed = None if value is None else changed_by(step, value, world)
        fired.append(changed is not None)
        value = value if changed is None else exact.finite(changed)
        after.append(value)
    if value is None:
        return Stepped(tuple(fired), tuple(after), None, None, None)
    points = snapped = world.snap(value)
    within = None
    if variant.within is not None:
        low, high = variant.within
        points = within = min(max(snapped, low), high)
    if variant.round_to is not None:
        points = world.round_to(points, variant.round_to)
    return Stepped(tuple(fired), tuple(after), snapped, within, points)


def changed_by(step: r.Step, value: Fraction, world: World) -> Fraction | None:
    """The value after the step, or None when it does not fire."""
    if not is_true(step.condition, world):
        if step.condition is not None and evaluate(step.condition, world) is None:
            world.note("step unknown")
        return None
    amount = number(evaluate(step.amount, world))
    if amount is None:
        return None
    match step.action:
        case r.Action.ADD:
            units = Fraction(1) if step.per is None else _units(step.per, world)
            if units is None:
                return None
            return value + (amount * units if step.per is None else _limited(amount * units, step.per))
        case r.Action.TIMES:
            return value * amount
        case r.Action.CAP:
            return min(value, amount)
        case r.Action.RAISE:
            return max(value, amount)
        case r.Action.SET:
            return amount
        case _:
            assert_never(step.action)


def _units(per: r.Per, world: World) -> Fraction | None:
    """How many times the amount counts: only what lies above `above`, never less than none."""
    quantity = number(evaluate(per.quantity, world))
    above = Fraction(0) if per.above is None else number(evaluate(per.above, world))
    if quantity is None or above is None:
        return None
    units = max(quantity - above, Fraction(0)) / per.each
    return Fraction(world.snap(units).__floor__()) if per.full else units


def _limited(points: Fraction, per: r.Per) -> Fraction:
    if per.limit is None or abs(points) <= per.limit:
        return points
    return per.limit if points > 0 else -per.limit


def step_reads(steps: tuple[r.Step, ...], world: World) -> Iterator[e.Expression]:
    """What steps read directly."""
    for step in steps:
        yield from reads(step.amount, world)
        if step.condition is not None:
            yield from reads(step.condition, world)
        if step.per is not None:
            yield from reads(step.per.quantity, world)
            if step.per.above is not None:
                yield from reads(step.per.above, world)
