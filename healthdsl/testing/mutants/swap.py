"""A ruleset with one thing exchanged, wherever its line counts: `like` and `bands a, b` use lines twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from healthdsl.model.ruleset import (
    Combination,
    Flag,
    Level,
    LevelSet,
    Missing,
    Outcome,
    Part,
    Rest,
    Row,
    Ruleset,
    Signal,
    Step,
    Table,
    Variant,
)

NO_POLICY = Missing(Outcome.SKIP, written=False)


def swap_row(ruleset: Ruleset, old: Row, new: Row | None) -> Ruleset:
    """With another row in its place, or without it."""

    def changed(variant: Variant) -> Variant:
        if not isinstance(variant.body, Table) or old not in variant.body.rows:
            return variant
        rows = _rows(variant.body.rows, old, new)
        if rows == variant.body.rows or not rows:
            return variant
        missing = variant.missing
        if isinstance(old.key, Rest) and old.key.missing:
            # the row is the policy of the node, too
            kept = new is not None and isinstance(new.key, Rest) and new.key.missing
            missing = replace(missing, result=new.result) if kept and new is not None else NO_POLICY
        return replace(variant, body=replace(variant.body, rows=rows), missing=missing)

    bands = tuple(
        replace(each, rows=_rows(each.rows, old, new)) if old in each.rows else each for each in ruleset.bands
    )
    return replace(swap_variants(ruleset, changed), bands=bands)


def _rows(rows: tuple[Row, ...], old: Row, new: Row | None) -> tuple[Row, ...]:
    kept = []
    for row in rows:
        if row == old and row.span == old.span:
            kept += [] if new is None else [new]
        else:
            kept.append(row)
    return tuple(kept)


def swap_step(ruleset: Ruleset, old: Step, new: Step | None) -> Ruleset:
    def changed(variant: Variant) -> Variant:
        if old not in variant.steps:
            return variant
        steps: list[Step] = []
        for step in variant.steps:
            same = step == old and step.span == old.span
            steps += [step] if not same else [] if new is None else [new]
        return replace(variant, steps=tuple(steps))

    return swap_variants(ruleset, changed)


def swap_part(ruleset: Ruleset, old: Part, new: Part | None) -> Ruleset:
    def changed(variant: Variant) -> Variant:
        if not isinstance(variant.body, Combination) or old not in variant.body.parts:
            return variant
        parts: list[Part] = []
        for part in variant.body.parts:
            same = part == old and part.span == old.span
            parts += [part] if not same else [] if new is None else [new]
        return replace(variant, body=replace(variant.body, parts=tuple(parts)))

    return swap_variants(ruleset, changed)


def swap_variants(ruleset: Ruleset, changed: Callable[[Variant], Variant]) -> Ruleset:
    """With every variant as `changed` gives it."""
    nodes = []
    for node in ruleset.nodes:
        variants = tuple([changed(variant) for variant in node.variants])
        same = all(new is old for new, old in zip(variants, node.variants, strict=True))
        nodes.append(node if same else replace(node, variants=variants))
    return replace(ruleset, nodes=tuple(nodes))


def swap_variant(ruleset: Ruleset, old: Variant, new: Variant) -> Ruleset:
    return swap_variants(ruleset, lambda variant: new if variant is old else variant)


def drop_variant(ruleset: Ruleset, old: Variant) -> Ruleset:
    nodes = tuple(
        replace(node, variants=tuple(v for v in node.variants if v is not old))
        if any(v is old for v in node.variants)
        else node
        for node in ruleset.nodes
    )
    return replace(ruleset, nodes=nodes)


def swap_signal(ruleset: Ruleset, old: Signal, new: Signal) -> Ruleset:
    return replace(ruleset, signals=tuple(new if each is old else each for each in ruleset.signals))


def swap_flag(ruleset: Ruleset, old: Flag, new: Flag) -> Ruleset:
    return replace(ruleset, flags=tuple(new if each is old else each for each in ruleset.flags))


def swap_level(ruleset: Ruleset, levels: LevelSet, old: Level, new: Level) -> Ruleset:
    changed = replace(levels, levels=tuple(new if each is old else each for each in levels.levels))
    return replace(ruleset, levels=tuple(changed if each is levels else each for each in ruleset.levels))
