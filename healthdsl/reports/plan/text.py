"""The plan for a terminal."""

from __future__ import annotations

from healthdsl.reports.clean import clean, columns, fit, wrap
from healthdsl.reports.plan import words
from healthdsl.reports.plan.model import Plan
from healthdsl.reports.plan.sections import Section, sections

WIDEST = 34
"""Of a cell, in columns of text."""


def render_plan_text(plan: Plan, width: int = 100) -> str:
    """The whole text, ending in a line end. `width` is in columns."""
    lines = [clean(f"{plan.new.title}: {' · '.join(words.subject(plan))}")]
    lines += wrap(clean(words.summary(plan)), width)
    for verdict in plan.verdicts:
        lines += wrap(clean(words.verdict_text(verdict)), width)
    for section in sections(plan):
        lines += ["", clean(section.title), *_table(section, width)]
        lines += [f"  {line}" for line in wrap(clean(section.note), width - 2)]
    quiet = sum(told.effect != "score-changing" for told in plan.changes)
    if quiet:
        lines += ["", f"{words.number(quiet, 'more change')} cannot move a score: healthdsl diff shows all."]
    return "\n".join(lines) + "\n"


def _table(section: Section, width: int) -> list[str]:
    """The rows; a sentence stands on lines of its own above its figures."""
    shown = [k for k in range(len(section.heads)) if k not in section.told]
    heads = [clean(section.heads[k]) for k in shown]
    rows = [[clean(row[k]) for k in shown] for row in section.rows]
    sizes = [
        min(max([columns(heads[k]), *(columns(row[k]) for row in rows)]), WIDEST) for k in range(len(shown))
    ]
    lines = [_line(heads, sizes, [section.align[k] for k in shown])]
    for row, whole in zip(rows, section.rows, strict=True):
        for k in section.told:
            first, *rest = wrap(clean(whole[k]), width - 6)
            lines += [f"  {row[0]}  {first}", *(f"      {line}" for line in rest)]
        cells = ["", *row[1:]] if section.told else row
        lines.append(_line(cells, sizes, [section.align[k] for k in shown]))
    return lines


def _line(cells: list[str], sizes: list[int], align: list[str]) -> str:
    fitted = [
        fit(cell, size) if side == "l" else " " * max(size - columns(cell), 0) + cell
        for cell, size, side in zip(cells, sizes, align, strict=True)
    ]
    return f"  {'  '.join(fitted)}".rstrip()
