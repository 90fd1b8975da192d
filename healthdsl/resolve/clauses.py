"""The clauses of a measure, group or score sorted by what they say; those that may stand once are checked for
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar, assert_never

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.resolve.expressions import resolve_condition, resolve_constant
from healthdsl.resolve.scope import Place
from healthdsl.resolve.steps import build_step
from healthdsl.resolve.wording import code_of, text_of
from healthdsl.syntax import nodes as n

T = TypeVar("T")


@dataclass(slots=True)
class Clauses:
    """Syntax of what belongs to the body, in written order, and resolved what does not."""

    rows: list[n.TableRow] = field(default_factory=list)
    parts: list[n.PartClause] = field(default_factory=list)
    grids: list[n.GridClause] = field(default_factory=list)
    missing: n.MissingClause | None = None
    needs: n.NeedsClause | None = None
    only_when: list[r.Guarded] = field(default_factory=list)
    unscored: list[r.Guarded] = field(default_factory=list)
    steps: list[r.Step] = field(default_factory=list)
    within: tuple[Fraction, Fraction] | None = None
    round_to: int | None = None
    shown_to: int | None = None
    complete: bool = True


def sort_clauses(place: Place, declaration: n.PartDeclaration) -> Clauses:
    """The clauses of a declaration; `complete` tells whether all of them could be understood."""
    found = Clauses()
    once: dict[type, _Single] = {}
    in_table = isinstance(declaration.body, n.TableBody)
    for written in declaration.clauses:
        clause = written
        if isinstance(clause, n.TableRow):
            policy = None if in_table else as_policy(clause)
            if policy is None:
                found.rows.append(clause)
                continue
            clause = policy
        if isinstance(clause, _Single):
            if not _is_again(place, clause, once) and not _is_rounded_already(place, clause, once):
                _sort_single(place, found, clause, in_table)
        else:
            _sort(place, found, clause)
    return found


def _sort(
    place: Place,
    found: Clauses,
    clause: n.PartClause | n.GridClause | n.OnlyWhenClause | n.UnscoredClause | n.PointsStep | n.ActionStep,
) -> None:
    """A clause of which there may be many."""
    match clause:
        case n.PartClause():
            found.parts.append(clause)
        case n.GridClause():
            found.grids.append(clause)
        case n.OnlyWhenClause():
            _add(found, found.only_when, guarded(place, clause))
        case n.UnscoredClause():
            _add(found, found.unscored, guarded(place, clause))
        case n.PointsStep() | n.ActionStep():
            _add(found, found.steps, build_step(place, clause))
        case _:
            assert_never(clause)


_Single = n.MissingClause | n.NeedsClause | n.WithinClause | n.RoundClause | n.ShownClause


def _sort_single(place: Place, found: Clauses, clause: _Single, in_table: bool) -> None:
    """A clause that stands once."""
    match clause:
        case n.MissingClause() if in_table:
            test = n.RestTest(span=clause.span, otherwise=False, missing=True)
            row = n.TableRow(
                span=clause.span, test=test, result=clause.result, colour=None, reason=clause.reason
            )
            found.rows.append(row)
        case n.MissingClause():
            found.missing = clause
        case n.NeedsClause():
            found.needs = clause
        case n.RoundClause():
            found.round_to = clause.decimals
        case n.ShownClause():
            found.shown_to = clause.decimals
        case n.WithinClause():
            found.within = _within(place, clause)
            found.complete = found.complete and found.within is not None
        case _:
            assert_never(clause)


def _add(found: Clauses, kept: list[T], built: T | None) -> None:
    if built is None:
        found.complete = False
    else:
        kept.append(built)


def _is_again(place: Place, clause: _Single, once: dict[type, _Single]) -> bool:
    first = once.setdefault(type(clause), clause)
    if first is clause:
        return False
    labels = (Label(first.span, "first written here"),)
    message = f"`{place.owner[1]}` has this clause twice"
    place.problems.error("E434", clause.span, message, "keep one of the two", labels)
    return True


def _is_rounded_already(place: Place, clause: _Single, once: dict[type, _Single]) -> bool:
    """Reports `round` and `shown` on one thing: what is rounded is shown as it is."""
    if not isinstance(clause, n.RoundClause | n.ShownClause):
        return False
    first = once.get(n.ShownClause if isinstance(clause, n.RoundClause) else n.RoundClause)
    if first is None:
        return False
    labels = (Label(first.span, "and this stands here"),)
    message = f"`{place.owner[1]}` is rounded, so it has no other number to show"
    advice = "keep `round` where bands and other rules read the rounded number, else `shown`"
    place.problems.error("E472", clause.span, message, advice, labels)
    return True


def as_policy(row: n.TableRow) -> n.MissingClause | None:
    """A `missing ->` row outside a table is the clause of that form."""
    if isinstance(row.test, n.RestTest) and row.test.missing and not row.test.otherwise:
        return n.MissingClause(span=row.span, result=row.result, reason=row.reason)
    return None


def guarded(place: Place, clause: n.OnlyWhenClause | n.UnscoredClause) -> r.Guarded | None:
    condition = resolve_condition(clause.condition, place)
    if condition is None:
        return None
    text, code = place.scope.clause(clause.span), code_of(clause.reason)
    return r.Guarded(condition, text_of(clause.reason), text, clause.span, code)


def _within(place: Place, clause: n.WithinClause) -> tuple[Fraction, Fraction] | None:
    low = resolve_constant(clause.low, place, "a limit of `within`")
    high = resolve_constant(clause.high, place, "a limit of `within`")
    if low is None or high is None:
        return None
    if low > high:
        text = place.scope.clause(clause.span)
        message = f"`{text}` holds no value, since it runs from high to low"
        place.problems.error("E328", clause.span, message, "write the lower end first")
        return None
    return low, high
