"""Signals and row tables of the Ruleset, from entries whose types and formulas are known.

In: a scope after `define_values`. Out: the model's declarations, in the order of the text; what is broken
is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Apply, Constant, Expression, Function, Product, Sum
from healthdsl.model.types import Kind, Type
from healthdsl.resolve.absent import absent_values
from healthdsl.resolve.scope import ColumnEntry, Place, Scope, SignalEntry, TableEntry
from healthdsl.resolve.suggest import did_you_mean
from healthdsl.resolve.types import describe
from healthdsl.resolve.typespecs import Value, literal, spec_range
from healthdsl.resolve.wording import title_of
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

HUNDREDTH = Fraction(1, 100)


def build_signals(scope: Scope) -> tuple[r.Signal, ...]:
    signals = (_build_signal(scope, entry) for entry in scope.signals.values())
    return tuple(signal for signal in signals if signal is not None)


def build_tables(scope: Scope) -> tuple[r.RowTable, ...]:
    """Base tables; sub-tables are conditions by now."""
    return tuple(_build_table(scope, table) for table in scope.tables.values() if table.base is table)


def _build_signal(scope: Scope, entry: SignalEntry) -> r.Signal | None:
    declaration, type_ = entry.declaration, entry.type
    place = Place(scope, ("signal", entry.name))
    clauses = _Clauses(place, declaration)
    low, high = spec_range(place, declaration.type, type_)
    _check_kind_of_clauses(place, entry, clauses)
    if type_ is None or (declaration.formula is not None and entry.formula is None):
        return None
    column = clauses.column.column.value if clauses.column else entry.name
    return r.Signal(
        span=declaration.span,
        text=scope.clause(declaration.span),
        name=entry.name,
        type=type_,
        title=title_of(declaration.title, entry.name),
        column=column,
        formula=entry.formula,
        low=low,
        high=high,
        scale=_scale(place, declaration.name, clauses.stored, type_)
        if declaration.formula is None
        else Fraction(1),
        absent=absent_values(place, clauses.absent, type_) if declaration.formula is None else (),
        expiry=_expiry(place, clauses.expires) if clauses.expires else None,
        default=_default(place, clauses.default, type_, (low, high)) if clauses.default else None,
        on_zero=_on_zero(place, clauses.by_zero, type_) if clauses.by_zero else None,
        fixed=clauses.fixed is not None,
        better=_better(place, clauses.better, type_),
        zero_said=clauses.by_zero is not None,
    )


class _Clauses:
    """The clauses of a signal by kind; a second one of a kind is reported."""

    def __init__(self, place: Place, declaration: n.SignalDeclaration) -> None:
        self.column: n.ColumnClause | None = None
        self.stored: n.StoredClause | None = None
        self.absent: n.AbsentClause | None = None
        self.expires: n.ExpiresClause | None = None
        self.default: n.DefaultClause | None = None
        self.by_zero: n.DividedByZeroClause | None = None
        self.better: n.BetterClause | None = None
        self.fixed: n.FixedClause | None = None
        first: dict[type, n.SignalClause] = {}
        for clause in declaration.clauses:
            earlier = first.setdefault(type(clause), clause)
            if earlier is not clause:
                labels = (Label(earlier.span, "first written here"),)
                message = f"`{declaration.name.name}` has this clause twice"
                place.problems.error("E434", clause.span, message, "keep one of the two", labels)
                continue
            match clause:
                case n.ColumnClause():
                    self.column = clause
                case n.StoredClause():
                    self.stored = clause
                case n.AbsentClause():
                    self.absent = clause
                case n.ExpiresClause():
                    self.expires = clause
                case n.DefaultClause():
                    self.default = clause
                case n.DividedByZeroClause():
                    self.by_zero = clause
                case n.BetterClause():
                    self.better = clause
                case n.FixedClause():
                    self.fixed = clause


def _check_kind_of_clauses(place: Place, entry: SignalEntry, clauses: _Clauses) -> None:
    """Clauses that only an input, or only a formula, can have."""
    declaration = entry.declaration
    within = declaration.type.within if declaration.type else None
    if declaration.formula is not None:
        for clause in (clauses.column, clauses.stored, clauses.absent, within):
            if clause is not None:
                text = place.scope.clause(clause.span)
                message = f"`{text}` is for signals from the data, `{entry.name}` is worked out by a formula"
                place.problems.error("E446", clause.span, message, "leave it out")
        if clauses.fixed is not None:
            message = f"`fixed` is for signals from the data, `{entry.name}` is worked out by a formula"
            advice = "write it under the signals that the formula reads"
            place.problems.error("E446", clauses.fixed.span, message, advice)
        if clauses.by_zero is not None and entry.formula is not None and not divides(entry.formula):
            message = f"the formula of `{entry.name}` divides by nothing that could be 0"
            place.problems.error("E446", clauses.by_zero.span, message, "leave this clause out")
    elif clauses.by_zero is not None:
        message = f"`{entry.name}` comes from the data, so nothing is divided"
        place.problems.error("E446", clauses.by_zero.span, message, "for absent values write `default 0`")


def divides(formula: Expression) -> bool:
    """Whether a division by something that can be 0 stands anywhere in a formula."""
    match formula:
        case Product(factors=factors):
            by = [operand for operator, operand in factors if operator == "/"]
            inside = any(divides(operand) for _, operand in factors)
            return inside or any(not isinstance(operand, Constant) for operand in by)
        case Sum(terms=terms):
            return any(divides(operand) for _, operand in terms)
        case Apply(function=function, operands=operands):
            return function is Function.CHANGE or any(divides(operand) for operand in operands)
        case _:
            return False


# Clauses ---------------------------------------------------------------------


def _scale(place: Place, name: x.Name, stored: n.StoredClause | None, type_: Type) -> Fraction:
    """1/100 for a percent that stands in the data as 45, else 1; a percent that does not say is reported."""
    if type_.kind is not Kind.PERCENT:
        if stored is not None:
            message = f"only a percent is `stored as` something, not {describe(type_)}"
            place.problems.error("E319", stored.span, message, "leave this clause out")
        return Fraction(1)
    if stored is None:
        if name.name not in place.scope.broken and n.STORED not in place.scope.broken:
            message = f"`{name.name}` is a percent, and nothing says how the data holds it"
            advice = "add `stored as 45 for 45%` or `stored as 0.45 for 45%`, here or in the header for all"
            place.problems.error("E318", name.span, message, advice)
        return Fraction(1)
    share = stored.meant.value
    if stored.written.unit is x.Unit.NONE and share != 0:
        scale = share / stored.written.value if stored.written.value else Fraction(0)
        if scale in (1, HUNDREDTH):
            return scale
    text = place.scope.clause(stored.written.span)
    message = f"`{text}` is not how {place.scope.clause(stored.meant.span)} can be stored"
    advice = "write `stored as 45 for 45%` or `stored as 0.45 for 45%`"
    place.problems.error("E319", stored.span, message, advice)
    return Fraction(1)


def _expiry(place: Place, clause: n.ExpiresClause) -> r.Expiry | None:
    place.ask_today(clause.span)
    name, scope = clause.after, place.scope
    entry = scope.signals.get(name.name)
    if entry is None:
        if not scope.is_silent(name):
            advice = (
                did_you_mean(name.name, place.problems.near(scope.signals))
                or f"declare it with `signal {name.name} date`"
            )
            scope.unknown("E201", name, f"unknown signal `{name.name}`", advice)
        return None
    if entry.type is None:
        return None
    if not entry.type.is_date:
        message = f"`{name.name}` is {describe(entry.type)}, a date is needed here"
        advice = "name the signal that holds the date of this value"
        place.problems.error("E450", name.span, message, advice, scope.label(name.name, "declared here"))
        return None
    place.use("signal", name.name)
    days = clause.days.value
    if days.denominator != 1 or days < 0:
        text = scope.clause(clause.days.span)
        place.problems.error(
            "E455", clause.days.span, f"`{text}` is no whole number of days", "write it like `30 days`"
        )
        return None
    return r.Expiry(int(days), name.name)


def _default(
    place: Place, clause: n.DefaultClause, type_: Type, legal: tuple[Fraction | None, Fraction | None]
) -> Value | None:
    value = literal(place, clause.value, type_, place.owner[1])
    if value is not None and not in_range(value, legal):
        text = place.scope.clause(clause.value.span)
        message = f"the default `{text}` is out of the range of `{place.owner[1]}`"
        place.problems.error("E321", clause.value.span, message, "write a value inside the range")
    return value


def in_range(value: Value, legal: tuple[Fraction | None, Fraction | None]) -> bool:
    low, high = legal
    if not isinstance(value, Fraction):
        return True
    return (low is None or value >= low) and (high is None or value <= high)


def _better(place: Place, clause: n.BetterClause | None, type_: Type) -> r.Better | None:
    if clause is None:
        return None
    if not (type_.is_numeric or type_.is_date):
        word = place.scope.clause(clause.span)
        message = f"only numbers and dates are higher or lower, `{place.owner[1]}` is {describe(type_)}"
        place.problems.error("E446", clause.span, message, f"leave `{word}` out")
        return None
    return r.Better.HIGHER if clause.higher else r.Better.LOWER


def _on_zero(place: Place, clause: n.DividedByZeroClause, type_: Type) -> Fraction | None:
    if isinstance(clause.result, x.Name) and clause.result.name == "missing":
        return None
    value = literal(place, clause.result, type_, place.owner[1])
    return value if isinstance(value, Fraction) else None


# Row tables ------------------------------------------------------------------


def _build_table(scope: Scope, table: TableEntry) -> r.RowTable:
    declaration = table.declaration
    _check_dated(scope, table)
    return r.RowTable(
        span=declaration.span,
        text=scope.clause(declaration.span),
        name=table.name,
        title=title_of(declaration.title, table.name),
        dated=table.dated,
        columns=tuple(_columns(scope, table)),
    )


def _check_dated(scope: Scope, table: TableEntry) -> None:
    dated = table.declaration.dated
    column = table.columns.get(dated.name) if dated is not None else None
    if dated is None or column is None or column.type is None or column.type.is_date:
        return
    message = f"`{dated.name}` is {describe(column.type)}, rows are dated by a date"
    labels = (Label(column.declaration.name.span, "declared here"),) if column.declaration else ()
    scope.problems.error(
        "E332", dated.span, message, f"declare `{dated.name}` as `date` or `timestamp`", labels
    )


def _columns(scope: Scope, table: TableEntry) -> Iterator[r.Column]:
    for column in table.columns.values():
        built = _build_column(scope, table, column)
        if built is not None:
            yield built


def _build_column(scope: Scope, table: TableEntry, entry: ColumnEntry) -> r.Column | None:
    declaration, type_ = entry.declaration, entry.type
    if declaration is None:
        assert table.declaration.dated is not None
        return r.Column(
            span=table.declaration.dated.span,
            text=scope.clause(table.declaration.span),
            name=entry.name,
            type=type_ or Type(Kind.DATE),
            title=title_of(None, entry.name),
            column=entry.name,
        )
    place = Place(scope, ("column", f"{table.name}.{entry.name}"))
    _check_column(place, declaration)
    low, high = spec_range(place, declaration.type, type_)
    if type_ is None or (declaration.is_derived and entry.formula is None):
        return None
    return r.Column(
        span=declaration.span,
        text=scope.clause(declaration.span),
        name=entry.name,
        type=type_,
        title=title_of(declaration.title, entry.name),
        column=declaration.column.value if declaration.column else entry.name,
        formula=entry.formula,
        low=low,
        high=high,
        scale=_scale(place, declaration.name, declaration.stored, type_)
        if not declaration.is_derived
        else Fraction(1),
        absent=absent_values(place, declaration.absent, type_) if not declaration.is_derived else (),
    )


def _check_column(place: Place, declaration: n.RowColumn) -> None:
    name, type_ = declaration.name.name, declaration.type
    if declaration.formula is None:
        return
    within = type_.within if type_ else None
    for clause in (declaration.column, declaration.stored, declaration.absent, within):
        if clause is not None:
            text = place.scope.clause(clause.span)
            message = f"`{name}` is worked out by a formula, `{text}` is for columns that come from the data"
            place.problems.error("E446", clause.span, message, "leave it out")
