"""The places of a ruleset that a test can reach: rows, steps, variants, policies, limits, bands, flags.

In: a resolved Ruleset. Out: a `Place` for each, with the test of whether an account of which all outputs are
known reaches it. Lines that count in several nodes (`like`, `bands a, b`) are one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from healthdsl.explain.reading import POLICY_ROW, Names, Values
from healthdsl.explain.tally import tally
from healthdsl.model.expressions import Expression
from healthdsl.model.ruleset import (
    Cell,
    Combination,
    CurvePoint,
    EdgeRung,
    Flag,
    Formula,
    Guarded,
    Key,
    Keys,
    Needs,
    Part,
    Rest,
    Row,
    RuleNode,
    Ruleset,
    Step,
    Table,
    Variant,
    When,
)
from healthdsl.source import Source, Span
from healthdsl.testing.band_rows import BandRows
from healthdsl.testing.clauses import clause_line


class Sort(StrEnum):
    """What a place is; the order is that of a report."""

    ROW = "row"
    CELL = "cell"
    RULE = "when rule"
    MISSING = "missing row"
    POLICY = "missing policy"
    VARIANT = "variant"
    GUARD = "condition"
    NEEDS = "needs"
    PART = "part"
    STEP = "step"
    LIMIT = "limit"
    BAND = "band"
    FLAG = "flag"
    PLAY = "play"
    CONDITION = "named condition"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a test: every output by name, and what was asked about besides."""

    values: Values
    asked: Callable[[Expression], object]


@dataclass(frozen=True, slots=True)
class Place:
    """`owner` is the measure, group, score or flag it belongs to; `reached` by an account or not."""

    sort: Sort
    owner: str
    line: int
    text: str
    reached: Callable[[Account], bool]


def places_of(ruleset: Ruleset, source: Source) -> tuple[Place, ...]:
    """Every place, by line."""
    found: list[Place] = []
    for node in ruleset.nodes:
        for number, variant in enumerate(node.variants):
            found += _of_variant(_Here(ruleset, source, node, number, variant))
    for bands in ruleset.bands:
        rows = BandRows(bands)
        for row in bands.rows:
            found.append(Place(Sort.BAND, bands.node, row.span.line, row.text, rows.reaches(row)))
    found += (_of_flag(flag) for flag in ruleset.flags)
    return tuple(sorted(_together(found), key=lambda place: place.line))


_SORTS = {"flag": Sort.FLAG, "play": Sort.PLAY, "condition": Sort.CONDITION}


def _of_flag(flag: Flag) -> Place:
    return Place(
        _SORTS[flag.word],
        flag.name,
        flag.span.line,
        flag.text,
        lambda account: account.values.is_true(flag.name),
    )


def conditions_asked(ruleset: Ruleset) -> Iterator[Expression]:
    """What has to be known of an account besides its outputs."""
    for node in ruleset.nodes:
        for variant in node.variants:
            yield from (guarded.condition for guarded in (*variant.only_when, *variant.unscored))
    for bands in ruleset.bands:
        yield from BandRows(bands).conditions


def _together(places: list[Place]) -> Iterator[Place]:
    """Places of one line and one sort as one, reached when any of them is."""
    by_line: dict[tuple[Sort, int, str], list[Place]] = {}
    for place in places:
        by_line.setdefault((place.sort, place.line, place.text), []).append(place)
    for several in by_line.values():
        first = several[0]
        yield (
            first
            if len(several) == 1
            else Place(
                first.sort, first.owner, first.line, first.text, _any_of([place.reached for place in several])
            )
        )


def _any_of(tests: list[Callable[[Account], bool]]) -> Callable[[Account], bool]:
    return lambda account: any(test(account) for test in tests)


# Of one variant ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Here:
    ruleset: Ruleset
    source: Source
    node: RuleNode
    number: int
    variant: Variant

    def used(self, account: Account) -> bool:
        """Whether the account is worked out by this variant."""
        return account.values.index(f"{self.node.name}__variant", 0) == self.number

    def place(self, sort: Sort, span: Span, text: str, reached: Callable[[Account], bool]) -> Place:
        def here(account: Account) -> bool:
            return self.used(account) and reached(account)

        return Place(sort, self.node.name, span.line, text, here)

    def clause(self, sort: Sort, word: str, reached: Callable[[Account], bool]) -> Place:
        line, text = clause_line(self.source, self.variant, word)
        return self.place(sort, Span(0, 0, line), text, reached)


