"""Two rulesets compared.

In: the old and the new Ruleset. Out: every `Change` between them, in the order of the new text with what is
gone at its end; or the Ruleset that has only some of the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from healthdsl.diff.change import Change, Difference, Effect, Kind
from healthdsl.diff.facts import TITLE, from_to, level_tellers, merge_level_set, merge_signal, merge_table
from healthdsl.diff.nodes import merge_node
from healthdsl.diff.references import Sort
from healthdsl.diff.renames import Renamed, find_renames
from healthdsl.diff.rows import merge_bands
from healthdsl.diff.say_expressions import say
from healthdsl.diff.say_lines import say_body, say_type
from healthdsl.diff.sequences import Words, by_key, merge_sequence
from healthdsl.diff.walk import Teller, Walk, code, goes, now, quoted
from healthdsl.model.meaning import meaning, same, written
from healthdsl.model.ruleset import (
    Bands,
    Flag,
    Level,
    LevelSet,
    RowTable,
    RuleNode,
    Ruleset,
    Signal,
    Test,
)

HEAD = "the ruleset"
LONG_FORMULA = 90


def compare(old: Ruleset, new: Ruleset) -> Difference:
    """Every change from `old` to `new`; none when they mean the same and have the same tests."""
    walk = Walk(places=(old.place, new.place))
    _merge(walk, old, new)
    return Difference(tuple(walk.changes))


def blend(old: Ruleset, new: Ruleset, taken: Collection[int]) -> Ruleset:
    """`old` with the changes of these numbers. It may not hold together: see `diff.sound`.

    Names are those of `new` whatever is taken.
    """
    return Blender(old, new).with_changes(taken)


class Blender:
    """`blend` for many choices: a declaration is compared once for each choice among its own changes."""

    def __init__(self, old: Ruleset, new: Ruleset) -> None:
        renames, self._old = find_renames(old, new)
        self._new = new
        self._renames = {(each.sort, each.new): each for each in renames}
        self._known: _Known = {}

    def with_changes(self, taken: Collection[int]) -> Ruleset:
        """The old ruleset with these changes."""
        walk = Walk(lambda number: number in taken)
        return _merge_sides(walk, _Declarations(walk, self._old, self._new, self._renames, self._known))


def _merge(walk: Walk, old: Ruleset, new: Ruleset) -> Ruleset:
    renames, old = find_renames(old, new)
    called = {(each.sort, each.new): each for each in renames}
    return _merge_sides(walk, _Declarations(walk, old, new, called, {}))


def _merge_sides(walk: Walk, declarations: _Declarations) -> Ruleset:
    """The header, the declarations, then which score is the main one."""
    old, new = declarations.old, declarations.new
    shared: dict[str, Any] = {section.field: getattr(new, section.field) for section in SECTIONS}
    before = replace(old, **shared)
    with walk.about(HEAD, old, new):
        found = walk.fields(replace(before, main_score=new.main_score), new, HEADER)
        merged = declarations.merged()
        found = walk.fields(replace(found, main_score=old.main_score), found, HEADER)
    return replace(found, **merged, tests=_merge_tests(walk, old.tests, new.tests))


_SOURCE: Teller = goes("the name of the ruleset", Effect.EXPLANATION, code)
HEADER: Mapping[str, Teller] = {
    "name": _SOURCE,
    "title": TITLE,
    "version": goes("the version", Effect.EXPLANATION, str),
    "owner": goes("the owner", Effect.EXPLANATION, quoted),
    "account_id": now(
        Effect.SCORE, lambda old, new: f"accounts are known by {_column(new)} instead of {_column(old)}"
    ),
    "account_name": now(
        Effect.EXPLANATION,
        lambda old, new: f"the name of an account is read from {_column(new)} instead of {_column(old)}",
    ),
    "main_score": goes("the main score", Effect.SCORE, lambda name: name or "none"),
}


def _column(name: str | None) -> str:
    return "the usual column" if name is None else f"the column {code(name)}"


# Declarations ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of declaration: its field of the Ruleset, and how it is told."""

    field: str
    sort: Sort | None
    name: Callable[[Any], str]
    subject: Callable[[Any], str]
    merge: Callable[[Walk, Any, Any], Any]
    added: Callable[[Any], str]
    effect: Effect


