"""Rulesets from the clauses a test is about."""

from __future__ import annotations

from healthdsl import CompiledRuleset, loads

HEADER = "ruleset made\n  language 1\n"


def compiled(body: str) -> CompiledRuleset:
    """The ruleset of these declarations."""
    return loads(HEADER + body)
