"""The explanation as Markdown, for a ticket, a wiki or a pull request. Text of strangers is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from healthdsl.explain.explanation import Explanation, PartKind, PartLine, ScoreLine
from healthdsl.reports import figures, told
from healthdsl.reports.bars import bars
from healthdsl.reports.clean import clean
from healthdsl.reports.history.model import Trend
from healthdsl.reports.history.spark import sparkline

# What Markdown (and GitHub's links and mentions) could read as more than text.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!^$])")
_LINKS = re.compile(r"(?i)(?<=\w)(://)|(www)(\.)|(@)")


def render_markdown(explanation: Explanation, trend: Trend | None = None, *, where: bool = False) -> str:
    """The whole page, ending in a line end; `trend` is the score over time, if that is known; with `where`
    every reason says its line of the ruleset.
    """
    lines = [f"# {escape(figures.headline(explanation))}", ""]
    subject = [explanation.ruleset.title, figures.dated(explanation)]
    lines += [" · ".join(escape(text) for text in subject if text), ""]
    if explanation.main is None:
        lines += [escape(explanation.summary), ""]
    for score in explanation.scores:
        lines += _score(score, alone=len(explanation.scores) == 1, where=where)
    lines += trend_lines(trend) if trend is not None else []
    for title, texts in _sections(explanation, where):
        lines += _list(title, texts, 2)
    return "\n".join([*lines, "---", "", escape(figures.source_line(explanation))]) + "\n"


def escape(text: str) -> str:
    """The text as text: nothing in it is markup, a link, a mention or HTML."""
    text = clean(text).replace("&", "&amp;")
    text = _SPECIAL.sub(r"\\\1", text).replace("\\<", "&lt;").replace("\\>", "&gt;")
    text = _LINKS.sub(_unlinked, text)
    return re.sub(r"^(\s*)([-+]|\d+[.)])(?=\s)", _not_a_list, text)


def _unlinked(found: re.Match[str]) -> str:
    if found[1]:
        return "&#58;//"
    return f"{found[2]}&#46;" if found[2] else "&#64;"


def _not_a_list(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark[:-1]}\\{mark[-1]}"


# One score -------------------------------------------------------------------


def _score(score: ScoreLine, *, alone: bool, where: bool) -> list[str]:
    lines = [] if alone else [f"## {escape(score.title)}", ""]
    lines += [f"**{escape(_head(score))}**", "", escape(score.summary), ""]
    if score.reasons:
        lines += [f"Reasons: {escape(figures.reason_codes(score))}", ""]
    if score.facts and not score.parts:
        lines += [f"Decided on {escape(figures.fact_words(score.facts))}", ""]
    lines += _waterfall(score)
    lines += _parts(score, where)
    changes = [_adjustment(score, k) + _at(change.place, where) for k, change in enumerate(score.adjustments)]
    lines += _list("Adjustments", changes, 3)
    unjudged = [said + _at(place, where) for said, place in told.unjudged_lines(score)]
    return lines + _list("What could not be judged", unjudged, 3)


def _at(place: str | None, where: bool) -> str:
    return f" [{place}]" if where and place else ""


def _head(score: ScoreLine) -> str:
    badge = figures.badge_words(score)
    pieces = [figures.figure(score.score)] if score.score is not None else []
    pieces += [badge] if badge else []
    more = [f"best possible {figures.figure(score.best)}"] if score.best is not None else []
    more += [f"{figures.percent(score.coverage)} known"] if score.coverage is not None else []
    return " · ".join([*(pieces or ["Not scored"]), *more])


def _waterfall(score: ScoreLine) -> list[str]:
    if score.waterfall is None:
        return []
    title = "From the best possible score to this one" if score.waterfall.from_best else "What it is made of"
    rows = []
    for bar in bars(score):
        amount = figures.figure if bar.line is None else figures.signed
        reason = figures.bar_reason(bar.line) if bar.line is not None else None
        rows.append([bar.label, amount(bar.amount, score.decimals), reason or ""])
    return [f"### {title}", "", *table_lines(["Step", "Points", "Why"], "lrl", rows), ""]


def _parts(score: ScoreLine, where: bool) -> list[str]:
    if not score.parts:
        return []
    heads = ["Part", "Value", "Points", "Weight", "Brings", figures.lost_head(score), "Why"]
    rows = [_part(score, part, where) for part in told.visible_parts(score)]
    wanted = [any(row[column] not in ("", figures.NONE) for row in rows) for column in range(len(heads))]
    wanted[3] = wanted[3] and figures.weighted(score)
    kept = [column for column, keep in enumerate(wanted) if keep or column == 0]
    table = table_lines(
        [heads[column] for column in kept],
        "".join("llrrrrl"[column] for column in kept),
        [[row[column] for column in kept] for row in rows],
    )
    note = told.weight_note(score)
    return ["### Parts", "", *table, "", *([note, ""] if note is not None else [])]


def _part(score: ScoreLine, part: PartLine, where: bool) -> list[str]:
    points = figures.points(part, score.decimals)
    if part.badge is not None:
        points = f"{points} {part.badge.label}" if part.points is not None else part.badge.label
    return [
        "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" * part.depth + part.title,
        figures.values(part),
        points,
        figures.weight(part),
        figures.brings(part, score.decimals),
        figures.lost(part, score.decimals),
        told.part_words(score, part) + _at(part.place, where and part.kind is PartKind.JUDGED),
    ]


def _adjustment(score: ScoreLine, index: int) -> str:
    change = score.adjustments[index]
    owner = f"{change.owner}: " if change.part is not None else ""
    before = figures.figure(change.before, score.decimals)
    after = figures.figure(change.after, score.decimals)
    amount = (
        "" if change.contribution is None else f" ({figures.signed(change.contribution, score.decimals)})"
    )
    return f"{owner}{before} to {after}{amount}: {figures.change_words(change)}"


# The rest of the page --------------------------------------------------------


def _sections(explanation: Explanation, where: bool) -> list[tuple[str, list[str]]]:
    """Titles with their lines; those without lines are left out when written."""
    return [
        ("What would move it", figures.move_lines(explanation)),
        ("Not known", told.missing_lines(explanation)),
        ("Flags", [figures.raised_words(flag) + _at(flag.place, where) for flag in explanation.flags]),
        ("Plays", [figures.raised_words(play) + _at(play.place, where) for play in explanation.plays]),
        ("In no score", [figures.other_words(part) for part in explanation.others]),
        ("Notes", list(explanation.notes)),
    ]


def trend_lines(trend: Trend) -> list[str]:
    """A table of the runs, below a line of blocks."""
    rows = [
        [
            str(point.as_of),
            figures.figure(point.score),
            point.band.label if point.band is not None else "",
            f"version {point.version}" if point.changed else "",
        ]
        for point in trend.points
    ]
    heads = ["Day", "Score", "Band", "Another ruleset"]
    return ["## Over time", "", sparkline(trend), "", *table_lines(heads, "lrll", rows), ""]


def _list(title: str, texts: Sequence[str], level: int) -> list[str]:
    if not texts:
        return []
    return [f"{'#' * level} {title}", "", *(f"- {escape(text)}" for text in texts), ""]


def table_lines(heads: Sequence[str], align: str, rows: Sequence[Sequence[str]]) -> list[str]:
    marks = [":---" if side == "l" else "---:" for side in align]
    lines = [heads, marks, *([escape(cell) for cell in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]