@dataclass(slots=True)
class _Told:
    """What was told of a declaration, and what the result has of it by the numbers that were taken."""

    changes: list[Change]
    results: dict[tuple[int, ...], Any]


_Known = dict[tuple[str, str], _Told]
"""What earlier passes over the same two sides found out, by field and name of a declaration.

Invariant: the changes of a declaration and their numbers are the same in every pass.
"""


class _Declarations:
    """The declarations of both sides, compared in the order of the new text."""

    def __init__(
        self,
        walk: Walk,
        old: Ruleset,
        new: Ruleset,
        renames: Mapping[tuple[Sort, str], Renamed],
        known: _Known,
    ) -> None:
        self._walk, self.old, self.new, self._renames, self._known = walk, old, new, renames, known

    def merged(self) -> dict[str, Any]:
        """Every kind of declaration by the field it stands in."""
        found: dict[str, Any] = {section.field: () for section in SECTIONS}
        for section, old, new in self._in_order():
            merged = self._remembered(section, old, new)
            if merged is not None:
                found[section.field] += (merged,)
        return found

    def _in_order(self) -> list[tuple[Section, Any, Any]]:
        """Pairs of old and new, either of them None: those of the new text, then what is gone."""
        come, gone = [], []
        for section in SECTIONS:
            before = {section.name(each): each for each in getattr(self.old, section.field)}
            after = getattr(self.new, section.field)
            come += [(section, before.pop(section.name(each), None), each) for each in after]
            gone += [(section, each, None) for each in before.values()]
        come.sort(key=lambda pair: pair[2].span)
        gone.sort(key=lambda pair: pair[1].span)
        return [*come, *gone]

    def _remembered(self, section: Section, old: Any, new: Any) -> Any:
        """What the result has of a declaration; None for nothing."""
        key = (section.field, section.name(old if new is None else new))
        told = self._known.get(key)
        if told is None:
            first = len(self._walk.changes)
            result = self._one(section, old, new)
            told = self._known[key] = _Told(self._walk.changes[first:], {})
            told.results[self._taken(told)] = result
            return result
        taken = self._taken(told)
        if taken in told.results:
            self._walk.changes += told.changes
        else:
            told.results[taken] = self._one(section, old, new)
        return told.results[taken]

    def _taken(self, told: _Told) -> tuple[int, ...]:
        return tuple(change.number for change in told.changes if self._walk.takes(change.number))

    def _one(self, section: Section, old: Any, new: Any) -> Any:
        """What the result has of a declaration; None for nothing."""
        with self._walk.about(section.subject(old if new is None else new), old, new):
            if old is None:
                said = section.added(new)
                taken = self._walk.note(Kind.ADDED, section.effect, said, whole=True)
                return new if taken else None
            if new is None:
                taken = self._walk.note(Kind.REMOVED, section.effect, "is removed", whole=True)
                return None if taken else old
            rename = self._renames.get((section.sort, section.name(new))) if section.sort else None
            if rename is not None:
                said = f"was called {code(rename.old)} before"
                self._walk.note(Kind.RENAMED, Effect.EXPLANATION, said, whole=True)
            return new if _are_alike(old, new) else section.merge(self._walk, old, new)


def _are_alike(old: Any, new: Any) -> bool:
    noted = isinstance(old, Signal) and old.better is not new.better
    return not noted and same(old, new)


def _merge_flag(walk: Walk, before: Flag, after: Flag) -> Flag:
    return walk.fields(before, after, FLAG)


FLAG: Mapping[str, Teller] = {
    "word": now(Effect.SCORE, lambda old, new: f"it is a {new} instead of a {old}"),
    "name": goes("the name", Effect.EXPLANATION, code),
    "title": TITLE,
    "condition": now(Effect.SCORE, lambda old, new: from_to("its condition", old, new)),
}


def _merge_bands(walk: Walk, before: Bands, after: Bands) -> Bands:
    return walk.fields(before, after, BANDS)


def _merge_band_list(walk: Walk, old: tuple[Level, ...], new: tuple[Level, ...]) -> tuple[Level, ...]:
    words = Words[Level](
        lambda walk, before, after: walk.fields(before, after, level_tellers(after.name)),
        lambda band: f"the band {band.name} ({quoted(band.label)}) is added",
        lambda band: f"the band {band.name} ({quoted(band.label)}) is removed",
        None,
        Effect.EXPLANATION,
    )
    return merge_sequence(walk, old, new, by_key(old, new, lambda band: band.name), words)


