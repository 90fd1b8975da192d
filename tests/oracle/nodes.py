"""A measure, group or score: variant, only when, unscored, base, policy, coverage, steps, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, assert_never

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from tests.oracle.expressions import World, evaluate, is_true, number, reads
from tests.oracle.steps import apply_steps, step_reads
from tests.oracle.tables import NO_ROW, Base, Setting, policy_base, table_base, table_reads


@dataclass(frozen=True)
class State:
    """Everything that is known of a node. `weights` and `part_applies` belong to combinations only."""

    variant: int = -1
    applies: bool = False
    unscored: bool = False
    known: bool = False
    by_policy: bool = False
    base: Fraction | None = None
    row: int = NO_ROW
    weights: tuple[Fraction, ...] = ()
    part_applies: tuple[bool, ...] = ()
    coverage: Fraction = Fraction(0)
    fired: tuple[bool, ...] = ()
    after: tuple[Fraction | None, ...] = ()
    snapped: Fraction | None = None
    within: Fraction | None = None
    points: Fraction | None = None
    level: str | None = None


class NodeWorld(Setting, Protocol):
    """A world that also knows the other nodes, and what came from the record."""

    def state(self, name: str) -> State: ...
    def supplied(self, read: e.Expression) -> bool: ...


@dataclass(frozen=True)
class Counted:
    """A part of a combination: whether it applies and with what weight (0: never counted)."""

    state: State
    applies: bool
    weight: Fraction
    key: Fraction | None  # its points, or the rank of its level where levels have no points

    @property
    def counts(self) -> bool:
        return self.applies and self.weight > 0

    @property
    def decides(self) -> bool:
        return self.counts and self.key is not None


def work_out(node: r.RuleNode, world: NodeWorld) -> State:
    """The state of one node."""
    chosen = [i for i, variant in enumerate(node.variants) if is_true(variant.condition, world)]
    if not chosen:
        return State()
    variant = node.variants[chosen[0]]
    if not all(is_true(guard.condition, world) for guard in variant.only_when):
        return State(variant=chosen[0])
    return replace(_applicable(node, variant, world), variant=chosen[0], applies=True)


def _applicable(node: r.RuleNode, variant: r.Variant, world: NodeWorld) -> State:
    parts = _parts(variant.body, node, world)
    if any(is_true(guard.condition, world) for guard in variant.unscored):
        return State(unscored=True, coverage=_coverage(parts))
    base = _base(node, variant, parts, world)
    if base.missing:
        instead = policy_base(variant, node, world)
        base = replace(instead, unscored=instead.unscored or base.unscored)
    coverage = _coverage(parts)
    refused = base.unscored or (
        variant.needs is not None and not _enough(variant.needs, parts, coverage, world)
    )
    stepped = apply_steps(None if refused else base.points, variant, world)
    known = stepped.points is not None and not base.by_policy and _is_supplied(variant, parts, world)
    if not isinstance(variant.body, r.Combination):
        coverage = Fraction(int(known))
    return State(
        unscored=refused or (node.word == "score" and stepped.points is None),
        known=known,
        by_policy=base.by_policy,
        base=base.points,
        row=base.row,
        weights=tuple(part.weight if part.decides else Fraction(0) for part in parts),
        part_applies=tuple(part.applies for part in parts),
        coverage=coverage,
        fired=stepped.fired,
        after=stepped.after,
        snapped=stepped.snapped,
        within=stepped.within,
        points=stepped.points,
        level=None if refused else base.level,
    )


def _base(node: r.RuleNode, variant: r.Variant, parts: tuple[Counted, ...], world: NodeWorld) -> Base:
    match variant.body:
        case r.Table():
            return table_base(variant.body, node, world)
        case r.Formula():
            inputs = list(body_reads(variant, world))
            if variant.steps and inputs and all(evaluate(read, world) is None for read in inputs):
                return Base(missing=True)
            value = number(evaluate(variant.body.value, world))
            return Base(missing=True) if value is None else Base(points=value)
        case r.Combination():
            return _combine(variant.body.method, parts, node, world)
        case _:
            assert_never(variant.body)


def body_reads(variant: r.Variant, world: World) -> Iterator[e.Expression]:
    """What a table reads, or a formula with its steps."""
    if isinstance(variant.body, r.Table):
        yield from table_reads(variant.body, world)
    if isinstance(variant.body, r.Formula):
        yield from reads(variant.body.value, world)
        yield from step_reads(variant.steps, world)


def _is_supplied(variant: r.Variant, parts: tuple[Counted, ...], world: NodeWorld) -> bool:
    """Whether a part that counted is known, or anything a table or formula reads came from the record."""
    if isinstance(variant.body, r.Combination):
        return any(part.decides and part.state.known for part in parts)
    inputs = list(body_reads(variant, world))
    return not inputs or any(world.supplied(read) for read in inputs)


# Combinations ----------------------------------------------------------------


def _parts(body: object, node: r.RuleNode, world: NodeWorld) -> tuple[Counted, ...]:
    if not isinstance(body, r.Combination):
        return ()
    return tuple(_part(part, node, world) for part in body.parts)


def _part(part: r.Part, node: r.RuleNode, world: NodeWorld) -> Counted:
    state = world.state(part.node)
    applies = state.applies and is_true(part.only_when, world)
    ranks = world.level_ranks(node)
    key = state.points if ranks is None else ranks.get(state.level or "")
    return Counted(state, applies, _weight(part.weight, world), key)


def _weight(weight: r.Weight, world: NodeWorld) -> Fraction:
    if isinstance(weight, Fraction):
        return weight
    value = world.signal(weight.signal)
    if isinstance(weight, r.SignalWeight):
        return number(value) or Fraction(0)
    for case in weight.cases:
        if not case.keys or any(type(key) is type(value) and key == value for key in case.keys):
            return case.weight
    return Fraction(0)


def _combine(method: r.Method, parts: tuple[Counted, ...], node: r.RuleNode, world: NodeWorld) -> Base:
    unscored = any(part.counts and part.state.unscored for part in parts)
    counted = [(p.weight, p.key) for p in parts if p.counts and p.key is not None]
    if not counted:
        return Base(missing=True, unscored=unscored)
    decided = world.snap(_combined(method, counted))
    won = next((part.state.level for part in parts if part.decides and part.key == decided), None)
    level = None if node.levels is None else won
    points = decided if world.level_ranks(node) is None else None
    return Base(points=points, level=level, unscored=unscored)


def _combined(method: r.Method, counted: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Of weights and points."""
    total = sum((weight * points for weight, points in counted), Fraction(0))
    match method:
        case r.Method.AVERAGE:
            return total / sum(weight for weight, _ in counted)
        case r.Method.TOTAL:
            return total
        case r.Method.LOWEST:
            return min(points for _, points in counted)
        case r.Method.HIGHEST:
            return max(points for _, points in counted)
        case _:
            assert_never(method)


def _coverage(parts: tuple[Counted, ...]) -> Fraction:
    """The share of the applicable weight that was known; 0 when there is no such weight."""
    weights = sum((part.weight for part in parts if part.counts), Fraction(0))
    known = sum((part.weight * part.state.coverage for part in parts if part.counts), Fraction(0))
    return known / weights if weights else Fraction(0)


def _enough(needs: r.Needs, parts: tuple[Counted, ...], coverage: Fraction, world: World) -> bool:
    if needs.share is not None:
        return world.snap(coverage) >= world.snap(needs.share)
    return sum(part.counts and part.state.known for part in parts) >= (needs.parts or 0)
