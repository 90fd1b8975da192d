"""Words that several findings share."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.checks.domains import Domain, Domains
from healthdsl.checks.terms import against_constant
from healthdsl.explain.words import show_value
from healthdsl.model.expressions import (
    Aggregate,
    BandOf,
    ColumnValue,
    Compare,
    CountTrue,
    Expression,
    FlagValue,
    IsMissing,
    LevelOf,
    Member,
    PointsOf,
    Relation,
    SignalValue,
    Today,
    relation_word,
)
from healthdsl.model.ruleset import Outcome, Points, Row, ToLevel
from healthdsl.model.types import Type


def named(term: Expression) -> str | None:
    """What the text calls a term, in backticks; None for a formula."""
    match term:
        case SignalValue(name=name) | FlagValue(name=name):
            return f"`{name}`"
        case ColumnValue(column=name):
            return f"`{name}`"
        case PointsOf(node=node) | LevelOf(node=node) | BandOf(node=node):
            return f"`{node}`"
        case Aggregate(gather=gather, table=table):
            return f"`{gather.value} of {table}`"
        case CountTrue():
            return "this count"
        case Today():
            return "`today`"
        case _:
            return None


def range_of(domain: Domain, type_: Type) -> str | None:
    """`from 0 to 10`, `at least 0`; None where there is no end."""
    low = None if domain.low is None else show_value(domain.low, type_, 9)
    high = None if domain.high is None else show_value(domain.high, type_, 9)
    if domain.values is not None and domain.values and all(isinstance(v, Fraction) for v in domain.values):
        shown = [show_value(value, type_, 9) for value in domain.values]
        return f"one of {', '.join(shown)}" if len(shown) <= 12 else f"from {shown[0]} to {shown[-1]}"
    if low is not None and high is not None:
        return f"from {low} to {high}"
    if low is not None:
        return f"{relation_word(Relation.AT_LEAST, type_)} {low}"
    return f"{relation_word(Relation.UP_TO, type_)} {high}" if high is not None else None


def value_range(domains: Domains, term: Expression | None) -> str | None:
    """`nps` is from -100 to 100."""
    name = None if term is None else named(term)
    if term is None or name is None:
        return None
    shown = range_of(domains.domain(term), term.type)
    return None if shown is None else f"{name} is {shown}"


def said(row: Row) -> str:
    """What a row gives."""
    match row.result:
        case ToLevel(name=name):
            return f"`{name}`"
        case Points():
            return (
                f"`{row.text.partition('->')[2].split(chr(34))[0].strip()}`"
                if "->" in row.text
                else "its points"
            )
        case Outcome():
            return row.result.value


def atom_text(atom: Expression) -> str | None:
    """A comparison as it is written; None for one that is no plain one."""
    match atom:
        case Compare():
            found = against_constant(atom)
            if found is None or named(found[0]) is None:
                return None
            term, relation, constant = found
            return f"`{_bare(term)} {relation.value} {show_value(constant.value, term.type, 9)}`"
        case Member(operand=term, choices=choices):
            return None if named(term) is None else f"`{_bare(term)} is one of {', '.join(choices)}`"
        case IsMissing(operand=term):
            return None if named(term) is None else f"`{_bare(term)} is missing`"
        case _:
            return None


def _bare(term: Expression) -> str:
    return (named(term) or "").strip("`")
