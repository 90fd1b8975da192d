"""How much one point of a measure or group is worth in the main score, for each account.

In: the ruleset's combinations. Out: SQL of a relation that has a column NAME__factor beside the columns of
the scored book for every node below the main score. A factor is the share by which the points entered
the combination, times the factor of that combination; 0 where the node did not count. Nodes that stand in
two places have the sum. What later rules do (a cap, a limit) is left out: it is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from healthdsl.batch.summary_sql import Scored, quoted
from healthdsl.model.expressions import PointsOf
from healthdsl.model.ruleset import Combination, Formula, Method, RuleNode, Ruleset, Table, Variant


@dataclass(frozen=True, slots=True)
class Place:
    """Part `k` (from 1) of a variant of `parent`."""

    parent: RuleNode
    variant: int
    k: int


def factor(node: str) -> str:
    """The column that holds the factor of a node."""
    return quoted(f"{node}__factor")


def with_factors(scored: Scored, ruleset: Ruleset) -> str:
    """The scored book with factors, as a relation in brackets."""
    relation = scored.relation
    for nodes in _levels(ruleset):
        added = ", ".join(f"{_factor_of(scored, ruleset, node)} AS {factor(node.name)}" for node in nodes)
        relation = f"(SELECT *, {added} FROM {relation})"  # noqa: S608
    return relation


def nodes_below(ruleset: Ruleset) -> tuple[RuleNode, ...]:
    """The main score and all nodes below it, in the order of the text."""
    inside = {node.name for level in _levels(ruleset) for node in level}
    return tuple(node for node in ruleset.nodes if node.name in inside)


def variant_is(scored: Scored, node: RuleNode, index: int) -> str | None:
    """The condition that a node used its variant of this index; None for a node that has only one."""
    column = scored.output(f"{node.name}__variant") if len(node.variants) > 1 else None
    return None if column is None else f"{column} = {index}"


def _levels(ruleset: Ruleset) -> list[list[RuleNode]]:
    """The main score, then nodes all of whose places are in levels before theirs."""
    by_name = {node.name: node for node in ruleset.nodes}
    inside = _reached(by_name, ruleset.main_score)
    missing = dict.fromkeys(inside, 0)  # parents that have no level yet
    for name in inside:
        for child in parts_of(by_name[name]):
            missing[child] += 1
    levels, ready = [], [name for name in inside if not missing[name]]
    while ready:
        levels.append([by_name[name] for name in ready])
        found = []
        for child in (child for name in ready for child in parts_of(by_name[name])):
            missing[child] -= 1
            found += [] if missing[child] else [child]
        ready = found
    return levels


def _reached(by_name: Mapping[str, RuleNode], start: str | None) -> dict[str, None]:
    found: dict[str, None] = {} if start is None else {start: None}
    waiting = list(found)
    while waiting:
        for child in parts_of(by_name[waiting.pop()]):
            if child not in found:
                found[child] = None
                waiting.append(child)
    return found


def parts_of(node: RuleNode) -> tuple[str, ...]:
    """The nodes whose points a node hands on, each once."""
    return tuple(dict.fromkeys(name for variant in node.variants for name in handed_on(variant)))


def handed_on(variant: Variant) -> tuple[str, ...]:
    """The parts of a combination; `= points of x` hands on x whole."""
    match variant.body:
        case Combination(parts=parts):
            return tuple(part.node for part in parts)
        case Formula(value=PointsOf(node=name)):
            return (name,)
        case Formula() | Table():
            return ()


def _places(ruleset: Ruleset, name: str) -> Iterator[Place]:
    for node in nodes_below(ruleset):
        for index, variant in enumerate(node.variants):
            for k, part in enumerate(handed_on(variant), 1):
                if part == name:
                    yield Place(node, index, k)


def _factor_of(scored: Scored, ruleset: Ruleset, node: RuleNode) -> str:
    if node.name == ruleset.main_score:
        return f"CASE WHEN {scored.output(f'{node.name}__points') or 'NULL'} IS NULL THEN 0.0 ELSE 1.0 END"
    terms = []
    for place in _places(ruleset, node.name):
        share = f"{factor(place.parent.name)} * {_share(scored, place)}"
        chosen = variant_is(scored, place.parent, place.variant)
        term = f"COALESCE({share}, 0.0)"
        terms.append(term if chosen is None else f"CASE WHEN {chosen} THEN {term} ELSE 0.0 END")
    return " + ".join(terms)


def _share(scored: Scored, place: Place) -> str:
    """What part of its points a part hands on."""
    body = place.parent.variants[place.variant].body
    if not isinstance(body, Combination):
        return "1.0"
    weights = [_weight(scored, place.parent, k) for k in range(1, len(body.parts) + 1)]
    match body.method:
        case Method.AVERAGE:
            return f"{weights[place.k - 1]} / NULLIF({' + '.join(weights)}, 0)"
        case Method.TOTAL:
            return weights[place.k - 1]
        case Method.LOWEST | Method.HIGHEST:
            # One part decides, the first of equals.
            base = scored.output(f"{place.parent.name}__base") or "NULL"
            hits = [
                f"({weight} > 0 AND {scored.output(f'{part.node}__points') or 'NULL'} = {base}) IS TRUE"
                for weight, part in zip(weights, body.parts, strict=True)
            ]
            before = "".join(f" AND NOT ({hit})" for hit in hits[: place.k - 1])
            return f"CASE WHEN {hits[place.k - 1]}{before} THEN 1.0 ELSE 0.0 END"


def _weight(scored: Scored, node: RuleNode, k: int) -> str:
    column = scored.output(f"{node.name}__weight_{k}")
    return "0.0" if column is None else f"COALESCE({column}, 0.0)"
