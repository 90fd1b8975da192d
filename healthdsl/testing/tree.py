"""Under a failed expectation: how each value that it reads came to be, as a tree.

In: the Explanation of the test's account, which has every value with its reason. The ruleset says only what
reads what; nothing is worked out again here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from healthdsl.explain.explain import explain
from healthdsl.explain.explanation import Adjustment, Explanation, PartLine, ScoreLine, SignalLine
from healthdsl.explain.reading import Values, inside, nodes_read, signals_read
from healthdsl.explain.tally import variant_expressions
from healthdsl.explain.words import show_amount
from healthdsl.graph.reading import walk
from healthdsl.model.expressions import BandOf, Expression, FlagValue, LevelOf, PointsOf, SignalValue
from healthdsl.model.ruleset import Flag, RuleNode, Ruleset, Signal
from healthdsl.testing.outcome import Branch

DEEPEST = 12
_MOST = 60


@dataclass(slots=True)
class Roots:
    """What is known of one account, by name; `shown` are the names that stand in the tree already."""

    ruleset: Ruleset
    values: Mapping[str, object]
    as_of: int | None
    told: Explanation
    signals: Mapping[str, Signal]
    lines: Mapping[str, SignalLine]
    nodes: Mapping[str, RuleNode]
    shown: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, ruleset: Ruleset, values: Mapping[str, object], as_of: int | None) -> Roots:
        day = None if as_of is None else date.fromordinal(as_of)
        told = explain(ruleset, values, as_of=day)
        return cls(
            ruleset,
            values,
            as_of,
            told,
            {signal.name: signal for signal in ruleset.signals},
            {line.name: line for line in told.signals},
            {node.name: node for node in ruleset.nodes},
        )


def grow_tree(roots: Roots, condition: Expression) -> tuple[Branch, ...]:
    """A tree for each value that the expectation reads, in written order; each name is opened once."""
    roots.shown.clear()
    return tuple(_of_all(roots, [condition], 0))


def _of_all(roots: Roots, expressions: Sequence[Expression], depth: int) -> Iterator[Branch]:
    met: set[str] = set()
    for expression in walk(expressions):
        match expression:
            case PointsOf(node=name) | LevelOf(node=name) | BandOf(node=name):
                if f"node {name}" not in met:
                    met.add(f"node {name}")
                    yield _of_node(roots, name, depth)
            case SignalValue(name=name):
                if name not in met:
                    met.add(name)
                    yield _of_signal(roots, name, depth)
            case FlagValue(name=name):
                if name not in met:
                    met.add(name)
                    yield _of_flag(roots, name, depth)
            case _:
                pass


def _opens(roots: Roots, key: str, depth: int) -> bool:
    """Whether what is inside is shown: once, not too deep, and not without end."""
    if key in roots.shown or depth >= DEEPEST or len(roots.shown) >= _MOST:
        return False
    roots.shown.add(key)
    return True


# Signals and flags ------------------------------------------------------------


def _of_signal(roots: Roots, name: str, depth: int) -> Branch:
    line, signal = roots.lines.get(name), roots.signals.get(name)
    if line is None or signal is None:
        return Branch(name, "missing")
    inside: Iterable[Branch] = ()
    if signal.formula is not None and _opens(roots, name, depth):
        inside = _of_all(roots, [signal.formula], depth + 1)
    return Branch(name, line.text, line.note, line.place if line.derived else None, tuple(inside))


def _of_flag(roots: Roots, name: str, depth: int) -> Branch:
    flag = next(flag for flag in roots.ruleset.flags if flag.name == name)
    inside = _of_all(roots, [flag.condition], depth + 1) if _opens(roots, name, depth) else ()
    held = Values(roots.values).get(name)
    if flag.is_shown:
        state = "raised" if held is True else "not raised"
    else:
        state = "unknown" if held is None else "true" if held is True else "not true"
    return Branch(name, state, _said(flag), roots.ruleset.place(flag.span.line), tuple(inside))


def _said(flag: Flag) -> str:
    return flag.text.removesuffix(f'"{flag.title}"').strip()


# Measures, groups, scores -----------------------------------------------------


def _of_node(roots: Roots, name: str, depth: int, weight: str | None = None) -> Branch:
    score = next((line for line in roots.told.scores if line.name == name), None)
    if score is not None:
        return _of_score(roots, score, depth, weight)
    for owner in (*roots.told.scores, None):
        parts = roots.told.others if owner is None else owner.parts
        part = next((line for line in parts if line.name == name), None)
        if part is not None:
            return _of_part(roots, owner, part, depth)
    return Branch(name, "missing")


def _of_score(roots: Roots, score: ScoreLine, depth: int, weight: str | None) -> Branch:
    badge = score.band or score.level
    value = _shown(score.score) + (f", {badge.name}" if badge is not None else "")
    inside: list[Branch] = []
    if _opens(roots, f"node {score.name}", depth):
        inside += [_of_part(roots, score, part, depth + 1) for part in score.parts if part.parent is None]
        inside += _worked_out(roots, score.name, depth)
        inside += _changes(score.adjustments, None)
        inside += _unjudged(score, _title(roots, score.name))
    why = [*([weight] if weight else []), *score.unscored]
    return Branch(score.name, value, "; ".join(why) or None, score.place, tuple(inside))


def _of_part(roots: Roots, owner: ScoreLine | None, part: PartLine, depth: int) -> Branch:
    inside: list[Branch] = []
    if _opens(roots, f"node {part.name}", depth):
        children = () if owner is None else owner.parts
        inside += [_of_part(roots, owner, each, depth + 1) for each in children if each.parent == part.id]
        inside += _worked_out(roots, part.name, depth)
        if owner is not None:
            inside += _changes(owner.adjustments, part.id)
            inside += _unjudged(owner, part.title)
    value = _shown(part.points) + (f", {part.badge.name}" if part.badge is not None else "")
    weight = f"weight {_shown(part.weight)}" if part.weight is not None else None
    why = "; ".join(each for each in (weight, part.reason) if each)
    return Branch(part.name, value, why or None, part.place, tuple(inside))


def _worked_out(roots: Roots, name: str, depth: int) -> Iterator[Branch]:
    """The signals and points that the body and the steps of a node read, and those of its conditions."""
    node = roots.nodes[name]
    variant = Values(roots.values).variant(node)
    if variant is None:
        return
    read = [*variant_expressions(variant), *(guarded.condition for guarded in variant.only_when)]
    read += [guarded.condition for guarded in variant.unscored]
    for signal in signals_read(read):
        yield _of_signal(roots, signal, depth + 1)
    for flag in dict.fromkeys(each.name for each in inside(read) if isinstance(each, FlagValue)):
        yield _of_flag(roots, flag, depth + 1)
    for other in nodes_read(read):
        yield _of_node(roots, other, depth + 1)


def _changes(adjustments: Sequence[Adjustment], part: str | None) -> Iterator[Branch]:
    """What changed the points of a node after its parts, in the order in which it did."""
    for change in adjustments:
        if change.part == part and change.before != change.after:
            value = _shown(change.after)
            if change.before is not None:
                value = f"{_shown(change.before)} to {value}"
            why = change.text if change.reason else None
            yield Branch(change.reason or change.text, value, why, change.place)


def _unjudged(score: ScoreLine, title: str) -> Iterator[Branch]:
    for rule in score.unjudged:
        if rule.owner == title:
            yield Branch(rule.text, "not judged", rule.why, rule.place)


def _title(roots: Roots, name: str) -> str:
    return roots.nodes[name].title or name


def _shown(amount: Decimal | None) -> str:
    return "missing" if amount is None else show_amount(amount)
