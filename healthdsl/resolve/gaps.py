"""Warns of ladders and bands that end before the values do: no `otherwise`, and the last row covers no rest.

In: a ruleset without mistakes. It tells only what is certain: all edges are constants, the rungs run one
way, nothing keeps the far values away from the table, and the range of the subject is declared or follows
from its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Aggregate, Constant, Expression, PointsOf, Product, SignalValue
from healthdsl.model.grids import side_tables
from healthdsl.model.types import Kind
from healthdsl.resolve.problems import Problems

_WHOLE = Fraction(1)
_WORDS_OF_EDGE = re.compile("^(?:below|up to|above|at least|[<>]=?|from .* to) *")


class _Domain(NamedTuple):
    """The least and the greatest value of a subject; None: there is no end, or it is not for sure."""

    low: Fraction | None
    high: Fraction | None
    is_input: bool = False  # which may declare a range
    line: str = "row"  # or the column of a grid


def check_gaps(problems: Problems, ruleset: r.Ruleset) -> None:
    """One warning for each table with a gap at its end."""
    for name, rows, domain in _tables(ruleset):
        rungs = [row for row in rows if isinstance(row.key, r.EdgeRung)]
        rest = [row.key for row in rows if not isinstance(row.key, r.EdgeRung)]
        keys = [row.key for row in rungs if isinstance(row.key, r.EdgeRung)]
        if len(keys) == 1 and None not in (keys[0].low, keys[0].high):
            continue  # one range alone runs no way
        if rungs and all(isinstance(key, r.Rest) and not key.otherwise for key in rest):
            _check_end(problems, name, rungs, domain)


def _tables(ruleset: r.Ruleset) -> Iterator[tuple[str, Sequence[r.Row], _Domain]]:
    """Ladders and bands with what they are about."""
    for node in ruleset.nodes:
        for variant in node.variants:
            guarded = variant.condition is not None or variant.only_when or variant.unscored
            body = variant.body
            if guarded or not isinstance(body, r.Table):
                continue
            for name, table, line in _ladders(node.name, body):
                domain = _domain(ruleset, table.subject)
                if domain is not None:
                    yield name, table.rows, domain._replace(line=line)
    for bands in ruleset.bands:
        domain = _domain(ruleset, PointsOf(bands.node))
        if domain is not None:
            yield bands.node, bands.rows, domain


def _ladders(name: str, table: r.Table) -> Iterator[tuple[str, r.Table, str]]:
    """The table, or the sides of a grid, as far as they are ladders: with what they are about, and what a row
    of theirs is.
    """
    if table.kind is r.TableKind.GRID:
        cell = table.cells[0]
        names = (cell.row.name, cell.column.name)
        found = list(zip(names, side_tables(table), ("row", "column"), strict=True))
    else:
        found = [(name, table, "row")]
    yield from (each for each in found if each[1].kind is r.TableKind.LADDER)


def _domain(ruleset: r.Ruleset, subject: Expression | None) -> _Domain | None:
    """What values a subject has; None when that is not certain."""
    match subject:
        case SignalValue(name=name, type=type_):
            signal = next((one for one in ruleset.signals if one.name == name), None)
            if signal is None:
                return None
            is_input = signal.formula is None
            if not type_.is_numeric or not isinstance(signal.formula, Aggregate | Product | None):
                return None  # other formulas may end anywhere: `min(days, 30 days)`
            high = _WHOLE if type_.kind is Kind.PERCENT and signal.high is None else signal.high
            return _Domain(signal.low, high, is_input and signal.high is None)
        case PointsOf(node=name):
            variants = [variant for node in ruleset.nodes if node.name == name for variant in node.variants]
            limits = [variant.within for variant in variants if variant.within is not None]
            if limits and len(limits) == len(variants):
                return _Domain(min(low for low, _ in limits), max(high for _, high in limits))
        case _:
            pass
    return None


def _check_end(problems: Problems, name: str, rungs: Sequence[r.Row], domain: _Domain) -> None:
    """Looks at the end that the rungs run towards."""
    ends = [_ends(row.key) for row in rungs if isinstance(row.key, r.EdgeRung)]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    if any(_is_moving(row.key) for row in rungs):
        return
    last = rungs[-1]
    assert isinstance(last.key, r.EdgeRung)
    edge = _WORDS_OF_EDGE.sub("", last.text.partition("->")[0].strip())
    if all(high is not None for high in highs) and highs == sorted(highs, key=lambda high: high or 0):
        end = highs[-1]
        assert end is not None
        if _goes_on(end, last.key, domain):
            values = f"`{name}` {'above' if last.key.high_included else 'at least'} {edge}"
            _warn(problems, last, values, domain)
    elif all(low is not None for low in lows) and None in highs and _falls(rungs):
        end = lows[-1]
        assert end is not None
        least = domain.low if domain.low is not None else Fraction(0)
        if last.key.high is None and (end > least or (end == least and not last.key.low_included)):
            values = f"`{name}` {'below' if last.key.low_included else 'up to'} {edge}"
            _warn(problems, last, values, domain._replace(is_input=False))


def _falls(rungs: Sequence[r.Row]) -> bool:
    """Whether the rungs, all with a lower edge, run downwards; `0`, then `above 0`, do not."""
    keys = [row.key for row in rungs if isinstance(row.key, r.EdgeRung)]
    edges = [(_number(key.low) or Fraction(0), not key.low_included) for key in keys]
    return edges == sorted(edges, reverse=True)


def _ends(key: r.EdgeRung) -> tuple[Fraction | None, Fraction | None]:
    return _number(key.low), _number(key.high)


def _number(bound: Expression | None) -> Fraction | None:
    return bound.value if isinstance(bound, Constant) and isinstance(bound.value, Fraction) else None


def _is_moving(key: r.Key) -> bool:
    """Whether an edge of a rung is no constant number."""
    bounds = (key.low, key.high) if isinstance(key, r.EdgeRung) else ()
    return any(bound is not None and _number(bound) is None for bound in bounds)


def _goes_on(end: Fraction, last: r.EdgeRung, domain: _Domain) -> bool:
    """Whether there are values above the upper end of the last rung."""
    if domain.high is None:
        return last.low is None
    return end < domain.high or (end == domain.high and not last.high_included)


def _warn(problems: Problems, last: r.Row, values: str, domain: _Domain) -> None:
    message = f"there is no {domain.line} for {values}"
    advice = "add `otherwise -> ..` below it" if domain.line == "row" else "add `otherwise` behind it"
    if domain.is_input:
        advice += ", or declare where the values of the signal end, such as `number from 0 to 10`"
    problems.warn("W502", last.span, message, advice)
