"""The plan as Markdown, for a comment on a pull request. Text of strangers is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.reports.diff.markdown import marked
from healthdsl.reports.markdown import escape
from healthdsl.reports.plan import words
from healthdsl.reports.plan.model import Plan
from healthdsl.reports.plan.sections import MOST_TOLD, Section, sections


def render_plan_markdown(plan: Plan) -> str:
    """The whole page, ending in a line end."""
    lines = [f"## Plan: {escape(plan.new.title)}", "", escape(" · ".join(words.subject(plan))), ""]
    lines += [f"**{escape(words.summary(plan))}**", ""]
    for verdict in plan.verdicts:
        lines += [f"- {escape(words.verdict_text(verdict))}"]
    lines += [""] if plan.verdicts else []
    for section in sections(plan):
        lines += [f"### {escape(section.title)}", "", *_table(section), ""]
        lines += [escape(section.note), ""] if section.note else []
    lines += _quiet(plan)
    return "\n".join([*lines, "---", "", escape(words.plan_foot(plan))]) + "\n"


def _table(section: Section) -> list[str]:
    marks = [":---" if side == "l" else "---:" for side in section.align]
    lines = [[escape(head) for head in section.heads], marks]
    lines += [_cells(section, row) for row in section.rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _cells(section: Section, row: Sequence[str]) -> list[str]:
    return [
        # A bar ends a cell even within code.
        marked(cell).replace("\\|", "|").replace("|", "\\|") if k in section.told else escape(cell)
        for k, cell in enumerate(row)
    ]


def _quiet(plan: Plan) -> list[str]:
    """The changes that move no score, folded away."""
    quiet = [told for told in plan.changes if told.effect != "score-changing"]
    if not quiet:
        return []
    title = f"{words.number(len(quiet), 'change')} that cannot move a score"
    lines = ["<details>", f"<summary>{title}</summary>", ""]
    lines += [f"- {marked(told.sentence)}" for told in quiet[:MOST_TOLD]]
    lines += [f"- and {len(quiet) - MOST_TOLD} more"] if len(quiet) > MOST_TOLD else []
    return [*lines, "", "</details>", ""]
