"""Rulesets for the tests, compiled no further than they need."""

from __future__ import annotations

from functools import cache

from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import compile_source


@cache
def ruleset_of(text: str, name: str = "<text>") -> Ruleset:
    """The ruleset of a text that has no mistakes."""
    compilation = compile_source(text, name)
    assert compilation.ruleset is not None, render_diagnostics(compilation.source, compilation.diagnostics)
    return compilation.ruleset
