"""The explanation as one HTML file.

No script, no network, light and dark, fit for print and for a screen reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from healthdsl.explain.explanation import Explanation, MoveKind, ScoreLine
from healthdsl.explain.say_rules import capital
from healthdsl.reports import figures, told
from healthdsl.reports.bars import Bar, bars
from healthdsl.reports.clean import clean, columns, wrap
from healthdsl.reports.history.chart import chart_of
from healthdsl.reports.history.model import Trend
from healthdsl.reports.web import Layout, colour_of, render_page, share_of, short_place

LONGEST_LABEL = 44  # columns of a line of a label
LONGEST_WHY = 56
BAR_HEIGHT, LINE_HEIGHT = 42, 17


def render_html(
    explanation: Explanation, *, back: str | None = None, trend: Trend | None = None, where: bool = False
) -> str:
    """The whole page. `back` is the address of the book that the account stands in, if it stands in one;
    `trend` the score over time, if that is known. The line of the ruleset behind a reason shows where the
    pointer rests, with `where` beside it.
    """
    layout = _LAYOUT if trend is None else _WITH_TREND
    values = {"page": explanation, "back": back, "trend": trend, "where": where}
    return render_page(layout, {**_WORDS, **values})


def _far_away(explanation: Explanation) -> bool:
    return any(move.kind is MoveKind.OUT_OF_REACH for move in explanation.moves)


# Drawing ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ring:
    """The ring around the score: `share` of 100 filled, `of` what all of it stands for, if that is said."""

    share: float
    of: str | None
    colour: str


def _ring(score: ScoreLine) -> Ring | None:
    """A ring for a score between 0 and the top of its scale, else its best; nothing for other scores."""
    whole = score.scale if score.scale is not None else score.best
    if score.score is None or whole is None or score.lower_is_better:
        return None
    if not Decimal(0) <= score.score <= whole or whole == 0:
        return None
    badge = score.band or score.level
    share = float(round(score.score / whole * 100, 1))
    of = None if score.scale is None else figures.figure(whole)
    return Ring(share, of, colour_of(badge) if badge is not None else "grey")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar of the waterfall in its place: `lines` of its label from `top` on, then the bar at `track`."""

    bar: Bar
    top: int
    lines: tuple[str, ...]
    why: str | None

    @property
    def track(self) -> int:
        return self.top + 21 + LINE_HEIGHT * (len(self.lines) - 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A waterfall laid out."""

    rows: tuple[Drawn, ...]
    height: int


def _drawing(score: ScoreLine) -> Drawing:
    """Every bar below the other; long labels wrap, since half a rule says nothing."""
    rows, top = [], 0
    for bar in bars(score):
        lines = tuple(wrap(clean(bar.label), LONGEST_LABEL)) or ("",)
        rows.append(Drawn(bar, top, lines, _why(bar, lines)))
        top += BAR_HEIGHT + LINE_HEIGHT * (len(lines) - 1)
    return Drawing(tuple(rows), top)


def _why(bar: Bar, lines: tuple[str, ...]) -> str | None:
    """The reason beside a label where it fits in whole; the table of parts has it in any case."""
    reason = None if bar.line is None else figures.bar_reason(bar.line)
    fits = reason is not None and len(lines) == 1 and columns(clean(reason)) <= LONGEST_WHY
    return reason if fits else None


def _link(bar: Bar) -> float:
    """Where a bar hands over to the next: where it ends on the scale."""
    if bar.line is None:
        return bar.right if bar.amount >= 0 else bar.left
    return bar.right if bar.amount > 0 else bar.left


def _bar_class(score: ScoreLine, bar: Bar) -> str:
    """What fills the bar: the band's colour for the score, else whether points were lost or won."""
    if bar.kind == "start":
        return "start"
    if bar.kind == "end":
        badge = score.band or score.level
        return f"{colour_of(badge)}-fill" if badge is not None else "end"
    return "loss" if bar.is_loss else "gain"


_LAYOUT = Layout(
    template="report.html.jinja",
    sheets=("report.css",),
    rules=(
        ".ring .{word}-line {{ stroke: var(--{word}); }}",
        ".waterfall .{word}-fill {{ fill: var(--{word}); }}",
    ),
)
_WITH_TREND = Layout(
    template=_LAYOUT.template,
    sheets=(*_LAYOUT.sheets, "trend.css"),
    rules=(
        *_LAYOUT.rules,
        ".trend .{word}-stripe {{ fill: var(--{word}-chip); }}",
        ".trend .{word}-name {{ fill: var(--{word}-text); stroke: var(--{word}-chip); }}",
        ".trend .{word}-dot {{ fill: var(--{word}); }}",
    ),
)
_WORDS = {
    "bar_class": _bar_class,
    "chart_of": chart_of,
    "drawing_of": _drawing,
    "colour": colour_of,
    "dated": figures.dated,
    "far_away": _far_away,
    "figure": figures.figure,
    "headline": figures.headline,
    "link": _link,
    "lost_head": figures.lost_head,
    "move_lines": figures.move_lines,
    "brings": figures.brings,
    "lost": figures.lost,
    "values": figures.values,
    "capital": capital,
    "fact_words": figures.fact_words,
    "missing_lines": told.missing_lines,
    "other_words": figures.other_words,
    "part_words": told.part_words,
    "percent": figures.percent,
    "points": figures.points,
    "ring_of": _ring,
    "short_place": short_place,
    "unjudged_lines": told.unjudged_lines,
    "visible_parts": told.visible_parts,
    "weight_note": told.weight_note,
    "badge_words": figures.badge_words,
    "raised_words": figures.raised_words,
    "reason_codes": figures.reason_codes,
    "share": share_of,
    "signed": figures.signed,
    "source_line": figures.source_line,
    "weight": figures.weight,
    "weighted": figures.weighted,
}
