"""Mutants of measures, groups and scores: of each variant its condition, its body and what stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import assert_never

from healthdsl.diff.say_expressions import say
from healthdsl.model.expressions import Expression
from healthdsl.model.ruleset import (
    Combination,
    Declared,
    Formula,
    Level,
    Rest,
    RuleNode,
    Ruleset,
    Table,
    TableKind,
    Variant,
)
from healthdsl.model.types import NUMBER
from healthdsl.source import Source, Span
from healthdsl.testing.mutants import clauses
from healthdsl.testing.mutants.expressions import condition_variations, variations
from healthdsl.testing.mutants.grids import grid_mutants, subject_mutants
from healthdsl.testing.mutants.kinds import Kind
from healthdsl.testing.mutants.mutant import Line, Mutant
from healthdsl.testing.mutants.rows import Rows, row_mutants, rows_of_table
from healthdsl.testing.mutants.swap import drop_variant, swap_variant


@dataclass(slots=True)
class Met:
    """The lines that have their mutants already; by `like` one line counts in several nodes."""

    lines: set[tuple[Span, Declared]] = field(default_factory=set)

    def again(self, declared: Declared) -> bool:
        """Whether the line was met before."""
        key = (declared.span, declared)
        found = key in self.lines
        self.lines.add(key)
        return found


def node_mutants(ruleset: Ruleset, node: RuleNode, source: Source, met: Met) -> Iterator[Mutant]:
    levels = next((each.levels for each in ruleset.levels if each.name == node.levels), ())
    for variant in node.variants:
        if len(node.variants) > 1:
            yield Line.of(variant).gone(Kind.DROP_CLAUSE, drop_variant(ruleset, variant))
        yield from _of_condition(ruleset, variant)
        yield from _of_body(ruleset, variant, levels, met)
        yield from clauses.guarded_mutants(ruleset, variant, "only when")
        yield from clauses.guarded_mutants(ruleset, variant, "unscored when")
        yield from clauses.needs_mutants(ruleset, variant, source)
        if not _has_missing_row(variant):
            yield from clauses.policy_mutants(ruleset, variant, _policy_rows(variant, levels), source)
        for step in variant.steps:
            if not met.again(step):
                yield from clauses.step_mutants(ruleset, step)
        yield from clauses.end_mutants(ruleset, variant, source)


def _of_condition(ruleset: Ruleset, variant: Variant) -> Iterator[Mutant]:
    if variant.condition is None:
        return
    for v in condition_variations(variant.condition):
        changed = replace(variant, condition=v.expression)
        said = (f"when {say(variant.condition)}", f"when {say(v.expression)}")
        yield Line.of(variant).changed(v.kind, said, swap_variant(ruleset, variant, changed))


def _of_body(ruleset: Ruleset, variant: Variant, levels: Sequence[Level], met: Met) -> Iterator[Mutant]:
    body = variant.body
    match body:
        case Table():
            # the points of a frozen distribution are data, not rules
            if body.ranks_in is None:
                yield from row_mutants(ruleset, rows_of_table(body, levels), met.again)
            if body.kind is TableKind.GRID:
                yield from grid_mutants(ruleset, body, met.again)
                yield from subject_mutants(ruleset, variant, body)
            if body.subject is not None:
                for kind, subject, said in _other_values(body.subject):
                    changed = replace(variant, body=replace(body, subject=subject))
                    yield Line.of(variant).changed(kind, said, swap_variant(ruleset, variant, changed))
        case Formula(value=value):
            for kind, other, said in _other_values(value):
                changed = replace(variant, body=Formula(other))
                yield Line.of(variant).changed(kind, said, swap_variant(ruleset, variant, changed))
        case Combination():
            yield from _of_combination(ruleset, variant, body, met)
        case _:
            assert_never(body)


def _other_values(value: Expression) -> Iterator[tuple[Kind, Expression, tuple[str, str]]]:
    for v in variations(value):
        yield v.kind, v.expression, (say(value), say(v.expression))


def _of_combination(ruleset: Ruleset, variant: Variant, body: Combination, met: Met) -> Iterator[Mutant]:
    method = clauses.other_method(body.method)
    changed = replace(variant, body=replace(body, method=method))
    said = (body.method.value, method.value)
    yield Line.of(variant).changed(Kind.METHOD, said, swap_variant(ruleset, variant, changed))
    for part in body.parts:
        if not met.again(part):
            yield from clauses.part_mutants(ruleset, part, alone=len(body.parts) == 1)


def _policy_rows(variant: Variant, levels: Sequence[Level]) -> Rows:
    """What a policy may give."""
    if isinstance(variant.body, Table):
        return rows_of_table(variant.body, levels)
    return Rows((), NUMBER, tuple(levels), Fraction(100))


def _has_missing_row(variant: Variant) -> bool:
    return isinstance(variant.body, Table) and any(
        isinstance(row.key, Rest) and row.key.missing for row in variant.body.rows
    )
