"""Rows of a ladder or of bands that claim the same values: `0 to 50`, then `50 to 75`.

The row above wins, so nothing is undefined; whoever reads the second row reads something else. Rungs with one
edge are meant to reach back (`below 20`, then `below 50`), and are not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.dead_rows import row_claim
from healthdsl.checks.finding import Finding, Fix, Shown
from healthdsl.checks.solve import Wish
from healthdsl.checks.tried import Place, Tried, places
from healthdsl.checks.wording import named, said
from healthdsl.diagnostics.diagnostic import Label
from healthdsl.explain.words import show_value
from healthdsl.model.expressions import Compare, Constant, Expression, Relation, relation_word
from healthdsl.model.ruleset import EdgeRung, TableKind
from healthdsl.source import Span


@dataclass(frozen=True, slots=True)
class _Rung:
    tried: Tried
    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool


def check_overlaps(bench: Bench) -> Iterator[Finding]:
    """One finding for each row whose inner edge lies in the row above."""
    uses: dict[Span, list[Finding | None]] = defaultdict(list)
    for place in places(bench.ruleset):
        if place.table.kind is TableKind.LADDER:
            rungs = _rungs(place)
            for above, below in pairwise(rungs):
                uses[below.tried.row.span].append(_overlap(bench, place, above, below))
    for found in uses.values():
        told = [finding for finding in found if finding is not None]
        if len(told) == len(found):
            yield told[0]


def _rungs(place: Place) -> list[_Rung]:
    """The rungs; none when an edge is no constant."""
    found = []
    for tried in place.rows:
        key = tried.row.key
        if not isinstance(key, EdgeRung):
            continue
        low, high = _number(key.low), _number(key.high)
        if (low is None) != (key.low is None) or (high is None) != (key.high is None):
            return []
        found.append(_Rung(tried, low, key.low_included, high, key.high_included))
    return found


def _number(edge: Expression | None) -> Fraction | None:
    if (
        isinstance(edge, Constant)
        and isinstance(edge.value, Fraction | int)
        and not isinstance(edge.value, bool)
    ):
        return Fraction(edge.value)
    return None


def _overlap(bench: Bench, place: Place, above: _Rung, below: _Rung) -> Finding | None:
    shared = _shared(above, below)
    subject = place.table.subject
    if shared is None or subject is None:
        return None
    low, high, open_ends = shared
    domain = bench.domains.domain(subject)
    value = _inside(low, high, open_ends, domain.whole)
    if value is None or not domain.holds(value):
        return None
    shown = _account(bench, place, above.tried, (subject, value))
    first = show_value(low, subject.type, 9)
    claimed = first if low == high else f"values between {first} and {show_value(high, subject.type, 9)}"
    name = named(subject) or "the value"
    above_it = "above" if place.line == "row" else "before"
    message = (
        f"this {place.line} and the one {above_it} both claim {claimed} of {name}; the one {above_it} wins"
    )
    advice = f"let the {place.line}s meet without a value in common: `below 50`, then `at least 50`"
    label = Label(above.tried.row.span, f"takes {claimed} first")
    fix = _fix(bench, place, below)
    name_of = said(below.tried.row).strip("`") if place.bands else place.node
    return find("W504", name_of, below.tried.row.span, message, advice, labels=(label,), shown=shown, fix=fix)


def _shared(above: _Rung, below: _Rung) -> tuple[Fraction, Fraction, bool] | None:
    """The values both claim, where the edge of the lower row towards the one above lies in that; `open`:
    neither end is one of them.
    """
    low, high = below.low, below.high
    if low is not None and above.high is not None and (above.low is None or above.low <= low):
        apart = low > above.high or (low == above.high and not (below.low_in and above.high_in))
        hidden = high is not None and high <= above.high  # such a row is dead, and told so
        return None if apart or hidden else (low, above.high, low != above.high)
    if high is not None and above.low is not None and (above.high is None or high <= above.high):
        apart = high < above.low or (high == above.low and not (below.high_in and above.low_in))
        hidden = low is not None and low >= above.low
        return None if apart or hidden else (above.low, high, high != above.low)
    return None


def _inside(low: Fraction, high: Fraction, is_open: bool, whole: bool) -> Fraction | None:
    """A value that both claim."""
    if not is_open:
        return low
    if whole:
        first = Fraction(low.numerator // low.denominator + 1)
        return first if first < high else None
    return (low + high) / 2


def _account(bench: Bench, place: Place, above: Tried, at: tuple[Expression, Fraction]) -> tuple[Shown, ...]:
    subject, value = at
    constant = Constant(int(value) if subject.type.is_date else value, subject.type)
    others = [Wish(tried.condition, holds=False) for tried in place.before(above)]
    wishes = [*place.context, Wish(Compare(Relation.IS, subject, constant)), *others]
    name, claim = row_claim(place, above.row, above.index)
    gets = f"is in the {place.line} `{above.row.text}`" if place.cells else f"gets {said(above.row)}"
    return bench.shown(wishes, [name, f"{place.node}__points"], claim, gets)


# The safe answer ---------------------------------------------------------------


def _fix(bench: Bench, place: Place, below: _Rung) -> Fix | None:
    """`from 50 to 75` as `up to 75`, where the rows above leave nothing below it that this would add; none
    for a grid.
    """
    if place.cells:
        return None
    if below.low is None or below.high is None or not (below.low_in and below.high_in):
        return None
    rungs = _rungs(place)
    at = next(k for k, rung in enumerate(rungs) if rung.tried is below.tried)
    rising = all(rung.high is not None for rung in rungs[:at]) and (rungs[0].high or 0) <= below.high
    if not _seamless(bench, place, rungs[: at + 1], rising=rising):
        return None
    text = bench.source.slice(below.tried.row.span)
    edge, arrow, rest = text.partition("->")
    words = edge.split()
    if words[:1] != ["from"] or "to" not in words:
        return None
    middle = words.index("to")
    assert place.table.subject is not None
    relation, kept = (Relation.UP_TO, words[middle + 1 :]) if rising else (Relation.AT_LEAST, words[1:middle])
    mended = f"{relation_word(relation, place.table.subject.type)} {' '.join(kept)}"
    return Fix(below.tried.row.span, f"{mended} {arrow}{rest}", f"`{edge.strip()}` is now `{mended}`")


def _seamless(bench: Bench, place: Place, rungs: list[_Rung], *, rising: bool) -> bool:
    """Whether the rungs take everything on their outer side, one behind the other."""
    assert place.table.subject is not None
    domain = bench.domains.domain(place.table.subject)
    first = rungs[0]
    outer, limit = (first.low, domain.low) if rising else (first.high, domain.high)
    if outer is not None and (limit is None or (limit < outer if rising else limit > outer)):
        return False
    for one, other in pairwise(rungs):
        here, there = (one.high, other.low) if rising else (one.low, other.high)
        if here is None or (there is not None and (there > here if rising else there < here)):
            return False
    return True
