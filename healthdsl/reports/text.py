"""The explanation for a terminal: one page of plain lines, with colours only on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from healthdsl.explain.explanation import Explanation, PartKind, PartLine, ScoreLine
from healthdsl.reports import figures, told
from healthdsl.reports.bars import bars, characters
from healthdsl.reports.clean import clean, columns, cut, fit, wrap
from healthdsl.reports.history.model import Trend
from healthdsl.reports.history.text import trend_lines

_ANSI = {
    "green": "32",
    "lightgreen": "92",
    "yellow": "33",
    "orange": "38;5;208",
    "red": "31",
    "grey": "90",
    "blue": "34",
    "black": "1",
    "white": "1",
    "purple": "35",
}
_PLAIN = str.maketrans(
    {figures.MINUS: "-", figures.NONE: "-", "“": '"', "”": '"', "…": "~", "·": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class _Page:
    """How to write: `width` in columns, `unicode` for bars and dashes, `colour` for ANSI codes, `where` for
    the places of rules.
    """

    width: int
    unicode: bool
    colour: bool
    where: bool

    def place(self, place: str | None) -> str:
        """` [rules.health:12]` where that is asked for."""
        return f" [{place}]" if self.where and place else ""

    def paint(self, text: str, code: str | None) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text

    def glyphs(self, text: str) -> str:
        """Our own signs in ASCII where that is wanted; the data's letters stay."""
        return text if self.unicode else text.translate(_PLAIN)

    def fit(self, text: str, width: int) -> str:
        return fit(self.glyphs(clean(text)), width, "…" if self.unicode else "~")

    def wrapped(self, text: str, indent: int) -> list[str]:
        lines = wrap(self.glyphs(clean(text)), self.width - indent)
        return [" " * indent + line for line in lines]

    def title(self, text: str) -> list[str]:
        return ["", self.paint(self.glyphs(clean(text)), "1")]


def render_text(  # noqa: PLR0913 -- an option each
    explanation: Explanation,
    *,
    width: int = 88,
    unicode: bool = True,
    colour: bool = False,
    trend: Trend | None = None,
    where: bool = False,
) -> str:
    """The whole page, ending in a line end. `width` is at least 60 columns; `trend` is the score over time,
    if that is known; with `where` every reason says its line of the ruleset.
    """
    page = _Page(max(width, 60), unicode, colour, where)
    lines = _head(page, explanation)
    for score in explanation.scores:
        lines += _score(page, explanation, score)
    if trend is not None:
        lines += page.title("Over time")
        lines += [row for line in trend_lines(trend, unicode=unicode) for row in page.wrapped(line, 2)]
    for section in (_moves, _signals, _raised, _others, _notes, _foot):
        lines += section(page, explanation)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(page: _Page, explanation: Explanation) -> list[str]:
    name = cut(page.glyphs(clean(figures.headline(explanation))), page.width)
    subject = " · ".join(text for text in (explanation.ruleset.title, figures.dated(explanation)) if text)
    lines = [page.paint(name, "1"), *page.wrapped(subject, 0)]
    return lines if explanation.main is not None else [*lines, "", *page.wrapped(explanation.summary, 0)]


# One score -------------------------------------------------------------------


def _score(page: _Page, explanation: Explanation, score: ScoreLine) -> list[str]:
    lines = page.title(f"{score.title.upper()}") if len(explanation.scores) > 1 else [""]
    lines += [_score_head(page, score), "", *page.wrapped(score.summary, 2)]
    if score.facts and not score.parts:
        lines += ["", *page.wrapped(f"Decided on {figures.fact_words(score.facts)}", 2)]
    if score.reasons:
        lines += ["", *page.wrapped(f"Reasons: {figures.reason_codes(score)}", 2)]
    lines += _waterfall(page, score)
    lines += _parts(page, score)
    lines += _adjustments(page, score)
    lines += _unjudged(page, score)
    return lines


def _score_head(page: _Page, score: ScoreLine) -> str:
    pieces = [] if score.score is None else [page.glyphs(figures.figure(score.score))]
    badge = score.band or score.level
    if badge is not None:
        words = page.glyphs(clean(figures.badge_words(score)))
        pieces.append(page.paint(words, _ANSI.get(badge.colour or "")))
    if not pieces:
        pieces = ["Not scored"]
    more = [f"best possible {figures.figure(score.best)}"] if score.best is not None else []
    more += [f"{figures.percent(score.coverage)} known"] if score.coverage is not None else []
    end = page.glyphs(f"({', '.join(more)})") if more else ""
    return page.paint("  " + "  ".join(pieces), "1") + ("   " + end if end else "")


def _waterfall(page: _Page, score: ScoreLine) -> list[str]:
    rows = bars(score)
    if not rows:
        return []
    from_best = score.waterfall is not None and score.waterfall.from_best
    lines = page.title(
        "From the best possible score to this one" if from_best else "What the score is made of"
    )
    amounts = [
        figures.figure(bar.amount, score.decimals)
        if bar.line is None
        else figures.signed(bar.amount, score.decimals)
        for bar in rows
    ]
    number = max(len(amount) for amount in amounts)
    label = min(max(columns(clean(bar.label)) for bar in rows), page.width - number - 26)
    room = page.width - label - number - 6
    for bar, amount in zip(rows, amounts, strict=True):
        before, drawn = characters(bar, room, unicode=page.unicode)
        code = ("31" if bar.is_loss else "32") if bar.line is not None else "1"
        text = f"  {page.fit(bar.label, label)}  {page.glyphs(amount).rjust(number)}  {' ' * before}"
        lines.append(text + page.paint(drawn, code))
    return lines


