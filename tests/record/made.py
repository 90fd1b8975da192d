"""Scoring rulesets made of the clauses a test is about."""

from __future__ import annotations

from collections.abc import Mapping

from healthdsl import CompiledRuleset, Result, loads

AS_OF = "2026-03-31"


def compiled(body: str) -> CompiledRuleset:
    """The ruleset of these declarations."""
    return loads(f"ruleset made\n  language 1\n{body}")


def scored(body: str, record: Mapping[str, object], as_of: str | None = AS_OF) -> Result:
    return compiled(body).score(record, as_of=as_of)


def value(body: str, record: Mapping[str, object], output: str, as_of: str | None = AS_OF) -> object:
    """One output of scoring one record."""
    return scored(body, record, as_of).values[output]