def _of_variant(here: _Here) -> Iterator[Place]:
    variant = here.variant
    if variant.condition is not None:
        yield here.place(Sort.VARIANT, variant.span, variant.text, lambda _: True)
    yield from _of_body(here)
    for guarded in variant.only_when:
        yield _guard(here, guarded, wanted=False)
    for guarded in variant.unscored:
        yield _guard(here, guarded, wanted=True)
    if variant.needs is not None:
        yield here.clause(Sort.NEEDS, "needs", _lacks(here, variant.needs))
    for k, step in enumerate(variant.steps, 1):
        yield _step(here, step, k)
    if variant.within is not None:
        yield here.clause(Sort.LIMIT, "within", _cut(here))


def _of_body(here: _Here) -> Iterator[Place]:
    body = here.variant.body
    match body:
        case Table(rows=rows, ranks_in=ranked):
            # the points of a frozen distribution are data, not rules
            for index, row in enumerate(rows if ranked is None else ()):
                yield here.place(_sort_of(row.key), row.span, row.text, _fires(here, index))
            if here.variant.missing.written and not any(_is_policy(row) for row in rows):
                yield here.clause(Sort.POLICY, "missing", _fires(here, POLICY_ROW))
        case Combination(parts=parts):
            for k, part in enumerate(parts, 1):
                yield _part(here, part, k)
            yield from _policy(here)
        case Formula():
            yield from _policy(here)
        case _:
            assert_never(body)


def _sort_of(key: Key) -> Sort:
    match key:
        case Cell():
            return Sort.CELL
        case EdgeRung() | Keys() | CurvePoint():
            return Sort.ROW
        case When():
            return Sort.RULE
        case Rest(otherwise=otherwise):
            return Sort.ROW if otherwise else Sort.MISSING
        case _:
            assert_never(key)


def _is_policy(row: Row) -> bool:
    return isinstance(row.key, Rest) and row.key.missing


def _fires(here: _Here, index: int) -> Callable[[Account], bool]:
    name = f"{here.node.name}__row"
    return lambda account: account.values.index(name, -1) == index


def _part(here: _Here, part: Part, k: int) -> Place:
    weight = f"{here.node.name}__weight_{k}"
    return here.place(
        Sort.PART, part.span, part.text, lambda account: (account.values.number(weight) or 0) > 0
    )


def _policy(here: _Here) -> Iterator[Place]:
    """A written policy of a formula or a combination."""
    if not here.variant.missing.written:
        return

    def stood_in(account: Account) -> bool:
        found = tally(Names.of(here.ruleset), account.values, here.node)
        return found is not None and found.by_policy

    yield here.clause(Sort.POLICY, "missing", stood_in)


def _guard(here: _Here, guarded: Guarded, *, wanted: bool) -> Place:
    """`only when` is reached by an account that it keeps out, `unscored when` by one that it catches."""

    def decides(account: Account) -> bool:
        return (account.asked(guarded.condition) is True) is wanted

    return here.place(Sort.GUARD, guarded.span, guarded.text, decides)


def _lacks(here: _Here, needs: Needs) -> Callable[[Account], bool]:
    """Whether too little is known of the account."""
    name, body = here.node.name, here.variant.body

    def lacks(account: Account) -> bool:
        values = account.values
        if not values.is_true(f"{name}__unscored"):
            return False
        if needs.share is not None:
            coverage = values.number(f"{name}__coverage")
            return coverage is not None and coverage < needs.share
        parts = body.parts if isinstance(body, Combination) else ()
        known = sum(values.is_true(f"{part.node}__known") for part in parts)
        return known < (needs.parts or 0)

    return lacks


def _step(here: _Here, step: Step, k: int) -> Place:
    fired = f"{here.node.name}__fired_{k}"
    return here.place(Sort.STEP, step.span, step.text, lambda account: account.values.is_true(fired))


def _cut(here: _Here) -> Callable[[Account], bool]:
    """Whether `within` changed anything."""
    before, after = f"{here.node.name}__snapped", f"{here.node.name}__within"
    return lambda account: account.values.number(before) != account.values.number(after)
