"""Rows that no account reaches: their own condition can never be true, or earlier rows take all of it.

In a row that `like` or shared bands use several times, only what is so in every use is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding, Shown
from healthdsl.checks.lab import Claim, Outputs
from healthdsl.checks.solve import NEVER, Outcome, Wish
from healthdsl.checks.tried import Place, Tried, places
from healthdsl.checks.wording import said, value_range
from healthdsl.diagnostics.diagnostic import Label
from healthdsl.explain.words import join_words
from healthdsl.model.expressions import IsMissing
from healthdsl.model.ruleset import Rest, Row, ToLevel
from healthdsl.source import Span

_MOST_NAMED = 3


def check_rows(bench: Bench) -> Iterator[Finding]:
    """One finding for each row that no use of it reaches."""
    uses: dict[Span, list[Finding | None]] = defaultdict(list)
    for place in places(bench.ruleset):
        for row, finding in _of_place(bench, place):
            uses[row.span].append(finding)
    for found in uses.values():
        told = [finding for finding in found if finding is not None]
        if len(told) == len(found):
            yield told[0]


def _of_place(bench: Bench, place: Place) -> Iterator[tuple[Row, Finding | None]]:
    for tried in place.rows:
        yield tried.row, _of_row(bench, place, tried)
    if place.bands and place.otherwise is not None:
        yield place.otherwise, _of_otherwise(bench, place, place.otherwise)


def _band(row: Row) -> str | None:
    return row.result.name if isinstance(row.result, ToLevel) else None


def _of_row(bench: Bench, place: Place, tried: Tried) -> Finding | None:
    alone = [*place.context, Wish(tried.condition)]
    before = place.before(tried)
    free = [*alone, *(Wish(earlier.condition, holds=False) for earlier in before)]
    if not bench.never(free):
        return None
    if bench.never(alone):
        return _never_true(bench, place, tried)
    takers = _takers(bench, alone, before)
    return _shadowed(bench, place, tried, takers) if takers else None


def _takers(bench: Bench, alone: Sequence[Wish], before: Sequence[Tried]) -> list[Tried]:
    """Earlier rows that together take everything: one if one does, else those of a greedy choice."""
    for row in before:
        if bench.never([*alone, Wish(row.condition, holds=False)]):
            return [row]
    takers: list[Tried] = []
    for _ in before:
        wishes = [*alone, *(Wish(taker.condition, holds=False) for taker in takers)]
        found = bench.solver.solve(wishes)
        if found is NEVER:
            return takers
        if isinstance(found, Outcome):
            return []
        taker = next((row for row in before if _takes(bench, row, alone, takers)), None)
        if taker is None:
            return []
        takers.append(taker)
    return takers


def _takes(bench: Bench, row: Tried, alone: Sequence[Wish], takers: Sequence[Tried]) -> bool:
    """Whether the row takes something of what is left."""
    if row in takers:
        return False
    left = [*alone, *(Wish(taker.condition, holds=False) for taker in takers)]
    return not isinstance(bench.solver.solve([*left, Wish(row.condition)]), Outcome)


def _never_true(bench: Bench, place: Place, tried: Tried) -> Finding:
    what, code = ("band", "W506") if place.bands else (place.line, "W507")
    reason = value_range(bench.domains, place.table.subject)
    if reason is not None:
        message = f"no value reaches this {what}: {reason}"
        advice = f"take the {place.line} out, or mend its edge or the range of what it is about"
    else:
        message = f"no account reaches this {what}: its condition can never be true"
        advice = "take the row out, or mend its condition: parts of it exclude each other"
    return find(code, _name(place, tried.row), tried.row.span, message, advice)


def _name(place: Place, row: Row) -> str:
    return _band(row) or place.node


def _shadowed(bench: Bench, place: Place, tried: Tried, takers: Sequence[Tried]) -> Finding:
    what, code = ("band", "W506") if place.bands else (place.line, "W508")
    lines = [f"line {bench.source.place_of(taker.row.span.line)[1]}" for taker in takers]
    rows, takes = ("rows", "take") if len(takers) > 1 else ("row", "takes")
    listed = join_words(lines[:_MOST_NAMED]) + (" and others" if len(lines) > _MOST_NAMED else "")
    if place.line == "column":
        rows, listed = (
            rows.replace("row", "column"),
            join_words([f"`{taker.row.text}`" for taker in takers[:_MOST_NAMED]]),
        )
    message = f"no account reaches this {what}: the {rows} above ({listed}) {takes} all that it asks for"
    labels = tuple(
        Label(taker.row.span, "takes all of it" if len(takers) == 1 else "takes a part of it")
        for taker in takers[:_MOST_NAMED]
    )
    advice = f"move it above {'them' if len(takers) > 1 else 'that row'}, or take it out"
    return find(
        code,
        _name(place, tried.row),
        tried.row.span,
        message,
        advice,
        labels=labels,
        shown=_taken(bench, place, tried, takers),
    )


def _taken(bench: Bench, place: Place, tried: Tried, takers: Sequence[Tried]) -> tuple[Shown, ...]:
    """An account that fits the row and gets what an earlier one gives."""
    for taker in takers:
        before = [Wish(row.condition, holds=False) for row in place.before(taker)]
        wishes = [*place.context, Wish(tried.condition), Wish(taker.condition), *before]
        name, claim = row_claim(place, taker.row, taker.index)
        line = bench.source.place_of(taker.row.span.line)[1]
        gets = f"gets {said(taker.row)} from line {line}"
        if place.cells:
            gets = f"is in the {place.line} `{taker.row.text}`"
        shown = bench.shown(wishes, [name], claim, gets)
        if shown:
            return shown
    return ()


def row_claim(place: Place, row: Row, index: int) -> tuple[str, Claim]:
    """The output that tells which row of a table fired, and whether it was this one, or a cell of it."""
    if place.bands:
        band = _band(row)
        return f"{place.node}__band", lambda outputs: outputs.get(f"{place.node}__band") == band
    numbers = {float(number) for number in place.cells.get(row.span, (index,))}

    def fired(outputs: Outputs) -> bool:
        return outputs.get(f"{place.node}__row") in numbers and _is_variant(place, outputs)

    return f"{place.node}__row", fired


def _is_variant(place: Place, outputs: Outputs) -> bool:
    found = outputs.get(f"{place.node}__variant")
    return place.variant is None or found is None or found == float(place.variant)


def _of_otherwise(bench: Bench, place: Place, row: Row) -> Finding | None:
    """The band of `otherwise`, where the rungs leave nothing over."""
    if isinstance(row.key, Rest) and row.key.missing:
        return None
    subject = place.table.subject
    assert subject is not None
    left = [
        Wish(IsMissing(subject), holds=False),
        *(Wish(tried.condition, holds=False) for tried in place.rows),
    ]
    if not bench.never([*place.context, *left]):
        return None
    reason = value_range(bench.domains, subject) or "the rows above take every score"
    return find(
        "W506",
        _name(place, row),
        row.span,
        f"no score reaches this band: {reason}",
        "take it out, or move the edges so that there are scores in it",
    )
