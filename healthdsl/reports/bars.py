"""Where the bars of a waterfall stand on a line of given width, for the terminal and for SVG alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.explanation import ScoreLine, Waterfall, WaterfallLine


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from `left` to `right`, fractions of the width.

    `line` is None for the start and the score themselves.
    """

    label: str
    line: WaterfallLine | None
    amount: Decimal
    left: float
    right: float
    is_loss: bool
    kind: str


def bars(score: ScoreLine) -> tuple[Bar, ...]:
    """The start, every line, and the score."""
    waterfall = score.waterfall
    if waterfall is None:
        return ()
    scale = _scale(waterfall)
    steps = [_step(score, line, scale) for line in waterfall.lines]
    start = _whole("Best possible", waterfall.start, scale, "start")
    end = _whole("Score", waterfall.end, scale, "end")
    return (start, *steps, end) if waterfall.from_best or waterfall.start else (*steps, end)


def _scale(waterfall: Waterfall) -> tuple[Fraction, Fraction]:
    """The lowest value shown (0 or less) and the size of the whole."""
    ends = [waterfall.start, waterfall.end, *(line.after for line in waterfall.lines), Decimal(0)]
    low, high = Fraction(min(ends)), Fraction(max(ends))
    return low, (high - low) or Fraction(1)


def _at(value: Decimal, scale: tuple[Fraction, Fraction]) -> float:
    low, size = scale
    return float((Fraction(value) - low) / size)


def _whole(label: str, value: Decimal, scale: tuple[Fraction, Fraction], kind: str) -> Bar:
    ends = sorted((_at(Decimal(0), scale), _at(value, scale)))
    return Bar(label, None, value, ends[0], ends[1], is_loss=False, kind=kind)


def _step(score: ScoreLine, line: WaterfallLine, scale: tuple[Fraction, Fraction]) -> Bar:
    ends = sorted((_at(line.before, scale), _at(line.after, scale)))
    worse = line.amount > 0 if score.lower_is_better else line.amount < 0
    return Bar(line.label, line, line.amount, ends[0], ends[1], is_loss=worse, kind=line.kind.value)


def characters(bar: Bar, width: int, *, unicode: bool) -> tuple[int, str]:
    """How many spaces stand before the bar, and the bar itself: at least one character long."""
    left = min(round(bar.left * width), width - 1)
    right = max(round(bar.right * width), left + 1)
    if bar.line is None:
        sign = "█" if unicode else "#"
    else:
        sign = ("▒" if bar.is_loss else "▓") if unicode else ("-" if bar.is_loss else "+")
    return left, sign * (right - left)
