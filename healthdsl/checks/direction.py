"""`higher is better` on a signal, and a rule that gives more of it fewer points (or the other way round).

Only rules that read the signal itself are looked at, in nodes that the main score counts. The signal is moved
through its values while all else stays; where the points turn against the declaration, the two accounts are
replayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from healthdsl.checks.accounts import Account, typed
from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Outputs
from healthdsl.explain.amounts import exact
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.words import show_number, show_value
from healthdsl.graph.reading import body_expressions, parts_of, step_expressions, walk
from healthdsl.model.expressions import Expression, PointsOf, SignalValue
from healthdsl.model.ruleset import Better, Combination, Formula, RuleNode, Ruleset, Signal, Table, Variant
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class _Rule:
    """A body (`step` 0) or a step that reads the signal; `gives` is what it does to the points."""

    node: RuleNode
    variant: Variant
    step: int

    @property
    def names(self) -> tuple[str, ...]:
        name = self.node.name
        if not self.step:
            return (f"{name}__base", f"{name}__row", f"{name}__variant")
        return (self.before, f"{name}__after_{self.step}", f"{name}__variant")

    @property
    def before(self) -> str:
        return f"{self.node.name}__after_{self.step - 1}" if self.step > 1 else f"{self.node.name}__base"

    def gives(self, outputs: Outputs) -> float | None:
        number = outputs.get(f"{self.node.name}__variant")
        if isinstance(number, float) and self.node.variants[int(number)] is not self.variant:
            return None
        start = outputs.get(self.before) if self.step else 0.0
        end = outputs.get(f"{self.node.name}__after_{self.step}" if self.step else f"{self.node.name}__base")
        return end - start if isinstance(start, float) and isinstance(end, float) else None


def check_directions(bench: Bench) -> Iterator[Finding]:
    """One finding for each rule that contradicts the direction of a signal it reads."""
    directed = [signal for signal in bench.ruleset.signals if signal.better is not None]
    if not directed:
        return
    counted = _counted(bench.ruleset)
    for signal in directed:
        for rule in _rules(bench.ruleset, signal.name, counted):
            yield from _rule(bench, signal, rule)


def _counted(ruleset: Ruleset) -> set[str]:
    """The main score and what it counts, at any depth."""
    nodes = {node.name: node for node in ruleset.nodes}
    found: set[str] = set()
    waiting = [ruleset.main_score] if ruleset.main_score is not None else []
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for variant in nodes[name].variants:
                waiting += [part for part, _ in parts_of(variant)]
                match variant.body:
                    case Formula(value=PointsOf(node=part)):
                        waiting.append(part)
                    case _:
                        pass
    return found


def _rules(ruleset: Ruleset, signal: str, counted: set[str]) -> Iterator[_Rule]:
    for node in ruleset.nodes:
        if node.name not in counted:
            continue
        for variant in node.variants:
            body = list(body_expressions(variant.body))
            if not isinstance(variant.body, Combination) and _reads(body, signal):
                yield _Rule(node, variant, 0)
            for number, step in enumerate(variant.steps, 1):
                if _reads(list(step_expressions([step])), signal):
                    yield _Rule(node, variant, number)


def _reads(expressions: Sequence[Expression | None], signal: str) -> bool:
    return any(isinstance(e, SignalValue) and e.name == signal for e in walk(expressions))


def _rule(bench: Bench, signal: Signal, rule: _Rule) -> Iterator[Finding]:
    values = sorted(
        {typed(v) for v in bench.lab.trials.values.get(signal.name, ()) if not isinstance(v, str)},
        key=float,  # type: ignore[arg-type]
    )
    main = bench.ruleset.main_score
    up = signal.better is Better.HIGHER
    if main is not None and lower_is_better(bench.ruleset, main):
        up = not up
    for start in (bench.lab.plain(), bench.lab.blank()):
        accounts = [start.having(signal.name, value) for value in values]
        given = [rule.gives(bench.lab.look(account, rule.names)) for account in accounts]
        for k in range(len(values) - 1):
            low, high = given[k], given[k + 1]
            if low is not None and high is not None and (high < low if up else high > low):
                found = _finding(bench, signal, rule, (accounts[k], accounts[k + 1]))
                if found is not None:
                    yield found
                    return


def _finding(bench: Bench, signal: Signal, rule: _Rule, pair: tuple[Account, Account]) -> Finding | None:
    shown = []
    gained: list[float] = []
    for account in pair:
        wanted = _given(bench, rule, account)
        keep = frozenset({signal.name})
        small = bench.lab.smaller(account, rule.names, partial(_same, rule, wanted), keep)
        outputs = bench.lab.replay(small)
        points = None if outputs is None else rule.gives(outputs)
        if points is None:
            return None
        gained.append(points)
        what = "adds" if rule.step else "gives"
        shown.append(bench.show(small, f"this {what} {show_number(exact(points))}"))
    if gained[0] == gained[1] or gained[0] != _given(bench, rule, pair[0]):
        return None
    word = "higher is better" if signal.better is Better.HIGHER else "lower is better"
    first, second = (show_value(account.facts[signal.name], signal.type, 9) for account in pair)
    more, fewer = (show_number(exact(points)) for points in (gained[1], gained[0]))
    message = f"of `{signal.name}` {word}, and yet {second} gives {more} here where {first} gives {fewer}"
    advice = "turn the rule round, or the direction of the signal"
    return find("W518", signal.name, _place(bench, rule, pair[1]), message, advice, shown=tuple(shown))


def _same(rule: _Rule, wanted: float | None, outputs: Outputs) -> bool:
    return rule.gives(outputs) == wanted


def _given(bench: Bench, rule: _Rule, account: Account) -> float | None:
    return rule.gives(bench.lab.look(account, rule.names))


def _place(bench: Bench, rule: _Rule, account: Account) -> Span:
    """The row that fired, the step, or the node."""
    if rule.step:
        return rule.variant.steps[rule.step - 1].span
    row = bench.lab.look(account, rule.names).get(f"{rule.node.name}__row")
    body = rule.variant.body
    if isinstance(body, Table) and isinstance(row, float) and row >= 0:
        return body.rows[int(row)].span
    return rule.node.span
