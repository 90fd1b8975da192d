"""A frozen distribution as the text of a file that rulesets use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from healthdsl.batch.frozen_points import RANK_DECIMALS, Counted, FrozenPoints
from healthdsl.model.ruleset import Ruleset, Signal
from healthdsl.model.types import Kind

DIGITS = 15
THINNED = 0.002
"""What leaving values out before points are chosen can add to the error, in points of 0 to 100."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen: a signal of a ruleset (with its fingerprint), for a day or for none."""

    ruleset: Ruleset
    fingerprint: str
    signal: Signal
    day: date | None
    counted: Counted


def frozen_text(name: str, frozen: Frozen, points: FrozenPoints) -> str:
    """The file, in canonical layout but for its alignment."""
    title = frozen.signal.title.replace('"', '""')
    lines = [*(f"# {line}" for line in _notes(frozen, points)), ""]
    lines += [f'dictionary {name} "{title}, frozen"', "  language 1", ""]
    lines.append(f'distribution {name} "{title}"')
    lines += [f"  as of {frozen.day.isoformat()}"] if frozen.day is not None else []
    lines += [f"  {literal(value, frozen.signal)} -> {_rank(rank)}%" for value, rank in points.points]
    return "\n".join(lines) + "\n"


def literal(value: float, signal: Signal) -> str:
    """A value as a ruleset writes it, `35.5%` or `1_200`, with at most 15 digits."""
    number = Decimal(f"{value:.{DIGITS}g}")
    if signal.type.kind is Kind.PERCENT:
        number *= 100
    text = f"{number:,f}".replace(",", "_")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    unit = {Kind.PERCENT: "%", Kind.DAYS: " days"}.get(signal.type.kind, "")
    return f"{text}{unit}"


def _notes(frozen: Frozen, points: FrozenPoints) -> list[str]:
    day = f" on {frozen.day.isoformat()}" if frozen.day is not None else ""
    ruleset = f"{frozen.ruleset.name} {frozen.ruleset.version}, fingerprint {frozen.fingerprint}"
    counted = frozen.counted
    left_out = counted.accounts - counted.known
    error = points.error + (THINNED if counted.different > len(counted.counts) else 0)
    missing = f"; {left_out:,} accounts without a value are left out" if left_out else ""
    kept = f"{len(points.points):,} of {counted.different:,} different values are points"
    return [
        f"Frozen by `healthdsl freeze`: {frozen.signal.name} of {counted.known:,} accounts{day}{missing}.",
        f"Worked out by {ruleset}.",
        "The rank of a value is the share of accounts below it, and half of those that have the same value.",
        f"{kept}; between them no rank of these accounts is off by more than {_upward(error)} points.",
    ]


def _upward(error: float) -> str:
    """The error with two decimals, never less than it is."""
    return f"{math.ceil(error * 100 - 1e-6) / 100:.2f}"


def _rank(rank: float) -> str:
    text = f"{rank:.{RANK_DECIMALS}f}".rstrip("0").rstrip(".")
    return text or "0"
