"""`set to 50` meant as a limit, that lifts whoever stands lower.

It is told of a constant that some accounts fall to and others rise to: both are looked for, and the one that
rises is shown. An override to the best or the worst there is moves accounts one way only, and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Goal, Outputs
from healthdsl.checks.solve import Outcome, Wish
from healthdsl.checks.tried import context_of
from healthdsl.explain.abstract import Numbers
from healthdsl.explain.amounts import exact
from healthdsl.explain.intervals import interpret
from healthdsl.explain.words import show_number
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Action, RuleNode, Step, Variant


def check_overrides(bench: Bench) -> Iterator[Finding]:
    """One finding for each step that sets to a constant some way up."""
    for node in bench.ruleset.nodes:
        for variant in node.variants:
            for number, step in enumerate(variant.steps, 1):
                fixed = step.amount.value if isinstance(step.amount, Constant) else None
                if step.action is Action.SET and step.condition is not None and isinstance(fixed, Fraction):
                    yield from _step(bench, node, variant, (number, step, float(fixed)))


def _step(bench: Bench, node: RuleNode, variant: Variant, at: tuple[int, Step, float]) -> Iterator[Finding]:
    number, step, fixed = at
    before = f"{node.name}__after_{number - 1}" if number > 1 else f"{node.name}__base"
    piece = bench.lab.slice((before,))
    value = interpret(piece, open_ended=True)[piece.outputs[0].op]
    if not isinstance(value, Numbers) or not value.low < fixed < value.high:
        return
    fired = f"{node.name}__fired_{number}"

    def lifted(outputs: Outputs) -> bool:
        stood = outputs.get(before)
        return outputs.get(fired) is True and isinstance(stood, float) and stood < fixed

    def distance(outputs: Outputs) -> float:
        stood = outputs.get(before)
        height = max(stood - fixed, 0.0) if isinstance(stood, float) else 1e6
        return height + (0.0 if outputs.get(fired) is True else 1e7)

    assert step.condition is not None
    found = bench.solver.solve([*context_of(node, variant), Wish(step.condition)])
    if isinstance(found, Outcome):
        return
    goal = Goal((before, fired), lifted, distance)
    account = bench.lab.seek(goal, bench.lab.from_terms(found, bench.lab.plain()))
    if account is None:
        return
    account = bench.lab.smaller(account, goal.names, lifted)
    stood = bench.lab.look(account, goal.names)[before]
    assert isinstance(stood, float)
    outcome = (
        f"stands at {show_number(exact(stood))} before this line and at {show_number(exact(fixed))} after it"
    )
    message = f"`set to {show_number(exact(fixed))}` lowers some accounts and lifts others"
    advice = f"write `cap at {show_number(exact(fixed))}` where it is meant as a limit"
    yield find("W516", node.name, step.span, message, advice, shown=(bench.show(account, outcome),))
