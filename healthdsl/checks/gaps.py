"""Values that no row takes: holes in ladders and bands, categories without a row, cases that fit no row.

The end of a ladder is the compiler's to tell (W502); here are the holes between two rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding, Shown
from healthdsl.checks.lab import Outputs
from healthdsl.checks.solve import Wish, judge
from healthdsl.checks.terms import is_value, representatives
from healthdsl.checks.tried import Place, Tried, places
from healthdsl.checks.wording import named
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.explain.words import show_value
from healthdsl.model.expressions import And, Constant, Expression, IsMissing, PointsOf
from healthdsl.model.ruleset import EdgeRung, Keys, Rest, Row, TableKind, When
from healthdsl.model.types import Kind, Type
from healthdsl.source import Span

_MOST_KEYS = 200
_MOST_NAMED = 5
_MOST_TRIED = 20


def check_gaps(bench: Bench) -> Iterator[Finding]:
    """One finding for each table with a hole."""
    told = {span.line for span in _told_ends(bench)}
    for place in places(bench.ruleset):
        if place.otherwise is not None or any(row.span.line in told for row in place.table.rows):
            continue
        match place.table.kind:
            case TableKind.LADDER:
                yield from _ladder(bench, place)
            case TableKind.LOOKUP:
                yield from _lookup(bench, place)
            case TableKind.FIRST_MATCH:
                yield from _first_match(bench, place)
            case TableKind.CURVE | TableKind.GRID:
                pass  # the sides of a grid are a ladder or a lookup each


def with_account(bench: Bench, told: Diagnostic) -> Finding:
    """A warning of the compiler, with an account that shows it where it is about the end of a ladder."""
    for place in places(bench.ruleset):
        if told.code == "W502" and any(row.span == told.span for row in place.table.rows):
            if place.table.subject is None:
                continue  # a grid, whose sides come next
            known = Wish(IsMissing(place.table.subject), holds=False)
            shown = _shown(bench, place, _left(place, known))
            return Finding(
                replace(told, notes=tuple(f"shown by {each}" for each in shown)), place.node, shown
            )
    return Finding(told, "")


def _told_ends(bench: Bench) -> Iterator[Span]:
    return (told.span for told in bench.told_before if told.code == "W502")


def _no_row(place: Place, outputs: Outputs) -> bool:
    """Whether the node was worked out, and no row fitted."""
    if place.bands:
        return outputs.get(f"{place.node}__points") is not None and outputs.get(f"{place.node}__band") is None
    variant = outputs.get(f"{place.node}__variant")
    here = place.variant is None or variant is None or variant == float(place.variant)
    return (
        here and outputs.get(f"{place.node}__row") == -1.0 and outputs.get(f"{place.node}__applies") is True
    )


def _names(place: Place) -> list[str]:
    roles = ("points", "band") if place.bands else ("row", "applies", "variant")
    return [f"{place.node}__{role}" for role in roles]


def _shown(bench: Bench, place: Place, wishes: Sequence[Wish]) -> tuple[Shown, ...]:
    outcome = "gets no band" if place.bands else f"no {place.line} of `{place.node}` fits"
    return bench.shown(wishes, _names(place), lambda outputs: _no_row(place, outputs), outcome)


def _left(place: Place, *more: Wish) -> list[Wish]:
    """What no row takes."""
    return [*place.context, *more, *(Wish(tried.condition, holds=False) for tried in place.rows)]


# Ladders and bands -----------------------------------------------------------


def _ladder(bench: Bench, place: Place) -> Iterator[Finding]:
    """The first hole between two rungs; only where all edges are constants."""
    subject = place.table.subject
    assert subject is not None
    rungs = [tried for tried in place.rows if isinstance(tried.row.key, EdgeRung)]
    if any(_moving(tried.row.key) for tried in rungs):
        return
    cells = [
        cell
        for cell in representatives(subject, bench.domains.domain(subject), _edges(rungs))
        if cell is not None
    ]
    taker = [next((rung for rung in rungs if _takes(rung, cell)), None) for cell in cells]
    for at, cell in enumerate(cells):
        if taker[at] is None and any(taker[:at]) and any(taker[at:]):
            wishes = _left(place, Wish(is_value(subject, cell)))
            shown = _shown(bench, place, wishes)
            if shown or (len(rungs) == len(place.rows) and not isinstance(subject, PointsOf)):
                after = next(rung for rung in taker[at:] if rung is not None)
                yield _hole(place, after, (subject, cell), shown)
                return


def _moving(key: object) -> bool:
    edges = (key.low, key.high) if isinstance(key, EdgeRung) else ()
    return any(edge is not None and not isinstance(edge, Constant) for edge in edges)


def _edges(rungs: Sequence[Tried]) -> list[object]:
    found: list[object] = []
    for tried in rungs:
        if isinstance(tried.row.key, EdgeRung):
            edges = (tried.row.key.low, tried.row.key.high)
            found += [edge.value for edge in edges if isinstance(edge, Constant)]
    return found


def _takes(rung: Tried, cell: object) -> bool:
    assert isinstance(rung.condition, And)
    return all(judge(atom, cell) == 1 for atom in rung.condition.operands[1:])


def _hole(place: Place, rung: Tried, at: tuple[Expression, object], shown: tuple[Shown, ...]) -> Finding:
    subject, value = at
    what = "bands" if place.bands else f"{place.line}s of this grid" if place.cells else "ladder"
    text = f"{(named(subject) or 'the value')} of {show_value(value, subject.type, 9)}"
    message = (
        f"the {what} of `{place.node}` has a hole: no row takes {text}"
        if place.bands
        else f"the {what} have a hole: no {place.line} takes {text}"
        if place.cells
        else f"this {what} has a hole: no row takes {text}"
    )
    rest = "otherwise" if place.line == "column" else "otherwise -> .."
    advice = f"let two {place.line}s meet (`below 50`, then `at least 50`), or add `{rest}`"
    return find("W503", place.node, rung.row.span, message, advice, shown=shown)


# Lookups ---------------------------------------------------------------------


def _lookup(bench: Bench, place: Place) -> Iterator[Finding]:
    subject = place.table.subject
    assert subject is not None
    values = _possible(bench, subject)
    if values is None:
        return
    lost = [value for value in values if not any(_has(row, value) for row in place.table.rows)]
    shown: tuple[Shown, ...] = ()
    fitting = []
    for value in lost[:_MOST_TRIED]:
        wishes = _left(place, Wish(is_value(subject, value)))
        if bench.never(wishes):
            continue
        fitting.append(value)
        shown = shown or _shown(bench, place, wishes)
    certain = subject.type.kind in (Kind.CATEGORY, Kind.YES_NO) and not isinstance(subject, PointsOf)
    if fitting and (shown or certain):
        listed = ", ".join(_word(value, subject.type) for value in fitting[:_MOST_NAMED])
        more = f" and {len(fitting) - _MOST_NAMED} more" if len(fitting) > _MOST_NAMED else ""
        what = "grid" if place.cells else "lookup"
        rest, none = ("otherwise", "skip") if place.line == "column" else ("otherwise -> ..", "-> skip")
        message = f"this {what} has no {place.line} for {listed}{more}"
        advice = f"add a {place.line} for each, or `{rest}`; `{none}` says that none is meant"
        yield find("W505", place.node, _header(bench, place), message, advice, shown=shown)


def _possible(bench: Bench, subject: Expression) -> Sequence[object] | None:
    """All values of a subject that has few."""
    domain = bench.domains.domain(subject)
    if domain.values is not None:
        return None if domain.open_text or len(domain.values) > _MOST_KEYS else domain.values
    if not domain.whole or domain.low is None or domain.high is None:
        return None
    if domain.high - domain.low > _MOST_KEYS:
        return None
    return [Fraction(n) for n in range(int(domain.low), int(domain.high) + 1)]


def _has(row: Row, value: object) -> bool:
    return isinstance(row.key, Keys) and value in row.key.values


def _word(value: object, type_: Type) -> str:
    return f"`{show_value(value, type_, 9)}`"


def _header(bench: Bench, place: Place) -> Span:
    """Where the table begins."""
    for node in bench.ruleset.nodes:
        if node.name == place.node:
            variant = node.variants[place.variant or 0]
            return variant.span if variant.span.line else node.span
    raise AssertionError(place.node)


# First match -----------------------------------------------------------------


def _first_match(bench: Bench, place: Place) -> Iterator[Finding]:
    """An account of which all is known, and that no row takes. A single row is a bonus: it needs no other."""
    rows = [tried for tried in place.rows if isinstance(tried.row.key, When)]
    if len(rows) < 2 or any(isinstance(row.key, Rest) and row.key.otherwise for row in place.table.rows):
        return
    left = replace(place, rows=tuple(rows))
    wishes = _left(left)
    found = bench.solver.solve(wishes, known_only=True, closed=True)
    if not isinstance(found, dict):
        return
    account = bench.lab.witness(found, wishes, _names(place), lambda outputs: _no_row(place, outputs))
    if account is None:
        return
    shown = (bench.show(account, f"no row of `{place.node}` fits"),)
    message = f"`{place.node}` has no row for some accounts of which everything is known"
    advice = "add `otherwise -> ..`; `otherwise -> skip` says that no points are meant"
    yield find("W503", place.node, _header(bench, place), message, advice, shown=shown)
