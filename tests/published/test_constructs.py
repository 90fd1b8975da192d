"""Every construct of the language is used by a published or a starter ruleset.

A construct is a class, an optional field or a member of an enumeration of the Ruleset: what can be said and
is said nowhere here has no example that anybody could learn from.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import ModuleType

import healthdsl
from healthdsl.model import expressions, ruleset
from tests.shared import ROOT, rulesets_in

NOT_WRITTEN = {
    "Declared": "the base class of declarations",
    "Ruleset.is_dictionary": "a dictionary is no ruleset",
    "Declared.span": "of the base class",
    "Declared.text": "of the base class",
    "Ruleset.source_parts": "of the compiler's own",
}
"""What no ruleset says in so many words, and why."""


def constructs(module: ModuleType) -> Iterator[str]:
    """The names of what can be said with the classes of a module."""
    for name, kind in vars(module).items():
        if not inspect.isclass(kind) or kind.__module__ != module.__name__:
            continue
        if issubclass(kind, Enum):
            yield from (f"{name}.{member.name}" for member in kind)
        elif is_dataclass(kind):
            yield name
            yield from (f"{name}.{each.name}" for each in fields(kind) if _may_be_left_out(each))


def _may_be_left_out(each: Field[object]) -> bool:
    return each.name != "type" and (each.default is not MISSING or each.default_factory is not MISSING)


def said(value: object) -> Iterator[str]:
    """The names of the constructs that a part of a ruleset is made of."""
    if isinstance(value, Enum):
        yield f"{type(value).__name__}.{value.name}"
    elif is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        yield kind
        for each in fields(value):
            held = getattr(value, each.name)
            if _may_be_left_out(each) and held != _default(each):
                yield f"{kind}.{each.name}"
            yield from said(held)
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from said(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from said(each)


def _default(each: Field[object]) -> object:
    if each.default is not MISSING:
        return each.default
    return each.default_factory() if each.default_factory is not MISSING else None


def test_every_construct_is_used() -> None:
    files = rulesets_in(ROOT / "rulesets")
    assert len(files) > 40
    used = {name for path in files for name in said(healthdsl.load(path).ruleset)}
    unused = {*constructs(ruleset), *constructs(expressions)} - used - set(NOT_WRITTEN)
    assert not unused, f"no ruleset shows: {', '.join(sorted(unused))}"


def test_what_is_not_written_exists() -> None:
    assert set(NOT_WRITTEN) <= {*constructs(ruleset), *constructs(expressions)}


def test_a_construct_that_nothing_shows_is_noticed() -> None:
    plain = healthdsl.loads("ruleset x\n  language 1\n  version 1\nsignal a count\nscore s = a\n").ruleset
    assert "Bands" in {*constructs(ruleset)} - set(said(plain))
