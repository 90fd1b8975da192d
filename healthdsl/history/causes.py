"""What moved one account's score from one line of a run to another.

A score is what its measures bring (their points times the shares on the way up), what each line of points
that fired brings, and a rest: limits, stand-ins for missing data, rounding. The difference of two scores is
the differences of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from healthdsl.explain.amounts import difference, exact, rounded
from healthdsl.explain.words import show_value
from healthdsl.history.about import About
from healthdsl.model.types import Kind, Type
from healthdsl.reports.history.model import CauseKind, CauseLine, SignalChange

Line = Mapping[str, Any]
"""A row of a run, by column."""

REST = "Adjustments, limits and rounding"
MOST_DEPTH = 64

Key = tuple[CauseKind, str, str]


@dataclass(slots=True)
class _Brought:
    """What a measure or line brings to the score; `points` are a measure's own."""

    title: str
    amount: Fraction
    points: float | None = None


def causes_of(
    before: Line, after: Line, told: tuple[About, About], signals: Mapping[str, SignalChange]
) -> tuple[CauseLine, ...]:
    """What moved the score, largest first, adding up to its change as shown; nothing without two scores."""
    if before["score"] is None or after["score"] is None:
        return ()
    decimals = told[1].decimals
    old, new = _brings(before, told[0]), _brings(after, told[1])
    changes = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        change = (now.amount if now else Fraction(0)) - (was.amount if was else Fraction(0))
        changes.append((key, was, now, change))
    changes.sort(key=lambda each: -abs(each[3]))
    return tuple(_lines(changes, exact(before["score"]), told[1], signals, decimals))


def _lines(
    changes: Sequence[tuple[Key, _Brought | None, _Brought | None, Fraction]],
    start: Fraction,
    about: About,
    signals: Mapping[str, SignalChange],
    decimals: int,
) -> Iterator[CauseLine]:
    """Each with the difference of two rounded totals, so that they add up."""
    reads = {node.name: node.reads for node in about.nodes}
    running = start
    for (kind, name, _), was, now, change in changes:
        amount = difference(running, running + change, decimals)
        running += change
        if not amount:
            continue
        read = reads.get(name, ()) if kind is CauseKind.PART else ()
        some = now or was
        assert some is not None
        yield CauseLine(
            kind=kind,
            title=some.title,
            before=_points(was, decimals),
            after=_points(now, decimals),
            change=amount,
            signals=tuple(signals[each] for each in read if each in signals),
        )


def _points(brought: _Brought | None, decimals: int) -> Decimal | None:
    return None if brought is None or brought.points is None else rounded(exact(brought.points), decimals)


def _brings(line: Line, about: About) -> dict[Key, _Brought]:
    """What the score of a line is made of; the amounts add up to it."""
    below: dict[str, list[Mapping[str, Any]]] = {}
    for part in line["parts"]:
        if part["parent"] is not None:
            below.setdefault(part["parent"], []).append(part)
    steps: dict[str, list[Mapping[str, Any]]] = {}
    for step in line["steps"]:
        steps.setdefault(step["node"], []).append(step)
    found: dict[Key, _Brought] = {}
    stack = [(about.main, Fraction(1), 0)]
    while stack:
        name, share, depth = stack.pop()
        if name is None or depth > MOST_DEPTH:
            continue
        for step in steps.get(name, ()):
            title = step["rule"] if name == about.main else f"{about.node_title(name)}: {step['rule']}"
            _add(found, (CauseKind.STEP, name, step["rule"]), title, share * exact(step["change"]), None)
        for part in below.get(name, ()):
            inner = share * exact(part["share"] or 0.0)
            if part["name"] in below:
                stack.append((part["name"], inner, depth + 1))
                continue
            points = part["points"]
            # A measure's own steps are in its points already.
            amount = Fraction(0) if points is None else inner * exact(points)
            _add(found, (CauseKind.PART, part["name"], ""), about.node_title(part["name"]), amount, points)
    rest = exact(line["score"]) - sum((each.amount for each in found.values()), Fraction(0))
    if about.main is not None and about.main not in below:  # a formula or table: it is its own part
        found[CauseKind.PART, about.main, ""] = _Brought(about.node_title(about.main), rest, line["score"])
    else:
        found[CauseKind.REST, "", ""] = _Brought(REST, rest)
    return found


def _add(found: dict[Key, _Brought], key: Key, title: str, amount: Fraction, points: float | None) -> None:
    if key in found:
        found[key].amount += amount
    else:
        found[key] = _Brought(title, amount, points)


# Signals ---------------------------------------------------------------------


def signal_changes(before: Line, after: Line, told: tuple[About, About]) -> dict[str, SignalChange]:
    """The signals whose value is another, by name, in the order of the later ruleset."""
    kinds = [{signal.name: signal.type for signal in about.signals} for about in told]
    titles = {signal.name: signal.title for about in told for signal in about.signals}
    values = [{each["name"]: each for each in line["signals"]} for line in (before, after)]
    found = {}
    for name in dict.fromkeys((*values[1], *values[0])):
        was, now = (each.get(name) for each in values)
        if was is not None and now is not None and _same(was, now):
            continue
        texts = [_shown(value, kind.get(name)) for value, kind in zip((was, now), kinds, strict=True)]
        if texts[0] != texts[1]:
            found[name] = SignalChange(
                name=name, title=titles.get(name, name), before=texts[0], after=texts[1]
            )
    return found


def _same(was: Line, now: Line) -> bool:
    return bool(was["number"] == now["number"] and was["text"] == now["text"])


def _shown(value: Line | None, kind: Type | None) -> str:
    if value is None or kind is None:
        return "not asked for"
    if value["number"] is not None:
        return show_value(value["number"], kind)
    text = value["text"]
    return show_value(text, Type(Kind.TEXT))