def _parts(page: _Page, score: ScoreLine) -> list[str]:
    if not score.parts:
        return []
    lines = page.title("Parts")
    heads, cells = _part_columns(score)
    widths = [max(columns(text) for text in column) for column in zip(heads, *cells, strict=True)]
    parts = told.visible_parts(score)
    names = ["Part", *(_part_name(part) for part in parts)]
    values = ["Value", *(_value(part) for part in parts)]
    room = page.width - 4 - sum(width + 2 for width in widths)
    value = min(max(columns(clean(text)) for text in values), max(room // 3, 8))
    name = min(max(columns(text) for text in names), room - value)
    rows = [
        f"  {page.fit(text, name)}  {page.fit(found, value)}{_cells(page, row, widths)}"
        for text, found, row in zip(names, values, [heads, *cells], strict=True)
    ]
    lines.append(page.paint(rows[0], "2"))
    for part, row in zip(parts, rows[1:], strict=True):
        lines += [row, *_part_details(page, score, part)]
    note = told.weight_note(score)
    return lines if note is None else [*lines, *page.wrapped(note, 2)]


def _value(part: PartLine) -> str:
    """The value of a part that reads one signal; those of others stand on a line of their own."""
    return part.facts[0].text if len(part.facts) == 1 else ""


def _part_columns(score: ScoreLine) -> tuple[list[str], list[list[str]]]:
    """Headings, and for each part its figures; columns without any figure are left out."""
    decimals = score.decimals
    columns_: list[tuple[str, Callable[[PartLine], str], bool]] = [
        ("Points", lambda part: _points_or_level(part, decimals), True),
        ("Weight", figures.weight, figures.weighted(score)),
        ("Brings", lambda part: figures.brings(part, decimals), score.score is not None),
        (
            figures.lost_head(score),
            lambda part: figures.lost(part, decimals),
            any(p.lost is not None for p in score.parts),
        ),
    ]
    shown = [(head, cell) for head, cell, wanted in columns_ if wanted]
    parts = told.visible_parts(score)
    return [head for head, _ in shown], [[cell(part) for _, cell in shown] for part in parts]


def _points_or_level(part: PartLine, decimals: int) -> str:
    if part.points is None and part.badge is not None:
        return cut(clean(part.badge.label), 14)
    return figures.points(part, decimals)


def _cells(page: _Page, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (" " * (width - columns(cell)) + cell for cell, width in zip(cells, widths, strict=True))
    return page.glyphs("".join(f"  {cell}" for cell in padded))


def _part_name(part: PartLine) -> str:
    return "  " * min(part.depth, 8) + clean(part.title)


def _part_details(page: _Page, score: ScoreLine, part: PartLine) -> list[str]:
    """The values a part reads, if there are several and its reason does not say them, and its reason."""
    indent = 4 + 2 * min(part.depth, 8)
    said = any(f"{fact.title}: {fact.text}" in (part.reason or "") for fact in part.facts)
    lines = page.wrapped(figures.values(part), indent) if len(part.facts) > 1 and not said else []
    place = page.place(part.place) if part.kind is PartKind.JUDGED else ""
    lines += page.wrapped(f"{told.part_words(score, part)}{place}", indent)
    return [page.paint(line, "2") for line in lines]


def _adjustments(page: _Page, score: ScoreLine) -> list[str]:
    if not score.adjustments:
        return []
    lines = page.title("Adjustments")
    for change in score.adjustments:
        owner = f"{change.owner}: " if change.part is not None else ""
        before = figures.figure(change.before, score.decimals)
        after = figures.figure(change.after, score.decimals)
        amount = (
            "" if change.contribution is None else f" ({figures.signed(change.contribution, score.decimals)})"
        )
        said = figures.change_words(change)
        lines += page.wrapped(f"{owner}{before} to {after}{amount}: {said}{page.place(change.place)}", 2)
    return lines


def _unjudged(page: _Page, score: ScoreLine) -> list[str]:
    rules = told.unjudged_lines(score)
    lines = page.title("What could not be judged") if rules else []
    for said, place in rules:
        lines += page.wrapped(f"{said}{page.place(place)}", 2)
    return lines


# The rest of the page --------------------------------------------------------


def _moves(page: _Page, explanation: Explanation) -> list[str]:
    lines = figures.move_lines(explanation)
    if not lines:
        return []
    return [*page.title("What would move it"), *(row for line in lines for row in page.wrapped(line, 2))]


def _signals(page: _Page, explanation: Explanation) -> list[str]:
    lines = told.missing_lines(explanation)
    if not lines:
        return []
    return [*page.title("Not known"), *(row for line in lines for row in page.wrapped(line, 2))]


def _raised(page: _Page, explanation: Explanation) -> list[str]:
    lines: list[str] = []
    for head, raised in (("Flags", explanation.flags), ("Plays", explanation.plays)):
        lines += page.title(head) if raised else []
        for flag in raised:
            lines += page.wrapped(f"{flag.title}{page.place(flag.place)}", 2)
            lines += [line for cause in flag.causes for line in page.wrapped(cause, 4)]
    return lines


def _others(page: _Page, explanation: Explanation) -> list[str]:
    if not explanation.others:
        return []
    lines = page.title("In no score")
    for part in explanation.others:
        lines += page.wrapped(figures.other_words(part), 2)
    return lines


def _notes(page: _Page, explanation: Explanation) -> list[str]:
    if not explanation.notes:
        return []
    return [*page.title("Notes"), *(line for note in explanation.notes for line in page.wrapped(note, 2))]


def _foot(page: _Page, explanation: Explanation) -> list[str]:
    return ["", *(page.paint(line, "2") for line in page.wrapped(figures.source_line(explanation), 0))]
