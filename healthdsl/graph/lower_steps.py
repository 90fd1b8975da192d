"""Steps to operations: each changes the running value when it fires, in written order, without snapping
between.
"""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.graph.lower_expressions import lower_expression
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.scope import Scope
from healthdsl.model.ruleset import Action, Per, Step, Variant


@dataclass(frozen=True, slots=True)
class StepOps:
    """`fired` is a condition, `after` the running value behind the step."""

    fired: int
    after: int


def lower_steps(scope: Scope, steps: tuple[Step, ...], base: int) -> tuple[StepOps, ...]:
    """The steps on `base`; on a missing base none fires."""
    graph = scope.builder
    done: list[StepOps] = []
    running = base
    for step in steps:
        amount = _amount(scope, step)
        conditions = [graph.known(base), graph.known(amount)]
        if step.condition is not None:
            conditions.append(graph.is_true(lower_expression(scope, step.condition)))
        fired = graph.both(*conditions)
        running = graph.select([(fired, _changed(scope, step.action, running, amount))], running)
        done.append(StepOps(fired, running))
    return tuple(done)


_CHANGES = {
    Action.ADD: Primitive.ADD,
    Action.TIMES: Primitive.MULTIPLY,
    Action.CAP: Primitive.MINIMUM,
    Action.RAISE: Primitive.MAXIMUM,
}


def _changed(scope: Scope, action: Action, running: int, amount: int) -> int:
    if action is Action.SET:
        return amount
    return scope.builder.make(_CHANGES[action], (running, amount))


def _amount(scope: Scope, step: Step) -> int:
    amount = lower_expression(scope, step.amount)
    if step.per is None:
        return amount
    graph = scope.builder
    points = graph.make(Primitive.MULTIPLY, (amount, _units(scope, step.per)))
    if step.per.limit is None:
        return points
    limit, least = graph.number(step.per.limit), graph.number(-step.per.limit)
    # A bonus is held from above, a penalty from below; an amount of unknown sign from both sides.
    low, high = graph.facts[amount].bounds
    if high > 0.0:
        points = graph.make(Primitive.MINIMUM, (points, limit))
    if low < 0.0:
        points = graph.make(Primitive.MAXIMUM, (points, least))
    return points


def _units(scope: Scope, per: Per) -> int:
    """How many units lie above the threshold, never fewer than 0; whole ones when asked."""
    graph = scope.builder
    over = lower_expression(scope, per.quantity)
    if per.above is not None:
        over = graph.make(Primitive.SUBTRACT, (over, lower_expression(scope, per.above)))
    units = graph.make(
        Primitive.DIVIDE, (graph.make(Primitive.MAXIMUM, (over, graph.number(0.0))), graph.number(per.each))
    )
    return graph.make(Primitive.FLOOR, (graph.snap(units),)) if per.full else units


@dataclass(frozen=True, slots=True)
class EndOps:
    """After all steps: `snapped`, `within` (None when not written) and the `points` in the end, rounded when
    asked.
    """

    snapped: int
    within: int | None
    points: int


def lower_end(scope: Scope, variant: Variant, running: int) -> EndOps:
    """Snap, then `within`, then `round`."""
    graph = scope.builder
    points = snapped = graph.snap(running)
    within = None
    if variant.within is not None:
        low, high = (graph.number(bound) for bound in variant.within)
        points = within = graph.make(Primitive.MINIMUM, (graph.make(Primitive.MAXIMUM, (points, low)), high))
    if variant.round_to is not None:
        points = graph.make(Primitive.ROUND, (points,), variant.round_to)
    return EndOps(snapped, within, points)
