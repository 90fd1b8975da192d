"""Rulesets from text, for the tests of this folder."""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Expression
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.parser import parse_ruleset

HEAD = "ruleset example\n  language 1\n\n"
SIGNALS = (
    HEAD
    + """signal a count
signal b number
signal seats count
signal plan one of free, pro, "Pro plus"
signal country text
signal vip yes/no
signal renewal date
signal overdue days
signal usage percent
  stored as 45 for 45%
signal mrr money in USD
signal cost money in USD

rows tickets dated opened_on
  priority one of low, urgent
  hours number
  solved yes/no
rows urgent of tickets where priority is urgent
rows late of urgent where hours above 24
rows invoices
  amount money in USD

"""
)


def resolved(text: str) -> tuple[r.Ruleset | None, tuple[Diagnostic, ...]]:
    """What a text means; it must be well written."""
    source = Source(text, "example.health")
    file, syntax = parse_ruleset(source)
    assert not syntax, syntax[0].message
    return resolve_ruleset(file, source)


def ruleset(text: str) -> r.Ruleset:
    """The ruleset of a text without mistakes."""
    found, diagnostics = resolved(text)
    assert not diagnostics, diagnostics[0].message
    assert found is not None
    return found


def condition(text: str) -> Expression:
    """A condition over the signals of `SIGNALS`."""
    return ruleset(SIGNALS + f"flag tested when {text}\n").flags[-1].condition


def formula(text: str) -> Expression:
    """A formula over the signals of `SIGNALS`."""
    value = ruleset(SIGNALS + f"signal tested = {text}\n").signals[-1].formula
    assert value is not None
    return value


def node(text: str, name: str) -> r.RuleNode:
    """The node called `name` in a text that follows `SIGNALS`."""
    return next(one for one in ruleset(SIGNALS + text).nodes if one.name == name)


def codes(text: str) -> list[str]:
    """The codes of the mistakes in a text."""
    return [problem.code for problem in resolved(text)[1]]


def table(found: r.RuleNode) -> r.Table:
    """The table of the first variant."""
    body = found.variants[0].body
    assert isinstance(body, r.Table)
    return body


def combination(found: r.RuleNode) -> r.Combination:
    """The parts of the first variant."""
    body = found.variants[0].body
    assert isinstance(body, r.Combination)
    return body