BANDS: Mapping[str, Teller] = {
    "node": goes("what the bands are of", Effect.SCORE, code),
    "rows": merge_bands,
    "bands": _merge_band_list,
    "name": goes("the name of the bands", Effect.EXPLANATION, lambda name: code(name) if name else "none"),
    "title": TITLE,
}


def _added_signal(signal: Signal) -> str:
    if signal.formula is None:
        return f"is added: {say_type(signal.type)}, read from the column {code(signal.column)}"
    return f"is added: worked out as {_short(say(signal.formula))}"


def _added_node(node: RuleNode) -> str:
    (first, *others) = node.variants
    return f"is added: {say_body(first.body)}{f', in {len(others) + 1} variants' if others else ''}"


def _short(text: str) -> str:
    return code(text if len(text) <= LONG_FORMULA else f"{text[:LONG_FORMULA].rstrip()} ...")


def _named(each: Signal | RowTable | LevelSet | RuleNode | Flag) -> str:
    return each.name


SECTIONS = (
    Section(
        "signals",
        Sort.SIGNAL,
        _named,
        lambda signal: f"signal {signal.name}",
        merge_signal,
        _added_signal,
        Effect.EXPLANATION,
    ),
    Section(
        "tables",
        Sort.TABLE,
        _named,
        lambda table: f"rows {table.name}",
        merge_table,
        lambda table: f"is added, with the columns {', '.join(column.name for column in table.columns)}",
        Effect.EXPLANATION,
    ),
    Section(
        "levels",
        Sort.LEVELS,
        _named,
        lambda levels: f"levels {levels.name}",
        merge_level_set,
        lambda levels: f"is added, with {', '.join(level.name for level in levels.levels)}",
        Effect.EXPLANATION,
    ),
    Section(
        "nodes",
        Sort.NODE,
        _named,
        lambda node: f"{node.word} {node.name}",
        merge_node,
        _added_node,
        Effect.SCORE,
    ),
    Section(
        "bands",
        None,
        lambda bands: bands.node,
        lambda bands: f"bands of {bands.node}",
        _merge_bands,
        lambda bands: f"is added, with {', '.join(band.name for band in bands.bands)}",
        Effect.SCORE,
    ),
    Section(
        "flags",
        Sort.FLAG,
        _named,
        lambda flag: f"{flag.word} {flag.name}",
        _merge_flag,
        lambda flag: f"is added: {'raised' if flag.is_shown else 'true'} when {_short(say(flag.condition))}",
        Effect.SCORE,
    ),
)


# Tests -----------------------------------------------------------------------


def _merge_tests(walk: Walk, old: tuple[Test, ...], new: tuple[Test, ...]) -> tuple[Test, ...]:
    pairs = by_key(old, new, lambda test: test.title)
    origin = {place: before for before, place in pairs.items()}
    for place, test in enumerate(new):
        before = old[origin[place]] if place in origin else None
        with walk.about(f"test {quoted(test.title)}", before, test):
            if before is None:
                walk.note(Kind.ADDED, Effect.COSMETIC, "is added", whole=True)
            elif not same(before, test):
                walk.note(Kind.CHANGED, Effect.COSMETIC, _test_changed(before, test), whole=True)
    for before_place, test in enumerate(old):
        if before_place not in pairs:
            with walk.about(f"test {quoted(test.title)}", test, None):
                walk.note(Kind.REMOVED, Effect.COSMETIC, "is removed", whole=True)
    return new


def _test_changed(old: Test, new: Test) -> str:
    given = same((old.as_of, old.facts, old.tables), (new.as_of, new.facts, new.tables))
    expected = same(old.expectations, new.expectations)
    if not given and not expected:
        return "gives and expects something else"
    return "gives something else" if expected else "expects something else"


def canonical(ruleset: Ruleset) -> str:
    """What a ruleset and its tests mean, in one text: equal exactly when nothing is to be told."""
    better = sorted((signal.name, str(signal.better)) for signal in ruleset.signals)
    return written([meaning(ruleset), meaning(better), sorted(map(meaning, ruleset.tests), key=written)])
