"""The tables of a plan as rows of texts: what the terminal and Markdown show alike."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.reports.figures import figure
from healthdsl.reports.plan import words
from healthdsl.reports.plan.model import Movers, Plan

MOST_TOLD = 50
"""Sentences about changes that move no score."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title, alignment (`l`, `r`) and what stands below it. `told`: columns that hold
    sentences.
    """

    title: str
    heads: list[str]
    align: str
    rows: list[list[str]]
    note: str = ""
    told: tuple[int, ...] = ()


def sections(plan: Plan) -> list[Section]:
    """The tables that have rows, in order."""
    found = [_edits(plan), _matrix(plan), _money(plan)]
    found += [_movers(plan, movers) for movers in plan.movers]
    found += [_raised(plan), _others(plan)]
    return [section for section in found if section.rows]


def _edits(plan: Plan) -> Section:
    rows = [[f"{edit.number}", words.edit_text(edit), *words.edit_cells(edit, 0)] for edit in plan.edits]
    note = words.TAKEN
    if plan.by_declaration:
        note = f"There are many changes: those of a declaration are one edit. {note}"
    elif any(len(edit.sentences) > 1 for edit in plan.edits):
        note = f"Changes that only work together are one edit and cannot be taken apart. {note}"
    return Section("What each edit does", ["", "Edit", *words.EDIT_HEADS], "llrrrrrr", rows, note, (1,))


def _matrix(plan: Plan) -> Section:
    matrix = plan.matrix
    if matrix is None:
        return Section("Bands", [], "", [])
    heads = [f"Before \\ after ({matrix.word})", *(place.label for place in matrix.after), "All"]
    rows = [
        [place.label, *map(words.cell_text, cells), f"{words.row_total(matrix, k):,}"]
        for k, (place, cells) in enumerate(zip(matrix.before, matrix.cells, strict=True))
    ]
    sums = [f"{words.column_total(matrix, k):,}" for k in range(len(matrix.after))]
    rows.append(["All", *sums, f"{plan.totals.accounts:,}"])
    title = f"{matrix.word[:1].upper()}{matrix.word[1:]}s before and after"
    return Section(title, heads, "l" + "r" * (len(heads) - 1), rows)


def _money(plan: Plan) -> Section:
    rows = [
        [money.title, *(words.money_text(amount, money) for amount in words.amounts(money))]
        for money in plan.money
        if money.worse or money.better or money.scored or money.unscored
    ]
    word = plan.matrix.word if plan.matrix is not None else "band"
    heads = ["Money", "In all", f"To a worse {word}", f"To a better {word}"]
    heads += ["No longer scored", "Newly scored"]
    return Section("Money that moves", heads, "lrrrrr", rows)


def _movers(plan: Plan, movers: Movers) -> Section:
    rows = []
    for mover in movers.listed:
        change = f"{words.score_text(mover.before)} {words.ARROW} {words.score_text(mover.after)}"
        known_as = mover.id if mover.id != mover.title else ""
        row = [mover.title, known_as, change, words.band_change(mover), words.steps_text(mover)]
        rows.append(row + [figure(amount) for amount in mover.money])
    heads = ["Account", "Id", "Score", "Band", "By edit", *(money.title for money in plan.money)]
    more = movers.accounts - len(movers.listed)
    note = f"and {more:,} more" if more > 0 else ""
    title = f"{movers.title} ({movers.accounts:,})"
    return Section(title, heads, "lllll" + "r" * len(plan.money), rows, note)


def _raised(plan: Plan) -> Section:
    rows = [
        [
            each.title,
            each.word,
            f"{each.before:,}",
            f"{each.after:,}",
            f"{each.starts:,}",
            words.examples(each.starting, each.starts),
            f"{each.stops:,}",
            words.examples(each.stopping, each.stops),
            ", ".join(map(words.raised_text, each.edits)),
        ]
        for each in words.changed_flags(plan)
    ]
    heads = ["Raised", "", "Before", "After", "Starts for", "", "Stops for", "", "By edit"]
    return Section("Flags and plays", heads, "llrrrlrll", rows, words.RAISED)


def _others(plan: Plan) -> Section:
    rows = [words.other_text(other) for other in plan.others]
    heads = ["Score", "Moves", "On average", "Newly scored", "No longer scored"]
    return Section("Other scores", heads, "lrrrr", rows)
