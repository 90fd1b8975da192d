"""What moved one account's score from one line of a run to another.

A score is what its measures bring (their points times the shares on the way up), what each line of points
that fired brings, and a rest: limits, stand-ins for missing data, rounding. The difference of two scores is
the differences of these. A measure that only became known, or unknown, has gained or lost nothing itself:
what it brings, and what the shares of the others shift by, is one cause of its own. Between different rules
a shift can be an edit: there such a measure is named as what it is, and the shift stays with the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from healthdsl.explain.amounts import difference, exact
from healthdsl.explain.words import show_value
from healthdsl.history.about import About
from healthdsl.history.shifts import Brought, Change, Key, named, points_of, without_shift
from healthdsl.model.types import Kind, Type
from healthdsl.reports.history.model import CauseKind, CauseLine, SignalChange

Line = Mapping[str, Any]
"""A row of a run, by column."""

REST = "Adjustments, limits and rounding"
MOST_DEPTH = 64
NO_LONGER_LOWERS = "no longer lowers the score"


def causes_of(
    before: Line, after: Line, told: tuple[About, About], signals: Mapping[str, SignalChange]
) -> tuple[CauseLine, ...]:
    """What moved the score, largest first, adding up to its change as shown; nothing without two scores."""
    if before["score"] is None or after["score"] is None:
        return ()
    old, new = _brings(before, told[0]), _brings(after, told[1])
    changes = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        amount = (now.amount if now else Fraction(0)) - (was.amount if was else Fraction(0))
        nodes = (key[1],) if key[0] is CauseKind.PART else ()
        some = now or was
        assert some is not None
        changes.append(Change(some.title, key, was, now, amount, nodes))
    changes = (
        without_shift(changes, told[1]) if told[0] is told[1] else [named(each, told) for each in changes]
    )
    changes.sort(key=lambda each: -abs(each.amount))
    found = _lines(changes, exact(before["score"]), told[1], signals)
    return tuple(found if after["score"] >= before["score"] else map(_still_lower, found))


def _lines(
    changes: Sequence[Change], start: Fraction, about: About, signals: Mapping[str, SignalChange]
) -> Iterator[CauseLine]:
    """Each with the difference of two rounded totals, so that they add up."""
    reads = {node.name: node.reads for node in about.nodes}
    running, decimals = start, about.decimals
    for change in changes:
        amount = difference(running, running + change.amount, decimals)
        running += change.amount
        if not amount:
            continue
        read = dict.fromkeys(signal for node in change.nodes for signal in reads.get(node, ()))
        yield CauseLine(
            kind=change.key[0],
            title=change.title,
            before=points_of(change.was, decimals),
            after=points_of(change.now, decimals),
            change=amount,
            signals=tuple(signals[each] for each in read if each in signals),
            remark=_remark(change),
        )


def _still_lower(line: CauseLine) -> CauseLine:
    """The line of a limit that no longer bites, of a score that fell: no good news."""
    told = {"remark": f"{line.remark}, which is lower all the same"}
    return line.model_copy(update=told) if line.remark == NO_LONGER_LOWERS else line


def _remark(change: Change) -> str | None:
    """What the amount alone would tell wrongly: a line that no longer bites, another share of the weight."""
    old, new = (Fraction(0) if each is None else each.amount for each in (change.was, change.now))
    if change.key[0] is CauseKind.STEP and old:
        word = "lowers" if old < 0 else "raises"
        if not new:
            return NO_LONGER_LOWERS if old < 0 else "no longer raises the score"
        if old * new > 0:
            return f"{word} the score by {'less' if abs(new) < abs(old) else 'more'} than before"
    was, now = change.was, change.now
    if change.key[0] is not CauseKind.PART or was is None or now is None or was.points is None:
        return None
    same = was.points == now.points and was.share != now.share
    return "the same points, another weight" if same else None


def _brings(line: Line, about: About) -> dict[Key, Brought]:
    """What the score of a line is made of; the amounts add up to it."""
    below: dict[str, list[Mapping[str, Any]]] = {}
    for part in line["parts"]:
        if part["parent"] is not None:
            below.setdefault(part["parent"], []).append(part)
    steps: dict[str, list[Mapping[str, Any]]] = {}
    for step in line["steps"]:
        steps.setdefault(step["node"], []).append(step)
    found: dict[Key, Brought] = {}
    stack = [(about.main, Fraction(1), 0)]
    while stack:
        name, share, depth = stack.pop()
        if name is None or depth > MOST_DEPTH:
            continue
        for step in steps.get(name, ()):
            title = step["rule"] if name == about.main else f"{about.node_title(name)}: {step['rule']}"
            _add(found, (CauseKind.STEP, name, step["rule"]), Brought(title, share * exact(step["change"])))
        for part in below.get(name, ()):
            inner = share * exact(part["share"] or 0.0)
            if part["name"] in below:
                stack.append((part["name"], inner, depth + 1))
                continue
            points = part["points"]
            # A measure's own steps are in its points already.
            amount = Fraction(0) if points is None else inner * exact(points)
            _add(
                found,
                (CauseKind.PART, part["name"], ""),
                Brought(about.node_title(part["name"]), amount, points, inner),
            )
    rest = exact(line["score"]) - sum((each.amount for each in found.values()), Fraction(0))
    if about.main is not None and about.main not in below:  # a formula or table: it is its own part
        found[CauseKind.PART, about.main, ""] = Brought(about.node_title(about.main), rest, line["score"])
    else:
        found[CauseKind.REST, "", ""] = Brought(REST, rest)
    return found


def _add(found: dict[Key, Brought], key: Key, brought: Brought) -> None:
    if key in found:
        found[key].amount += brought.amount
        found[key].share += brought.share
    else:
        found[key] = brought


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
