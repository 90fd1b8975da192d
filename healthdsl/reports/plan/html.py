"""The plan as one HTML file, in the looks of the report of a book: no script, no network, light and dark."""

from __future__ import annotations

from healthdsl.reports import figures
from healthdsl.reports.book import words as book_words
from healthdsl.reports.plan import words
from healthdsl.reports.plan.model import Cell, Matrix, Plan
from healthdsl.reports.web import Layout, colour_of, render_page

SHADES = 5


def render_plan_html(plan: Plan) -> str:
    """The whole page."""
    return render_page(_PLAN, {**_WORDS, "plan": plan})


def _shade(matrix: Matrix, cell: Cell) -> str:
    """How strongly a cell is coloured: by its share of those that move, better and worse apart."""
    if cell.worse is None or not cell.accounts:
        return ""
    most = max(each.accounts for row in matrix.cells for each in row if each.worse is not None)
    strength = max(1, round(cell.accounts / most * SHADES))
    return f"{'worse' if cell.worse else 'better'} s{strength}"


def _pieces(sentence: str) -> list[tuple[bool, str]]:
    """A sentence as pieces, each with whether it is of a ruleset."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return [(False, sentence)]
    return [(bool(k % 2), piece) for k, piece in enumerate(pieces) if piece]


_PLAN = Layout(
    "plan.html.jinja", ("report.css", "book.css", "plan.css"), (".{word}-fill {{ fill: var(--{word}); }}",)
)
_WORDS = {
    "band_change": words.band_change,
    "changed_flags": words.changed_flags,
    "colour": colour_of,
    "column_total": words.column_total,
    "edit_cells": words.edit_cells,
    "edit_heads": words.EDIT_HEADS,
    "examples": words.examples,
    "figure": figures.figure,
    "money_text": words.money_text,
    "number": words.number,
    "other_text": words.other_text,
    "pieces": _pieces,
    "plan_foot": words.plan_foot,
    "raised_note": words.RAISED,
    "raised_text": words.raised_text,
    "row_total": words.row_total,
    "score_text": words.score_text,
    "shade": _shade,
    "short": book_words.short,
    "step_text": words.step_text,
    "subject": words.subject,
    "summary": words.summary,
    "taken": words.TAKEN,
    "tiles": words.tiles,
}
