"""What was known: every signal with its value and state, and why a missing one is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from healthdsl.explain.explanation import Fact, SignalLine, State
from healthdsl.explain.precision import decimals_of
from healthdsl.explain.reading import (
    Names,
    Values,
    inside,
    nodes_asked,
    opened,
    signals_read,
    tables_read,
)
from healthdsl.explain.reasons import band_badge, level_badge
from healthdsl.explain.stand_ins import stand_ins
from healthdsl.explain.undefined import why_undefined
from healthdsl.explain.words import MISSING, join_words, show_number, show_value
from healthdsl.model.expressions import AgeWindow, Aggregate, Expression, SignalValue
from healthdsl.model.ruleset import Signal

NOT_KEPT = "could not be used (what stood there is not kept in a scored book)"
NOT_IN_RECORD = "not in the record"
"""The note of an input signal that is missing, where nothing in the data can stand for that."""


def signal_lines(
    names: Names, values: Values, as_of: date | None, invalid: Mapping[str, str | None]
) -> tuple[SignalLine, ...]:
    """Every signal of the ruleset in written order.

    `invalid` holds by signal what the record had instead of a legal value, None where that is not known.
    """
    known = _Known(names, values, as_of, invalid, stand_ins(names, values))
    return tuple(_signal_line(known, signal) for signal in names.ruleset.signals)


@dataclass(frozen=True, slots=True)
class _Known:
    names: Names
    values: Values
    as_of: date | None
    invalid: Mapping[str, str | None]
    instead: Mapping[str, Sequence[str]]


def _signal_line(known: _Known, signal: Signal) -> SignalLine:
    value = known.values.get(signal.name)
    state = _state(known.values, signal, known.invalid)
    return SignalLine(
        name=signal.name,
        title=signal.title,
        text=show_value(value, signal.type),
        value=_as_data(value, signal),
        state=state,
        derived=signal.formula is not None,
        note=_note(known, signal, state),
        instead=tuple(known.instead.get(signal.name, ())),
        lacks=_lacks(known.names, known.values, signal) if state is State.MISSING else (),
        place=known.names.place(signal.span.line),
    )


def _as_data(value: object, signal: Signal) -> bool | int | float | str | None:
    if signal.type.is_date and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    return value if isinstance(value, bool | int | float | str) else None


def _state(values: Values, signal: Signal, invalid: Mapping[str, str | None]) -> State:
    supplied = values.get(f"{signal.name}__supplied") is not False
    if signal.name in invalid:
        return State.INVALID
    if values.is_true(f"{signal.name}__expired") and not supplied:
        return State.EXPIRED
    if values.get(signal.name) is None:
        return State.MISSING
    return State.KNOWN if supplied or signal.default is None else State.DEFAULT


def _note(known: _Known, signal: Signal, state: State) -> str | None:
    names, values = known.names, known.values
    instead = "" if values.get(signal.name) is None else "; the default stands in for it"
    match state:
        case State.INVALID:
            found = known.invalid[signal.name]
            said = NOT_KEPT if found is None else f"the record has {found}, which is not a legal value"
            return f"{said}{instead}"
        case State.EXPIRED:
            assert signal.expiry is not None
            after = names.signals[signal.expiry.after]
            since = values.get(after.name)
            when = f" ({show_value(since, after.type)})" if since is not None else " (a date that is missing)"
            return f"counts for {signal.expiry.days} days after {after.title}{when}{instead}"
        case State.DEFAULT:
            return f"not in the record, taken as {show_value(values.get(signal.name), signal.type)}"
        case State.MISSING:
            return _why_missing(names, values, signal)
        case State.KNOWN:
            return _window_note(signal, known.as_of)


def _why_missing(names: Names, values: Values, signal: Signal) -> str:
    if signal.formula is None:
        return (
            f"{NOT_IN_RECORD}, or there as a value that stands for missing"
            if signal.absent
            else NOT_IN_RECORD
        )
    lacking = _lacks(names, values, signal)
    if lacking:
        return f"needs {join_words(lacking)}"
    cause = why_undefined(names, values, [signal.formula])
    return f"cannot be worked out: {cause}" if cause else "cannot be worked out from these values"


def _lacks(names: Names, values: Values, signal: Signal) -> tuple[str, ...]:
    """What a derived signal needs and the record does not have."""
    if signal.formula is None:
        return ()
    found = missing_inputs(names, values, [SignalValue(signal.name, signal.type)])
    return tuple(title for title in found if title != signal.title)


def _window_note(signal: Signal, as_of: date | None) -> str | None:
    """The dates a window holds, for signals gathered from rows."""
    if signal.formula is None or as_of is None:
        return None
    spans = [
        _window_dates(found.window, as_of)
        for found in inside([signal.formula])
        if isinstance(found, Aggregate) and found.window is not None
    ]
    return join_words(list(dict.fromkeys(spans))) or None


def _window_dates(window: AgeWindow, as_of: date) -> str:
    first = None if window.oldest is None else _days_before(as_of, window.oldest)
    last = None if window.youngest is None else _days_before(as_of, window.youngest)
    if first is None:
        return f"up to {last}" if last is not None else "all dates"
    return f"{first} to {last}" if last is not None else f"from {first} on"


def _days_before(as_of: date, days: int) -> str | None:
    try:
        return (as_of - timedelta(days=days)).isoformat()
    except OverflowError:  # before the year 1, where there are no rows either
        return None


def missing_inputs(names: Names, values: Values, expressions: Sequence[Expression]) -> tuple[str, ...]:
    """What the expressions lack, traced back to input signals and row tables, by title."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    stack = list(reversed(signals_read(opened(expressions, names.conditions))))
    while stack:  # a chain of derived signals may be long
        name = stack.pop()
        if name in seen or values.get(name) is not None:
            continue
        seen.add(name)
        signal = names.signals[name]
        formula = [] if signal.formula is None else [signal.formula]
        rows = _missing_rows(names, values, name, formula)
        inner = [read for read in signals_read(formula) if values.get(read) is None]
        found.update(dict.fromkeys(rows if rows or inner else [signal.title]))
        stack.extend(reversed(inner))
    return tuple(found)


def _missing_rows(names: Names, values: Values, signal: str, formula: Sequence[Expression]) -> list[str]:
    """The tables a signal is gathered from, when it was not supplied."""
    if values.get(f"{signal}__supplied") is not False:
        return []
    titles = {table.name: table.title for table in names.ruleset.tables}
    return [f"the rows of {titles[table]}" for table in tables_read(formula)]


def facts_of(lines: Mapping[str, SignalLine], expressions: Sequence[Expression]) -> tuple[Fact, ...]:
    """The values of the signals that a rule reads."""
    read = (lines[name] for name in signals_read(expressions) if name in lines)
    return tuple(Fact(title=line.title, text=line.text, state=line.state) for line in read)


def node_facts(names: Names, values: Values, expressions: Sequence[Expression]) -> tuple[Fact, ...]:
    """The points or words of the measures that a rule reads."""
    found = []
    for name in nodes_asked(expressions):
        node = names.nodes[name]
        points = values.points(name)
        badge = band_badge(names, values, name) or level_badge(names, values, node)
        said = [] if points is None else [show_number(points, decimals_of(node))]
        said += [] if badge is None else [badge.label]
        state = State.KNOWN if said else State.MISSING
        found.append(Fact(title=names.title(node), text=", ".join(said) or MISSING, state=state))
    return tuple(found)
