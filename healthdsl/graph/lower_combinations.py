"""Averages, totals, lowest and highest of parts to operations, with the weights that counted and the
coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.graph.lower_expressions import added, count_true, lower_expression
from healthdsl.graph.lower_tables import one_of
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.scope import NodeOps, Scope
from healthdsl.model.ruleset import Combination, LevelSet, Method, Needs, Part, SignalWeight, Weight
from healthdsl.model.types import TEXT


@dataclass(frozen=True, slots=True)
class PartOps:
    """A part at work: `counted` when it applies, weighs more than 0 and has a `key`: its points, or the rank
    of its level where levels have no points. `weight` is then its weight, else 0.
    """

    node: NodeOps
    key: int
    applies: int
    weighs: int
    full_weight: int
    counted: int
    weight: int
    term: int


@dataclass(frozen=True, slots=True)
class CombinationOps:
    """`base` is missing when no part counted; `unscored` and `needs_met` are conditions; `known`: some part
    that counted is.

    `level` is that of the part that won, `decided` the base, or the rank of that level where it has no
    points.
    """

    base: int
    decided: int
    level: int
    coverage: int
    unscored: int
    known: int
    parts: tuple[PartOps, ...]


def lower_combination(scope: Scope, body: Combination, levels: str | None) -> CombinationOps:
    """The parts combined; `levels`: the set of the node, of which the part that wins gives the level."""
    graph = scope.builder
    ranked = None if levels is None or scope.levels[levels].has_points else scope.levels[levels]
    parts = tuple(_part(scope, part, ranked) for part in body.parts)
    decided = graph.snap(_combined(scope, body.method, parts))
    unscored = [graph.both(part.weighs, part.applies, part.node.unscored) for part in parts]
    known = [graph.both(part.counted, part.node.known) for part in parts]
    return CombinationOps(
        decided if ranked is None else graph.missing(),
        decided,
        graph.missing(TEXT) if levels is None else _level_that_won(scope, parts, decided),
        _coverage(scope, parts),
        graph.either(*unscored),
        graph.either(*known),
        parts,
    )


def _level_that_won(scope: Scope, parts: Sequence[PartOps], decided: int) -> int:
    """The level of the first part that counted and has what decided."""
    graph = scope.builder
    won = [
        (graph.both(part.counted, graph.make(Primitive.EQUAL, (part.key, decided))), part.node.level)
        for part in parts
    ]
    return graph.select(won, graph.missing(TEXT))


def _rank(scope: Scope, level: int, levels: LevelSet) -> int:
    """The place of a level in its set, the last one 1; missing without a level."""
    graph = scope.builder
    names = [each.name for each in reversed(levels.levels)]
    cases = [
        (graph.make(Primitive.EQUAL, (level, graph.text(name))), graph.number(float(rank)))
        for rank, name in enumerate(names, 1)
    ]
    return graph.select(cases, graph.missing())


def _part(scope: Scope, part: Part, ranked: LevelSet | None) -> PartOps:
    graph = scope.builder
    node = scope.nodes[part.node]
    key = node.points if ranked is None else _rank(scope, node.level, ranked)
    asked = graph.truth(True)
    if part.only_when is not None:
        asked = graph.is_true(lower_expression(scope, part.only_when))
    full_weight, zero = _weight(scope, part.weight), graph.number(0.0)
    weighs = graph.make(Primitive.LESS, (zero, full_weight))
    counted = graph.both(asked, weighs, graph.known(key))
    # The product stands before the two choices it is used in, so that a backend can make both at once.
    product = graph.make(Primitive.MULTIPLY, (full_weight, node.points))
    weight = graph.select([(counted, full_weight)], zero)
    term = graph.select([(counted, product)], zero)
    return PartOps(node, key, graph.both(asked, node.applies), weighs, full_weight, counted, weight, term)


def _weight(scope: Scope, weight: Weight) -> int:
    """A weight, never missing: the first case of a grid that fits; 0 for none, and for a missing signal."""
    graph = scope.builder
    if isinstance(weight, Fraction):
        return graph.number(weight)
    signal = graph.snap(scope.signals[weight.signal])
    if isinstance(weight, SignalWeight):
        return graph.make(Primitive.COALESCE, (signal, graph.number(0.0)))
    rest = next((case.weight for case in weight.cases if not case.keys), Fraction(0))
    cases = [
        (one_of(scope, signal, case.keys), graph.number(case.weight)) for case in weight.cases if case.keys
    ]
    return graph.select(cases, graph.number(rest))


def _combined(scope: Scope, method: Method, parts: Sequence[PartOps]) -> int:
    graph = scope.builder
    match method:
        case Method.AVERAGE:
            total = added(scope, [part.term for part in parts])
            return graph.make(Primitive.DIVIDE, (total, added(scope, [part.weight for part in parts])))
        case Method.TOTAL:
            total = added(scope, [part.term for part in parts])
            return graph.select([(graph.either(*[part.counted for part in parts]), total)], graph.missing())
        case Method.LOWEST | Method.HIGHEST:
            return _extreme(scope, Primitive.MINIMUM if method is Method.LOWEST else Primitive.MAXIMUM, parts)


def _extreme(scope: Scope, primitive: Primitive, parts: Sequence[PartOps]) -> int:
    graph = scope.builder
    result = graph.missing()
    for part in parts:
        points = graph.select([(part.counted, part.key)], graph.missing())
        joined = graph.make(primitive, (result, points))
        result = graph.make(Primitive.COALESCE, (joined, result, points))
    return result


def _coverage(scope: Scope, parts: Sequence[PartOps]) -> int:
    """The known share of the weight that applies; 0 when nothing applies."""
    graph = scope.builder
    zero = graph.number(0.0)
    known, whole = [], []
    for part in parts:
        share = part.full_weight
        condition = graph.both(part.applies, part.weighs)
        whole.append(graph.select([(condition, share)], zero))
        if part.node.coverage is None:
            condition = graph.both(condition, part.node.known)
        else:
            share = graph.make(Primitive.MULTIPLY, (share, part.node.coverage))
        known.append(graph.select([(condition, share)], zero))
    share = graph.make(Primitive.DIVIDE, (added(scope, known), added(scope, whole)))
    return graph.make(Primitive.COALESCE, (share, zero))


def needs_met(scope: Scope, needs: Needs, combination: CombinationOps) -> int:
    """Whether enough is known, by share of weight or by number of parts."""
    graph = scope.builder
    if needs.share is not None:
        return graph.make(Primitive.AT_MOST, (graph.number(needs.share), graph.snap(combination.coverage)))
    known = [graph.both(part.counted, part.node.known) for part in combination.parts]
    return graph.make(Primitive.AT_MOST, (graph.number(float(needs.parts or 0)), count_true(scope, known)))
