"""The wording of a plan that its reports share."""

from __future__ import annotations

from decimal import Decimal

from healthdsl.explain.explanation import Badge
from healthdsl.explain.words import join_words
from healthdsl.reports.figures import MINUS, NONE, figure, percent, signed
from healthdsl.reports.plan.model import (
    Cell,
    Edit,
    Matrix,
    Money,
    Mover,
    OtherScore,
    Plan,
    Raised,
    RaisedStep,
    Step,
    Verdict,
)

ARROW = "\N{RIGHTWARDS ARROW}"
TAKEN = (
    "Edits are made one after another in the order of the new text, and each is counted by what it does "
    "behind those before it."
)
RAISED = "By edit: for how many accounts it starts (+) and stops (\N{MINUS SIGN})."


def number(count: int, word: str) -> str:
    """`1 account`, `12,000 accounts`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def subject(plan: Plan) -> list[str]:
    """What was planned on what, piece by piece."""
    pieces = [versions(plan), number(plan.totals.accounts, "account")]
    return pieces + ([f"as of {plan.as_of.isoformat()}"] if plan.as_of is not None else [])


def versions(plan: Plan) -> str:
    """`1.0.0 -> 1.1.0`; fingerprints where the versions are the same."""
    old, new = plan.old, plan.new
    if old.version != new.version:
        return f"version {old.version} {ARROW} {new.version}"
    return f"version {new.version}, {old.fingerprint} {ARROW} {new.fingerprint}"


def summary(plan: Plan) -> str:
    """The whole in a sentence or two."""
    totals = plan.totals
    if not any(told.effect == "score-changing" for told in plan.changes):
        return "No change can move a score: every account stays as it is."
    if not totals.moved:
        return f"Not one of {number(totals.accounts, 'account')} moves."
    share = percent(totals.moved_share)
    verb = "moves" if totals.moved == 1 else "move"
    said = f"{totals.moved:,} of {number(totals.accounts, 'account')} {verb} ({share})"
    more = [
        f"{count:,} {words}"
        for count, words in (
            (totals.worse, f"to a worse {_word(plan)}"),
            (totals.better, f"to a better {_word(plan)}"),
            (totals.unscored, "no longer scored"),
            (totals.scored, "newly scored"),
        )
        if count
    ]
    return f"{said}: {join_words(more)}." if more else f"{said}; every {_word(plan)} stays as it is."


def _word(plan: Plan) -> str:
    return plan.matrix.word if plan.matrix is not None else "band"


def tiles(plan: Plan) -> list[tuple[str, str, str]]:
    """The figures at the top: what it is, the figure, and what it is of."""
    totals = plan.totals
    word = _word(plan)
    found = [("Accounts that move", f"{totals.moved:,}", percent(totals.moved_share))]
    if plan.matrix is not None:
        found += [
            (f"To a worse {word}", f"{totals.worse:,}", ""),
            (f"To a better {word}", f"{totals.better:,}", ""),
        ]
    found.append(("No longer scored", f"{totals.unscored:,}", ""))
    found.append(("Newly scored", f"{totals.scored:,}", ""))
    if totals.average_before is not None and totals.average_after is not None:
        change = f"{figure(totals.average_before)} {ARROW} {figure(totals.average_after)}"
        found.append(("Average score", change, ""))
    return found


# Edits and movers ------------------------------------------------------------


def edit_text(edit: Edit) -> str:
    """The changes of an edit; those that cannot be taken apart stand together."""
    return " ".join(edit.sentences)


def edit_cells(edit: Edit, decimals: int) -> list[str]:
    """Moved, up, down, points, what became of being scored, bands."""
    state = [f"{MINUS}{edit.unscored:,}"] * bool(edit.unscored) + [f"+{edit.scored:,}"] * bool(edit.scored)
    return [
        f"{edit.moved:,}",
        f"{edit.up:,}",
        f"{edit.down:,}",
        signed(edit.points, decimals),
        " ".join(state) or NONE,
        f"{edit.bands:,}",
    ]


EDIT_HEADS = ["Moves", "Up", "Down", "Points in all", "Scored", "Bands"]


def score_text(score: Decimal | None) -> str:
    return "not scored" if score is None else figure(score, 0)


def band_text(band: Badge | None) -> str:
    return NONE if band is None else band.label


def band_change(mover: Mover) -> str:
    """`Healthy -> At risk`, or the one band there is."""
    before, after = band_text(mover.band_before), band_text(mover.band_after)
    return before if before == after else f"{before} {ARROW} {after}"


def step_text(step: Step) -> str:
    """`2: -12.5`, `3: not scored`."""
    if step.before is not None and step.after is not None:
        change = signed(step.after - step.before)
        if step.after != step.before:
            return f"{step.edit}: {change}"
        return f"{step.edit}: {band_text(step.band_after)}"
    return f"{step.edit}: {score_text(step.after)}"


def steps_text(mover: Mover) -> str:
    """What each edit did to an account."""
    return ", ".join(step_text(step) for step in mover.steps)


# Bands, money, flags ---------------------------------------------------------


def cell_text(cell: Cell) -> str:
    return f"{cell.accounts:,}" if cell.accounts else ""


def row_total(matrix: Matrix, row: int) -> int:
    return sum(cell.accounts for cell in matrix.cells[row])


def column_total(matrix: Matrix, column: int) -> int:
    return sum(row[column].accounts for row in matrix.cells)


def money_text(amount: Decimal, money: Money) -> str:
    return f"{money.currency} {figure(amount)}".strip()


def amounts(money: Money) -> tuple[Decimal, ...]:
    """What moves, in the order in which it is shown."""
    return money.total, money.worse, money.better, money.unscored, money.scored


def changed_flags(plan: Plan) -> list[Raised]:
    """The flags and plays that somebody gets or loses."""
    return [each for each in plan.raised if each.starts or each.stops]


def raised_text(step: RaisedStep) -> str:
    """`2: +3`, `4: +1 -5`."""
    signs = [f"+{step.starts:,}"] * bool(step.starts) + [f"{MINUS}{step.stops:,}"] * bool(step.stops)
    return f"{step.edit}: {' '.join(signs)}"


def examples(ids: tuple[str, ...], count: int) -> str:
    """`A-1, A-2 and 12 more`."""
    if not ids:
        return ""
    more = count - len(ids)
    return ", ".join(ids) + (f" and {more:,} more" if more > 0 else "")


def other_text(other: OtherScore) -> list[str]:
    change = NONE if other.change is None else signed(other.change)
    return [other.title, f"{other.moved:,}", change, f"{other.scored:,}", f"{other.unscored:,}"]


def verdict_text(verdict: Verdict) -> str:
    return f"Limit {'kept' if verdict.kept else 'broken'}: {verdict.said}."


def plan_foot(plan: Plan) -> str:
    """Both versions with their fingerprints, for the foot of the page."""
    sides = [
        f"{side.source} ({side.name} {side.version}, fingerprint {side.fingerprint})"
        for side in (plan.old, plan.new)
    ]
    return f"{sides[0]} {ARROW} {sides[1]}"
